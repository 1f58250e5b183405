//! `missing-usage`: a card without code that a reader could run.

use super::gap::{card, first_line, of_bare_card, sections, top};
use super::presence;
use super::template_text;
use crate::card::Card;
use crate::card::body::{Body, CodeBlock, Heading, Topic};
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::draft::{UNKNOWN_BASE, UNKNOWN_ID, snippet};
use crate::rules::values::material;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::Span;

pub(crate) struct MissingUsage;

static META: Meta = Meta {
    name: "missing-usage",
    section: Section::Card,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_USAGE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("missing_usage.md"),
};

/// Languages of blocks that are programs or commands. Others (`bibtex`, `diff`, `json`, `yaml`, `mermaid`) are read, not run.
const PROGRAMS: &[&str] = &[
    "bash",
    "bat",
    "c",
    "c#",
    "c++",
    "cmd",
    "commandline",
    "console",
    "cpp",
    "cs",
    "csharp",
    "curl",
    "dart",
    "go",
    "ipython",
    "ipython3",
    "java",
    "javascript",
    "js",
    "jsx",
    "julia",
    "kotlin",
    "matlab",
    "mjs",
    "node",
    "objc",
    "php",
    "powershell",
    "ps1",
    "py",
    "pycon",
    "python",
    "python3",
    "r",
    "ruby",
    "rust",
    "sh",
    "shell",
    "shell-session",
    "shellscript",
    "swift",
    "terminal",
    "ts",
    "tsx",
    "typescript",
    "zsh",
    "docker",
    "dockerfile",
];

/// Languages that say nothing about what is in the block.
const PLAIN: &[&str] = &["", "text", "txt", "plain", "plaintext", "code", "none", "raw"];

/// What code or a command starts a line with where nobody said what language it is.
const STARTS: &[&str] = &[
    "import ",
    "from ",
    "model = ",
    "pipe = ",
    "$ ",
    ">>> ",
    "python ",
    "python3 ",
    "curl ",
    "ollama ",
    "docker ",
    "vllm ",
    "transformers ",
    "llama-cli ",
    "llama-server ",
    "./llama",
    "./main ",
    "mlx_lm",
    "lms ",
    "npx ",
    "npm ",
    "git clone ",
    "huggingface-cli ",
    "hf ",
    "uv run ",
    "uvx ",
    "wget ",
    "trtexec ",
    "lerobot-",
    "accelerate ",
    "sglang ",
    "tgi ",
    "const ",
    "let ",
    "using ",
    "library(",
    "print(",
];

/// Calls that load a model, wherever they stand in a line.
const CALLS: &[&str] = &["pipeline(", "from_pretrained("];

/// Commands that only prepare.
const INSTALLS: &[&str] = &[
    "pip install",
    "pip3 install",
    "python -m pip install",
    "python3 -m pip install",
    "!pip install",
    "%pip install",
    "uv pip install",
    "uv add",
    "conda install",
    "apt install",
    "apt-get install",
    "brew install",
    "npm install",
    "npm i ",
    "cd ",
    "git lfs install",
    "sudo apt",
];

impl Rule for MissingUsage {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = card(cx) else { return };
        if has_code(card) {
            return;
        }
        let section = heading(card.body());
        let at = section.map_or_else(|| top(card), |heading| first_line(card.source(), heading.span));
        if links_notebook(card.body(), section) {
            let message = "the card has no code, only a link to a notebook";
            let help =
                "a reader can run the notebook; the lines that load the model, on the card itself, save them the way";
            let label = Label::at(at, "show here how to load the model");
            out.push(out.finding_at(Level::Info, message, label).help(help));
            return;
        }
        let message = "the card has no code that a reader could run";
        let help = match snippet::of(&material(cx)) {
            Some(code) => format!(
                "most people copy the first lines they see, or leave; a block with such code is enough: `{}`",
                code.one_line()
            ),
            None => "most people copy the first lines they see, or leave; show how to install, load and call the model"
                .to_owned(),
        };
        let finding = out.finding(message, Label::at(at, "show here how to load and call the model")).help(help);
        let template = section.and_then(|heading| template_text::of_sections(cx, &[heading.span.to(heading.section)]));
        out.push(finding.yields_to(template.or_else(|| of_bare_card(cx))));
    }
}

/// The heading below which the missing code would stand; nothing when there is code, or no such heading.
pub(super) fn heading_without_code<'c>(card: &'c Card<'_>) -> Option<&'c Heading> {
    heading(card.body()).filter(|_| !has_code(card))
}

/// The section of a card without code in which the code would stand.
pub(super) fn section_without_code(card: &Card<'_>) -> Option<Span> {
    let heading = heading_without_code(card)?;
    Some(heading.span.to(heading.section))
}

pub(super) fn has_code(card: &Card<'_>) -> bool {
    let body = card.body();
    let mut spans = body.code_spans.iter().map(|span| card.source().slice(*span).trim_matches(['`', ' ']));
    body.code_blocks.iter().any(is_runnable) || spans.any(is_command)
}

/// Where the code would stand: below "How to use", not below "Uses", which is about purposes.
fn heading(body: &Body) -> Option<&Heading> {
    let is_how = |text: &str| {
        let text = text.to_lowercase();
        ["how", "usage", "start", "example", "inference", "code", "run"].iter().any(|word| text.contains(word))
    };
    sections(body, Topic::Usage).find(|heading| is_how(&heading.text))
}

/// Whether a block is written in a language of programs or commands.
pub(super) fn is_program(code: &CodeBlock) -> bool {
    code.language.as_deref().is_some_and(|language| PROGRAMS.contains(&language))
}

fn is_runnable(code: &CodeBlock) -> bool {
    let language = code.language.as_deref().unwrap_or_default();
    // Whoever copies this has to fill in an id first.
    if [UNKNOWN_ID, UNKNOWN_BASE].iter().any(|id| code.text.contains(id)) {
        return false;
    }
    let lines = || code.text.lines().map(str::trim).filter(|line| !line.is_empty());
    if is_program(code) {
        // Who has installed the library has not used the model.
        return lines().any(|line| !is_filler(line) && !is_install(line));
    }
    PLAIN.contains(&language)
        && lines().any(|line| {
            let starts = STARTS.iter().any(|start| line.starts_with(start)) && !is_install(line);
            starts || CALLS.iter().any(|call| line.contains(call))
        })
}

/// A notebook that a reader opens and runs: linked where the code would stand, or by a badge at the top.
fn links_notebook(body: &Body, section: Option<&Heading>) -> bool {
    let is_notebook = |url: &str| url.contains("colab.research.google.com/") || url.contains(".ipynb");
    let end = presence::introduction_end(body);
    let is_shown = |at: u32| at < end || section.is_some_and(|heading| heading.section.contains(at));
    body.links.iter().any(|link| is_shown(link.span.start) && is_notebook(&link.url))
}

/// Comments, an ellipsis, an import: nothing happens yet.
fn is_filler(line: &str) -> bool {
    let starts = ["#", "//", "import ", "from "];
    starts.iter().any(|start| line.starts_with(start)) || matches!(line, "..." | "…" | "pass" | "```")
}

fn is_install(line: &str) -> bool {
    let line = line.trim_start_matches(['$', '!', '%', '>', ' ']);
    INSTALLS.iter().any(|start| line.starts_with(start.trim_start_matches(['!', '%'])))
}

/// A command inside a sentence, such as `` `ollama run hf.co/owner/name` ``.
fn is_command(code: &str) -> bool {
    let starts = ["ollama run ", "llama-cli ", "llama-server ", "vllm serve ", "docker run ", "python ", "lms "];
    starts.iter().any(|start| code.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

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
            "```sh\npip install lamp\n```",
            "```\n<|user|>{prompt}\n```",
            "```python\nfrom lamp import load\n\nmodel = load(\"OWNER/NAME\")\n```",
        ] {
            assert!(help(&format!("# M\n\n{block}\n"), &[]).is_some(), "{block}");
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
            ("# M\n", vec![], "show how to install"),
        ] {
            let help = help(card, &files).unwrap();
            assert!(help.contains(code), "{help}");
        }
    }
}
