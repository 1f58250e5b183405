//! The words by which a text says that a model is made from another one, or that it speaks of something else.

use crate::source::{List, Phrases, word_list, word_senses};

/// What words before a model's name make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saying {
    /// The base of this model.
    Base,
    /// The same, where only the name may follow.
    Label,
    /// The model in another format. Below such a sentence often stands the card of the original, which names its own base.
    Converted,
    /// What was done to the model that stands before these words.
    Trained,
    /// One of several bases. Elsewhere several names are those of a family's models, or of a base and its own base, and
    /// nothing tells them apart.
    Merge,
}

use Saying::{Base, Converted, Label, Merge, Trained};

/// Words before a model's name that make it the base of this one.
pub(super) static SAYINGS: Phrases = Phrases::of(&word_list!("bases"));

static SENSES: List<(&str, Saying)> = word_senses!("bases");

impl Saying {
    /// The sense of one of [`SAYINGS`].
    pub(super) fn of(words: &str) -> Option<Self> {
        SENSES.iter().find(|(saying, _)| *saying == words).map(|(_, sense)| *sense)
    }
}

/// What a sentence may be about other than the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// What may be based on a model, too: as the subject of a sentence, or after the name.
    Thing,
    /// What somebody does, or a property of the model, as the subject.
    Act,
    /// The card, wherever in a sentence.
    Card,
}

use Other::{Act, Card, Thing};

static OTHERS: List<(&str, Other)> = word_senses!("other_than_the_model");

impl Other {
    /// What a word names other than the model.
    pub(super) fn of(word: &str) -> Option<Self> {
        OTHERS.iter().find(|(other, _)| *other == word).map(|(_, sense)| *sense)
    }
}

/// Verbs after which no subject follows.
pub(super) static VERBS: List = word_list!("verbs_after_the_subject");

/// Words before the name after which the sentence speaks of something else: data, tools, another step.
pub(super) static TURNS: List = word_list!("turns");

/// All that may stand between a label and the name.
pub(super) static COPULAS: List = word_list!("copulas");

/// All that may stand between [`SAYINGS`] and a name without markup.
pub(super) static BEFORE_A_BARE_NAME: List = word_list!("before_a_bare_name");

/// All that may stand before a name that words such as "fine-tuned on" follow, back to the verb or the sentence's start.
pub(super) static BEFORE_A_TRAINED_NAME: List = word_list!("before_a_trained_name");

/// All that may stand between such a name and those words.
pub(super) static AFTER_A_TRAINED_NAME: List = word_list!("after_a_trained_name");

/// Words after "based on" and the name by which only the architecture is meant: this model was trained anew.
pub(super) static TRAINED_ANEW: Phrases = Phrases::of(&word_list!("trained_anew"));

/// Words right before [`SAYINGS`] that deny them.
pub(super) static DENIALS: List = word_list!("denials");
