//! `missing-companion`: a file that loading needs is not in the repository.

use std::collections::HashSet;

use super::super::weights::escape;
use crate::checklist;
use crate::code::fetched;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::remote_code::{Gate, MAX_MODULES, Reference, references};
use crate::release::File;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::Span;
use crate::words::quoted;

pub(crate) struct MissingCompanion;

static META: Meta = Meta {
    name: "missing-companion",
    section: Section::Ready,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::READY_LOADS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("missing_companion.md"),
};

impl Rule for MissingCompanion {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let found = references(cx.release(), cx.configs());
        let mut absent: Vec<Absent> = Vec::new();
        let mut open: Vec<(&File, Level)> = Vec::new();
        for reference in found.iter().filter(|reference| reference.gate != Gate::Open) {
            let is_inside = escape(&reference.module, reference.config.path.folder()).is_none();
            if !is_inside || reference.is_elsewhere(cx.release()) {
                continue;
            }
            let level = level(cx, reference);
            match reference.file(cx.release()).filter(|_| !reference.module.contains('.')) {
                Some(file) => open.push((file, level)),
                None => add(&mut absent, module(cx, reference), level, reference.span),
            }
        }
        imports(cx, open, &mut absent);
        for found in absent.into_iter().filter(|found| !cx.release().hides(&found.path)) {
            found.report(out);
        }
    }
}

/// A file that a loader looks for and does not find.
struct Absent {
    /// Where it looks.
    path: String,
    message: String,
    help: String,
    level: Level,
    places: Vec<Span>,
}

impl Absent {
    fn report(self, out: &mut Sink<'_>) {
        let mut labels = self.places.into_iter().map(|span| Label::at(span, ""));
        let Some(first) = labels.next() else { return };
        out.push(out.finding_at(self.level, self.message, first).help(self.help).also(labels));
    }
}

/// One finding a file, at the level of the worst place that names it.
fn add(absent: &mut Vec<Absent>, (path, message, help): (String, String, String), level: Level, span: Span) {
    if let Some(found) = absent.iter_mut().find(|found| found.path == path) {
        found.level = found.level.max(level);
        found.places.push(span);
    } else if absent.len() < MAX_MODULES {
        absent.push(Absent { path, message, help, level, places: vec![span] });
    }
}

/// An error where a user who follows the card runs into it: the model needs its code, or the card sets the flag. In a folder,
/// the loader may be meant to look elsewhere.
fn level(cx: &Context<'_>, reference: &Reference<'_>) -> Level {
    let card = cx.readme().is_some_and(|readme| readme.text().contains("trust_remote_code=True"));
    let is_needed = reference.gate == Gate::Flag || card;
    if is_needed && reference.config.path.folder().is_empty() { Level::Error } else { Level::Warning }
}

/// What is said of a module that a configuration names and that is absent.
fn module(cx: &Context<'_>, reference: &Reference<'_>) -> (String, String, String) {
    let path = reference.path();
    let config = &reference.config.path;
    let inner = format!("{}.py", reference.module.replace('.', "/"));
    if reference.file(cx.release()).is_some() {
        let message = format!("`{config}` names a module in a folder, {}", quoted(&reference.module));
        let help = format!(
            "Move {} to the root, and write its name without the folder. `transformers` reads one dot here, so loading fails.",
            quoted(&inner)
        );
        return (path, message, help);
    }
    let message = format!("`{config}` names the module {}, which is not in the repository", quoted(&inner));
    let help = "Upload this file, or name the repository that has it: `owner/name--module.Class`. Loading with `trust_remote_code=True` fails without it.";
    (path, message, help.to_owned())
}

/// Follows relative imports as the loaders do: each names a file beside the first module.
fn imports<'r>(cx: &'r Context<'_>, mut open: Vec<(&'r File, Level)>, absent: &mut Vec<Absent>) {
    let mut seen = HashSet::new();
    open.retain(|(file, _)| seen.insert(file.id));
    let mut next = 0;
    while let Some((file, level)) = open.get(next).copied() {
        next += 1;
        // What cannot be read is reported with the files that could not be read.
        let Ok(source) = cx.release().text(file.id) else { continue };
        let folder = file.path.folder();
        let above = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        for import in fetched(source.text()) {
            let path = format!("{above}{}.py", import.module);
            match cx.release().find(&path) {
                Some(target) if seen.len() < MAX_MODULES => {
                    if seen.insert(target.id) {
                        open.push((target, level));
                    }
                }
                Some(_) => {}
                None => {
                    let span = Span::new(file.id, import.range.range());
                    add(absent, imported(cx, file, &above, &import.module, path), level, span);
                }
            }
        }
    }
}

/// What is said of a module that another one imports and that the loader does not find.
fn imported(cx: &Context<'_>, from: &File, above: &str, module: &str, path: String) -> (String, String, String) {
    let inner = format!("{above}{}", module.replace('.', "/"));
    let files = [format!("{inner}.py"), format!("{inner}/__init__.py")];
    let written = quoted(&format!(".{module}"));
    if let Some(file) = files.iter().find(|path| cx.release().find(path).is_some()) {
        let message = format!("`{}` imports {written} from a folder, which loaders do not fetch", from.path);
        let help = format!(
            "Move {} beside {}, and import it by its name alone. `transformers` looks for one file, so loading fails.",
            quoted(file),
            quoted(from.path.as_str())
        );
        return (path, message, help);
    }
    let message = format!("`{}` imports {written}, which is not in the repository", from.path);
    let help = "Upload this module beside the file that imports it. Loading fails without it.";
    (path, message, help.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::README;
    use crate::rules::testing::check;

    const OWN: &str = r#"{"model_type": "tide", "auto_map": {"AutoModel": "modeling_tide.Tide"}}"#;
    const NATIVE: &str = r#"{"model_type": "llama", "auto_map": {"AutoModel": "modeling_tide.Tide"}}"#;
    const CARD: &str = "```python\nAutoModel.from_pretrained(\"a/b\", trust_remote_code=True)\n```\n";

    fn said(files: &[(&str, &str)]) -> Vec<String> {
        check(&MissingCompanion, files).said()
    }

    #[test]
    fn an_absent_module_is_an_error_where_the_model_needs_it() {
        let message = "`config.json` names the module `modeling_tide.py`, which is not in the repository";
        assert_eq!(said(&[("config.json", OWN)]), [format!("error {message}")]);
        assert_eq!(said(&[("config.json", NATIVE)]), [format!("warning {message}")]);
        assert_eq!(said(&[("config.json", NATIVE), (README, CARD)]), [format!("error {message}")]);
        let tokenizer = r#"{"auto_map": {"AutoTokenizer": [null, "modeling_tide.Tokenizer"]}}"#;
        assert!(said(&[("tokenizer_config.json", tokenizer)])[0].starts_with("warning `tokenizer_config.json` names"));
        let other = OWN.replace("modeling_tide", "o/r--modeling_tide");
        for files in [
            vec![("config.json", OWN), ("modeling_tide.py", "")],
            vec![("config.json", other.as_str())],
            vec![("adapter_config.json", OWN)],
            vec![("onnx/config.json", OWN), ("modeling_tide.py", "")],
        ] {
            assert!(said(&files).is_empty(), "{files:?}");
        }
    }

    #[test]
    fn imports_are_followed_as_the_loaders_do() {
        let code = "from .backbone import Backbone\ntry:\n    from .kernels import f\nexcept ImportError:\n    f = None\nfrom . import other\n";
        let files = [
            ("config.json", OWN),
            ("modeling_tide.py", code),
            ("backbone.py", "from .utils.positions import rope\nfrom .modeling_tide import X\nfrom .layers import Y\n"),
            ("utils/positions.py", ""),
            ("layers/__init__.py", ""),
        ];
        assert_eq!(
            said(&files),
            [
                "error `modeling_tide.py` imports `.kernels`, which is not in the repository",
                "error `backbone.py` imports `.utils.positions` from a folder, which loaders do not fetch",
                "error `backbone.py` imports `.layers` from a folder, which loaders do not fetch",
            ]
        );
    }

    #[test]
    fn a_module_in_a_folder_is_not_found() {
        let config = OWN.replace("modeling_tide.Tide", "tide.modeling.Tide");
        let files = [("config.json", config.as_str()), ("tide/modeling.py", "")];
        assert_eq!(said(&files), ["error `config.json` names a module in a folder, `tide.modeling`"]);
    }
}
