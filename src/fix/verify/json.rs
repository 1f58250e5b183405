//! Whether a JSON file says the same but for the declared members.

use serde_json::Value;

use crate::fix::Refusal;

/// Reads a JSON text. Nesting deeper than serde_json allows (128) counts as unreadable.
pub(super) fn read(text: &str) -> Result<Value, String> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())
}

/// Compares two JSON texts by value. A text that could not be read before may be anything afterwards.
pub(super) fn compare(before: &str, after: &str, keys: &[&str]) -> Result<(), Refusal> {
    let Ok(before) = read(before) else { return Ok(()) };
    let after = read(after).map_err(Refusal::Unreadable)?;
    let (Value::Object(before), Value::Object(after)) = (&before, &after) else {
        return if before == after { Ok(()) } else { Err(Refusal::Keys) };
    };
    let undeclared = |(key, _): &(&String, &Value)| !keys.contains(&key.as_str());
    for (key, value) in before.iter().filter(undeclared) {
        if after.get(key) != Some(value) {
            return Err(Refusal::Key(key.clone()));
        }
    }
    if before.iter().filter(undeclared).count() != after.iter().filter(undeclared).count() {
        return Err(Refusal::Keys);
    }
    Ok(())
}
