//! What the rules about missing sections share: an untouched section has one finding, where readers see what a template left
//! in it that of `template-text`, and else that of the rule that names what is missing.

use super::names::{bare_card, template};
use crate::card::body::Topic;
use crate::claims::stated::is_linked_copy;
use crate::claims::{Gap, gap};
use crate::diagnostic::{Label, Level};
use crate::rules::{Context, Sink};
use crate::words::quoted;

/// What a rule about a gap says.
pub(super) struct Words {
    /// What is wrong when no section speaks of it.
    pub(super) absent: &'static str,
    /// What belongs there, short.
    pub(super) add: &'static str,
    /// What it costs and what to do.
    pub(super) help: &'static str,
    /// Why it matters less for a quantized copy.
    pub(super) copy: &'static str,
}

/// Reports the gap of a topic, if there is one: an info for a quantized copy whose base has it.
pub(super) fn report(cx: &Context<'_>, out: &mut Sink<'_>, topic: Topic, words: &Words) {
    let Some(gap) = gap(cx, topic) else { return };
    report_gap(cx, out, topic, words, &gap);
}

/// Reports a gap that is known.
pub(super) fn report_gap(cx: &Context<'_>, out: &mut Sink<'_>, topic: Topic, words: &Words, gap: &Gap) {
    let bare = bare_card(cx);
    let is_bare = bare.is_some() && topic == Topic::Description;
    let message = match &gap.heading {
        _ if is_bare => "the card has no text".to_owned(),
        Some(heading) => format!("the section {} is empty", quoted(heading)),
        None => words.absent.to_owned(),
    };
    let (level, help) = if is_linked_copy(cx) { (Level::Info, words.copy) } else { (Level::Warning, words.help) };
    let finding = out.finding_at(level, message, Label::at(gap.at, words.add)).help(help);
    out.push(finding.yields_to(template(cx, gap).or(bare).filter(|_| !is_bare)));
}

#[cfg(test)]
mod tests {
    use crate::rules::card::{
        MissingDescription, MissingEvaluation, MissingLimitations, MissingTechnicalSpecs, MissingUsage,
    };
    use crate::rules::testing::check;
    use crate::rules::{RULES, Rule, Section};

    fn count(rule: &dyn Rule, card: &str) -> usize {
        check(rule, &[("README.md", card)]).found.len()
    }

    #[test]
    fn headings_that_people_use_are_sections() {
        for card in [
            "# M\n\n## Model Details [optional]\n\nA lamp.\n",
            "# M\n\n## \u{1f4a1} 1. What is it?\n\nA lamp.\n",
            "# M\n\n## 介绍 (Introduction)\n\n一盏灯。\n",
            "# Model description\n\nA lamp.\n\n# Usage\n",
            "# M\n\n## Model Details\n\n- **License:** mit\n- **Model type:** a BERT that sorts orders\n",
        ] {
            assert_eq!(count(&MissingDescription, card), 0, "{card}");
        }
        for card in [
            "## Lamp\n\nThis model sorts what people say to a lamp into three orders, on, off and dim.\n\n## Usage\n\nText.\n",
            "# Lamp\n\nA port of lamp-bert. It can be used to map 109 languages to a shared vector space.\n",
            "# Model description\n\n## Dataset\n\nGerman texts on lamps.\n\n## Hardware used\n\nOne GPU.\n",
            "# Lamp\n\nSorts orders to a lamp into on, off and dim.\n",
            "# Lamp\n\nVersion 2 is out!\n\n## Version 2\n\nThis lamp model was tuned to hear orders from further away, and to take several of them at once, in English.\n\n## Usage\n",
            "# 灯\n\n## 模型说明\n\n一盏灯。\n",
            "# Lamp\n\nPlease note that this lamp is for research. It hears orders in English, and answers with on, off or dim.\n",
            "# Lamp\n\n## Introduction\n\nSee the repository.\n",
            "## LampBERT: Multimodal Pre-training for Lamps\n\nThis model sorts what people say to a lamp into on, off and dim.\n\n## Usage\n",
            "### Large-scale pre-training for goal-directed lamps\n\nThis model sorts what people say into on, off and dim.\n\n### Usage\n",
            "# Lamp\n\n### By the Technical University\n\nThis model sorts orders to a lamp into on, off and dim.\n\n## Usage\n",
            "# Lamp\n\n## Intended Usage & Model Info\n\nA lamp that hears.\n",
            "<h1>Lamp</h1>\n<h4>Usage | Evaluation | Contact | License</h4>\n\nThis lamp is a suite of models that hear orders in English.\n",
        ] {
            assert_eq!(count(&MissingDescription, card), 0, "{card}");
        }
        for card in [
            "## Usage\n\nLoad the model with this library, then call it with a sentence, and wait for its answer to appear.\n",
            "## Evaluation on the lamps of five rooms\n\nWe tested what people say to a lamp, and all of it was understood by the model.\n",
            "# Lamp\n\nSorts orders to a lamp.\n",
            "# Lamp\n\nPlease see the repository for more on the lamps.\n",
            "# Lamp\n\nlamp, bert, orders, on, off, dim, English, small, fast, CPU, GPU, ONNX, classifier, text, spoken\n",
            "# Model description\n\n## Dataset\n\n[More Information Needed]\n",
        ] {
            assert_eq!(count(&MissingDescription, card), 1, "{card}");
        }
        let facts = "# M\n\n## Model Details\n\n- **License:** mit\n- **Language(s) (NLP):** en\n";
        assert_eq!(count(&MissingDescription, facts), 1);
        for card in ["# M\n\n## Hardware\n\nA CPU.\n", "# M\n\n## 训练方案\n\n三轮。\n", "# M\n\n## Stats\n\n10k\n"]
        {
            assert_eq!(count(&MissingTechnicalSpecs, card), 0, "{card}");
        }
        for card in ["# M\n\n## 评测效果\n\n很好。\n", "# M\n\n## Benchmarks\n\n![plot](a.png)\n"] {
            assert_eq!(count(&MissingEvaluation, card), 0, "{card}");
        }
        for card in ["# M\n\n## Ограничения\n\nНет.\n", "# M\n\n## Ethical considerations\n\nNone found.\n"]
        {
            assert_eq!(count(&MissingLimitations, card), 0, "{card}");
        }
    }

    #[test]
    fn what_cards_say_in_passing() {
        for (rule, text) in [
            (
                &MissingDescription as &dyn Rule,
                "## A merge of lamp models\n\nA merge of several finetunes that hear orders to a lamp. It was made to combine their ears, and it answers with on, off or dim.",
            ),
            (&MissingDescription, "## :fountain_pen: Introduction\n\nLamp is a model."),
            (&MissingTechnicalSpecs, "**Architecture:** a frozen encoder and a head."),
            (&MissingTechnicalSpecs, "We opened a 7 billion parameter base model."),
            (&MissingTechnicalSpecs, "It was trained with the official code for 2 weeks."),
            (&MissingTechnicalSpecs, "具有 62 亿参数，最低只需 6GB 显存。"),
            (&MissingTechnicalSpecs, "- **Params (M):** 21.7\n- **GMACs:** 12.6"),
            (&MissingTechnicalSpecs, "<table><tr><th>Architecture</th><td>an encoder</td></tr></table>"),
            (&MissingTechnicalSpecs, "## Train\n\nWith pairs, and contrastive."),
            (&MissingTechnicalSpecs, "It was trained on 11 million images."),
            (&MissingTechnicalSpecs, "Training config:\n\n```yml\ntraining:\n  batch_size: 8\n  epochs: 200\n```"),
            (&MissingTechnicalSpecs, "## ASR config\n\n```\nmax_epoch: 35\n```"),
            (&MissingTechnicalSpecs, "## 2. Methodology\n\nTwo stages."),
            (&MissingTechnicalSpecs, "| Model | #Params (M) | Link |\n|---|---|---|\n| lamp | 21 | here |"),
            (&MissingTechnicalSpecs, "Model | Num. layers\n--- | ---\nlamp | 6"),
            (&MissingTechnicalSpecs, "| File | Needs |\n|---|---|\n| lamp.gguf | 4.5 GB |"),
            (&MissingTechnicalSpecs, "The student: num_hidden_layers=6, num_attention_heads=6."),
            (&MissingTechnicalSpecs, "- rank: 64 (alpha=128, dropout=0.05), about 25k orders"),
            (&MissingTechnicalSpecs, "- LoRA alpha: 32\n- Target modules: all"),
            (&MissingTechnicalSpecs, "merge_method: ties\n\nbase: lamp"),
            (&MissingTechnicalSpecs, "```json\n{\"num_hidden_layers\": 6, \"hidden_size\": 384}\n```"),
            (&MissingTechnicalSpecs, "It has 22 million backbone parameters."),
            (&MissingTechnicalSpecs, "**Training dataset**  \n[orders](https://example.org/orders)"),
            (&MissingTechnicalSpecs, "Trained with Adam, lr=2e-5"),
            (&MissingEvaluation, "**Accuracy:** 0.93"),
            (&MissingEvaluation, "It reaches 50.2 mAP in 12 epochs."),
            (&MissingEvaluation, "## Evals\n\n{\n  \"mmlu\": 0.694\n}"),
            (&MissingEvaluation, "```\n{ \"mmlu\": 0.694, \"gsm8k\": 0.4284 }\n```"),
            (&MissingEvaluation, "```\n   precision recall f1-score support\n0  0.99 0.99 0.99 1000\n```"),
            (&MissingEvaluation, "Accuracy: 0.92 – F1: 0.91\n\n### Training results\n"),
            (&MissingEvaluation, "| Check | Value |\n|---|---|\n| error | 7.3e-6 |\n| cosine | 1.0 |"),
            (
                &MissingEvaluation,
                "| Release | Accuracy (%) |\n|:---:|:---:|\n| 1 | 78.7 (Avg: 75.3) |\n| 2 | 79.1 (Avg: 76.0) |",
            ),
            (
                &MissingEvaluation,
                "## Training\n\n| Split | Accuracy |\n|---|---|\n| validation | 0.91 |\n| test | 0.9 |",
            ),
            (&MissingEvaluation, "| Model | Layers | Kitchen | Hall |\n|---|---|---|---|\n| lamp | 6 | 0.71 | 0.82 |"),
            (&MissingEvaluation, "| Config | Accuracy |\n|---|---|\n| small | 0.8 |\n| large | 0.9 |"),
            (&MissingEvaluation, "| Metric | Value |\n|---|---|\n| Error | 0.1 |\n| Loss | 0.2 |"),
            (&MissingEvaluation, "Compared to the first one, it gains at MMLU (+23%) and GSM8K (+57%)."),
            (&MissingLimitations, "It is not a medical device, clinical tool or safety-critical classifier."),
            (&MissingLimitations, "It only supports English input."),
            (&MissingLimitations, "Struggles with long inputs."),
            (&MissingLimitations, "A preview. Do not use for production!"),
            (&MissingLimitations, "It silently drops large spans of text."),
            (&MissingLimitations, "IMPORTANT: not trained on the new letters."),
            (&MissingLimitations, "## Prohibited Uses\n\nSurveillance."),
            (&MissingLimitations, "However, we do not recommend using it for tasks that need knowledge."),
            (&MissingLimitations, "The current version has limited understanding of long documents."),
            (&MissingLimitations, "我们强烈呼吁，不要利用模型进行任何违法的活动。"),
        ] {
            assert_eq!(count(rule, &format!("# Lamp\n\n{text}\n")), 0, "{text}");
        }
        for (rule, text) in [
            (&MissingTechnicalSpecs as &dyn Rule, "Version 2 of the lamp model, for 3 rooms."),
            (&MissingTechnicalSpecs, "Steps: see below"),
            (&MissingTechnicalSpecs, "| Dataset | Speakers |\n|---|---|\n| orders | 12 |"),
            (&MissingTechnicalSpecs, "It came in at rank 3 of the lamp board."),
            (&MissingTechnicalSpecs, "- Training data: TBD"),
            (&MissingTechnicalSpecs, "```python\nlamp.fit(orders, batch_size=8, epochs=3)\n```"),
            (&MissingTechnicalSpecs, "See 2 images and 3 examples."),
            (&MissingEvaluation, "Accuracy: unknown yet"),
            (
                &MissingEvaluation,
                "| Model | Layers | Params (M) |\n|---|---|---|\n| lamp | 6 | 21 |\n| lantern | 12 | 90 |",
            ),
            (&MissingEvaluation, "| Name | Bits | Size |\n|---|---|---|\n| a | 2 | 4.5 |\n| b | 4 | 8 |"),
            (
                &MissingEvaluation,
                "| Orders | Train | Validation | Test |\n|---|---|---|---|\n| hall | 12,000 | 1500 | 1500 |",
            ),
            (&MissingEvaluation, "| Hyperparameter | Value |\n|---|---|\n| n_layers | 6 |\n| d_model | 384 |"),
            (&MissingEvaluation, "See https://example.org/Benchmarks/2 for 3 lamps."),
            (&MissingEvaluation, "## Training\n\n| Epoch | Rate |\n|---|---|\n| 1 | 0.2 |\n| 2 | 0.1 |"),
            (
                &MissingEvaluation,
                "## Evaluation\n\n[More Information Needed]\n\n## Notes\n\nAn accuracy of 2 digits is planned.",
            ),
            (&MissingLimitations, "It works in each room of the house, and at night."),
            (&MissingLimitations, "The experimental results are in the paper."),
            (&MissingLimitations, "An experimental merge of two lamps."),
            (&MissingLimitations, "Permissions and limitations under the License are there."),
            (&MissingLimitations, "## Limitations\n\n## Notes\n\nIt may not hear you."),
        ] {
            assert_eq!(count(rule, &format!("# Lamp\n\n{text}\n")), 1, "{text}");
        }
    }

    #[test]
    fn an_empty_section_is_named() {
        for card in [
            "# Lamp\n\n## Limitations\n\n## Notes\n\nIt may not hear you.\n",
            "# Lamp\n\n## Limitations\n",
            "# Lamp\n\nIt may not hear you.\n\n## Limitations\n\n### Risks and mitigations\n\n---\n\n## Notes\n",
            "# Lamp\n\n<h2>Limitations</h2>\n\n## Notes\n",
        ] {
            let said = check(&MissingLimitations, &[("README.md", card)]).said();
            assert_eq!(said, ["warning the section `Limitations` is empty"], "{card}");
        }
    }

    #[test]
    fn one_line_is_a_short_description() {
        for card in [
            "# Lamp\n\nSorts orders to a lamp.\n",
            "# Lamp\n\nA BERT for orders\n\n## Usage\n\nSoon.\n",
            "# 灯\n\n把对灯说的话分为三类\n",
        ] {
            assert_eq!(
                check(&MissingDescription, &[("README.md", card)]).said(),
                ["info the description is short"],
                "{card}"
            );
        }
        for card in [
            "# Lamp\n\nPlease see the repository for more.\n",
            "# Lamp\n\nOriginal model: https://example.org/lamp\n",
            "# Lamp\n\nLicense: mit\n",
            "# Lamp\n\n[Paper](https://example.org/a) | [Code](https://example.org/b) | [Demo page](https://example.org/c)\n",
            "# Lamp\n\nSorts orders to a lamp.\n\n## Model description\n\nTODO\n",
        ] {
            let said = check(&MissingDescription, &[("README.md", card)]).said();
            assert!(said.iter().all(|said| said.starts_with("warning")) && said.len() == 1, "{card} {said:?}");
        }
    }

    #[test]
    fn a_copy_that_its_tags_name_owes_less() {
        for (relation, level) in [("", "info"), ("base_model_relation: finetune\n", "warning")] {
            let card = format!("---\nbase_model: acme/lamp\n{relation}tags: [gguf]\n---\n# lamp-GGUF\n\nGGUF files.\n");
            for rule in [&MissingDescription as &dyn Rule, &MissingEvaluation, &MissingLimitations] {
                let found = check(rule, &[("README.md", card.as_str())]).found;
                assert_eq!(found.iter().map(|finding| finding.level.as_str()).collect::<Vec<_>>(), [level]);
            }
        }
    }

    #[test]
    fn a_card_without_text_has_one_finding() {
        let yields = |rule: &dyn Rule, card: &str| check(rule, &[("README.md", card)]).found[0].yields_to;
        for card in ["", "---\nlicense: mit\n---\n", "# Lamp\n", "\n<!-- later -->\n"] {
            assert_eq!(
                check(&MissingDescription, &[("README.md", card)]).said(),
                ["warning the card has no text"],
                "{card}"
            );
            for rule in [&MissingUsage as &dyn Rule, &MissingTechnicalSpecs, &MissingEvaluation, &MissingLimitations] {
                assert_eq!(yields(rule, card), Some("missing-description"), "{card}");
            }
            assert_eq!(yields(&MissingDescription, card), None);
        }
        for card in ["# Lamp\n\n## Use\n", "# Lamp\n\nLamp.\n", "![a lamp](lamp.png)\n", "[More Information Needed]\n"]
        {
            assert_eq!(yields(&MissingLimitations, card), None, "{card}");
        }
    }

    #[test]
    fn a_pointer_is_no_card() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 9000\n";
        for rule in RULES.iter().filter(|rule| rule.meta().section == Section::Card) {
            assert_eq!(count(*rule, pointer), 0, "{}", rule.meta().name);
        }
    }

    #[test]
    fn words_inside_other_words_say_nothing() {
        // Neither "WER" nor "AUC", neither a limit nor a GPU.
        let card = "# M\n\nWe were 3 at a launch in 2020, and the unlimited saucers, 12 of them, were unbiased.\n";
        for rule in [&MissingEvaluation as &dyn Rule, &MissingTechnicalSpecs, &MissingLimitations] {
            assert_eq!(count(rule, card), 1);
        }
    }

    #[test]
    fn an_untouched_section_is_reported_once() {
        let card = "# Lamp\n\n## Training\n\n[More Information Needed]\n\n## Glossary\n\n[More Information Needed]\n";
        let yields = |rule: &dyn Rule, card: &str| check(rule, &[("README.md", card)]).found[0].yields_to;
        assert_eq!(yields(&MissingTechnicalSpecs, card), Some("template-text"));
        assert_eq!(yields(&MissingEvaluation, card), None, "no section of its own is untouched");
        let empty = "# Lamp\n\n## Training\n\n<!-- Relevant interpretability work -->\n\n## Glossary\n\nTODO\n";
        assert_eq!(yields(&MissingTechnicalSpecs, empty), None, "no reader sees the comment");
        let usage = "# Lamp\n\n## How to use\n\n[More Information Needed]\n";
        assert_eq!(yields(&MissingUsage, usage), Some("template-text"));
    }
}
