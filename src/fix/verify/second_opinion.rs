//! The same question to a reader that is not ours.

use serde_yaml::{Mapping, Value};

use crate::card::front_matter::{Fence, FrontMatter};
use crate::fix::Refusal;
use crate::source::SourceFile;

/// How long a block is shown to it, in bytes: it is quadratic on hostile input.
const MAX_BYTES: u32 = 1024 * 1024;

/// Compares what it reads in two cards. It has no say where it cannot read the old one, or where our own reader found
/// errors.
pub(super) fn compare(
    (before, old): (&SourceFile, &FrontMatter),
    (after, new): (&SourceFile, &FrontMatter),
    keys: &[&str],
) -> Result<(), Refusal> {
    if !(old.errors.is_empty() && new.errors.is_empty()) {
        return Ok(());
    }
    let (Some(Ok(old)), Some(new)) = (read(before, old), read(after, new)) else { return Ok(()) };
    let new = new.map_err(|error| Refusal::Unreadable(error.to_string()))?;
    let declared = |key: &Value| key.as_str().is_some_and(|key| keys.contains(&key));
    let undeclared = |mapping: &Mapping| -> Vec<(Value, Value)> {
        mapping.iter().filter(|(key, _)| !declared(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    let (old, new) = (undeclared(&old), undeclared(&new));
    if old.len() != new.len() {
        return Err(Refusal::Keys);
    }
    for ((old_key, old_value), (new_key, new_value)) in old.iter().zip(&new) {
        if old_key != new_key {
            return Err(Refusal::Keys);
        }
        if old_value != new_value {
            return Err(Refusal::Key(old_key.as_str().unwrap_or("a key that is no text").to_owned()));
        }
    }
    Ok(())
}

/// Its reading of a block; nothing where there is none, or where it is too long.
fn read(source: &SourceFile, front_matter: &FrontMatter) -> Option<Result<Mapping, serde_yaml::Error>> {
    let Fence::Block(block) = front_matter.fence else { return None };
    if block.yaml.end - block.yaml.start > MAX_BYTES {
        return None;
    }
    // With a line break at the end, as the Hub's reader adds it.
    let text = format!("{}\n", source.slice(block.yaml));
    Some(serde_yaml::from_str::<Option<Mapping>>(&text).map(Option::unwrap_or_default))
}
