//! What the `missing-…` rules share: where a key is not filled in, and how a value or a placeholder is written there.

use super::misspelled::{rewrites, says_its_own_name};
use super::repo_ids::{Fault, fault};
use crate::card::front_matter::{Fence, Field, FrontMatter, edits};
use crate::claims::{claims_as, is_empty};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Level, Safety};
use crate::evidence::Evidence;
use crate::hub::fields::{self, Kind};
use crate::hub::{languages, licenses, tasks};
use crate::rules::{Context, README, Sink};
use crate::source::reading::Reading;
use crate::source::tree::NodeRef;
use crate::source::{SourceFile, Span};
use crate::words::quoted;

/// How many wrong values of one list are each traced to what was meant. A hostile list may contain a million, and each
/// question looks through a table, each edit through the block; another run of `--fix` takes the next ones.
pub(crate) const MAX_TRACED: usize = 100;

/// A key that a readable metadata block does not have, or has without a value.
#[derive(Clone, Copy)]
pub(crate) struct Gap<'c> {
    source: &'c SourceFile,
    matter: &'c FrontMatter,
    key: &'static str,
    empty: Option<Field<'c>>,
    /// A misspelled key whose value is nothing but the key's own word: `licence: license`.
    instead: Option<Field<'c>>,
    /// The key where it is written, the opening fence where it is not.
    place: Span,
}

impl<'c> Gap<'c> {
    /// The gap of a key. Nothing when it has a value, or when it is not known: there is no block, part of it could not
    /// be read, a merge key may bring it, or a misspelled key has the value (that is another rule's finding).
    pub(crate) fn find(cx: &'c Context<'_>, key: &'static str) -> Option<Self> {
        let source = cx.card()?.source();
        let matter = cx.whole_front_matter()?;
        // A block without keys is another rule's finding, like no block at all.
        let Fence::Block(block) = &matter.fence else { return None };
        matter.fields().next()?;
        // A key that stands at another place is not missing.
        if cx.misplaced().is_some_and(|misplaced| misplaced.keys.iter().any(|other| other == key)) {
            return None;
        }
        let empty = matter.get(key);
        match empty {
            // `wrong-value-type` speaks first.
            Some(field) if is_rejected(key, field.value) => None,
            Some(field) if is_empty(field.value) => {
                Some(Self { source, matter, key, empty, instead: None, place: field.key.span() })
            }
            Some(_) => None,
            None => {
                let merged = matter.fields().any(|field| field.key.text() == Some("<<"));
                let elsewhere =
                    merged || cx.misspelled().any(|(field, meant)| meant == key && may_be_meant(key, field));
                let own_word = |(field, meant): &(Field<'c>, &str)| *meant == key && says_its_own_name(*field, key);
                let instead = cx.misspelled().find(own_word).map(|(field, _)| field);
                let place = instead.map_or(block.open, |field| field.key.span());
                (!elsewhere).then_some(Self { source, matter, key, empty, instead, place })
            }
        }
    }

    /// Writes one value.
    pub(crate) fn write(&self, value: &str, safety: Safety) -> Option<Fix> {
        self.write_with(value, &[], safety)
    }

    /// Writes one value, and other keys with theirs where these are not filled in.
    pub(crate) fn write_with(&self, value: &str, others: &[(&str, &str)], safety: Safety) -> Option<Fix> {
        let quotes = edits::preferred(self.matter);
        let mut lines = Vec::new();
        let mut changed = Vec::new();
        let all = [(self.key, value)].into_iter().chain(others.iter().copied());
        let mut fix = Fix::new(format!("add `{}: {value}`", self.key), safety);
        for (key, value) in all {
            let yaml = edits::scalar(value, quotes);
            match self.matter.get(key) {
                None if key == self.key && self.instead.is_some() => {
                    let (name, edits) = self.rewritten(&yaml)?;
                    changed.extend(edits);
                    fix = fix.key(name);
                }
                None => lines.push(format!("{key}: {yaml}")),
                Some(field) if is_empty(field.value) => {
                    changed.push(edits::replace_value(self.source, self.matter, field.value, &yaml)?);
                }
                Some(_) => continue,
            }
            fix = fix.key(key);
        }
        if !lines.is_empty() {
            changed.push(edits::insert_key(self.source, self.matter, &lines.join("\n"))?);
        }
        changed.sort_by_key(|edit: &Edit| edit.at.start);
        fix.edits = changed;
        Some(fix)
    }

    /// The edits that write the key and `yaml` over the misspelled key and its value, and the name of that key.
    fn rewritten(&self, yaml: &str) -> Option<(&'c str, [Edit; 2])> {
        let field = self.instead?;
        let key = edits::rename_key(self.matter, field, self.key)?;
        let value = edits::replace_value(self.source, self.matter, field.value, yaml)?;
        Some((field.key.text()?, [key, value]))
    }

    /// Writes a list, in the form that the Hub's client writes.
    pub(crate) fn write_list(&self, values: &[&str], safety: Safety) -> Option<Fix> {
        let quotes = edits::preferred(self.matter);
        let items: Vec<String> = values.iter().map(|value| edits::scalar(value, quotes)).collect();
        let edit = match self.empty {
            Some(field) => {
                edits::replace_value(self.source, self.matter, field.value, &format!("[{}]", items.join(", ")))?
            }
            None => {
                let lines: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
                edits::insert_key(self.source, self.matter, &format!("{}:\n{}", self.key, lines.join("\n")))?
            }
        };
        let title = format!("add `{}: [{}]`", self.key, values.join(", "));
        Some(Fix::new(title, safety).edit(edit.at, edit.text).key(self.key))
    }

    /// Writes the key without a value, and a comment that says what belongs there. Nothing when the key is there already.
    pub(crate) fn placeholder(&self, what: &str) -> Option<Fix> {
        if self.empty.is_some() {
            return None;
        }
        let line = placeholder_line(self.key, what);
        if self.instead.is_some() {
            let (name, edits) = self.rewritten(line.strip_prefix(self.key)?.strip_prefix(':')?.trim_start())?;
            let title = format!("write an empty `{}:` in place of {}", self.key, quoted(name));
            let mut fix = Fix::new(title, Safety::Safe).key(name).key(self.key).placeholder();
            fix.edits = edits.into();
            return Some(fix);
        }
        let edit = edits::insert_key(self.source, self.matter, &line)?;
        Some(
            Fix::new(format!("add an empty `{}:`", self.key), Safety::Safe)
                .edit(edit.at, edit.text)
                .key(self.key)
                .placeholder(),
        )
    }

    /// A finding about the gap, with what the files show after a colon.
    pub(crate) fn finding(&self, out: &Sink<'_>, level: Level, says: &str, label: impl Into<String>) -> Diagnostic {
        let colon = if says.is_empty() { "" } else { ": " };
        let state = match self.empty {
            Some(_) => format!("`{}` in `{README}` is empty", self.key),
            None => format!("`{README}` has no `{}`", self.key),
        };
        let absent = self.empty.is_none().then_some(self.key);
        out.finding_at(level, format!("{state}{colon}{says}"), Label::at(self.place, label)).absent_key(absent)
    }
}

/// Whether a key has no value and the Hub is known to reject that, or a list with empty items: `wrong-value-type` speaks of both.
/// A license of nothing else is a license that is missing.
pub(crate) fn is_rejected(key: &str, value: NodeRef<'_>) -> bool {
    match value.hub() {
        Reading::Null => fields::get(key).is_some_and(|field| field.is_rejected_when_empty()),
        Reading::Collection if key == "license" && is_empty(value) => false,
        _ => value.items().any(|item| item.hub() == Reading::Null),
    }
}

/// The line of a key that a person has to fill in, with what belongs there. Where the field takes a list, an empty one
/// is written: for some keys the Hub rejects the push without a value.
pub(crate) fn placeholder_line(key: &str, what: &str) -> String {
    let lists = fields::get(key).is_some_and(|field| field.shape.allows(Kind::Strings));
    format!("{key}:{}  # TODO: {what}", if lists { " []" } else { "" })
}

/// Whether the value of a misspelled key is, or was meant to be, a value of the right key. TRL writes `licence: license` into
/// every card, and there is no such license.
fn may_be_meant(key: &str, field: Field<'_>) -> bool {
    let is_meant = |text: &str| match key {
        "license" => licenses::is_id(text) || licenses::suggest(text).is_some(),
        "language" => languages::name(text).is_some() || languages::suggest(text).is_some(),
        "pipeline_tag" => {
            tasks::get(text).is_some() || tasks::retired(text).is_some() || tasks::suggest(text).is_some()
        }
        "base_model" | "datasets" => {
            matches!(
                fault(key, text),
                None | Some(Fault::Address(_) | Fault::Prefix(_) | Fault::Mention(_) | Fault::SeveralIds)
            )
        }
        _ => rewrites(field, key).is_some(),
    };
    claims_as(field, key).iter().any(|(_, text)| is_meant(text))
}

/// Adds what proves a finding.
pub(crate) fn with_proof(mut finding: Diagnostic, proof: &[Label]) -> Diagnostic {
    finding.related.extend(proof.iter().cloned());
    finding
}

/// Whether a fix that writes what evidence shows needs a person.
pub(crate) fn safety<T>(evidence: &Evidence<T>) -> Safety {
    if evidence.is_strong() { Safety::Safe } else { Safety::Unsafe }
}

#[cfg(test)]
mod tests {
    use crate::rules::metadata::{MissingBaseModel, MissingLanguage, MissingLicense, MissingPipelineTag};
    use crate::rules::testing::{findings, fixed, in_front_matter};

    #[test]
    fn a_broken_block_has_no_gap() {
        for yaml in [
            "license: [mit\ntags: [a]\n",
            "license: a: b\n",
            "tags: [a]\ntags: [b]\n",
            "- a list\n",
            "",
            "# a comment\n",
            "{}\n",
            "base: &base\n  license: mit\n<<: *base\n",
            "licence: mit\n",
            "License: mit\n",
            "licence: [Apache-2.0]\n",
            "license: TODO\n",
            "license: {id: mit}\n",
            "license: no\n",
        ] {
            assert_eq!(in_front_matter(&MissingLicense, yaml), [], "{yaml}");
        }
        for card in ["# No block\n", "---\nlicense_link: LICENSE\n", "---\n---\n", ""] {
            assert_eq!(findings(&MissingLicense, &[("README.md", card)]), [], "{card}");
        }
        assert_eq!(findings(&MissingLicense, &[("readme.md", "---\ntags: [a]\n---\n")]), []);
    }

    #[test]
    fn every_way_to_write_nothing_is_a_gap_without_a_second_placeholder() {
        for nothing in ["", " null", " ~", " \"\"", " []", " {}", "\n- ", "  # TODO: later"] {
            let found = in_front_matter(&MissingLicense, &format!("tags: [a]\nlicense:{nothing}\n"));
            assert_eq!(found.len(), 1, "{nothing:?}");
            assert!(
                found[0].message.starts_with("`license` in `README.md` is empty") && found[0].fix.is_none(),
                "{nothing:?}"
            );
            assert_eq!(found[0].primary.place.span().map(|span| (span.start, span.end)), Some((14, 21)), "{nothing:?}");
        }
    }

    #[test]
    fn a_misspelled_key_without_a_license_is_not_a_license() {
        for yaml in ["licence: license\n", "licence:\n", "licence: []\n"] {
            assert_eq!(in_front_matter(&MissingLicense, yaml).len(), 1, "{yaml}");
        }
    }

    #[test]
    fn a_misspelled_key_with_a_wrong_value_hides_nothing() {
        let adapter = r#"{"peft_type": "LORA", "base_model_name_or_path": "a/b"}"#;
        for (yaml, gaps) in [
            ("finetuned_from: c/d\n", 0),
            ("finetuned_from: https://huggingface.co/c/d\n", 0),
            ("finetuned_from: ./out\n", 1),
        ] {
            let card = format!("---\n{yaml}---\n");
            let found = findings(&MissingBaseModel, &[("README.md", card.as_str()), ("adapter_config.json", adapter)]);
            assert_eq!(found.len(), gaps, "{yaml}");
        }
        let tag = "pipeline_tag: text-generation\n";
        for (yaml, gaps) in [("languages: [en]\n", 0), ("languages: [English]\n", 0), ("languages: [python]\n", 1)] {
            assert_eq!(in_front_matter(&MissingLanguage, &format!("{tag}{yaml}")).len(), gaps, "{yaml}");
        }
        let config = ("config.json", r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}"#);
        for (yaml, gaps) in
            [("pipeline-tag: text_generation\n", 0), ("pipeline-tag: our own\n", 1), ("pipeline-tag: {a: b}\n", 1)]
        {
            let card = format!("---\n{yaml}---\n");
            assert_eq!(findings(&MissingPipelineTag, &[("README.md", card.as_str()), config]).len(), gaps, "{yaml}");
        }
    }

    #[test]
    fn an_empty_key_is_filled_in_place_and_keeps_its_comment() {
        for (yaml, after) in [
            ("license:\nlicense_name: x-1\n", "license: other\nlicense_name: x-1\n"),
            ("license: ''  # ours\nlicense_name: x-1\n", "license: other  # ours\nlicense_name: x-1\n"),
            ("license_name: x-1\nlicense: []\n", "license_name: x-1\nlicense: other\n"),
        ] {
            assert_eq!(fixed(&MissingLicense, yaml).as_deref(), Some(after), "{yaml}");
        }
    }

    #[test]
    fn indentation_and_line_ends_are_those_of_the_block() {
        assert_eq!(
            fixed(&MissingLicense, "  license_name: x-1\n").as_deref(),
            Some("  license_name: x-1\n  license: other\n")
        );
        assert_eq!(
            fixed(&MissingLicense, "license_name: x-1\n...\n").as_deref(),
            Some("license_name: x-1\nlicense: other\n...\n")
        );
        let found = in_front_matter(&MissingLicense, "{license_name: x-1}\n");
        assert!(found.len() == 1 && found[0].fix.is_none(), "no line can be added to a mapping in braces: {found:?}");
    }

    #[test]
    fn a_list_fills_an_empty_key_on_its_line() {
        let merge = "models:\n- model: a/b\n- model: c/d\n";
        let card = "---\nbase_model:\ntags: [merge]\n---\n";
        let found = findings(&MissingBaseModel, &[("README.md", card), ("mergekit_config.yml", merge)]);
        let fix = found[0].fix.as_ref().unwrap();
        assert_eq!(crate::rules::testing::applied(card, fix), "---\nbase_model: [a/b, c/d]\ntags: [merge]\n---\n");
    }
}
