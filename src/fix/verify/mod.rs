//! The proof that a changed text means what it meant, apart from what its fixes declare.

mod front_matter;
mod json;
mod second_opinion;
mod value;

use crate::diagnostic::{Edit, Fix};
use crate::source::{Encoding, LineEnds, SourceFile};

use super::Refusal;
use super::edits::splice;

/// Proves that `after` is `before` with the edits of `fixes` and nothing else, and that what the fixes did not declare
/// reads as before. The front matter of README.md and the top level of JSON files are read again and compared by
/// value; of other files the bytes must do. The fixes must be those that made `after`, as [`super::plan`] chose them,
/// in the order of their findings.
///
/// # Errors
/// The first difference.
pub fn verify(before: &SourceFile, after: &SourceFile, fixes: &[&Fix]) -> Result<(), Refusal> {
    let mut edits: Vec<Edit> = fixes.iter().flat_map(|fix| fix.edits.iter().cloned()).collect();
    edits.sort_by_key(|edit| edit.at.start);
    if splice(before.bytes(), &edits) != after.bytes() {
        return Err(Refusal::Outside);
    }
    encoding(before, after)?;
    line_ends(before, after)?;
    let keys: Vec<&str> = fixes.iter().flat_map(|fix| fix.keys.iter().map(String::as_str)).collect();
    if is_card(before) {
        front_matter::compare(before, after, &edits, &keys)?;
    } else if before.path().extension() == "json" {
        json::compare(before.text(), after.text(), &keys)?;
    }
    Ok(())
}

/// Proves that the text of a new file can be read as what its name says.
///
/// # Errors
/// [`Refusal::Unreadable`] or [`Refusal::LineEnds`].
pub fn verify_new(file: &SourceFile) -> Result<(), Refusal> {
    if file.line_ends() == LineEnds::Mixed {
        return Err(Refusal::LineEnds);
    }
    if is_card(file) {
        front_matter::check(file)?;
    } else if file.path().extension() == "json" {
        json::read(file.text()).map_err(Refusal::Unreadable)?;
    }
    Ok(())
}

/// The one file whose front matter the Hub reads.
fn is_card(file: &SourceFile) -> bool {
    file.path().as_str() == "README.md"
}

fn encoding(before: &SourceFile, after: &SourceFile) -> Result<(), Refusal> {
    let kind = std::mem::discriminant::<Encoding>;
    // Counting the marks finds one that an insert at offset 0 pushed into the text.
    if kind(before.encoding()) != kind(after.encoding()) || marks(before) != marks(after) {
        return Err(Refusal::Encoding);
    }
    Ok(())
}

/// Byte order marks, anywhere in the text.
fn marks(file: &SourceFile) -> usize {
    file.text().matches('\u{feff}').count()
}

fn line_ends(before: &SourceFile, after: &SourceFile) -> Result<(), Refusal> {
    let kept = match before.line_ends() {
        // Nothing to keep where both are in use, and an edit may take the only odd one away.
        LineEnds::Mixed => true,
        // One line without a break is like any other text, but takes no `\r\n` either.
        LineEnds::Lf => after.line_ends() == LineEnds::Lf,
        LineEnds::CrLf => after.line_ends() == LineEnds::CrLf || !after.text().contains('\n'),
    };
    if kept { Ok(()) } else { Err(Refusal::LineEnds) }
}
