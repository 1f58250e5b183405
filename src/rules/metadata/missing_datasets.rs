//! `missing-datasets`: a model that was trained here and does not name its datasets.

use crate::card::Card;
use crate::card::body::Topic;
use crate::checklist;
use crate::claims::prose;
use crate::claims::stated;
use crate::claims::{claim, claims};
use crate::diagnostic::{Effect, Label, Level, Safety};
use crate::evidence::{Evidence, Relation};
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{Gap, with_proof};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::{all_of, quoted};

pub(crate) struct MissingDatasets;

static META: Meta = Meta {
    name: "missing-datasets",
    section: Section::Metadata,
    level: Level::Info,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_DATASETS,
    needs: Needs::Files,
    fix: Some(Safety::Unsafe),
    since: "0.1.0",
    docs: include_str!("missing_datasets.md"),
};

const COST: &str = "The Hub links a model with its datasets only through this key.";

impl Rule for MissingDatasets {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let (Some(gap), Some(card)) = (Gap::find(cx, "datasets"), cx.card()) else { return };
        if is_converted(cx) || is_agent(cx) {
            return;
        }
        let linked = prose::datasets(card);
        let found: Vec<&Evidence<String>> = cx.facts().datasets.iter().chain(&linked).collect();
        let Some(sign) = sign_of_training(cx, card, &linked) else { return };
        if found.is_empty() {
            let order = "add the datasets if they are on the Hub";
            let finding = gap.finding(out, Level::Info, "", order);
            return out.push(finding.related(sign).help(advice(order, COST)));
        }
        let mut ids: Vec<&str> = found.iter().map(|found| found.value.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let says = format!(
            "the {} {}",
            if linked.is_empty() { "files name" } else { "text names" },
            all_of(ids.iter().map(|id| quoted(id)))
        );
        let order = "add the datasets that the model was trained on";
        let finding = gap.finding(out, Level::Info, &says, order);
        let finding = finding.help(advice(order, COST)).fix(gap.write_list(&ids, Safety::Unsafe));
        out.push(found.iter().fold(finding, |finding, found| with_proof(finding, &found.proof)));
    }
}

/// Whether the weights were only stored in another form or put together: the training was that of the base.
fn is_converted(cx: &Context<'_>) -> bool {
    let facts = cx.facts();
    let relation = facts.relation.as_ref().filter(|relation| relation.is_strong());
    let said = claim(cx, "base_model_relation").is_some_and(|(_, said)| ["quantized", "merge"].contains(&said));
    said || stated::is_of_gguf(cx)
        || relation.is_some_and(|relation| matches!(relation.value, Relation::Quantized | Relation::Merge))
}

/// Whether the model learned from an environment instead of data.
fn is_agent(cx: &Context<'_>) -> bool {
    let says = |key| claims(cx, key).iter().any(|(_, said)| *said == "reinforcement-learning");
    says("pipeline_tag") || says("tags")
}

/// What shows that the author of the card trained the model.
fn sign_of_training(cx: &Context<'_>, card: &Card<'_>, linked: &[Evidence<String>]) -> Option<Label> {
    if let Some(trace) = cx.facts().contents.trained_here.first() {
        return Some(trace.clone());
    }
    let body = card.body();
    let heading = body
        .about(Topic::Technical)
        .find(|heading| is_section_on_training(&heading.text) && !cx.content().is_empty(heading));
    if let Some(heading) = heading {
        return Some(Label::at(heading.span, "the text describes the training"));
    }
    linked
        .iter()
        .flat_map(|found| &found.proof)
        .find(|label| {
            let Some(link) = label.place.span() else { return false };
            let around = body.prose.iter().find(|prose| prose.span.contains(link.start));
            around.is_some_and(|prose| is_about_training(&prose.text))
        })
        .cloned()
}

/// The most words of a section's name; longer headings are titles, often of a paper.
const MAX_NAME_WORDS: usize = 6;

/// Whether a heading names a section about the training; at test time a model is used.
fn is_section_on_training(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    is_about_training(heading)
        && heading.split_whitespace().count() <= MAX_NAME_WORDS
        && !["test-time", "test time"].iter().any(|words| lower.contains(words))
}

/// Whether a word of the text begins as "trained", "training" or "fine-tuned" do.
fn is_about_training(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| ["training", "trained", "finetuned", "tuned"].contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn count(yaml: &str, body: &str, files: &[(&str, &str)]) -> usize {
        let card = format!("---\n{yaml}\n---\n{body}");
        findings(&MissingDatasets, &[&[("README.md", card.as_str())], files].concat()).len()
    }

    #[test]
    fn only_what_was_trained_here() {
        let link = "[d](https://huggingface.co/datasets/a/d)";
        assert_eq!(count("license: mit", "", &[("trainer_state.json", "{}")]), 1);
        assert_eq!(count("license: mit", &format!("It was trained on {link}."), &[]), 1);
        assert_eq!(count("license: mit", &format!("Try it with {link}."), &[]), 0);
        assert_eq!(count("license: mit", "## Training details\n\n[More Information Needed]\n", &[]), 0);
        assert_eq!(count("license: mit", "## Test-time training\n\nSeveral steps.\n", &[]), 0);
        let title = "## Electra: Pre-training Text Encoders as Discriminators Rather Than Generators\n\nA port.\n";
        assert_eq!(count("license: mit", title, &[]), 0);
        assert_eq!(count("license: mit", "## Training data\n\nOur own.\n", &[]), 1);
        assert_eq!(count("license: mit", "## Pretrained models\n\nSeveral sizes exist.\n", &[]), 0);
        assert_eq!(count("license: mit", "", &[]), 0);
        for yaml in [
            "datasets: [a/d]",
            "datasets: text",
            "dataset: a/d",
            "base_model_relation: quantized",
            "tags: [gguf]",
            "pipeline_tag: reinforcement-learning",
        ] {
            assert_eq!(count(yaml, &format!("It was trained on {link}."), &[]), 0, "{yaml}");
        }
    }

    #[test]
    fn a_link_needs_a_person_and_nothing_makes_a_placeholder() {
        let card = "---\ndatasets: []\n---\nTrained on [d](https://huggingface.co/datasets/a/d).\n";
        let found = findings(&MissingDatasets, &[("README.md", card)]);
        let fix = found[0].fix.as_ref().unwrap();
        assert_eq!((fix.safety, fix.edits[0].text.as_str()), (Safety::Unsafe, "[a/d]"));
        let bare =
            findings(&MissingDatasets, &[("README.md", "---\nlicense: mit\n---\n"), ("trainer_state.json", "{}")]);
        assert_eq!((bare[0].level, &bare[0].fix), (Level::Info, &None));
    }
}
