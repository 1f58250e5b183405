//! One repository from its folder to its result: read, check, fix in memory, check again, write.
//!
//! Every front shares this room: the command line, an editor, a batch of many repositories. It knows rules by their
//! [`Meta`](crate::rules::Meta), and fixes by what they propose. It prints nothing, reads no environment and does not decide
//! about exit codes.

mod begin;
mod checklist;
mod files;
mod fixed;
mod page;
mod problems;
mod repository;
mod run;

pub use begin::{Begun, begin};
pub use checklist::{Line, State, lines};
pub use page::{Look, pages};
pub use problems::cannot_open;
pub use repository::{Checked, Job, check_all};
pub use run::{Report, run};
