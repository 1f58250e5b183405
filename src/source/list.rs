//! Lists of words that are data: files of rows beside the code, put into the program when it is built.

/// One row of a list as the program has it: a phrase, alone or with its sense.
pub trait Row: 'static {
    /// The phrase.
    fn phrase(&self) -> &'static str;
}

impl Row for &'static str {
    fn phrase(&self) -> &'static str {
        self
    }
}

impl<S: 'static> Row for (&'static str, S) {
    fn phrase(&self) -> &'static str {
        self.0
    }
}

/// The rows of a file. To look for many phrases in a text at once, see [`super::Phrases::of`].
#[derive(Debug)]
pub struct List<R: 'static = &'static str> {
    pub(super) name: &'static str,
    pub(super) rows: &'static [R],
}

impl<R: Row> List<R> {
    /// The rows of the file of this name. Made by `word_list!` and `word_senses!`.
    pub const fn new(name: &'static str, rows: &'static [R]) -> Self {
        Self { name, rows }
    }

    /// Its rows, for tables that are made when the program is built.
    pub(crate) const fn rows(&self) -> &'static [R] {
        self.rows
    }

    /// Its rows.
    pub fn iter(&self) -> impl Iterator<Item = &'static R> {
        let name = self.name;
        self.rows.iter().filter(move |row| !is_dropped(name, row.phrase()))
    }

    /// Its phrases.
    pub fn phrases(&self) -> impl Iterator<Item = &'static str> {
        self.iter().map(Row::phrase)
    }

    /// Whether this is one of its phrases.
    pub fn contains(&self, phrase: &str) -> bool {
        self.rows.iter().any(|row| row.phrase() == phrase && !is_dropped(self.name, phrase))
    }
}

/// The phrases of `words/NAME.tsv`, or of `words/NAME.LANGUAGE.tsv`.
macro_rules! word_list {
    ($name:literal) => {
        $crate::source::List::new($name, include!(concat!(env!("OUT_DIR"), "/words/", $name, ".phrases.rs")))
    };
}

/// The same with their senses, which are Rust expressions.
macro_rules! word_senses {
    ($name:literal) => {
        $crate::source::List::new($name, include!(concat!(env!("OUT_DIR"), "/words/", $name, ".senses.rs")))
    };
}

pub(crate) use {word_list, word_senses};

/// Whether a test acts as if a row were not there.
#[cfg(not(test))]
pub(super) const fn is_dropped(_: &str, _: &str) -> bool {
    false
}

#[cfg(test)]
pub(super) fn is_dropped(name: &str, phrase: &str) -> bool {
    DROPPED.with_borrow(|dropped| dropped.as_ref().is_some_and(|(list, row)| list == name && row == phrase))
}

#[cfg(test)]
thread_local! {
    static DROPPED: std::cell::RefCell<Option<(String, String)>> = const { std::cell::RefCell::new(None) };
}

/// What a function gives when a list lacks a row.
#[cfg(test)]
pub(crate) fn without<T>(name: &str, phrase: &str, run: impl FnOnce() -> T) -> T {
    DROPPED.set(Some((name.to_owned(), phrase.to_owned())));
    let answer = run();
    DROPPED.set(None);
    answer
}
