//! Which files of configurations name Python code, and which code that is.

use super::{MAX_MODULES, joined};
use crate::card::front_matter::FrontMatter;
use crate::configs::Configs;
use crate::hub::architectures;
use crate::release::{File, Release};
use crate::source::Span;
use crate::source::tree::{NodeRef, Style};

/// The configurations that name code, in any folder. transformers reads `auto_map` in each of them.
const CONFIGS: &[&str] = &[
    "config.json",
    "tokenizer_config.json",
    "processor_config.json",
    "preprocessor_config.json",
    "video_preprocessor_config.json",
    "image_processor_config.json",
    "generation_config.json",
];

/// When the code of a reference runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Only with `trust_remote_code=True`, which the model does not need: the library has this kind of model itself.
    Optional,
    /// Only with `trust_remote_code=True`, without which the model does not load.
    Flag,
    /// Whenever the model is loaded.
    Open,
}

/// A class in a module that a configuration names: `modeling_x.XForCausalLM`, or `owner/name--modeling_x.XForCausalLM` of
/// another repository.
#[derive(Clone, Debug)]
pub struct Reference<'c> {
    /// The configuration.
    pub config: &'c File,
    /// The other repository, if one is named.
    pub repository: Option<String>,
    /// The module, as it is written: without `.py`.
    pub module: String,
    /// Where the reference stands, quotes included.
    pub span: Span,
    /// When the code runs.
    pub gate: Gate,
    /// The folder in which the loader looks for the module.
    folder: String,
}

impl Reference<'_> {
    /// Whether the code is in another repository.
    pub fn is_elsewhere(&self, release: &Release) -> bool {
        let is_own = |id: &str| release.repo_id().is_some_and(|own| own.to_string() == id);
        self.repository.as_ref().is_some_and(|id| !is_own(id))
    }

    /// The file of the module: where the loader looks, or at the root. Another repository's is not among the files.
    pub fn file<'r>(&self, release: &'r Release) -> Option<&'r File> {
        if self.is_elsewhere(release) {
            return None;
        }
        let path = format!("{}.py", self.module.replace('.', "/"));
        release.find(&joined(&self.folder, &path)).or_else(|| release.find(&path))
    }

    /// The path at which the loader looks for the module.
    pub fn path(&self) -> String {
        joined(&self.folder, &format!("{}.py", self.module))
    }
}

/// Every reference to code, in the order of the files: `auto_map` and `custom_pipelines` of transformers, the modules of
/// sentence-transformers and the components of diffusers that are files of the repository, the loader of an MLflow model.
pub fn references<'c>(release: &'c Release, configs: &'c Configs<'_>) -> Vec<Reference<'c>> {
    let mut found = Vec::new();
    for file in release.files().iter().filter(|file| file.lfs.is_none()) {
        match file.path.name() {
            name if CONFIGS.contains(&name) => of_transformers(file, configs, &mut found),
            "modules.json" => of_sentence_transformers(release, file, configs, &mut found),
            "model_index.json" => of_diffusers(release, file, configs, &mut found),
            "MLmodel" => of_mlflow(release, file, &mut found),
            _ => {}
        }
    }
    found
}

fn of_transformers<'c>(file: &'c File, configs: &'c Configs<'_>, found: &mut Vec<Reference<'c>>) {
    let Some(config) = configs.model_at(file.path.as_str()) else { return };
    if config.auto_map().next().is_none() && config.get("custom_pipelines").is_none() {
        return;
    }
    let beside = configs.model_at(&joined(file.path.folder(), "config.json"));
    let model_type = beside.and_then(|model| model.model_type());
    let is_native = model_type.is_some_and(|(kind, _)| architectures::is_model_type(kind));
    // Of a tokenizer or processor alone nothing says that the library does not have it.
    let is_alone = beside.is_none();
    let gate = if is_native || is_alone { Gate::Optional } else { Gate::Flag };
    let classes = config.auto_map().map(|(_, reference)| (reference, gate));
    let pipelines = config.get("custom_pipelines").into_iter().flat_map(|node| node.pairs());
    let pipelines = pipelines.filter_map(|(_, pipeline)| Some((string(pipeline.get("impl")?)?, Gate::Flag)));
    let all = classes.chain(pipelines).take(MAX_MODULES);
    found.extend(all.filter_map(|((text, span), gate)| reference(file, text, span, gate)));
}

/// Classes of the package itself and of other packages are imported, not fetched.
fn of_sentence_transformers<'c>(
    release: &Release,
    file: &'c File,
    configs: &Configs<'_>,
    found: &mut Vec<Reference<'c>>,
) {
    let Some(config) = configs.json(file.id) else { return };
    let entries = config.tree().root().into_iter().flat_map(NodeRef::items).take(MAX_MODULES);
    let types = entries.filter_map(|entry| string(entry.get("type")?));
    let named = types.filter_map(|(text, span)| reference(file, text, span, Gate::Flag));
    found.extend(named.filter(|named| named.repository.is_some() || named.file(release).is_some()));
}

/// A component whose library is a file in the component's own folder, and a pipeline class that is a file beside.
fn of_diffusers<'c>(release: &Release, file: &'c File, configs: &Configs<'_>, found: &mut Vec<Reference<'c>>) {
    let Some(config) = configs.json(file.id) else { return };
    for (key, value) in config.tree().root().into_iter().flat_map(NodeRef::pairs).take(MAX_MODULES) {
        let Some((module, span)) = value.items().next().and_then(string) else { continue };
        let folder = match key.text() {
            Some("_class_name") | None => file.path.folder().to_owned(),
            Some(component) => joined(file.path.folder(), component),
        };
        let named =
            Reference { config: file, repository: None, module: module.to_owned(), span, gate: Gate::Flag, folder };
        if release.find(&named.path()).is_some() {
            found.push(named);
        }
    }
}

/// `loader_module` in the folder `code`, and the script of a model that is saved as code. MLflow asks for no flag.
fn of_mlflow<'c>(release: &Release, file: &'c File, found: &mut Vec<Reference<'c>>) {
    let Ok(source) = release.text(file.id) else { return };
    let matter = FrontMatter::parse_file(source);
    let Some(flavors) = matter.get("flavors") else { return };
    let home = file.path.folder();
    for (_, flavor) in flavors.value.pairs().take(MAX_MODULES) {
        let code = flavor.get("code").and_then(NodeRef::text).unwrap_or_default();
        let mut add = |module: &str, span: Span, folder: String| {
            let module = module.to_owned();
            let named = Reference { config: file, repository: None, module, span, gate: Gate::Open, folder };
            if named.file(release).is_some() {
                found.push(named);
            }
        };
        if let Some(module) = flavor.get("loader_module")
            && !code.is_empty()
        {
            add(module.text().unwrap_or_default(), module.span(), joined(home, code.trim_end_matches('/')));
        }
        if let Some(script) = flavor.get("model_code_path") {
            let path = script.text().unwrap_or_default();
            add(path.strip_suffix(".py").unwrap_or(path), script.span(), home.to_owned());
        }
    }
}

/// Takes a reference apart; nothing where no class is named.
fn reference<'c>(config: &'c File, text: &str, span: Span, gate: Gate) -> Option<Reference<'c>> {
    let (repository, class) = match text.split_once("--") {
        Some((repository, class)) => (Some(repository.to_owned()), class),
        None => (None, text),
    };
    let (module, _) = class.rsplit_once('.')?;
    let folder = config.path.folder().to_owned();
    Some(Reference { config, repository, module: module.to_owned(), span, gate, folder })
}

/// The text of a string and its place; nothing for a number or a word.
fn string(node: NodeRef<'_>) -> Option<(&str, Span)> {
    (node.style() != Some(Style::Plain)).then_some((node.text()?, node.span()))
}
