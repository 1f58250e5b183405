//! What the licenses of models ask for from derivatives. Facts about texts, and not legal advice.

use super::families::Source;
use super::table::{Row, Table, Words};

const TERMS: &str = include_str!("tables/license-terms.tsv");

/// What a license asks of a derivative. A license whose text was not read asks for nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How this program calls the license: the Hub's id, or the usual `license_name`.
    pub license: &'static str,
    /// The value of `license`; `other` for a license that the Hub does not list.
    pub hub_id: &'static str,
    /// What the text calls itself.
    pub title: &'static str,
    /// How the terms are known.
    pub source: Source,
    /// The line that a file named NOTICE must contain.
    pub notice: Option<&'static str>,
    /// How the derivative's name must begin.
    pub prefix: Option<&'static str>,
    pub(super) over: &'static str,
    names: Words,
    asks: Words,
    display: &'static str,
}

impl Terms {
    fn of(row: Row) -> Self {
        Self {
            license: row.key(),
            hub_id: row.column(1),
            title: row.column(2),
            names: row.words(3),
            over: row.column(4),
            source: Source::of(row.column(5)),
            asks: row.words(6),
            notice: row.optional(7),
            display: row.column(8),
            prefix: row.optional(9),
        }
    }

    /// What `license_name` would be, where the Hub calls the license `other`.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        (self.hub_id == "other").then(|| self.names.iter().next().unwrap_or(self.license))
    }

    /// Whether people call this license so in `license_name`.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let name = name.trim().to_ascii_lowercase();
        self.license == name || self.names.contains(&name)
    }

    /// Words that must be shown, of which one will do: `Built with Llama`.
    pub fn display(&self) -> impl Iterator<Item = &'static str> {
        self.display.split('|').filter(|words| !words.is_empty())
    }

    /// Whether its text must be in every copy.
    #[must_use]
    pub fn ships_text(&self) -> bool {
        self.asks.contains("ship-licence")
    }

    /// Whether commercial use is excluded.
    #[must_use]
    pub fn is_non_commercial(&self) -> bool {
        self.asks.contains("non-commercial")
    }

    /// Whether its limits on use must be part of the derivative's terms.
    #[must_use]
    pub fn passes_on_limits(&self) -> bool {
        self.asks.contains("pass-on-use-limits")
    }
}

/// The terms of a license: an id of the Hub, or what [`super::families`] calls it. `None` for licenses without terms of
/// their own, such as `mit`.
#[must_use]
pub fn of(license: &str) -> Option<Terms> {
    Table::new(TERMS).find(license).map(Terms::of)
}

/// The terms of the license that a card with `license: other` calls by this name; `None` where several are called so.
#[must_use]
pub fn named(name: &str) -> Option<Terms> {
    let mut found = Table::new(TERMS).rows().map(Terms::of).filter(|terms| terms.is_named(name));
    let one = found.next()?;
    found.next().is_none().then_some(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_those_of_the_text() {
        let llama = of("llama3.1").unwrap();
        assert_eq!((llama.hub_id, llama.prefix, llama.name()), ("llama3.1", Some("Llama"), None));
        assert!(llama.display().eq(["Built with Llama"]) && llama.ships_text() && !llama.is_non_commercial());
        assert!(llama.notice.unwrap().starts_with("Llama 3.1 is licensed under"));
        let gemma = of("gemma").unwrap();
        assert!(gemma.passes_on_limits() && gemma.display().next().is_none() && gemma.prefix.is_none());
        assert!(of("qwen-research").unwrap().display().eq(["Built with Qwen", "Improved using Qwen"]));
        assert!(of("mrl").unwrap().is_non_commercial());
        assert_eq!(of("mit"), None);
    }

    #[test]
    fn a_text_that_was_not_read_asks_for_nothing() {
        let unread = of("glm-4").unwrap();
        assert_eq!((unread.source, unread.notice, unread.prefix), (Source::Memory, None, None));
        assert!(!unread.ships_text() && unread.display().next().is_none());
        // Asked only above a number of users.
        assert!(of("kimi-k3").unwrap().display().next().is_none());
    }

    #[test]
    fn own_names() {
        assert_eq!(named("Qwen-Research").unwrap().license, "qwen-research");
        assert_eq!(named("chatglm-license").unwrap().license, "chatglm");
        assert_eq!(of("chatglm").unwrap().name(), Some("chatglm-license"));
        assert_eq!((named("modified-mit"), named("acme-1.0"), named("other")), (None, None, None));
    }
}
