//! The tags that tools give to what they make, where the files show the tool or the method. All weak: a tag is a word of the
//! author's, and nothing is wrong without it.

use super::{Contents, Evidence};
use crate::configs::Configs;
use crate::diagnostic::Label;
use crate::release::Release;

/// Kinds of adapters with a tag that people search by.
const ADAPTERS: [(&str, &str); 4] = [("LORA", "lora"), ("IA3", "ia3"), ("LOHA", "loha"), ("LOKR", "lokr")];

/// Files that one tool alone writes, and its tag.
const TOOLS: [(&str, &str); 3] =
    [("mergekit_config.yml", "mergekit"), ("mergekit_config.yml", "merge"), ("training_params.json", "autotrain")];

pub(super) fn gather(release: &Release, configs: &Configs<'_>, contents: &Contents) -> Vec<Evidence<&'static str>> {
    let mut found = Vec::new();
    if contents.adapter.is_some()
        && let Some((kind, span)) = configs.adapter().and_then(|adapter| adapter.peft_type())
        && let Some((_, tag)) = ADAPTERS.iter().find(|(known, _)| *known == kind)
    {
        found.push(Evidence::weak(*tag, Label::at(span, "the kind of adapter")));
    }
    for (path, tag) in TOOLS {
        if let Some(file) = release.find(path) {
            found.push(Evidence::weak(tag, Label::file(file.id, "written by one tool only")));
        }
    }
    if let Some((_, span)) = configs.model().and_then(|model| model.config().string("unsloth_version")) {
        found.push(Evidence::weak("unsloth", Label::at(span, "Unsloth trained it")));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::evidence::tests::json;

    #[test]
    fn tools_and_methods() {
        for (path, text, tags) in [
            ("adapter_config.json", r#"{"peft_type": "LORA"}"#, &["lora"][..]),
            ("adapter_config.json", r#"{"peft_type": "PREFIX_TUNING"}"#, &[]),
            ("mergekit_config.yml", "models: []", &["mergekit", "merge"]),
            ("config.json", r#"{"unsloth_version": "2025.1.1"}"#, &["unsloth"]),
            ("config.json", "{}", &[]),
        ] {
            let found = json(path, text).tags;
            assert_eq!(found.iter().map(|found| found.value).collect::<Vec<_>>(), tags, "{text}");
        }
    }
}
