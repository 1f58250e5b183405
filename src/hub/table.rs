//! A table: text whose first line says where it comes from, and whose other lines are rows, sorted by their first
//! column. It knows no meaning of any column.

use memchr::{memchr, memchr_iter, memchr2, memrchr};

/// A sorted table of tab-separated rows inside the program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table(&'static str);

/// One line of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row(&'static str);

impl Table {
    /// The table in `text`; its first line is a comment.
    pub(super) fn new(text: &'static str) -> Self {
        Self(text.split_once('\n').map_or("", |(_, rows)| rows))
    }

    /// The row whose first column is exactly `key`: a binary search over lines.
    pub(super) fn find(self, key: &str) -> Option<Row> {
        let mut rest = self.0;
        while !rest.is_empty() {
            // The line that contains the middle byte starts after the line break before it.
            let middle = rest.floor_char_boundary(rest.len() / 2);
            let start = memrchr(b'\n', rest.get(..middle)?.as_bytes()).map_or(0, |at| at + 1);
            let from = rest.get(start..)?;
            let end = || memchr(b'\n', from.as_bytes()).unwrap_or(from.len());
            let key_end = memchr2(b'\t', b'\n', from.as_bytes()).unwrap_or(from.len());
            match from.get(..key_end)?.cmp(key) {
                std::cmp::Ordering::Equal => return from.get(..end()).map(Row),
                std::cmp::Ordering::Less => rest = from.get(end() + 1..).unwrap_or_default(),
                std::cmp::Ordering::Greater => rest = rest.get(..start)?,
            }
        }
        None
    }

    /// Every row, in the table's order.
    pub(super) fn rows(self) -> impl Iterator<Item = Row> {
        self.0.lines().map(Row)
    }
}

impl Row {
    /// The first column.
    pub(super) fn key(self) -> &'static str {
        self.0.split_once('\t').map_or(self.0, |(key, _)| key)
    }

    /// The column at `index` (the key is 0); empty when the row is shorter.
    pub(super) fn column(self, index: usize) -> &'static str {
        let mut tabs = memchr_iter(b'\t', self.0.as_bytes());
        let start = match index.checked_sub(1) {
            Some(before) => tabs.nth(before).map_or(self.0.len(), |tab| tab + 1),
            None => 0,
        };
        self.0.get(start..tabs.next().unwrap_or(self.0.len())).unwrap_or_default()
    }

    /// The column at `index`, or `None` when it is empty.
    pub(super) fn optional(self, index: usize) -> Option<&'static str> {
        Some(self.column(index)).filter(|text| !text.is_empty())
    }

    /// The comma-separated words of the column at `index`.
    pub(super) fn words(self, index: usize) -> Words {
        Words(self.column(index))
    }
}

/// The words of a list in a table, in the order of the facts. Cheap to clone, allocates nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words(&'static str);

impl Words {
    /// Whether `word` is in the list.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.into_iter().any(|w| w == word)
    }

    /// Whether the list has no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words, one after the other.
    #[must_use]
    pub fn iter(&self) -> <Self as IntoIterator>::IntoIter {
        self.into_iter()
    }
}

impl IntoIterator for Words {
    type Item = &'static str;
    type IntoIter = std::iter::Filter<std::str::Split<'static, char>, fn(&&'static str) -> bool>;

    fn into_iter(self) -> Self::IntoIter {
        // An empty column has no word; split would give one empty one.
        self.0.split(',').filter(|word| !word.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# source\na\t1\nab\t2\tx,y\nabc\t3\nb\nß\t5\n";

    #[test]
    fn every_row_is_found_and_nothing_else() {
        let table = Table::new(TEXT);
        for row in table.rows() {
            assert_eq!(table.find(row.key()), Some(row));
        }
        for absent in ["", "A", "aa", "abcd", "b\t", "# source", "zz", "a\t1", "\n", "s"] {
            assert_eq!(table.find(absent), None, "{absent:?}");
        }
        assert_eq!(table.rows().count(), 5);
    }

    #[test]
    fn columns_and_words() {
        let row = Table::new(TEXT).find("ab").unwrap();
        assert_eq!((row.column(1), row.column(9)), ("2", ""));
        assert_eq!(row.optional(3), None);
        assert!(row.words(2).iter().eq(["x", "y"]));
        assert!(row.words(2).contains("y") && !row.words(2).contains("x,y"));
        assert!(row.words(3).is_empty() && row.words(3).iter().next().is_none());
    }

    #[test]
    fn a_table_without_rows_answers_none() {
        assert_eq!(Table::new("# only a source").find("a"), None);
        assert_eq!(Table::new("# only a source\n").find(""), None);
    }
}
