//! `missing-usage`: a card without code that a reader can run.

use super::names::{bare_card, template};
use crate::card::Card;
use crate::card::body::Topic;
use crate::checklist;
use crate::claims::placeholders::UNKNOWN_BASE;
use crate::claims::{gap, usage};
use crate::diagnostic::{Diagnostic, Edit, Effect, Fix, Label, Level, Safety};
use crate::draft::{Material, snippet};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

pub(crate) struct MissingUsage;

static META: Meta = Meta {
    name: "missing-usage",
    section: Section::Card,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_USAGE,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("missing_usage.md"),
};

/// Why a card has code.
const FIRST_LINES: &str = "Most people copy the first lines they see, or leave.";

impl Rule for MissingUsage {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        if let Some(finding) = cx.card().and_then(|card| unfilled(cx, card, out)) {
            out.push(finding);
            return;
        }
        let Some(gap) = gap(cx, Topic::Usage) else { return };
        if cx.card().is_some_and(|card| usage::links_notebook(card.body())) {
            let message = "the card has no code, only a link to a notebook";
            let help = "Copy the lines that load the model from the notebook to the card. Many readers do not open a notebook.";
            let label = Label::at(gap.at, "show here how to load the model");
            out.push(out.finding_at(Level::Info, message, label).help(help));
            return;
        }
        let message = match cx.card().is_some_and(usage::only_prepares_in) {
            true => "the code in the card does not load or call the model",
            false => "the card has no code that a reader can run",
        };
        let finding = out.finding(message, Label::at(gap.at, "show here how to load and call the model"));
        let finding = match snippet::of(&Material::of(cx)).map(|code| code.text()) {
            Some(code) => {
                let ids = if usage::has_unknown_id(&code) { ", with your ids for `OWNER/…`" } else { "" };
                let help = format!("Add a block of code such as this one{ids}. {FIRST_LINES}");
                finding.help(help).code(&code)
            }
            None => finding.help(format!("Show how to install, load and call the model. {FIRST_LINES}")),
        };
        out.push(finding.yields_to(template(cx, &gap).or_else(|| bare_card(cx))));
    }
}

/// Code with the id of an example where the repository's belongs; the fix writes that one where it is known.
fn unfilled(cx: &Context<'_>, card: &Card<'_>, out: &Sink<'_>) -> Option<Diagnostic> {
    let ids = usage::unknown_ids(card);
    let first = ids.first()?;
    let written = card.source().slice(*first);
    let message = format!("{} in the code is a placeholder", quoted(written));
    let help = "Write the id of your repository there. Users cannot run the code as it is.";
    let finding = out.finding(message, Label::at(*first, "the id of the repository belongs here")).help(help);
    let finding = finding.also(ids.iter().skip(1).map(|id| Label::at(*id, "here, too")));
    // Two different placeholders are two repositories, and which one is this is not known.
    let are_one = written != UNKNOWN_BASE && ids.iter().all(|id| card.source().slice(*id) == written);
    let Some(id) = cx.release().repo_id().filter(|_| are_one) else { return Some(finding) };
    let mut fix = Fix::new(format!("write `{id}`"), Safety::Safe);
    fix.edits = ids.iter().map(|at| Edit { at: *at, text: id.to_string() }).collect();
    Some(finding.fix(Some(fix)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{applied, check, findings};

    fn help(card: &str, files: &[(&str, &str)]) -> Option<String> {
        let mut all = vec![("README.md", card)];
        all.extend_from_slice(files);
        check(&MissingUsage, &all).found.into_iter().next().and_then(|finding| finding.help)
    }

    #[test]
    fn programs_and_commands_are_code() {
        for block in [
            "```py\nmodel.encode(x)\n```",
            "```{python}\nmodel.encode(x)\n```",
            "```\n>>> model.encode(x)\n```",
            "```text\n$ ollama run lamp\n```",
            "    from lamp import Lamp\n    Lamp().on()",
            "```rust\nfn main() {}\n```",
            "```\nprint(pipeline(\"fill-mask\", model=\"acme/lamp\")(\"x\"))\n```",
            "```\ntokens = BertTokenizer.from_pretrained(\"acme/lamp\")\n```",
            "```python\nimport lamp; lamp.on()\n```",
            "```bash\npython train.py\npython lamp.py --on\n```",
            "```python\ntext = text.lower()\nprint(lamp.predict(text))\n```",
            "```python\nlamp = AutoModel.from_pretrained(\"acme/lamp\")\nTrainer(lamp).train()\n```",
        ] {
            assert_eq!(help(&format!("# M\n\n{block}\n"), &[]), None, "{block}");
        }
    }

    #[test]
    fn what_cannot_be_run_is_no_code() {
        for block in [
            "```json\n{\"a\": 1}\n```",
            "```diff\n+ import torch\n```",
            "```\n@misc{lamp}\n```",
            "```python\nfrom stable_baselines3 import ...\n\n...\n```",
            "```js\nimport { lamp } from \"lamp\";\n```",
            "```sh\npip install lamp\n```",
            "```\n<|user|>{prompt}\n```",
            "```python\nfrom lamp import load\n\nmodel = load(\"OWNER/NAME\")\n```",
            "```bash\ncd lamp\nexport TASK=lamp\npython run_glue.py \\\n  --do_train\n```",
            "```\npython train.py --lamps 3\n```",
            "```python\nimport re\n\ntext = re.sub(' +', ' ', text.lower())\n```",
            "```python\nbatch_size = 16\nlearning_rate = 5e-5\nlabels = [\"on\", \"off\"]\n```",
            "```python\ntrainer = Trainer(lamp, orders)\ntrainer.train()\n```",
        ] {
            assert!(help(&format!("# M\n\n{block}\n"), &[]).is_some(), "{block}");
        }
    }

    #[test]
    fn a_placeholder_is_named_and_filled() {
        let card =
            |id: &str| format!("# M\n\n```python\nlamp = AutoModel.from_pretrained(\"{id}\")\nprint(lamp(1))\n```\n");
        for id in ["OWNER/NAME", "your-username/your-model", "<owner>/<name>"] {
            let found = findings(&MissingUsage, &[("README.md", &card(id))]);
            assert_eq!(
                found.iter().map(|found| found.message.clone()).collect::<Vec<_>>(),
                [format!("`{id}` in the code is a placeholder")]
            );
            let fix = found[0].fix.as_ref().unwrap();
            assert_eq!(applied(&card(id), fix), card("own/repository"));
        }
        let base = findings(&MissingUsage, &[("README.md", &card("OWNER/BASE-MODEL"))]);
        assert!(base[0].message.contains("placeholder") && base[0].fix.is_none());
        for text in [
            card("acme/lamp"),
            card("acme/lamp").replace("print(lamp(1))", "lamp.push_to_hub(\"USERNAME/MODEL_NAME\")"),
            card("acme/lamp").replace("print(lamp(1))", "Lamp.from_pretrained(f\"{owner}/{name}\")"),
            card("acme/lamp").replace("print(lamp(1))", "Lamp.from_pretrained(\"a/b\", eos=\"</s>\")"),
            card("acme/lamp").replace("print(lamp(1))", "load_dataset(\"username/dataset\")"),
            card("acme/lamp").replace("print(lamp(1))", "lamp.tokenizer.from_pretrained(\"path/to\")"),
        ] {
            assert!(findings(&MissingUsage, &[("README.md", &text)]).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_notebook_below_a_heading_about_usage_is_nearly_code() {
        let link = "[a notebook](https://colab.research.google.com/drive/1)";
        for (heading, level) in [("How to use", "info"), ("Credits", "warning")] {
            let card = format!("# M\n\n## {heading}\n\nAn example is in {link}.\n");
            let found = check(&MissingUsage, &[("README.md", card.as_str())]).found;
            assert_eq!(found.iter().map(|finding| finding.level.as_str()).collect::<Vec<_>>(), [level]);
        }
    }

    #[test]
    fn the_snippet_is_the_librarys() {
        let adapter = r#"{"peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "acme/base"}"#;
        for (card, files, code) in [
            ("---\nlibrary_name: timm\n---\n# M\n", vec![], "timm.create_model(\"hf-hub:OWNER/NAME\""),
            ("# M\n", vec![("adapter_config.json", adapter)], "AutoPeftModelForCausalLM"),
            (
                "---\nlibrary_name: transformers\npipeline_tag: fill-mask\n---\n",
                vec![],
                "pipeline(\"fill-mask\", model=\"OWNER/NAME\")",
            ),
            // A task for which transformers has no pipeline any more.
            (
                "---\nlibrary_name: transformers\npipeline_tag: summarization\n---\n",
                vec![("config.json", r#"{"architectures": ["BartForConditionalGeneration"]}"#)],
                "BartForConditionalGeneration.from_pretrained",
            ),
            ("# M\n", vec![], "Show how to install"),
        ] {
            let help = help(card, &files).unwrap();
            assert!(help.contains(code), "{help}");
        }
    }
}
