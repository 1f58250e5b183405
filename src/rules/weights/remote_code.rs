//! The Python modules that a repository's configuration names, and transformers runs with `trust_remote_code=True`.

use crate::rules::Context;
use crate::source::Span;
use crate::source::tree::Style;

/// The files in which transformers looks for `auto_map`.
const HOLDERS: &[&str] = &[
    "config.json",
    "image_processor_config.json",
    "preprocessor_config.json",
    "processor_config.json",
    "tokenizer_config.json",
    "video_preprocessor_config.json",
];

/// A class in a module: `modeling_x.XForCausalLM`, or `owner/name--modeling_x.XForCausalLM` of another repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference<'c> {
    /// The other repository, if one is named.
    pub(super) repository: Option<&'c str>,
    /// The module, as it is written: without `.py`.
    pub(super) module: &'c str,
    /// Where the reference stands, quotes included.
    pub(super) span: Span,
}

/// Every reference of `auto_map` and `custom_pipelines`, in the order of the files.
pub(super) fn references<'c>(cx: &'c Context<'_>) -> Vec<Reference<'c>> {
    let mut found = Vec::new();
    for file in cx.release().files().iter().filter(|file| HOLDERS.contains(&file.path.name())) {
        let Some(config) = cx.configs().model_at(file.path.as_str()) else { continue };
        let pipelines = config.get("custom_pipelines").into_iter().flat_map(|node| node.pairs());
        let classes = pipelines.filter_map(|(_, pipeline)| {
            let class = pipeline.get("impl").filter(|class| class.style() != Some(Style::Plain))?;
            Some((class.text()?, class.span()))
        });
        let all = config.auto_map().map(|(_, reference)| reference).chain(classes);
        found.extend(all.filter_map(|(text, span)| reference(text, span)));
    }
    found
}

/// Takes a reference apart; nothing where no class is named.
fn reference(text: &str, span: Span) -> Option<Reference<'_>> {
    let (repository, class) = match text.split_once("--") {
        Some((repository, class)) => (Some(repository), class),
        None => (None, text),
    };
    let (module, _) = class.rsplit_once('.')?;
    Some(Reference { repository, module, span })
}
