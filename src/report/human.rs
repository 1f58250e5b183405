//! For people.
use std::io;
use super::{Reporter, Run, Style};
/// The format.
pub(super) struct Human {
    pub(super) style: Style,
}
impl Reporter for Human {
    fn write(&self, _run: &Run<'_>, _out: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }
}
