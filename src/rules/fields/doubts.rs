//! The values of a field that the Hub and Python tools read differently, and how to write each so that they agree.

use super::plain_number::plain_number;
use crate::card::front_matter::{Field, edits};
use crate::diagnostic::Safety;
use crate::hub::fields::{self, Kind, Shape};
use crate::source::reading::Reading;
use crate::source::tree::{Kind as Node, NodeRef, Style};

/// A scalar that is read in two ways.
#[derive(Debug)]
pub(crate) struct Doubt<'t> {
    /// The scalar.
    pub(crate) node: NodeRef<'t>,
    /// Its text.
    pub(crate) text: &'t str,
    /// What the Hub reads.
    pub(crate) hub: Reading,
    /// What Python tools read.
    pub(crate) python: Reading,
    /// Whether it is a key.
    pub(crate) is_key: bool,
    /// The shape of the field, where this is the field's value or an item of its list.
    shape: Option<Shape>,
    /// The key of the value.
    key: Option<&'t str>,
}

/// How to write a value so that readers agree.
#[derive(Debug)]
pub(crate) struct Remedy {
    /// What to write.
    pub(crate) yaml: String,
    /// Whether it is the text unchanged, in quotes.
    pub(crate) quotes: bool,
    /// Safe when the Hub goes on reading what it reads now.
    pub(crate) safety: Safety,
}

/// The doubtful values and keys of a field at any depth, in order of place. What an alias repeats counts once.
pub(crate) fn doubts<'t>(field: Field<'t>, known: Option<fields::Field>) -> Vec<Doubt<'t>> {
    let mut found = Vec::new();
    let mut open =
        vec![(field.key, true, None, None), (field.value, false, known.map(|known| known.shape), field.key.text())];
    while let Some((node, is_key, shape, key)) = open.pop() {
        match &node.stored().kind {
            Node::Alias(_) => {}
            // A merge key is a key of the language, not of the card.
            Node::Scalar { text, .. } if is_key && text == "<<" => {}
            Node::Scalar { text, .. } => {
                if !is_plainly_text(node, text) && node.readings_differ() {
                    let (hub, python) = (node.hub(), node.python());
                    found.push(Doubt { node, text, hub, python, is_key, shape, key });
                }
            }
            Node::Sequence { .. } => open.extend(node.items().map(|item| (item, false, shape, key))),
            Node::Mapping { .. } => {
                for (key, value) in node.pairs() {
                    open.push((key, true, None, None));
                    open.push((value, false, None, key.text()));
                }
            }
        }
    }
    found.sort_by_key(|doubt: &Doubt<'_>| doubt.node.span().start);
    found
}

/// Whether both readers clearly read a scalar as text, like nearly all scalars of a card: it starts with a letter, and is
/// longer than `off`.
fn is_plainly_text(node: NodeRef<'_>, text: &str) -> bool {
    node.stored().tag.is_none() && text.len() > 3 && text.starts_with(|first: char| first.is_ascii_alphabetic())
}

impl Doubt<'_> {
    /// Whether another value is doubtful in the same way.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.is_key == other.is_key && alike(self.hub, other.hub) && alike(self.python, other.python)
    }

    /// How to write it; nothing when only a person can say.
    pub(crate) fn remedy(&self, quotes: Style) -> Option<Remedy> {
        let takes = |kind| self.shape.is_some_and(|shape| shape.allows(kind));
        let takes_text = takes(Kind::String) || takes(Kind::Strings);
        let takes_number = takes(Kind::Number) || matches!(self.key, Some("value" | "emissions"));
        let quoted = |safety| Some(Remedy { yaml: edits::quoted(self.text, quotes), quotes: true, safety });
        match (self.hub, self.python) {
            (Reading::Text, Reading::Bool(value)) if takes(Kind::Bool) && !takes_text => {
                Some(Remedy { yaml: value.to_string(), quotes: false, safety: Safety::Unsafe })
            }
            (Reading::Text, Reading::Int(_) | Reading::Float(_)) if takes_number && !takes_text => {
                number(self.python, Safety::Unsafe)
            }
            (Reading::Text | Reading::Date, _) => quoted(Safety::Safe),
            (Reading::Int(_) | Reading::Float(_), _) if takes_text && !takes(Kind::Number) => quoted(Safety::Unsafe),
            // All versions of the Hub's reader read an exponent as a number; they read leading zeros differently.
            (Reading::Float(_), Reading::Text) if self.text.contains(['e', 'E']) => number(self.hub, Safety::Safe),
            (Reading::Int(_) | Reading::Float(_), _) => number(self.hub, Safety::Unsafe),
            _ => None,
        }
    }
}

/// Whether two readings are of one sort; all numbers are.
fn alike(one: Reading, other: Reading) -> bool {
    std::mem::discriminant(&one) == std::mem::discriminant(&other) || (is_number(one) && is_number(other))
}

fn is_number(reading: Reading) -> bool {
    matches!(reading, Reading::Int(_) | Reading::Float(_))
}

fn number(value: Reading, safety: Safety) -> Option<Remedy> {
    Some(Remedy { yaml: plain_number(value)?, quotes: false, safety })
}
