//! Targets in texts of no certain syntax, such as a configuration that another file keeps as a string.

use super::{MAX_NAME_BYTES, MAX_TARGETS, Worth, is_name, worth};

/// The keys that say a target and nothing else.
const KEYS: &[&str] = &["_target_", "_component_", "__target__"];

/// The names after the keys of Hydra and its kin that are not ordinary, with what they are worth: in JSON, in JSON inside of
/// a string, in a dictionary as Python prints it, in YAML.
pub fn in_text(text: &str) -> Vec<(&str, Worth)> {
    let mut found = Vec::new();
    for key in KEYS {
        for (at, _) in text.match_indices(key) {
            let rest = window(text.get(at + key.len()..).unwrap_or_default());
            let start = rest.trim_start_matches(|letter: char| letter.is_whitespace() || "'\"\\:=,&".contains(letter));
            let gap = rest.get(..rest.len() - start.len()).unwrap_or_default();
            let end = start.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.');
            let name = start.get(..end.unwrap_or(start.len())).unwrap_or_default();
            let worth = worth(name);
            if gap.contains([':', '='])
                && worth > Worth::Ordinary
                && is_name(name)
                && found.len() < MAX_TARGETS
                && !found.contains(&(name, worth))
            {
                found.push((name, worth));
            }
        }
    }
    found
}

/// The start of a text: a key and its name stand close together, and a hostile text has a key at every byte.
fn window(text: &str) -> &str {
    const CHARACTERS: usize = 2 * MAX_NAME_BYTES;
    text.char_indices().nth(CHARACTERS).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_from_json_python_and_yaml() {
        for text in [
            "{'_target_': 'builtins.exec', '_args_': ['None']}",
            "{\"_target_\": \"builtins.exec\"}",
            "{\\\"_target_\\\": \\\"builtins.exec\\\"}",
            "_target_: builtins.exec\n",
            "{_target_:builtins.exec}",
        ] {
            assert_eq!(in_text(text), [("builtins.exec", Worth::Runs)], "{text}");
        }
        assert!(in_text("{\"_target_\": \"flextok.model.FlexTok\"}").is_empty());
        assert!(in_text(&"_target_".repeat(100_000)).is_empty());
        assert!(in_text("the key _target_ is read by os.system").is_empty());
    }
}
