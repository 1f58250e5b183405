//! Code of the repository that loading runs.

use std::collections::BTreeMap;

use super::super::outside::escape;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::remote_code::{CUSTOM_GENERATE, Gate, Reference, references};
use crate::rules::{Context, Sink};
use crate::words::all_of;

/// How many modules a message names.
const NAMED: usize = 3;

/// One finding for all that the flag of transformers lets run, where the model does not load without it.
pub(super) fn gated(cx: &Context<'_>, out: &mut Sink<'_>) {
    let found = references(cx.release(), cx.configs());
    let needed = found.iter().filter(|reference| reference.gate == Gate::Flag && is_there(cx, reference));
    let mut places: Vec<(String, Label)> = needed.map(|found| (module(found), Label::at(found.span, ""))).collect();
    if let Some(file) = cx.release().find(CUSTOM_GENERATE) {
        places.push((format!("`{CUSTOM_GENERATE}`"), Label::file(file.id, "")));
    }
    let Some(modules) = modules(&places) else { return };
    let message = format!("loading needs `trust_remote_code=True` and runs {modules}");
    let help = "Keep this code short, and say in the card what it does. Your users run it when they load the model, and many reject that.";
    push(out, Level::Info, &message, places, help);
}

/// One finding for all that runs without a flag.
pub(super) fn open(cx: &Context<'_>, out: &mut Sink<'_>) {
    let found = references(cx.release(), cx.configs());
    let open = found.iter().filter(|reference| reference.gate == Gate::Open && is_there(cx, reference));
    let mut places = Vec::new();
    for reference in open {
        let Some(file) = reference.file(cx.release()) else { continue };
        places.push((format!("`{}`", file.path), Label::at(reference.span, "")));
    }
    let Some(modules) = modules(&places) else { return };
    let message = format!("MLflow runs {modules} when it loads the model");
    let help = "Say in the card what this code does, or save the model with a flavor of MLflow. Your users run it without being asked.";
    push(out, Level::Warning, &message, places, help);
}

/// Whether the code of a reference can run: it is a file of the repository, or in another one. A module outside of the
/// repository is an error of its own, `path-escapes-repository`, and so is an absent one.
fn is_there(cx: &Context<'_>, reference: &Reference<'_>) -> bool {
    let is_inside = escape(&reference.module, reference.config.path.folder()).is_none();
    is_inside && (reference.is_elsewhere(cx.release()) || reference.file(cx.release()).is_some())
}

/// The modules as a message names them, each once.
fn modules(places: &[(String, Label)]) -> Option<String> {
    let names: BTreeMap<&str, ()> = places.iter().map(|(name, _)| (name.as_str(), ())).collect();
    let mut shown: Vec<String> = names.keys().take(NAMED).map(|name| (*name).to_owned()).collect();
    if names.len() > shown.len() {
        shown.push(format!("{} more", names.len() - shown.len()));
    }
    (!shown.is_empty()).then(|| all_of(shown))
}

fn push(out: &mut Sink<'_>, level: Level, message: &str, places: Vec<(String, Label)>, help: &str) {
    let mut labels = places.into_iter().map(|(_, label)| label);
    let Some(first) = labels.next() else { return };
    let mut finding = out.finding_at(level, message, first).help(help);
    if level == Level::Info {
        finding = finding.effect(Effect::LosesReach);
    }
    out.push(finding.also(labels));
}

/// The file of a reference, as a message names it.
fn module(reference: &Reference<'_>) -> String {
    let file = format!("`{}.py`", cut(&reference.module));
    match &reference.repository {
        Some(repository) => format!("{file} of `{}`", cut(repository)),
        None => file,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::super::ActiveContent;
    use crate::rules::testing::check;

    const CODE: &str = "class X:\n    pass\n";

    #[test]
    fn modules_are_named_once_and_of_other_repositories_with_those() {
        let files = [
            ("config.json", r#"{"auto_map": {"AutoModel": "modeling_x.X", "AutoConfig": "o/r--configuration_x.C"}}"#),
            ("tokenizer_config.json", r#"{"auto_map": {"AutoTokenizer": ["modeling_x.T", null]}}"#),
            ("modeling_x.py", CODE),
        ];
        assert_eq!(
            check(&ActiveContent, &files).said(),
            ["info loading needs `trust_remote_code=True` and runs `configuration_x.py` of `o/r` and `modeling_x.py`"]
        );
        for silent in [r#"{"auto_map": {}}"#, r#"{"auto_map": {"AutoModel": "../x.X"}}"#] {
            assert!(check(&ActiveContent, &[("config.json", silent)]).found.is_empty(), "{silent}");
        }
    }

    #[test]
    fn the_flag_is_named_only_where_the_model_needs_it() {
        let map = r#""auto_map": {"AutoModel": "modeling_x.X"}"#;
        let native = format!(r#"{{"model_type": "llama", {map}}}"#);
        let own = format!(r#"{{"model_type": "lamp", {map}}}"#);
        let tokenizer = r#"{"auto_map": {"AutoTokenizer": ["modeling_x.X", null]}}"#;
        let pipeline = r#"{"model_type": "llama", "custom_pipelines": {"tide": {"impl": "modeling_x.X"}}}"#;
        for (files, count) in [
            (vec![("config.json", native.as_str()), ("modeling_x.py", CODE), ("tokenizer_config.json", tokenizer)], 0),
            (vec![("config.json", own.as_str()), ("modeling_x.py", CODE)], 1),
            (vec![("config.json", own.as_str())], 0),
            (vec![("config.json", pipeline), ("modeling_x.py", CODE)], 1),
            (vec![("adapter_config.json", own.as_str()), ("modeling_x.py", CODE)], 0),
            (vec![("config.json", r#"{"model_type": "llama"}"#), ("custom_generate/generate.py", CODE)], 1),
        ] {
            assert_eq!(check(&ActiveContent, &files).found.len(), count, "{files:?}");
        }
    }

    #[test]
    fn modules_of_other_libraries_run_too() {
        let modules = r#"[{"type": "sentence_transformers.models.Transformer"}, {"type": "custom_st.Pool"}]"#;
        let index = r#"{"_class_name": ["pipe", "Pipe"], "unet": ["my_unet", "Unet"], "vae": ["diffusers", "VAE"]}"#;
        let files = [
            ("modules.json", modules),
            ("custom_st.py", CODE),
            ("model_index.json", index),
            ("pipe.py", CODE),
            ("unet/my_unet.py", CODE),
        ];
        assert_eq!(
            check(&ActiveContent, &files).said(),
            ["info loading needs `trust_remote_code=True` and runs `custom_st.py`, `my_unet.py` and `pipe.py`"]
        );
    }

    #[test]
    fn mlflow_runs_its_loader_without_a_flag() {
        let own = "flavors:\n  python_function:\n    loader_module: tide.load\n    code: code\n";
        let script =
            "flavors:\n  python_function:\n    loader_module: mlflow.pyfunc.model\n    model_code_path: agent.py\n";
        let ordinary = "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    code: code\n";
        let said = |model: &str| {
            check(&ActiveContent, &[("MLmodel", model), ("code/tide/load.py", CODE), ("agent.py", CODE)]).said()
        };
        assert_eq!(said(own), ["warning MLflow runs `code/tide/load.py` when it loads the model"]);
        assert_eq!(said(script), ["warning MLflow runs `agent.py` when it loads the model"]);
        assert!(said(ordinary).is_empty());
    }
}
