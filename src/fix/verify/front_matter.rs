//! Whether a card's front matter says the same but for the declared keys, and its body still begins where it did.

use crate::card::front_matter::{Fence, FrontMatter};
use crate::diagnostic::Edit;
use crate::fix::Refusal;
use crate::fix::edits::written;
use crate::source::{SourceFile, Span};

use super::{second_opinion, value};

/// Reads both cards and compares them.
pub(super) fn compare(before: &SourceFile, after: &SourceFile, edits: &[Edit], keys: &[&str]) -> Result<(), Refusal> {
    let (old, new) = (FrontMatter::parse(before), FrontMatter::parse(after));
    errors((before, &old), (after, &new))?;
    fields((before, &old), (after, &new), keys)?;
    lost((before, &old), (after, &new), keys)?;
    // Where there was no block, nothing was a comment, and there was no body apart from it.
    if matches!(old.fence, Fence::Block(_)) {
        body(&old, &new, edits)?;
        comments((before, &old), (after, &new), edits)?;
    }
    second_opinion::compare((before, &old), (after, &new), keys)
}

/// Reads a new card, which must be free of errors.
pub(super) fn check(file: &SourceFile) -> Result<(), Refusal> {
    match FrontMatter::parse(file).errors.first() {
        Some(error) => Err(Refusal::Unreadable(error.message.clone())),
        None => Ok(()),
    }
}

type Read<'r> = (&'r SourceFile, &'r FrontMatter);

/// No error that was not there before, by its words and the text that it is about.
fn errors((before, old): Read<'_>, (after, new): Read<'_>) -> Result<(), Refusal> {
    let mut known: Vec<_> = old.errors.iter().map(|error| (&error.message, before.slice(error.span))).collect();
    for error in &new.errors {
        match known.iter().position(|known| *known == (&error.message, after.slice(error.span))) {
            Some(index) => drop(known.swap_remove(index)),
            None => return Err(Refusal::Unreadable(error.message.clone())),
        }
    }
    Ok(())
}

/// The undeclared keys are the same, in the same order, with equal values.
fn fields((before, old): Read<'_>, (after, new): Read<'_>, keys: &[&str]) -> Result<(), Refusal> {
    let undeclared = |front_matter: &FrontMatter| -> Vec<_> {
        let pairs = front_matter.tree.root().into_iter().flat_map(|root| root.pairs());
        pairs
            .map(|(key, value)| (key.id(), value.id()))
            .filter(|(key, _)| {
                let name = front_matter.tree.node(*key).and_then(|key| key.text());
                name.is_none_or(|name| !keys.contains(&name))
            })
            .collect()
    };
    let mut comparison = value::Comparison::new((before, old), (after, new));
    let mut others = undeclared(new).into_iter();
    for (key, value) in undeclared(old) {
        let old_pair = old.tree.node(key).zip(old.tree.node(value));
        let new_pair = others.next().and_then(|(key, value)| new.tree.node(key).zip(new.tree.node(value)));
        let (Some((old_key, old_value)), Some((new_key, new_value))) = (old_pair, new_pair) else {
            return Err(Refusal::Keys);
        };
        if !comparison.equal(old_key, new_key)? {
            return Err(Refusal::Keys);
        }
        if !comparison.equal(old_value, new_value)? {
            return Err(Refusal::Key(old_key.text().unwrap_or("a key that is no text").to_owned()));
        }
    }
    // Lists, texts and values that are not mappings have no keys, and are compared whole.
    if others.next().is_some() {
        return Err(Refusal::Keys);
    }
    match (old.tree.root(), new.tree.root()) {
        (Some(one), Some(other)) if !one.is_mapping() && !comparison.equal(one, other)? => Err(Refusal::Keys),
        _ => Ok(()),
    }
}

/// The undeclared keys whose values could not be read are still the same: a value that appears must be declared.
fn lost((before, old): Read<'_>, (after, new): Read<'_>, keys: &[&str]) -> Result<(), Refusal> {
    let names = |source: &SourceFile, spans: &[Span]| -> Vec<String> {
        spans.iter().map(|span| source.slice(*span).to_owned()).filter(|name| !keys.contains(&name.as_str())).collect()
    };
    if names(before, &old.lost) == names(after, &new.lost) { Ok(()) } else { Err(Refusal::Keys) }
}

/// Every comment is kept; the only new ones stand in what the fixes insert.
fn comments((before, old): Read<'_>, (after, new): Read<'_>, edits: &[Edit]) -> Result<(), Refusal> {
    let inserted: Vec<(u32, u32)> = written(edits).collect();
    // Both lists are sorted and disjoint, so that one look at the right place is enough.
    let edited = |comment: &Span| {
        let next = edits.get(edits.partition_point(|edit| edit.at.end <= comment.start));
        next.is_some_and(|edit| edit.at.start < comment.end)
    };
    let is_new = |comment: &Span| {
        let next = inserted.get(inserted.partition_point(|(_, end)| *end < comment.end));
        next.is_some_and(|(start, _)| *start <= comment.start)
    };
    let (old_edited, old_kept): (Vec<Span>, Vec<Span>) = old.comments.iter().partition(|comment| edited(comment));
    let (new_written, new_kept): (Vec<Span>, Vec<Span>) = new.comments.iter().partition(|comment| is_new(comment));
    let mut written: Vec<String> = new_written.iter().map(|comment| text(after, comment)).collect();
    for comment in &old_edited {
        let comment = text(before, comment);
        match written.iter().position(|written| *written == comment) {
            Some(index) => drop(written.swap_remove(index)),
            None => return Err(Refusal::Comment(comment)),
        }
    }
    let mut kept = new_kept.iter();
    for comment in &old_kept {
        let comment = text(before, comment);
        if kept.next().is_none_or(|kept| text(after, kept) != comment) {
            return Err(Refusal::Comment(comment));
        }
    }
    if let Some(risen) = kept.next() {
        return Err(Refusal::Comment(text(after, risen)));
    }
    Ok(())
}

fn text(source: &SourceFile, comment: &Span) -> String {
    source.slice(*comment).trim_end().to_owned()
}

/// The body begins where it began. All bytes outside the edits are known to be equal, so that this says that no line
/// went from one side of the fence to the other.
fn body(old: &FrontMatter, new: &FrontMatter, edits: &[Edit]) -> Result<(), Refusal> {
    let border = old.body_start();
    let (mut earliest, mut at_border) = (i64::from(border), 0_i64);
    for Edit { at, text } in edits {
        let growth = text.len() as i64 - i64::from(at.end - at.start);
        if at.start == border && at.end == border {
            at_border += growth;
        } else if at.end <= border {
            earliest += growth;
        } else if at.start < border {
            return Err(Refusal::Body);
        }
    }
    let stays = (earliest..=earliest + at_border).contains(&i64::from(new.body_start()));
    if stays && matches!(new.fence, Fence::Block(_)) { Ok(()) } else { Err(Refusal::Body) }
}
