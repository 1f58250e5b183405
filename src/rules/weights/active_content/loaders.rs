//! Keys of configurations whose values the libraries import as Python, or fetch as code.

use super::configs::{MAY_RUN, RUNS};
use crate::card::front_matter::FrontMatter;
use crate::diagnostic::{Effect, Label, Level};
use crate::release::File;
use crate::rules::{Context, Sink};
use crate::source::Span;
use crate::source::tree::{NodeRef, Style};
use crate::targets::{Worth, effect_of, is_name, worth};
use crate::words::quoted;

/// How many entries of one file are looked at.
const MAX_ENTRIES: usize = 200;

/// The keys under which transformers looks for the implementation of attention. Versions 4.56 to 5.2 took the first from
/// config.json and fetched the kernel that it names (CVE-2026-4372).
const ATTENTION: &[&str] = &["_attn_implementation_internal", "_attn_implementation", "attn_implementation"];

const KERNEL: &str = "Delete this key, and name the kernel in the card. Some versions of `transformers` fetch and run it without being asked.";
const PACKAGE: &str = "Name this package in the card's usage section. The model loads only where it is installed, and loading imports it.";
const MEGATRON: &str =
    "Delete `megatron_core`, or name Megatron's own module. PEFT imports the module that stands here.";

/// The packages from which PEFT 0.21 imports the class of a base without being asked.
const PEFT_IMPORTS: &[&str] = &["diffusers.", "lerobot.", "megatron.", "transformers."];

/// Looks at each configuration that some library reads.
pub(super) fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for file in cx.release().files().iter().filter(|file| file.lfs.is_none()) {
        match file.path.name() {
            "config.json" => {
                kernels(cx, file, out);
                activations(cx, file, out);
                routes(cx, file, out);
            }
            "router_config.json" => routes(cx, file, out),
            "modules.json" => modules(cx, file, out),
            "adapter_config.json" => adapter(cx, file, out),
            "model_index.json" => components(cx, file, out),
            "MLmodel" => mlflow(cx, file, out),
            _ => {}
        }
    }
}

/// A kernel of another repository, in the configuration or in that of a part: a string, or one for each part.
fn kernels(cx: &Context<'_>, file: &File, out: &mut Sink<'_>) {
    let Some(root) = root(cx, file) else { return };
    let parts = root.pairs().map(|(_, value)| value).filter(|value| value.is_mapping()).take(MAX_ENTRIES);
    for part in std::iter::once(root).chain(parts) {
        for value in ATTENTION.iter().filter_map(|key| part.get(key)) {
            let each = std::iter::once(value).chain(value.pairs().map(|(_, value)| value).take(MAX_ENTRIES));
            let kernel = each.filter_map(string).find(|(text, _)| is_kernel(text));
            let Some((name, span)) = kernel else { continue };
            let message = format!("the attention of the model is the kernel {} of the Hub", quoted(name));
            // Kernels that Hugging Face publishes itself are what its documentation tells authors to use.
            let is_known = name.trim_start_matches("paged|").starts_with("kernels-community/");
            let level = if is_known { Level::Info } else { Level::Warning };
            push(out, level, &message, span, KERNEL);
            return;
        }
    }
}

/// `owner/name`, with a revision and a function (transformers 5.24, `is_kernel`).
fn is_kernel(text: &str) -> bool {
    let text = text.trim_start_matches("paged|");
    let Some((owner, rest)) = text.split_once('/') else { return false };
    let (name, function) = rest.split_once(':').unwrap_or((rest, "x"));
    let is_part = |part: &str| !part.is_empty() && !part.contains(['/', ':']);
    is_part(owner) && is_part(name) && is_part(function)
}

/// The function after a layer or a classifier, which sentence-transformers imports.
fn activations(cx: &Context<'_>, file: &File, out: &mut Sink<'_>) {
    let Some(root) = root(cx, file) else { return };
    let cross = root.get("sentence_transformers").and_then(|node| node.get("activation_fn"));
    let old = root.get("sbert_ce_default_activation_function");
    for (text, span) in [root.get("activation_function"), cross, old].into_iter().flatten().filter_map(string) {
        // Without a dot it is a name in a list of the library.
        if text.contains('.') {
            class(text, span, &["torch."], "the activation of the model", out);
        }
    }
}

/// The classes of a router of sentence-transformers.
fn routes(cx: &Context<'_>, file: &File, out: &mut Sink<'_>) {
    let Some(root) = root(cx, file).filter(|root| root.get("structure").is_some()) else { return };
    let types = root.get("types").into_iter().flat_map(NodeRef::pairs).take(MAX_ENTRIES);
    for (text, span) in types.filter_map(|(_, value)| string(value)) {
        class(text, span, &["sentence_transformers."], "a module of the model", out);
    }
}

/// The classes of a sentence-transformers model. One that is a file of the repository is reported as its code.
fn modules(cx: &Context<'_>, file: &File, out: &mut Sink<'_>) {
    let entries = root(cx, file).into_iter().flat_map(NodeRef::items).take(MAX_ENTRIES);
    for (text, span) in entries.filter_map(|entry| string(entry.get("type")?)) {
        let own = text.rsplit_once('.').map(|(module, _)| format!("{}.py", module.replace('.', "/")));
        let is_own = text.contains("--") || own.is_some_and(|path| cx.release().find(&path).is_some());
        if !is_own {
            class(text, span, &["sentence_transformers."], "a module of the model", out);
        }
    }
}

/// What PEFT imports: Megatron's layers where they are configured, and the class of the base.
fn adapter(cx: &Context<'_>, file: &File, out: &mut Sink<'_>) {
    let Some(root) = root(cx, file) else { return };
    let is_configured = root.get("megatron_config").is_some_and(|node| node.is_mapping());
    if let Some((module, span)) = root.get("megatron_core").and_then(string)
        && is_configured
        && module.split('.').next() != Some("megatron")
    {
        let message = format!("PEFT imports the module {} when it loads the adapter", quoted(module));
        push(out, Level::Warning, &message, span, MEGATRON);
    }
    let Some(mapping) = root.get("auto_mapping") else { return };
    let library = mapping.get("parent_library").and_then(string);
    let named = library.zip(mapping.get("base_model_class").and_then(string));
    if let Some(((library, span), (name, _))) = named {
        let full = format!("{library}.{name}");
        // With a task, PEFT takes the class of the task.
        let is_imported = root.get("task_type").and_then(string).is_none();
        if is_imported || worth(&full) > Worth::Ordinary {
            class(&full, span, PEFT_IMPORTS, "the base of the adapter", out);
        }
    }
}

/// The components of a pipeline, whose libraries diffusers imports.
fn components(cx: &Context<'_>, file: &File, out: &mut Sink<'_>) {
    for (_, value) in root(cx, file).into_iter().flat_map(NodeRef::pairs).take(MAX_ENTRIES) {
        let mut items = value.items().filter_map(string);
        let Some(((library, span), (name, _))) = items.next().zip(items.next()) else { continue };
        let full = format!("{library}.{name}");
        if worth(&full) > Worth::Ordinary {
            class(&full, span, &[], "a component of the pipeline", out);
        }
    }
}

/// The loader of an MLflow model. One that is a file of the repository is reported as its code.
fn mlflow(cx: &Context<'_>, file: &File, out: &mut Sink<'_>) {
    let Ok(source) = cx.release().text(file.id) else { return };
    let matter = FrontMatter::parse_file(source);
    let flavors = matter.get("flavors").into_iter().flat_map(|field| field.value.pairs()).take(MAX_ENTRIES);
    for (_, flavor) in flavors {
        let Some(loader) = flavor.get("loader_module") else { continue };
        let module = loader.text().unwrap_or_default();
        let code = flavor.get("code").and_then(NodeRef::text).unwrap_or_default();
        let folder = file.path.folder();
        let above = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let own = format!("{above}{}/{}.py", code.trim_end_matches('/'), module.replace('.', "/"));
        if cx.release().find(&own).is_none() {
            class(&format!("{module}._load_pyfunc"), loader.span(), &["mlflow."], "the loader of the model", out);
        }
    }
}

/// A name that a library imports: an error where it runs code, a note where it is of another package than those that the
/// library expects.
fn class(name: &str, span: Span, expected: &[&str], what: &str, out: &mut Sink<'_>) {
    if !is_name(name) {
        return;
    }
    let worth = worth(name);
    let (level, help) = match worth {
        Worth::Runs => (Level::Error, RUNS),
        Worth::MayRun => (Level::Warning, MAY_RUN),
        Worth::Ordinary if expected.iter().any(|start| name.starts_with(start)) => return,
        Worth::Ordinary => (Level::Info, PACKAGE),
    };
    let message = match worth {
        Worth::Ordinary => format!("{what} is {} of another package", quoted(name)),
        _ => format!("{what} is {}, which {}", quoted(name), effect_of(name)),
    };
    push(out, level, &message, span, help);
}

fn push(out: &mut Sink<'_>, level: Level, message: &str, span: Span, help: &str) {
    let mut finding = out.finding_at(level, message, Label::at(span, "")).help(help);
    if level == Level::Info {
        finding = finding.effect(Effect::LosesReach);
    }
    out.push(finding);
}

fn root<'c>(cx: &'c Context<'_>, file: &File) -> Option<NodeRef<'c>> {
    cx.configs().json(file.id)?.tree().root()
}

/// The text of a string and its place; nothing for a number or a word.
fn string(node: NodeRef<'_>) -> Option<(&str, Span)> {
    (node.style() != Some(Style::Plain)).then_some((node.text()?, node.span()))
}

#[cfg(test)]
mod tests {
    use super::super::ActiveContent;
    use crate::rules::testing::check;

    fn said(name: &str, text: &str) -> String {
        check(&ActiveContent, &[(name, text)]).said().join("\n")
    }

    #[test]
    fn kernels_of_other_repositories_are_told_from_implementations() {
        for (text, level) in [
            (r#"{"_attn_implementation_internal": "someone/kernel"}"#, "warning"),
            (r#"{"attn_implementation": "someone/kernel@main:flash"}"#, "warning"),
            (r#"{"text_config": {"_attn_implementation": "someone/kernel"}}"#, "warning"),
            (r#"{"attn_implementation": {"": "sdpa", "text_config": "someone/kernel"}}"#, "warning"),
            (r#"{"_attn_implementation": "paged|someone/kernel"}"#, "warning"),
            (r#"{"_attn_implementation": "kernels-community/flash-attn2"}"#, "info"),
            (r#"{"_attn_implementation": "flash_attention_2", "attn_implementation": null}"#, ""),
            (r#"{"_attn_implementation": "a/b/c"}"#, ""),
        ] {
            assert_eq!(said("config.json", text).split(' ').next(), Some(level), "{text}");
        }
    }

    #[test]
    fn classes_of_other_packages_are_told() {
        for (name, text, wanted) in [
            ("modules.json", r#"[{"type": "sentence_transformers.models.Pooling"}]"#, ""),
            (
                "modules.json",
                r#"[{"type": "tide.Payload"}]"#,
                "info a module of the model is `tide.Payload` of another package",
            ),
            (
                "modules.json",
                r#"[{"type": "os.system"}]"#,
                "error a module of the model is `os.system`, which runs a shell command",
            ),
            ("2_Dense/config.json", r#"{"activation_function": "torch.nn.modules.activation.Tanh"}"#, ""),
            ("config.json", r#"{"activation_function": "gelu_new"}"#, ""),
            (
                "2_Dense/config.json",
                r#"{"activation_function": "subprocess.run"}"#,
                "error the activation of the model is `subprocess.run`, which starts another program",
            ),
            ("config.json", r#"{"sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity"}}"#, ""),
            (
                "model_index.json",
                r#"{"vae": ["os", "system"]}"#,
                "error a component of the pipeline is `os.system`, which runs a shell command",
            ),
            ("model_index.json", r#"{"vae": ["diffusers", "AutoencoderKL"], "safety_checker": [null, null]}"#, ""),
        ] {
            assert_eq!(said(name, text), wanted, "{text}");
        }
    }

    #[test]
    fn an_adapter_names_modules() {
        for (text, level) in [
            (r#"{"megatron_config": {"a": 1}, "megatron_core": "tide"}"#, "warning"),
            (r#"{"megatron_config": {"a": 1}, "megatron_core": "megatron.core"}"#, ""),
            (r#"{"megatron_config": null, "megatron_core": "megatron.core"}"#, ""),
            (r#"{"megatron_config": null, "megatron_core": "tide"}"#, ""),
            (
                r#"{"auto_mapping": {"base_model_class": "BertModel", "parent_library": "transformers.models.bert"}}"#,
                "",
            ),
            (r#"{"auto_mapping": {"base_model_class": "system", "parent_library": "os"}}"#, "error"),
            (r#"{"task_type": null, "auto_mapping": {"base_model_class": "X", "parent_library": "tide"}}"#, "info"),
            (r#"{"task_type": "CAUSAL_LM", "auto_mapping": {"base_model_class": "X", "parent_library": "tide"}}"#, ""),
        ] {
            assert_eq!(said("adapter_config.json", text).split(' ').next(), Some(level), "{text}");
        }
    }

    #[test]
    fn the_loader_of_mlflow_is_its_own_or_a_package() {
        let model = |loader: &str| format!("flavors:\n  python_function:\n    loader_module: {loader}\n    data: x\n");
        assert_eq!(said("MLmodel", &model("mlflow.sklearn")), "");
        assert!(
            said("MLmodel", &model("tide.load"))
                .starts_with("info the loader of the model is `tide.load._load_pyfunc`")
        );
    }
}
