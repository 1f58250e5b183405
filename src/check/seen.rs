//! What was there to look at: an item of the checklist is met only where something positive was seen.

use super::Checked;
use crate::evidence::Subject;
use crate::rules::Context;

/// Items that a key of the metadata meets.
const KEYS: &[(&str, &str)] = &[
    ("discover.library", "library_name"),
    ("discover.pipeline-tag", "pipeline_tag"),
    ("discover.license", "license"),
    ("discover.quantized", "base_model"),
    ("discover.datasets", "datasets"),
    ("discover.co2", "co2_eq_emissions"),
    ("discover.visual-examples", "widget"),
];

/// What a repository has.
#[derive(Default)]
pub(super) struct Seen {
    card: bool,
    /// Whether the card's metadata could be read whole.
    metadata: bool,
    weights: bool,
    /// The keys of [`KEYS`] that the metadata has.
    keys: Vec<&'static str>,
}

impl Seen {
    pub(super) fn of(checked: &Checked) -> Self {
        let Some(release) = &checked.release else { return Self::default() };
        let subject = Subject::new(release);
        let cx = match checked.readme() {
            Some(readme) => Context::with_readme(&subject, Some(readme)),
            None => Context::new(&subject),
        };
        let block = cx.whole_front_matter();
        let has = |key: &str| block.is_some_and(|block| block.get(key).is_some());
        Self {
            card: cx.card().is_some(),
            metadata: block.is_some(),
            weights: cx.weights().files().next().is_some(),
            keys: KEYS.iter().map(|(_, key)| *key).filter(|key| has(key)).collect(),
        }
    }

    /// Why nothing positive was seen of an item; nothing where something was.
    pub(super) fn lacks(&self, item: &str) -> Option<String> {
        let (section, _) = item.split_once('.').unwrap_or((item, ""));
        let key = KEYS.iter().find(|(of, _)| *of == item).map(|(_, key)| *key);
        match section {
            "weights" if !self.weights => Some("there are no weight files".to_owned()),
            "ready" if item == "ready.loads" && !self.weights => Some("there are no weight files".to_owned()),
            "card" | "discover" if !self.card => Some("there is no `README.md` that can be read".to_owned()),
            "discover" if !self.metadata => Some("the metadata of `README.md` cannot be read".to_owned()),
            "discover" => key.filter(|key| !self.keys.contains(key)).map(|key| format!("`README.md` has no `{key}`")),
            _ => None,
        }
    }
}
