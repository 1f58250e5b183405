//! The values of a field that the Hub and Python tools read differently, and how to write each so that they agree.

use super::plain_number::plain_number;
use crate::card::front_matter::{Field, edits};
use crate::diagnostic::Safety;
use crate::hub::fields::{self, Kind, Shape};
use crate::source::reading::Reading;
use crate::source::tree::{Kind as Node, NodeRef, Style};

/// A scalar that is read in two ways.
#[derive(Debug)]
pub(super) struct Doubt<'t> {
    /// The scalar.
    pub(super) node: NodeRef<'t>,
    /// Its text.
    pub(super) text: &'t str,
    /// What the Hub reads.
    pub(super) hub: Reading,
    /// What Python tools read.
    pub(super) python: Reading,
    /// Whether it is a key.
    pub(super) is_key: bool,
    /// The shape of the field, where this is the field's value or an item of its list.
    shape: Option<Shape>,
    /// The key of the value.
    key: Option<&'t str>,
}

/// How to write a value so that readers agree.
#[derive(Debug)]
pub(super) struct Remedy {
    /// What to write.
    pub(super) yaml: String,
    /// Whether it is the text as it stands, in quotes.
    pub(super) quotes: bool,
    /// Safe when the Hub goes on reading what it reads now.
    pub(super) safety: Safety,
}

/// The doubtful values and keys of a field at any depth, in order of place. What an alias repeats counts once.
pub(super) fn doubts<'t>(field: Field<'t>, known: Option<fields::Field>) -> Vec<Doubt<'t>> {
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

/// Whether both readers take a scalar for text at first sight, as they take nearly every one of a card: it starts with a
/// letter, and is longer than `off`.
fn is_plainly_text(node: NodeRef<'_>, text: &str) -> bool {
    node.stored().tag.is_none() && text.len() > 3 && text.starts_with(|first: char| first.is_ascii_alphabetic())
}

impl Doubt<'_> {
    /// Whether another value is doubtful in the same way.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let number = |reading: &Reading| matches!(reading, Reading::Int(_) | Reading::Float(_));
        let sort = std::mem::discriminant::<Reading>;
        let alike = |one: &Reading, other: &Reading| sort(one) == sort(other) || (number(one) && number(other));
        self.is_key == other.is_key && alike(&self.hub, &other.hub) && alike(&self.python, &other.python)
    }

    /// How to write it; nothing when that is for a person to say.
    pub(super) fn remedy(&self, quotes: Style) -> Option<Remedy> {
        let takes = |kind| self.shape.is_some_and(|shape| shape.allows(kind));
        let takes_text = takes(Kind::String) || takes(Kind::Strings);
        let takes_number = takes(Kind::Number) || matches!(self.key, Some("value" | "emissions"));
        let quoted = |safety| Some(Remedy { yaml: edits::quoted(self.text, quotes), quotes: true, safety });
        let number = |value, safety| Some(Remedy { yaml: plain_number(value)?, quotes: false, safety });
        match (self.hub, self.python) {
            (Reading::Text, Reading::Bool(value)) if takes(Kind::Bool) && !takes_text => {
                Some(Remedy { yaml: value.to_string(), quotes: false, safety: Safety::Unsafe })
            }
            (Reading::Text, Reading::Int(_) | Reading::Float(_)) if takes_number && !takes_text => {
                number(self.python, Safety::Unsafe)
            }
            (Reading::Text | Reading::Date, _) => quoted(Safety::Safe),
            (Reading::Int(_) | Reading::Float(_), _) if takes_text && !takes(Kind::Number) => quoted(Safety::Unsafe),
            // All versions of the Hub's reader take an exponent for a number; of leading zeros they make different ones.
            (Reading::Float(_), Reading::Text) if self.text.contains(['e', 'E']) => number(self.hub, Safety::Safe),
            (Reading::Int(_) | Reading::Float(_), _) => number(self.hub, Safety::Unsafe),
            _ => None,
        }
    }
}
