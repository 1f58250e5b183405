//! Every object of a configuration, however deep.

use super::super::active::{Active, Actives, Danger};
use super::names::{Owner, owner};
use crate::bytes::fault::shown;
use crate::source::json::{Dialect, Event, EventKind, Parser};

const BYTECODE: &str = "Use a registered layer instead. Keras rejects this model unless your users set `safe_mode=False`, and then it runs the code.";
const RUNS: &str = "Do not publish or load this file. A model does not need this function, and some versions of Keras run it on loading.";
const READS: &str =
    "Save the model without this path. Loading it reads that file on the machine of your users, and fails without it.";
const CUSTOM: &str =
    "Name this code in the card's usage section. The model loads only where it is installed and imported.";

/// What an object says of itself, gathered until it ends.
#[derive(Default)]
struct Object {
    class: Option<String>,
    module: Option<String>,
    registered: Option<String>,
    /// `config`, where it is a string: the name of a function.
    function: Option<String>,
    /// `name` in its `config`.
    name: Option<String>,
    vocabulary: Option<String>,
    filepath: Option<String>,
    /// The key under which the object stands.
    key: String,
}

/// How a reading went.
pub(super) struct Outcome {
    /// Where the value ends, in bytes of the text; none where it could not be read to its end.
    pub(super) end: Option<usize>,
}

/// Reads the JSON value at the start of the text.
pub(super) fn scan(text: &str, found: &mut Actives) -> Outcome {
    let mut parser = Parser::new(text, Dialect::Python);
    let mut open: Vec<Option<Object>> = Vec::new();
    let mut key = String::new();
    while let Some(Ok(Event { span, kind })) = parser.next() {
        match kind {
            EventKind::Key(text) => key = text.chars().take(40).collect(),
            EventKind::ObjectStart => open.push(Some(Object { key: std::mem::take(&mut key), ..Object::default() })),
            EventKind::ArrayStart => open.push(None),
            EventKind::ObjectEnd | EventKind::ArrayEnd => {
                if let Some(Some(object)) = open.pop() {
                    if object.key == "config"
                        && let Some(Some(around)) = open.last_mut()
                    {
                        around.name.clone_from(&object.name);
                        around.vocabulary.clone_from(&object.vocabulary);
                        around.filepath.clone_from(&object.filepath);
                    }
                    let in_lambda = open.iter().flatten().any(|around| around.class.as_deref() == Some("Lambda"));
                    // The code of a `Lambda` layer is reported with the layer.
                    if !(in_lambda && object.class.as_deref() == Some("__lambda__")) {
                        judge(&object, found);
                    }
                }
                if open.is_empty() {
                    return Outcome { end: Some(span.end as usize) };
                }
            }
            EventKind::String(text) => {
                if let Some(Some(object)) = open.last_mut() {
                    object.take(&key, &text);
                }
            }
            _ => {}
        }
    }
    Outcome { end: None }
}

impl Object {
    fn take(&mut self, key: &str, text: &str) {
        let field = match key {
            "class_name" | "spec_name" => &mut self.class,
            "module" => &mut self.module,
            "registered_name" => &mut self.registered,
            "config" => &mut self.function,
            "name" => &mut self.name,
            "vocabulary" => &mut self.vocabulary,
            "filepath" => &mut self.filepath,
            _ => return,
        };
        *field = Some(text.chars().take(200).collect());
    }
}

/// Looks at a class of which only the name is known.
pub(super) fn judge_class(name: &str, found: &mut Actives) {
    judge(&Object { class: Some(name.to_owned()), ..Object::default() }, found);
}

fn judge(object: &Object, found: &mut Actives) {
    let Some(class) = &object.class else { return };
    let named = object.name.as_ref().map_or_else(String::new, |name| format!(" {}", shown(name)));
    let module = object.module.as_deref().unwrap_or_default();
    let is_function = class == "function";
    let name = if is_function { object.function.as_deref().unwrap_or_default() } else { class };
    // A class that was registered under a package of its own is written without a module.
    let registered = object.registered.as_deref().unwrap_or_default();
    let (module, name) = match registered.split_once('>') {
        Some((package, registered_name)) if module.is_empty() => (package, registered_name),
        _ => (module, name),
    };
    match owner(module, name) {
        Owner::Acting => {
            let message =
                format!("the configuration names Python's {} as a part of the model", shown(&full(module, name)));
            found.push(Active::new(Danger::Attack, message, RUNS));
            return;
        }
        Owner::NoLayer => {
            let message = format!("the configuration calls {} as a part of the model", shown(&full(module, name)));
            found.push(Active::new(Danger::Attack, message, RUNS));
            return;
        }
        Owner::Custom => {
            let message = format!("the model needs {}, which is not in Keras", shown(&full(module, name)));
            found.push(Active::new(Danger::NeedsCode, message, CUSTOM));
        }
        Owner::Keras => {}
    }
    match class.as_str() {
        "Lambda" => {
            let message = format!("the layer{named} is a `Lambda`, whose Python code is stored in the file");
            found.push(Active::new(Danger::MayRun, message, BYTECODE));
        }
        "__lambda__" => {
            let message = "the configuration carries compiled Python code (`__lambda__`)";
            found.push(Active::new(Danger::MayRun, message, BYTECODE));
        }
        "TorchModuleWrapper" => {
            let message = format!("the layer{named} is a `TorchModuleWrapper`, which unpickles a PyTorch module");
            found.push(Active::new(Danger::MayRun, message, BYTECODE));
        }
        "TFSMLayer" => {
            let path = object.filepath.as_ref().map_or_else(String::new, |path| format!(", {}", shown(path)));
            let message =
                format!("the layer{named} is a `TFSMLayer`, which loads a TensorFlow program from elsewhere{path}");
            found.push(Active::new(Danger::MayRun, message, READS));
        }
        _ => {}
    }
    if let Some(path) = object.vocabulary.as_deref().filter(|path| is_outside_path(path)) {
        let message = format!("the layer{named} reads its vocabulary from {}", shown(path));
        found.push(Active::new(Danger::MayRun, message, READS));
    }
}

fn full(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}.{name}") }
}

/// Whether a vocabulary is a file outside of the archive: inside, it is a bare name below `assets`.
fn is_outside_path(path: &str) -> bool {
    path.starts_with(['/', '\\', '~']) || path.contains("://") || path.contains("..") || path.get(1..2) == Some(":")
}
