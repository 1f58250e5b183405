//! `missing-language`: a model of text or speech that does not say in which language.

use crate::checklist;
use crate::claims::filled;
use crate::claims::prose;
use crate::claims::stated;
use crate::diagnostic::{Effect, Level, Safety};
use crate::evidence::{Evidence, Strength};
use crate::hub::tasks::Task;
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{Gap, with_proof};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::all_of;

pub(crate) struct MissingLanguage;

static META: Meta = Meta {
    name: "missing-language",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("missing_language.md"),
};

const COST: &str = "Harder to find: the Hub lists models by language.";

impl Rule for MissingLanguage {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(gap) = Gap::find(cx, "language") else { return };
        if filled(cx, "language_bcp47").is_some() || stated::is_of_sequences(cx) {
            return;
        }
        let likely = stated::likely_tasks(cx);
        let Some(first) = likely.first().filter(|_| likely.iter().all(Task::is_about_language)) else { return };
        let level = if stated::is_task_guessed(cx) { Level::Info } else { Level::Warning };
        let (shown, who) = evidence(cx);
        if shown.is_empty() {
            let says = match likely.len() {
                1 => format!("`{}` models work only in certain languages", first.id),
                _ => String::new(),
            };
            let order =
                "write ISO 639 codes, `multilingual` for very many languages or `code` for programming languages";
            let help = advice(order, COST);
            let finding = gap.finding(out, level, &says, "add the language, such as `language: en`");
            return out.push(finding.help(help).fix(gap.placeholder("the ISO 639 code, e.g. en")));
        }
        let codes: Vec<&str> = shown.iter().map(|found| found.value.as_str()).collect();
        let strength = shown.iter().map(|found| found.strength).min().unwrap_or(Strength::Weak);
        let safety = if strength == Strength::Strong { Safety::Safe } else { Safety::Unsafe };
        let named = all_of(codes.iter().map(|code| format!("`{code}`")));
        let says = format!("{who} {named}");
        let fix = match codes.as_slice() {
            [code] => gap.write(code, safety),
            codes => gap.write_list(codes, safety),
        };
        let finding = gap.finding(out, level, &says, "add `language`");
        let finding = finding.help(advice(&format!("add `language` with {named}"), COST)).fix(fix);
        out.push(shown.iter().fold(finding, |finding, found| with_proof(finding, &found.proof)));
    }
}

/// What the files name, or else the card's text, and which of both. The text is weaker: it may be about a model of
/// another language.
fn evidence(cx: &Context<'_>) -> (Vec<Evidence<String>>, &'static str) {
    let named = &cx.facts().languages;
    if !named.is_empty() {
        return (named.clone(), "the files name");
    }
    (prose::languages(cx), "the text suggests")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn count(yaml: &str, config: &str) -> usize {
        let card = format!("---\n{yaml}\n---\n");
        findings(&MissingLanguage, &[("README.md", &card), ("config.json", config)]).len()
    }

    #[test]
    fn only_tasks_of_text_and_speech() {
        for yaml in
            ["pipeline_tag: text-to-speech", "pipeline_tag: conversational", "pipeline_tag: ner", "tags: [translation]"]
        {
            assert_eq!(count(yaml, "{}"), 1, "{yaml}");
        }
        for yaml in [
            "license: mit",
            "pipeline_tag: text-to-image",
            "pipeline_tag: something",
            "pipeline_tag: [text-generation]",
            "pipeline_tag: feature-extraction",
            "tags: [translation, image-classification]",
            "pipeline_tag: fill-mask\ntags: [Protein]",
            "pipeline_tag: text-generation\nlanguages: [en]",
            "pipeline_tag: text-generation\nlanguage: english",
            "pipeline_tag: text-generation\nlanguage: no",
        ] {
            assert_eq!(count(yaml, "{}"), 0, "{yaml}");
        }
    }

    #[test]
    fn a_guessed_task_weighs_less() {
        for (class, level) in [("EegForSequenceClassification", "info"), ("BertForSequenceClassification", "warning")] {
            let config = format!("{{\"architectures\":[\"{class}\"]}}");
            let files = [("README.md", "---\nlicense: mit\n---\n"), ("config.json", config.as_str())];
            let levels: Vec<_> = findings(&MissingLanguage, &files).iter().map(|found| found.level.as_str()).collect();
            assert_eq!(levels, [level], "{class}");
        }
    }

    #[test]
    fn the_text_is_weak() {
        let card = "---\npipeline_tag: text-generation\n---\n# A\n\n- **Language(s) (NLP):** German\n";
        let found = findings(&MissingLanguage, &[("README.md", card)]);
        assert_eq!(found[0].message, "`README.md` has no `language`: the text suggests `de`");
        assert_eq!(found[0].fix.as_ref().unwrap().safety, Safety::Unsafe);
    }

    #[test]
    fn the_files_count_where_the_card_has_no_task() {
        assert_eq!(count("license: mit", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#), 1);
        assert_eq!(
            count("license: mit", r#"{"model_type": "vit", "architectures": ["ViTForImageClassification"]}"#),
            0
        );
    }
}
