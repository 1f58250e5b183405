//! Configurations of Keras in text files: what `to_json` and, before Keras 2.6, `to_yaml` write, and an archive that was
//! unpacked into the repository.

use super::in_weights;
use crate::rules::{Context, Sink};
use crate::weights::Danger;
use crate::weights::keras::{self, MAX_CONFIG_BYTES};

/// How much of a text shows that it is the configuration of a Keras model.
const SHOWN_BYTES: usize = 4096;

/// What the files are called.
const NAMES: &[&str] = &["config", "model", "arch", "network"];

/// What each has near its start: the class of the model, or the package.
const SIGNS: &[&str] = &["keras", "Sequential", "Functional", "Model"];

pub(super) fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let files = cx.release().files().iter().filter(|file| file.lfs.is_none() && file.size <= MAX_CONFIG_BYTES as u64);
    for file in files {
        let name = file.path.name().to_ascii_lowercase();
        let extension = file.path.extension();
        let is_yaml = matches!(&*extension, "yaml" | "yml");
        if !(is_yaml || extension == "json") || !NAMES.iter().any(|word| name.contains(word)) {
            continue;
        }
        let Ok(source) = cx.release().text(file.id) else { continue };
        let text = source.text();
        let start = text.get(..text.floor_char_boundary(SHOWN_BYTES)).unwrap_or_default();
        if !SIGNS.iter().any(|sign| start.contains(sign)) {
            continue;
        }
        let mut active = match is_yaml {
            false if start.contains("\"class_name\"") => keras::in_text(text),
            true if start.contains("class_name:") => keras::in_yaml(text),
            _ => continue,
        };
        // Classes of the author are no secret in a text.
        active.retain(|active| active.danger > Danger::NeedsCode);
        in_weights(&active, file.id, out);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use crate::rules::weights::active_content::ActiveContent;

    #[test]
    fn code_in_a_text_is_found_as_in_an_archive() {
        let model = |layer: &str| {
            format!(r#"{{"module": "keras", "class_name": "Sequential", "config": {{"layers": [{layer}]}}}}"#)
        };
        let lambda = model(r#"{"class_name": "Lambda", "config": {"name": "l", "function": ["4wE=", null, null]}}"#);
        let system = model(r#"{"module": "os", "class_name": "system", "config": {}}"#);
        let yaml =
            "backend: tensorflow\nclass_name: Sequential\nconfig:\n  layers:\n  - class_name: Lambda\n    config: {}\n";
        for (path, text, level) in [
            ("config.json", lambda.as_str(), "warning"),
            ("model.json", &lambda, "warning"),
            ("sub/model_architecture.json", &system, "error"),
            ("model.yaml", yaml, "warning"),
        ] {
            let said = check(&ActiveContent, &[(path, text)]).said();
            assert!(said.len() == 1 && said[0].starts_with(level), "{path}: {said:?}");
        }
        for (path, text) in [
            ("config.json", model(r#"{"class_name": "Dense", "config": {"units": 2}}"#)),
            ("config.json", r#"{"class_name": "Lambda", "module": "my.pipelines"}"#.to_owned()),
            ("notes.json", lambda.clone()),
        ] {
            assert!(check(&ActiveContent, &[(path, text.as_str())]).found.is_empty(), "{path} {text}");
        }
    }
}
