//! Whether a model may be published under one license when its base is under another: what the texts say, and not legal
//! advice.

use super::obligations;
use super::table::Table;

const CLASSES: &str = include_str!("tables/license-classes.tsv");
const VERDICTS: &str = include_str!("tables/license-verdicts.tsv");

/// What the texts say of two licenses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing of the base's terms is dropped.
    Ok,
    /// Allowed, when what the base asks is done.
    Needs,
    /// More is promised than the base lets one pass on.
    Conflict,
    /// Nothing can be said.
    Unknown,
}

/// A verdict and whether it may be stated as a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Whether the texts that it rests on were read, or follow from what the licenses are (non-commercial, copyleft).
    pub is_known: bool,
}

/// Classes of licenses that let users sell the model.
const COMMERCIAL: [&str; 7] =
    ["public-domain", "permissive", "weak-copyleft", "strong-copyleft", "share-alike", "rail", "community"];

/// The classes of bases whose verdicts were read in the licenses' texts; those of CC, the GPL and their kind are general
/// knowledge (compatibility.json, `confidence`).
const READ_CLASSES: [&str; 3] = ["rail", "community", "research-only"];

/// Judges a derivative under `declared`, an id of the Hub, of a base under `base`: an id of the Hub or a license of
/// [`obligations`].
#[must_use]
pub fn of(base: &str, declared: &str) -> Judgement {
    let terms = obligations::of(base);
    let same = declared == base || terms.is_some_and(|terms| terms.hub_id == declared && declared != "other");
    if base == "unknown" || base == "other" {
        return known(Verdict::Unknown);
    }
    if same {
        return known(Verdict::Ok);
    }
    if let Some(row) = Table::new(VERDICTS).find(&format!("{base} {declared}")) {
        return Judgement { verdict: verdict(row.column(1)), is_known: row.column(2) != "memory" };
    }
    let Some(of_declared) = class(declared) else { return known(Verdict::Unknown) };
    let Some(of_base) = class(base) else {
        let Some(terms) = terms else { return known(Verdict::Unknown) };
        let free = COMMERCIAL.iter().take(5).any(|class| *class == of_declared);
        let sells = terms.is_non_commercial() && COMMERCIAL.contains(&of_declared);
        let verdict = match terms.over {
            "conflict" if free || sells => Verdict::Conflict,
            "conflict" | "needs" => Verdict::Needs,
            _ => Verdict::Unknown,
        };
        return Judgement { verdict, is_known: terms.source != super::families::Source::Memory };
    };
    let row = Table::new(VERDICTS).find(&format!("{of_base}/{of_declared}"));
    let is_known = READ_CLASSES.contains(&of_base);
    Judgement { verdict: row.map_or(Verdict::Unknown, |row| verdict(row.column(1))), is_known }
}

fn known(verdict: Verdict) -> Judgement {
    Judgement { verdict, is_known: true }
}

/// The class of an id of the Hub: `permissive`, `rail`, `non-commercial` …
#[must_use]
pub fn class(id: &str) -> Option<&'static str> {
    Table::new(CLASSES).find(id).map(|row| row.column(1))
}

/// Whether `family` is an id that names the family of the license `id` and leaves the version open: `gpl` of `gpl-3.0`.
#[must_use]
pub fn is_of_family(id: &str, family: &str) -> bool {
    Table::new(VERDICTS).find(&format!("{id} {family}")).is_some_and(|row| row.column(3) == "family")
}

fn verdict(word: &str) -> Verdict {
    match word {
        "ok" => Verdict::Ok,
        "needs" => Verdict::Needs,
        "conflict" => Verdict::Conflict,
        _ => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_licenses_follow_their_own_rule() {
        for (base, declared, expected) in [
            ("qwen-research", "apache-2.0", Verdict::Conflict),
            ("qwen-research", "llama3.1", Verdict::Conflict),
            ("qwen-research", "cc-by-nc-4.0", Verdict::Needs),
            ("qwen", "apache-2.0", Verdict::Needs),
            ("deepseek", "cc-by-nc-4.0", Verdict::Needs),
            ("deepseek", "mit", Verdict::Conflict),
            ("cohere-cc-by-nc-addendum", "cc-by-nc-4.0", Verdict::Ok),
            ("qwen3.8-max", "mit", Verdict::Unknown),
            ("not-a-license", "mit", Verdict::Unknown),
            ("gemma", "not-a-license", Verdict::Unknown),
        ] {
            assert_eq!(of(base, declared).verdict, expected, "{base} {declared}");
        }
        assert!(!of("glm-4", "mit").is_known && of("mrl", "mit").is_known && !of("gpl-3.0", "gpl-2.0").is_known);
    }

    #[test]
    fn families_leave_the_version_open() {
        assert!(
            is_of_family("gpl-3.0", "gpl")
                && !is_of_family("gpl-3.0", "lgpl")
                && is_of_family("creativeml-openrail-m", "openrail")
        );
    }
}
