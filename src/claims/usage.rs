//! The code of a card that a reader can run, and where it would stand.

use super::placeholders::{UNKNOWN_BASE, UNKNOWN_ID};
use super::sections::{introduction_end, sections};
use crate::card::Card;
use crate::card::body::{Body, CodeBlock, Heading, Topic};

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

/// What code or a command starts a line with where the language is not stated.
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

/// The heading below which the missing code would stand; nothing when there is code, or no such heading.
pub(crate) fn heading_without_code<'c>(card: &'c Card<'_>) -> Option<&'c Heading> {
    heading(card.body()).filter(|_| !has_code(card))
}

/// Whether a card has code that a reader can run.
pub(crate) fn has_code(card: &Card<'_>) -> bool {
    let body = card.body();
    let mut spans = body.code_spans.iter().map(|span| card.source().slice(*span).trim_matches(['`', ' ']));
    body.code_blocks.iter().any(is_runnable) || spans.any(is_command)
}

/// Where the code would stand: below "How to use", not below "Uses", which is about purposes.
pub(super) fn heading(body: &Body) -> Option<&Heading> {
    let is_how = |text: &str| {
        let text = text.to_lowercase();
        ["how", "usage", "start", "example", "inference", "code", "run"].iter().any(|word| text.contains(word))
    };
    sections(body, Topic::Usage).find(|heading| is_how(&heading.text))
}

/// Whether a block is written in a language of programs or commands.
pub(crate) fn is_program(code: &CodeBlock) -> bool {
    code.language.as_deref().is_some_and(|language| PROGRAMS.contains(&language))
}

fn is_runnable(code: &CodeBlock) -> bool {
    let language = code.language.as_deref().unwrap_or_default();
    if has_unknown_id(&code.text) {
        return false;
    }
    let lines = || code.text.lines().map(str::trim).filter(|line| !line.is_empty());
    if is_program(code) {
        // To install the library is not to use the model.
        return lines().any(|line| !is_filler(line) && !is_install(line));
    }
    PLAIN.contains(&language)
        && lines().any(|line| {
            let starts = STARTS.iter().any(|start| line.starts_with(start)) && !is_install(line);
            starts || CALLS.iter().any(|call| line.contains(call))
        })
}

/// A notebook that a reader opens and runs: linked where the code would stand, or by a badge at the top.
pub(crate) fn links_notebook(body: &Body) -> bool {
    let section = heading(body);
    let is_notebook = |url: &str| url.contains("colab.research.google.com/") || url.contains(".ipynb");
    let end = introduction_end(body);
    let is_shown = |at: u32| at < end || section.is_some_and(|heading| heading.section.contains(at));
    body.links.iter().any(|link| is_shown(link.span.start) && is_notebook(&link.url))
}

/// Whether an id has to be filled in before the code runs.
pub(crate) fn has_unknown_id(code: &str) -> bool {
    [UNKNOWN_ID, UNKNOWN_BASE].iter().any(|id| code.contains(id))
}

/// Comments, an ellipsis, an import: nothing happens yet. After an import on the same line something may.
fn is_filler(line: &str) -> bool {
    if ["import ", "from "].iter().any(|start| line.starts_with(start)) {
        return line.split_once(';').is_none_or(|(_, rest)| is_filler(rest.trim()));
    }
    line.is_empty()
        || ["#", "//"].iter().any(|start| line.starts_with(start))
        || matches!(line, "..." | "…" | "pass" | "```")
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
