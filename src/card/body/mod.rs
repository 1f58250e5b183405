//! body
use crate::source::SourceFile;
/// Body.
#[derive(Debug)]
pub struct Body;
impl Body {
    /// Parse.
    pub fn parse(_source: &SourceFile, _start: usize) -> Self {
        Self
    }
}
