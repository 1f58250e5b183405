//! Chat templates as text: what in a Jinja template reads Python's internals instead of the conversation.
//!
//! This module knows Jinja's lexical form and which names lead from a template's values into the interpreter that renders
//! them. It renders nothing, knows no file and no rule, and says nothing about whether a template is well formed: where its
//! text cannot be read on, scanning ends. Costs one pass over the text.
//!
//! Why it matters: a template comes with the weights, and the program that loads them renders it. Transformers renders in Jinja's
//! sandbox; llama-cpp-python before 0.2.72 (CVE-2024-34359) and SGLang's rerank endpoint (CVE-2026-5760) did not, and there
//! any of these names is one step from running a command.

mod constant;
mod lexer;
mod names;
mod scan;

use std::ops::Range;

pub use scan::scan;

/// How much of a template is scanned, in bytes. Real ones have up to a hundred thousand.
pub const MAX_TEMPLATE_BYTES: usize = 1024 * 1024;

/// How many places of one template are reported.
pub const MAX_REACHES: usize = 20;

/// What a template reaches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// A name that leads into Python, readable as it stands: `x.__class__`, `x['__globals__']`, `x|attr('__init__')`.
    Internal,
    /// The same, spelled so that a search for the name does not find it: `'\x5f\x5fclass' ~ '\x5f\x5f'`.
    Hidden,
    /// An attribute whose name is only known while rendering: `x|attr(name)`.
    Computed,
    /// An object that Jinja or a web framework puts into every template, and no chat needs: `lipsum`, `url_for`.
    Global,
    /// Another template: `include`, `import`, `from`, `extends`.
    Template,
}

impl Goal {
    /// Whether only an attempt to reach Python explains it. The others may be clumsy and honest.
    pub fn is_certain(self) -> bool {
        matches!(self, Self::Internal | Self::Hidden)
    }
}

/// One place where a template reaches out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// What kind.
    pub goal: Goal,
    /// The name that is reached for, as Python sees it; of [`Goal::Computed`], empty.
    pub name: String,
    /// Where, in bytes of the template.
    pub range: Range<usize>,
}

impl Goal {
    /// What it costs and what to do, as a message's help has it.
    pub fn help(self) -> &'static str {
        match self {
            Self::Internal | Self::Hidden => {
                "Remove it. Where a program renders the template without a sandbox, this can run any command (CVE-2024-34359, \
                 CVE-2026-5760)."
            }
            Self::Computed => {
                "Write `x.name` or `x['name']` instead. A computed name can be any name of Python, so careful loaders reject it."
            }
            Self::Global => {
                "Use only messages, tools and the special tokens. `transformers` does not define this name, and elsewhere it leads \
                 into the program that renders."
            }
            Self::Template => {
                "Write everything into one template. `transformers` and llama.cpp cannot load another one, so rendering fails here."
            }
        }
    }
}

impl Reach {
    /// What is wrong, said of `whose`, which names the template: "the chat template".
    pub fn sentence(&self, whose: &str) -> String {
        let name = self.name.chars().take(60).collect::<String>();
        match self.goal {
            Goal::Internal => format!("{whose} reads Python's `{name}`"),
            Goal::Hidden => format!("{whose} reads Python's `{name}`, and hides the name"),
            Goal::Computed if name.is_empty() => format!("{whose} reads an attribute whose name it computes"),
            Goal::Computed => format!("{whose} reads the private attribute `{name}` (`attr`)"),
            Goal::Global => format!("{whose} uses `{name}`, which does not belong in a chat template"),
            Goal::Template => format!("{whose} loads another template (`{name}`)"),
        }
    }
}

#[cfg(test)]
mod tests;
