//! `invalid-repo-id`: a link to another repository that is not an id.

use crate::card::Card;
use crate::card::front_matter::edits;
use crate::checklist;
use crate::claims::{claims, parts};
use crate::diagnostic::{Diagnostic, Edit, Effect, Fix, Label, Level, Safety};
use crate::hub::fields::{self, Evidence};
use crate::rules::fields::advice::advice;
use crate::rules::fields::repo_ids::{Fault, fault, ids_between_commas};
use crate::rules::fix_room::FixRoom;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::{NodeRef, Style};
use crate::words::quoted;

pub(crate) struct InvalidRepoId;

static META: Meta = Meta {
    name: "invalid-repo-id",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("invalid_repo_id.md"),
};

/// The fields that link to repositories, and what they link to.
const LINKS: [(&str, &str); 4] =
    [("base_model", "model"), ("datasets", "dataset"), ("new_version", "model"), ("buckets", "bucket")];

impl Rule for InvalidRepoId {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        let room = FixRoom::new();
        for (key, kind) in LINKS {
            for (node, text) in claims(cx, key) {
                if let Some(fault) = fault(key, text.trim()) {
                    let link = Link { cx, card, key, kind, node, text: text.trim(), room: &room };
                    out.push(link.finding(fault, out));
                }
            }
        }
    }
}

/// One value of one of the fields.
struct Link<'c, 'a> {
    cx: &'c Context<'a>,
    card: &'c Card<'a>,
    key: &'static str,
    kind: &'static str,
    node: NodeRef<'c>,
    text: &'c str,
    room: &'c FixRoom,
}

impl Link<'_, '_> {
    fn finding(&self, fault: Fault<'_>, out: &Sink<'_>) -> Diagnostic {
        let Self { key, kind, node, .. } = *self;
        let value = quoted(self.text);
        let id = format!("the id of a {kind}");
        let (message, label) = match fault {
            Fault::Address(id) => (format!("{value} is an address, but `{key}` takes ids"), format!("write `{id}`")),
            Fault::Prefix(id) => (format!("{value} is not the id of a {kind}"), format!("did you mean `{id}`?")),
            Fault::Mention(_) => (format!("{value} is not {id}"), "remove the `@`".to_owned()),
            Fault::ForeignAddress => (format!("{value} is an address, but `{key}` takes ids"), self.wanted()),
            Fault::Path => (format!("{value} is a path on a disk, not {id}"), self.wanted()),
            Fault::LikelyPath => (format!("{value} looks like a folder, not {id}"), self.wanted()),
            Fault::SeveralIds => (format!("{value} is several ids in one string"), "write them as a list".to_owned()),
            Fault::Prose => (format!("{value} is a title or sentence, not {id}"), self.wanted()),
            Fault::Slashes => (format!("{value} is not {id}"), "an id is `owner/name`, with one slash".to_owned()),
            Fault::Character(odd) => (format!("{value} is not {id}"), format!("`{odd}` cannot be in an id")),
            Fault::Form => (format!("{value} is not {id}"), self.form()),
        };
        let rejected = fields::get(key).is_some_and(|field| field.evidence == Evidence::ServerMessage);
        let level = if rejected && fault != Fault::LikelyPath { Level::Error } else { Level::Warning };
        // Only shapes that the Hub's message is known for; the finer rules are huggingface_hub's own.
        let blocks = level == Level::Error && fault != Fault::Form;
        let mut finding = out.finding_at(level, message, Label::at(node.span(), label)).help(self.help(fault, blocks));
        if blocks {
            finding = finding.effect(Effect::BlocksPush);
        }
        match fault {
            Fault::Path | Fault::LikelyPath => self.with_proven_base(finding),
            _ => finding.fix(self.rewritten(fault)),
        }
    }

    fn wanted(&self) -> String {
        format!("write `owner/name` of a {} on the Hub, or remove it", self.kind)
    }

    fn form(&self) -> String {
        let text = self.text;
        if text.ends_with(".git") {
            "an id does not end in `.git`".to_owned()
        } else if text.contains("--") || text.contains("..") {
            "an id cannot contain `--` or `..`".to_owned()
        } else if text.split('/').any(|part| part.len() > 96) {
            "owner and name have at most 96 letters each".to_owned()
        } else {
            "owner and name start and end with a letter or digit".to_owned()
        }
    }

    fn help(&self, fault: Fault<'_>, blocks: bool) -> String {
        let order = match (self.key, fault) {
            (_, Fault::Address(id) | Fault::Prefix(id)) => format!("write `{id}`"),
            (_, Fault::Mention(id)) => format!("remove the `@`: write `{id}`"),
            ("datasets", Fault::Prose | Fault::ForeignAddress) => {
                "write the id of a dataset, or describe the data in the card's text".to_owned()
            }
            (_, Fault::SeveralIds) => "write the ids as a list".to_owned(),
            ("base_model", Fault::Path | Fault::LikelyPath) => {
                "write the id of the model that was loaded from this folder".to_owned()
            }
            _ => "write `owner/name`, or remove the value".to_owned(),
        };
        let reason = match self.key {
            _ if blocks => "The Hub rejects the push until this is an id.",
            "base_model" => "Harder to find: the Hub cannot link the model to its base.",
            "datasets" => "Harder to find: the Hub cannot link the model to its datasets.",
            "new_version" => "Users cannot follow the link to the newer model.",
            _ => "Users cannot follow this link.",
        };
        advice(&order, reason)
    }

    fn rewritten(&self, fault: Fault<'_>) -> Option<Fix> {
        let (title, yaml) = match fault {
            Fault::Address(id) | Fault::Prefix(id) | Fault::Mention(id) => {
                (format!("write `{id}`"), edits::scalar(id, Style::DoubleQuoted))
            }
            Fault::SeveralIds if !self.is_item() => {
                let ids = ids_between_commas(self.text)?;
                let yaml: Vec<String> = ids.iter().map(|id| edits::scalar(id, Style::DoubleQuoted)).collect();
                (format!("write `{}` as a list of {} ids", self.key, ids.len()), format!("[{}]", yaml.join(", ")))
            }
            _ => return None,
        };
        if !self.room.take(1) {
            return None;
        }
        let Edit { at, text } = edits::replace_value(self.card.source(), &self.card.front_matter, self.node, &yaml)?;
        Some(Fix::new(title, Safety::Safe).edit(at, text).key(self.key))
    }

    fn is_item(&self) -> bool {
        self.card.front_matter.get(self.key).is_some_and(|field| field.value.is_sequence())
    }

    /// Where card and files name one base each, the files show which model was in the folder.
    fn with_proven_base(&self, mut finding: Diagnostic) -> Diagnostic {
        let alone = self.card.front_matter.get(self.key).is_some_and(|field| parts(field).len() == 1);
        let [base] = self.cx.facts().base_models.as_slice() else { return finding };
        // What PEFT saw as the base may be the same folder, or another one.
        if self.key != "base_model" || !alone || fault(self.key, &base.value).is_some() {
            return finding;
        }
        let safety = if base.is_strong() { Safety::Safe } else { Safety::Unsafe };
        let yaml = edits::scalar(&base.value, Style::DoubleQuoted);
        let edit = edits::replace_value(self.card.source(), &self.card.front_matter, self.node, &yaml);
        finding.related = base.proof.clone();
        finding.primary.text = format!("the files name `{}`", base.value);
        finding.fix(
            edit.map(|edit| Fix::new(format!("write `{}`", base.value), safety).edit(edit.at, edit.text).key(self.key)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    #[test]
    fn a_folder_is_not_proposed_in_place_of_a_folder() {
        for (base, fixes) in [("models/Lamp-1.5B", false), ("out/checkpoint-500", false), ("acme/Lamp-1.5B", true)] {
            let config = format!(r#"{{"peft_type": "LORA", "base_model_name_or_path": "{base}"}}"#);
            let card = "---\nbase_model: models/Lamp-1.5B\n---\n";
            let found = findings(&InvalidRepoId, &[("README.md", card), ("adapter_config.json", config.as_str())]);
            assert_eq!(found.iter().map(|found| found.fix.is_some()).collect::<Vec<_>>(), [fixes], "{base}");
        }
    }
}
