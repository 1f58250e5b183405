//! What a pickle imports and calls.

use std::collections::HashMap;

use super::globals::{self, Trust};

/// How many different imports of one file are listed. Beyond it only dangerous ones are, up to twice as many.
pub const MAX_IMPORTS: usize = 1024;

/// How many characters of a name are shown.
const LONGEST_NAME: usize = 120;

/// What an import brings in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// A name of a module, as Python 3 resolves it. A dot in the name walks attributes.
    Named {
        /// The module.
        module: String,
        /// The name in it.
        name: String,
    },
    /// A code of the extension registry: what it stands for is decided where the pickle is loaded.
    Extension(u32),
    /// What is imported or called is computed while loading.
    Computed,
    /// A name that was not followed, as the pickle is larger than what is kept of it.
    Unread,
}

impl std::fmt::Display for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named { module, name } => write!(f, "{module}.{name}"),
            Self::Extension(code) => write!(f, "extension code {code}"),
            Self::Computed => f.write_str("a name computed while loading"),
            Self::Unread => f.write_str("a name that was not followed"),
        }
    }
}

/// A call of what was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Offset of the opcode that calls.
    pub at: u64,
    /// Its name.
    pub opcode: &'static str,
    /// The arguments in Python's notation, shortened; `…` stands for what is not known or too long.
    pub arguments: String,
}

/// One import, with all its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// What it brings in.
    pub reach: Reach,
    /// The names as they stand in the file, where Python 3 calls them otherwise.
    pub written: Option<String>,
    /// Whether it is known to be harmless or to run code.
    pub trust: Trust,
    /// Offset of the first opcode that imports it.
    pub at: u64,
    /// That opcode's name.
    pub opcode: &'static str,
    /// How often it is imported.
    pub count: u64,
    /// The first call.
    pub call: Option<Call>,
    /// How often it is called.
    pub calls: u64,
    /// Whether it stands in a pickle inside a string of this one; the offsets are those in the file all the same.
    pub is_nested: bool,
    /// Whether every call so far was of a harmless sort; only asked of names that are harmless in some calls.
    is_proven: Option<bool>,
}

impl Import {
    /// What the import is worth, given how it is called.
    pub fn verdict(&self) -> Trust {
        match (self.trust, self.is_proven) {
            (Trust::UntilCalled, _) if self.calls > 0 => Trust::Dangerous,
            (Trust::UntilCalled, _) => Trust::Unknown,
            (Trust::Conditional(_), Some(false) | None) => Trust::Dangerous,
            (Trust::Conditional(true), Some(true)) => Trust::Known,
            (Trust::Conditional(false), Some(true)) => Trust::Unknown,
            (trust, _) => trust,
        }
    }
}

/// The imports of one file.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    list: Vec<Import>,
    numbers: HashMap<Reach, u32>,
    omitted: u64,
}

impl Imports {
    /// Every import, in the order in which they were met.
    pub fn list(&self) -> &[Import] {
        &self.list
    }

    /// How many more there were than are listed; none of them is dangerous unless very many are.
    pub fn omitted(&self) -> u64 {
        self.omitted
    }

    /// How many are listed.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets what was added after there were so many.
    pub(super) fn truncate(&mut self, length: usize) {
        self.list.truncate(length);
        self.numbers.retain(|_, number| (*number as usize) < length);
    }

    /// An import by the number that [`super::Value::Global`] has.
    pub fn get(&self, number: u32) -> Option<&Import> {
        self.list.get(number as usize)
    }

    /// An import by name. Below protocol 3, Python 3 reads the names that Python 2 had.
    pub(super) fn named(
        &mut self,
        at: u64,
        opcode: &'static str,
        module: &str,
        name: &str,
        python2: bool,
    ) -> Option<u32> {
        let renamed = if python2 { globals::renamed(module, name) } else { None };
        let written = renamed.as_ref().map(|_| shortened(&format!("{module}.{name}")));
        let (now_module, now_name) = renamed.as_ref().map_or((module, name), |(module, name)| (module, name));
        let trust = globals::trust(now_module, now_name).max(globals::old_trust(module, name));
        let reach = Reach::Named { module: shortened(now_module), name: shortened(now_name) };
        self.add(at, opcode, reach, written, trust)
    }

    /// An import of something else.
    pub(super) fn other(&mut self, at: u64, opcode: &'static str, reach: Reach) -> Option<u32> {
        self.add(at, opcode, reach, None, Trust::Unknown)
    }

    fn add(
        &mut self,
        at: u64,
        opcode: &'static str,
        reach: Reach,
        written: Option<String>,
        trust: Trust,
    ) -> Option<u32> {
        if let Some(number) = self.numbers.get(&reach) {
            let import = self.list.get_mut(*number as usize)?;
            import.count += 1;
            import.trust = import.trust.max(trust);
            return Some(*number);
        }
        let most = if trust >= Trust::UntilCalled { 2 * MAX_IMPORTS } else { MAX_IMPORTS };
        if self.list.len() >= most {
            self.omitted += 1;
            return None;
        }
        let number = self.list.len() as u32;
        self.numbers.insert(reach.clone(), number);
        let (count, call, calls, is_nested, is_proven) = (1, None, 0, false, None);
        self.list.push(Import { reach, written, trust, at, opcode, count, call, calls, is_nested, is_proven });
        Some(number)
    }

    /// Whether a call is worth keeping: the first one, and of a conditional name the first that makes it dangerous.
    pub(super) fn wants_call(&self, number: u32, proven: bool) -> bool {
        let Some(import) = self.get(number) else { return false };
        let is_worse = matches!(import.trust, Trust::Conditional(_)) && !proven && import.is_proven != Some(false);
        import.call.is_none() || is_worse
    }

    /// A call, `proven` when it is of the sort that makes a conditional name harmless.
    pub(super) fn called(&mut self, number: u32, call: Option<Call>, proven: bool) {
        let Some(import) = self.list.get_mut(number as usize) else { return };
        import.calls += 1;
        import.call = call.or(import.call.take());
        import.is_proven = Some(import.is_proven.unwrap_or(true) && proven);
    }

    /// A harmless name is called in a way in which no saver of weights calls it.
    pub(super) fn misused(&mut self, number: u32) {
        if let Some(import) = self.list.get_mut(number as usize) {
            import.trust = Trust::Dangerous;
        }
    }

    /// A conditional name is handed to something else, which may call it in any way.
    pub(super) fn handed_over(&mut self, number: u32) {
        if let Some(import) = self.list.get_mut(number as usize) {
            import.is_proven = Some(false);
        }
    }

    /// Takes unknown names for known ones.
    pub(super) fn know(&mut self, is_known: impl Fn(&str, &str) -> bool) {
        for import in self.list.iter_mut().filter(|import| import.trust == Trust::Unknown) {
            if let Reach::Named { module, name } = &import.reach
                && is_known(module, name)
            {
                import.trust = Trust::Known;
            }
        }
    }

    /// Takes dangerous names for such that are harmless in the calls that were seen to be so.
    pub(super) fn allow_calls(&mut self, is_allowed: impl Fn(&str, &str) -> bool) {
        for import in self.list.iter_mut().filter(|import| import.trust == Trust::Dangerous) {
            if let Reach::Named { module, name } = &import.reach
                && is_allowed(module, name)
            {
                import.trust = Trust::Conditional(false);
            }
        }
    }

    /// Keeps only so many, worst first.
    pub(crate) fn keep_worst(&mut self, most: usize) {
        if self.list.len() > most {
            self.list.sort_by_key(|import| std::cmp::Reverse(import.verdict()));
            self.omitted += (self.list.len() - most) as u64;
            self.list.truncate(most);
        }
        // Only a scan that goes on looks names up.
        self.numbers = HashMap::new();
        self.list.shrink_to_fit();
    }

    /// Takes what another reading of the same bytes imports, where it is at least that bad and worse than here.
    pub(super) fn add_worse(&mut self, other: Self, least: Trust) {
        for import in other.list.into_iter().filter(|import| import.verdict() >= least) {
            if let Some(known) = self.numbers.get(&import.reach).and_then(|number| self.list.get_mut(*number as usize))
            {
                if import.verdict() > known.verdict() {
                    *known = import;
                }
            } else if self.list.len() < 2 * MAX_IMPORTS {
                self.numbers.insert(import.reach.clone(), self.list.len() as u32);
                self.list.push(import);
            } else {
                self.omitted += 1;
            }
        }
    }

    /// Takes the imports of a pickle that stands inside a string of this one.
    pub(super) fn add_nested(&mut self, nested: Self) {
        self.omitted += nested.omitted;
        for mut import in nested.list {
            import.is_nested = true;
            if let Some(known) = self.numbers.get(&import.reach).and_then(|number| self.list.get_mut(*number as usize))
            {
                known.count += import.count;
                known.calls += import.calls;
                if import.verdict() > known.verdict() {
                    (known.trust, known.is_proven) = (import.trust, import.is_proven);
                }
                known.call = known.call.take().or(import.call);
            } else if self.list.len() < 2 * MAX_IMPORTS {
                self.numbers.insert(import.reach.clone(), self.list.len() as u32);
                self.list.push(import);
            } else {
                self.omitted += 1;
            }
        }
    }
}

/// A name that is not longer than what is shown.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        None => name.to_owned(),
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
    }
}
