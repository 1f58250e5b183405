//! From the edits that findings propose to text that is proven sound, and from there to files.
//!
//! [`plan`](mod@plan) picks the fixes that fit together, [`verify`](mod@verify) proves that a changed text means what it meant
//! apart from what the fixes declare, [`converge`](converge()) repeats both until nothing more is proposed,
//! [`write`](mod@write) puts a text on disk and [`diff`](mod@diff) shows it instead. A doubt is always a refusal: a
//! file that is not fixed is better than one that is damaged.
//!
//! This module knows findings ([`crate::diagnostic`]), text ([`crate::source`]) and cards ([`crate::card`]). It knows no
//! rule, no release and no output format: the rules come in as a function from texts to findings. Only
//! [`write`](mod@write) touches a disk.

mod converge;
pub mod diff;
mod edits;
mod plan;
mod refusal;
mod texts;
mod verify;
pub mod write;

pub use converge::{Applied, Linted, Outcome, Refused, converge};
pub use edits::apply;
pub use refusal::Refusal;
pub use texts::{Change, Texts};
pub use verify::verify;

#[cfg(test)]
mod tests;
