//! The Python files of a release that loading it imports: those that `auto_map` names, and what they import of each other.

use std::collections::HashSet;

use crate::code::{Import, MAX_CODE_BYTES, Module};
use crate::configs::Configs;
use crate::diagnostic::Label;
use crate::release::{File, Release};
use crate::source::tree::Style;
use crate::source::{FileId, Span};

/// The configurations that name code, in any folder. transformers reads `auto_map` in each of them.
const CONFIGS: &[&str] = &[
    "config.json",
    "tokenizer_config.json",
    "processor_config.json",
    "preprocessor_config.json",
    "video_preprocessor_config.json",
    "image_processor_config.json",
    "adapter_config.json",
    "generation_config.json",
];

/// How many files are read. The largest published models bring some thirty.
pub const MAX_MODULES: usize = 200;

/// A Python file that is imported when the model is loaded.
#[derive(Clone, Debug)]
pub struct RemoteModule {
    /// The file.
    pub file: FileId,
    /// What imports it: `auto_map` in a configuration, or a line of another module.
    pub because: Label,
    /// What it does when it is imported, or why that is unknown.
    pub module: Result<Module, String>,
}

/// The modules in the order in which they are met. Reads nothing where there is no Python file.
pub fn modules(release: &Release, configs: &Configs<'_>) -> Vec<RemoteModule> {
    if !release.files().iter().any(is_python) {
        return Vec::new();
    }
    let mut open = named(release, configs);
    let mut seen: HashSet<FileId> = open.iter().map(|(file, _)| file.id).collect();
    let mut found = Vec::new();
    let mut next = 0;
    while let Some((file, because)) = open.get(next).cloned() {
        next += 1;
        let module = read(release, file);
        for import in module.iter().flat_map(|module| &module.imports) {
            for target in targets(release, file, import) {
                if seen.len() < MAX_MODULES && seen.insert(target.id) {
                    let span = Span::new(file.id, import.range.range());
                    open.push((target, Label::at(span, format!("imports `{}`", target.path))));
                }
            }
        }
        found.push(RemoteModule { file: file.id, because, module });
    }
    found
}

/// A class in a module that a configuration names: `modeling_x.XForCausalLM`, or `owner/name--modeling_x.XForCausalLM` of
/// another repository.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'c> {
    /// The configuration.
    pub config: &'c File,
    /// The other repository, if one is named.
    pub repository: Option<&'c str>,
    /// The module, as it is written: without `.py`.
    pub module: &'c str,
    /// Where the reference stands, quotes included.
    pub span: Span,
}

/// Every reference of `auto_map` and `custom_pipelines`, in the order of the files.
pub fn references<'c>(release: &'c Release, configs: &'c Configs<'_>) -> Vec<Reference<'c>> {
    let mut found = Vec::new();
    for file in release.files().iter().filter(|file| CONFIGS.contains(&file.path.name())) {
        let Some(config) = configs.model_at(file.path.as_str()) else { continue };
        let pipelines = config.get("custom_pipelines").into_iter().flat_map(|node| node.pairs());
        let classes = pipelines.filter_map(|(_, pipeline)| {
            let class = pipeline.get("impl").filter(|class| class.style() != Some(Style::Plain))?;
            Some((class.text()?, class.span()))
        });
        let all = config.auto_map().map(|(_, reference)| reference).chain(classes);
        found.extend(all.filter_map(|(text, span)| reference(file, text, span)));
    }
    found
}

/// Takes a reference apart; nothing where no class is named.
fn reference<'c>(config: &'c File, text: &'c str, span: Span) -> Option<Reference<'c>> {
    let (repository, class) = match text.split_once("--") {
        Some((repository, class)) => (Some(repository), class),
        None => (None, text),
    };
    let (module, _) = class.rsplit_once('.')?;
    Some(Reference { config, repository, module, span })
}

/// The files that configurations name, each once.
fn named<'r>(release: &'r Release, configs: &Configs<'_>) -> Vec<(&'r File, Label)> {
    let mut found: Vec<(&File, Label)> = Vec::new();
    for reference in references(release, configs) {
        let Some(file) = referenced(release, &reference) else { continue };
        if found.len() < MAX_MODULES && found.iter().all(|(known, _)| known.id != file.id) {
            found.push((file, Label::at(reference.span, "imported when the model is loaded")));
        }
    }
    found
}

/// The file of a reference, beside the configuration or at the root. Another repository's is not among the files.
fn referenced<'r>(release: &'r Release, reference: &Reference<'_>) -> Option<&'r File> {
    let is_own = |id: &str| release.repo_id().is_some_and(|own| own.to_string() == id);
    if !reference.repository.is_none_or(is_own) {
        return None;
    }
    let path = format!("{}.py", reference.module.replace('.', "/"));
    release.find(&joined(reference.config.path.folder(), &path)).or_else(|| release.find(&path))
}

/// The files that an import may mean: a module, or a package.
fn targets<'r>(release: &'r Release, from: &File, import: &Import) -> impl Iterator<Item = &'r File> {
    let mut folder = Some(from.path.folder());
    for _ in 1..import.level {
        folder =
            folder.filter(|folder| !folder.is_empty()).map(|folder| folder.rsplit_once('/').map_or("", |(up, _)| up));
    }
    let path = folder.map(|folder| joined(folder, &import.module.replace('.', "/")));
    let paths = path.map(|path| [format!("{path}.py"), joined(&path, "__init__.py")]);
    paths.into_iter().flatten().filter_map(|path| release.find(&path))
}

fn joined(folder: &str, path: &str) -> String {
    match (folder, path) {
        ("", path) => path.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, path) => format!("{folder}/{path}"),
    }
}

fn is_python(file: &File) -> bool {
    file.path.extension() == "py"
}

fn read(release: &Release, file: &File) -> Result<Module, String> {
    if file.lfs.is_some() {
        return Err("it is a git-lfs pointer".to_owned());
    }
    if file.size > MAX_CODE_BYTES as u64 {
        return Err(crate::code::Unread::TooLong.to_string());
    }
    let source = release.text(file.id).map_err(ToString::to_string)?;
    Module::read(source.text()).map_err(|why| why.to_string())
}
