//! The areas of a model's page, and the public source of how the Hub fills each.

use super::table::Table;

const AREAS: &str = include_str!("tables/page.tsv");

/// Where it is public how the Hub fills an area; `None` for a name that is not an area.
#[must_use]
pub fn source(area: &str) -> Option<&'static str> {
    Table::new(AREAS).find(area).map(|row| row.column(1))
}

/// The areas of a page, in alphabetical order.
#[cfg(test)]
pub fn areas() -> impl Iterator<Item = &'static str> {
    Table::new(AREAS).rows().map(|row| row.key())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_has_a_source() {
        assert!(areas().count() > 20);
        assert!(areas().all(|area| source(area).is_some_and(|source| source.len() > 10)));
        assert_eq!(source("color"), None);
    }
}
