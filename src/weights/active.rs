//! What in a weight file runs when the file is loaded, or needs code from elsewhere to load at all.

use crate::template;

use super::gguf::{Gguf, MAX_STRING_BYTES};
use crate::bytes::fault::{Fault, FaultKind, shown};

/// How many such things of one file are reported.
pub const MAX_ACTIVE: usize = 20;

/// What loading leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Danger {
    /// It needs code that is not in the file, and says which: honest, and good to know.
    NeedsCode,
    /// It may run code that is in the file, or reads another file; a careful loader refuses.
    MayRun,
    /// Only an attempt to run something explains it.
    Attack,
}

/// One such thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Active {
    /// What loading leads to.
    pub danger: Danger,
    /// What it is, with its name: one sentence without a final dot.
    pub message: String,
    /// What it costs and what to do.
    pub help: &'static str,
}

impl Active {
    pub(super) fn new(danger: Danger, message: impl Into<String>, help: &'static str) -> Self {
        Self { danger, message: message.into(), help }
    }
}

/// Things in the order they were met, each once, the first [`MAX_ACTIVE`]; the worst is never lost to lesser ones.
#[derive(Debug, Default)]
pub(super) struct Actives(Vec<Active>);

impl Actives {
    pub(super) fn push(&mut self, active: Active) {
        if self.0.contains(&active) {
            return;
        }
        if self.0.len() < MAX_ACTIVE {
            self.0.push(active);
        } else if self.0.iter().all(|other| other.danger < active.danger) {
            self.0.pop();
            self.0.push(active);
        }
    }

    pub(super) fn extend(&mut self, others: impl IntoIterator<Item = Active>) {
        others.into_iter().for_each(|active| self.push(active));
    }

    pub(super) fn into_vec(self) -> Vec<Active> {
        self.0
    }
}

/// The chat templates of a GGUF file: `tokenizer.chat_template`, and further ones under `tokenizer.chat_template.NAME`. A
/// fault says which was not read to its end.
pub(super) fn in_gguf(gguf: &Gguf) -> (Vec<Active>, Option<Fault>) {
    let mut found = Actives::default();
    let mut unread = None;
    for (key, value) in gguf.metadata.iter().filter(|(key, _)| key.starts_with("tokenizer.chat_template")) {
        let Some(text) = value.as_str() else { continue };
        if text.len() >= MAX_STRING_BYTES.min(template::MAX_TEMPLATE_BYTES) {
            let message = format!("only the first MiB of {} was read", shown(key));
            unread = Some(Fault::new(
                FaultKind::Limit,
                message,
                "Check the rest of the template by other means. It \
                                                                 was not read.",
            ));
        }
        for reach in template::scan(text) {
            let danger = if reach.goal.is_certain() { Danger::Attack } else { Danger::MayRun };
            let place = format!("the chat template in {}", shown(key));
            found.push(Active::new(danger, reach.sentence(&place), reach.goal.help()));
        }
    }
    (found.into_vec(), unread)
}
