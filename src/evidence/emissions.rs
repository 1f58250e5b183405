//! What a training run emitted, as CodeCarbon measured it.

use super::Evidence;
use crate::diagnostic::Label;
use crate::release::Release;
use crate::source::Span;

/// The file that CodeCarbon writes, and how much of it is read, in bytes.
const CODECARBON: &str = "emissions.csv";
const MAX_CSV_BYTES: usize = 1024 * 1024;

/// Emissions of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Emission {
    /// Kilograms of CO2 equivalent, CodeCarbon's unit; the Hub's is the gram.
    pub kilograms: f64,
    /// Where the number stands.
    pub span: Span,
}

/// The runs that CodeCarbon measured, in the file's order.
pub fn measured(release: &Release) -> Vec<Emission> {
    let file = release.find(CODECARBON);
    let Some(source) = file.and_then(|file| release.text(file.id).ok()) else { return Vec::new() };
    let text = source.text();
    if text.len() > MAX_CSV_BYTES {
        return Vec::new();
    }
    let mut lines = text.split_inclusive('\n');
    let header = lines.next().unwrap_or_default();
    let Some(column) = header.trim_end().split(',').position(|name| name.trim() == "emissions") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut at = header.len();
    for line in lines {
        let before: usize = line.split(',').take(column).map(|cell| cell.len() + 1).sum();
        let cell = line.split(',').nth(column).unwrap_or_default().trim_end();
        // A quoted cell before this one may contain commas. Then what is not a number is ignored.
        if let Some(kilograms) = cell.parse::<f64>().ok().filter(|number| number.is_finite()) {
            found.push(Emission { kilograms, span: source.span(at + before, at + before + cell.len()) });
        }
        at += line.len();
    }
    found
}

/// The grams of the one run that was measured. Of several runs it is not known which one trained the model: weak, and the sum.
pub(super) fn gather(release: &Release) -> Option<Evidence<f64>> {
    let runs = measured(release);
    let grams = grams(runs.iter().map(|run| run.kilograms).sum());
    match runs.as_slice() {
        [] => None,
        _ if grams <= 0.0 => None,
        [only] => Some(Evidence::strong(grams, Label::at(only.span, "CodeCarbon measured these kilograms"))),
        [first, ..] => Some(Evidence::weak(grams, Label::at(first.span, "CodeCarbon measured several runs"))),
    }
}

/// Kilograms in grams, without what binary fractions add to decimal ones.
pub fn grams(kilograms: f64) -> f64 {
    rounded(kilograms * 1000.0)
}

/// A number to twelve digits.
pub fn rounded(number: f64) -> f64 {
    format!("{number:.12e}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use crate::evidence::Strength::{Strong, Weak};
    use crate::evidence::tests::json;

    #[test]
    fn kilograms_become_grams() {
        let found = |csv: &str| json("emissions.csv", csv).emissions.map(|found| (found.value, found.strength));
        assert_eq!(found("run_id,emissions,x\na,0.0171,2\n"), Some((17.1, Strong)));
        assert_eq!(found("run_id,emissions,x\na,0.0171,2\nb,0.02,3\n"), Some((37.1, Weak)));
        for none in
            ["", "run_id,x\na,1\n", "run_id,emissions\n", "emissions\n0\n", "emissions\nNaN\n", "emissions\n-1\n"]
        {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
