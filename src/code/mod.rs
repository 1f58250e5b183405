//! Python files as data: what a module does when it is imported, and which files beside it it imports.
//!
//! Importing a module runs its statements, its class bodies, its decorators and the defaults of its functions; what
//! stands inside a function waits until somebody calls it. This room parses a text and follows only the former, and of
//! functions those that the module itself calls while it is imported. It knows the callables that run commands, reach
//! for the network, unpickle or run text as code (`actions`), by whatever name the module gives them. It does not know
//! releases or rules, and it never runs, imports or evaluates anything.
//!
//! The parser walks nested code by nesting itself, so `depth` refuses a text that is nested too deeply before it is
//! parsed. Our own walk keeps a list and never nests.

mod actions;
mod depth;
mod fetched;
mod scope;
mod values;
mod walk;

use std::ops::Range;

use ruff_python_parser::{Mode, ParseOptions};
use ruff_text_size::Ranged;

pub use actions::Kind;
pub use fetched::fetched;

/// The longest text that is parsed, in bytes. The longest modules that people publish have a third of this.
pub const MAX_CODE_BYTES: usize = 1024 * 1024;

/// How many actions of one module are kept.
pub const MAX_ACTIONS: usize = 100;

/// How many imports of one module are kept.
pub const MAX_IMPORTS: usize = 1000;

/// Something that a module does while it is imported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Action {
    /// The bytes of the callable, without its arguments.
    pub range: Range32,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The callable by its full name, whatever the module calls it: `os.system`, `eval`.
    pub what: String,
    /// Where the module calls the function that contains it; none where it stands outside of functions.
    pub called_at: Option<Range32>,
}

/// An import of a file of the same package, which runs when the module is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// How many dots: 1 is the module's own folder, 2 the one above.
    pub level: u32,
    /// The module, or something in it, as dotted names below that folder: `vision.encoder`; empty for the folder itself.
    pub module: String,
    /// The bytes of the statement.
    pub range: Range32,
}

/// Start and end of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range32 {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Range32 {
    fn of(node: &impl Ranged) -> Self {
        Self { start: node.start().to_u32(), end: node.end().to_u32() }
    }

    /// As a range, for slicing and for spans.
    pub fn range(self) -> Range<u32> {
        self.start..self.end
    }
}

/// What a module does when it is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// In the order of the text.
    pub actions: Vec<Action>,
    /// In the order of the text.
    pub imports: Vec<Import>,
    /// The byte of the first mistake in its syntax. The rest was read all the same, as far as it could be.
    pub broken_at: Option<u32>,
}

/// Why a text was not parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// Longer than [`MAX_CODE_BYTES`].
    #[error("it has more than {MAX_CODE_BYTES} bytes")]
    TooLong,
    /// Nested deeper than what is parsed.
    #[error("its code is nested deeper than any that people write")]
    TooDeep,
}

impl Module {
    /// Reads the text of a Python file. Costs what the text costs, once for each of its functions that it calls itself.
    ///
    /// # Errors
    /// A text that is too long or too deep.
    pub fn read(text: &str) -> Result<Self, Unread> {
        Self::read_as(text, scope::Unbound::Builtin)
    }

    /// Reads a text as it is given to `exec`: names that it does not bind come from around it.
    fn read_as(text: &str, unbound: scope::Unbound) -> Result<Self, Unread> {
        if text.len() > MAX_CODE_BYTES {
            return Err(Unread::TooLong);
        }
        if depth::is_too_deep(text) {
            return Err(Unread::TooDeep);
        }
        let parsed = ruff_python_parser::parse_unchecked(text, ParseOptions::from(Mode::Module));
        let broken_at = parsed.errors().first().map(|error| error.location.start().to_u32());
        let Some(parsed) = parsed.try_into_module() else { return Ok(Self::default()) };
        let mut module = walk::walk(&parsed.syntax().body, unbound);
        module.broken_at = broken_at;
        Ok(module)
    }
}

#[cfg(test)]
mod tests;
