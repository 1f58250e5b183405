//! `missing-model-card`: a repository without README.md.

use crate::checklist;
use crate::diagnostic::{Diagnostic, Effect, Fix, Label, Level, Place, Safety};
use crate::draft::{self, Material};
use crate::release::{File, Why};
use crate::rules::fields::block;
use crate::rules::{Context, Meta, Needs, README, Rule, Section, Sink};
use crate::source::RepoPath;

pub(crate) struct MissingModelCard;

static META: Meta = Meta {
    name: "missing-model-card",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("missing_model_card.md"),
};

const COST: &str = "Without a card, users cannot see what the model does or whether they may use it.";

impl Rule for MissingModelCard {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let release = cx.release();
        // A card that is there but cannot be read is a problem of the run, not a missing card.
        if cx.readme().is_some() || release.find(README).is_some() || release.hides(README) {
            return;
        }
        let near: Vec<&File> = release.files().iter().filter(|file| is_near(&file.path)).collect();
        out.push(if let Some(finding) = not_a_file(cx, out) {
            finding
        } else if near.is_empty() {
            missing(cx, out)
        } else {
            misnamed(&near, out)
        });
    }
}

fn place() -> Place {
    Place::Absent(RepoPath::new(README))
}

/// Something that is not a file has the name of the card.
fn not_a_file(cx: &Context<'_>, out: &Sink<'_>) -> Option<Diagnostic> {
    let left_out = cx.release().left_out().iter().find(|entry| entry.path.as_str() == README).map(|entry| entry.why);
    let what = match left_out {
        Some(Why::FolderLink) => "a link to a folder",
        Some(Why::NotAFile) => "neither a file nor a folder",
        Some(Why::NestedRepository | Why::Submodule) => "a git repository of its own",
        Some(Why::Sparse) => return None,
        None if cx.release().folder_named(README) => "a folder",
        None => return None,
    };
    let label = Label::new(place(), "the card must be a text file");
    let finding = out.finding(format!("`{README}` is {what}, so the repository has no model card"), label);
    Some(finding.help(format!("Rename it, and write the card as `{README}`. {COST}")))
}

/// A card under a name that the Hub does not look at.
fn misnamed(near: &[&File], out: &Sink<'_>) -> Diagnostic {
    let names: Vec<String> = near.iter().map(|file| format!("`{}`", file.path)).collect();
    let message = format!("the repository has no `{README}`, only {}", names.join(", "));
    let finding = out.finding(message, Label::new(place(), ""));
    let finding = near.iter().fold(finding, |finding, file| {
        finding.related(Label::file(file.id, format!("if this is the card, rename it to `{README}`")))
    });
    let name = near.first().map_or("", |file| file.path.as_str());
    finding.help(format!("Rename the card: `git mv {name} {README}`. {COST}"))
}

fn missing(cx: &Context<'_>, out: &Sink<'_>) -> Diagnostic {
    let block = block::of(cx);
    let title = match block.summary() {
        Some(proven) => format!("create `{README}` with {proven}"),
        None => format!("create `{README}`"),
    };
    let text = draft::card(&Material::of(cx), &block.lines);
    let mut fix = Fix::new(title, Safety::Safe).file(RepoPath::new(README), text);
    fix.keys = block.keys.iter().map(|key| (*key).to_owned()).collect();
    let mut finding = out.finding(format!("the repository has no `{README}`"), Label::new(place(), ""));
    finding.related = block.proofs;
    finding.help(format!("Write the card as `{README}`, or let `--fix` begin it. {COST}")).fix(Some(fix))
}

/// Names under which people put a card, at the root.
fn is_near(path: &RepoPath) -> bool {
    let lower = path.as_str().to_ascii_lowercase();
    let (stem, extension) = lower.split_once('.').unwrap_or((&lower, ""));
    matches!(stem, "readme" | "read_me" | "modelcard" | "model_card" | "model-card")
        && matches!(extension, "" | "md" | "txt" | "rst" | "markdown" | "mdown" | "mdx" | "md.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_card_was_given() {
        for path in ["readme.md", "Readme.md", "README.MD", "README", "README.txt", "README.md.txt", "MODEL_CARD.md"] {
            assert!(is_near(&RepoPath::new(path)), "{path}");
        }
        for path in ["docs/readme.md", "README.zh.md", "README_en.md", "readme.json", "cards.md"] {
            assert!(!is_near(&RepoPath::new(path)), "{path}");
        }
    }
}
