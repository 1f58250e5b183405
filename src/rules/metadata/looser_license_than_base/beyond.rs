//! Licenses that the card does not name and that may apply: that of the model below the base, and that of the family to which
//! a configuration or a GGUF header belongs while no base is named. Never more than an info.

use crate::claims::{claim, filled};
use crate::diagnostic::{Diagnostic, Label, Level};
use crate::hub::compatibility::{self, Verdict};
use crate::hub::families::{self, Sign};
use crate::hub::obligations;
use crate::rules::metadata::lineage::Base;
use crate::rules::{Context, Sink};
use crate::source::tree::NodeRef;
use crate::words::quoted;

/// The ids that the card declares, each with its place.
pub(super) type Declared<'r, 'c> = &'r [(NodeRef<'c>, &'c str)];

/// A base that was made from a model under other terms: what its owner grants is not all.
pub(super) fn below(
    cx: &Context<'_>,
    declared: Declared<'_, '_>,
    base: &Base<'_>,
    out: &Sink<'_>,
) -> Option<Diagnostic> {
    let license = base.family.upstream?;
    let (node, first) = declared.first()?;
    if !conflicts(cx, license, declared) {
        return None;
    }
    let message = format!(
        "the base {} was made from a model under `{license}`, but the card says {}",
        quoted(base.id),
        quoted(first)
    );
    let label = Label::at(node.span(), format!("the terms of `{license}` may apply here too"));
    let help = format!(
        "Read both licenses before you publish. The base cannot give more rights than `{license}` (this is not legal advice)."
    );
    Some(out.finding_at(Level::Info, message, label).related(base.label.clone()).help(help))
}

/// Weights of a family whose license is known, in a release that names no base.
pub(super) fn unnamed(cx: &Context<'_>, declared: Declared<'_, '_>, out: &Sink<'_>) -> Option<Diagnostic> {
    let (kind, sign, label) = sign(cx)?;
    let (node, first) = declared.first()?;
    if !conflicts(cx, sign.license, declared) {
        return None;
    }
    let name = name_of(sign.license);
    let message = format!("{} models often have their own license, but the card says {}", quoted(kind), quoted(first));
    let help = "Name the base in `base_model`, and check its license. Ignore this if you trained from scratch (not legal advice).";
    let at = Label::at(node.span(), format!("the license of the family is likely `{name}`"));
    Some(out.finding_at(Level::Info, message, at).related(label).help(help))
}

/// What shows to which family the weights belong; nothing when a base is named, which says more.
fn sign<'c>(cx: &'c Context<'_>) -> Option<(&'c str, Sign, Label)> {
    let is_named = filled(cx, "base_model").is_some() || !cx.facts().base_models.is_empty();
    if is_named || !cx.facts().contents.has_weights {
        return None;
    }
    if let Some((kind, span)) = cx.configs().model().and_then(|model| model.model_type()) {
        let sign = families::by_model_type(kind)?;
        return Some((kind, sign, Label::at(span, "the model type")));
    }
    cx.weights().gguf().find_map(|(file, gguf)| {
        let kind = gguf.get("general.architecture")?.as_str()?;
        Some((
            kind,
            families::by_gguf_architecture(kind)?,
            Label::file(file.id, format!("`general.architecture` is {kind}")),
        ))
    })
}

/// Whether every license that the card declares is more permissive than this license.
fn conflicts(cx: &Context<'_>, license: &str, declared: Declared<'_, '_>) -> bool {
    let terms = obligations::of(license);
    let is_named = |id: &str| {
        let name = claim(cx, "license_name").map(|(_, name)| name).filter(|_| id == "other");
        name.is_some_and(|name| terms.is_some_and(|terms| terms.is_named(name)))
    };
    declared.iter().all(|(_, id)| !is_named(id) && compatibility::of(license, id).verdict == Verdict::Conflict)
}

fn name_of(license: &'static str) -> &'static str {
    obligations::of(license).map_or(license, |terms| terms.name().unwrap_or(terms.hub_id))
}

#[cfg(test)]
mod tests {
    use super::super::LooserLicenseThanBase;
    use crate::diagnostic::Level;
    use crate::rules::testing::{findings, in_front_matter};

    #[test]
    fn the_model_below_the_base() {
        let found = in_front_matter(
            &LooserLicenseThanBase,
            "license: mit\nbase_model: deepseek-ai/DeepSeek-R1-Distill-Llama-8B\n",
        );
        assert!(
            found.len() == 1 && found[0].level == Level::Info && found[0].message.contains("`llama3.1`"),
            "{found:?}"
        );
        for yaml in [
            "license: mit\nbase_model: deepseek-ai/DeepSeek-R1-Distill-Qwen-7B\n",
            "license: llama3.1\nbase_model: deepseek-ai/DeepSeek-R1-Distill-Llama-8B\n",
        ] {
            assert_eq!(in_front_matter(&LooserLicenseThanBase, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn a_kind_of_model_is_a_hint_where_no_base_is_named() {
        let weights = ("model.safetensors", "\x02\0\0\0\0\0\0\0{}");
        let count = |yaml: &str, config: &str| {
            let card = format!("---\n{yaml}\n---\n");
            let found =
                findings(&LooserLicenseThanBase, &[("README.md", card.as_str()), ("config.json", config), weights]);
            assert!(found.iter().all(|finding| finding.level == Level::Info), "{found:?}");
            found.len()
        };
        let gemma = r#"{"model_type": "gemma2"}"#;
        assert_eq!(count("license: mit", gemma), 1);
        for (yaml, config) in [
            ("license: gemma", gemma),
            ("license: other\nlicense_name: health-ai-developer-foundations", gemma),
            ("license: mit\nbase_model: someone/own-base", gemma),
            ("license: mit", r#"{"model_type": "gemma2", "_name_or_path": "someone/own-base"}"#),
            ("license: mit", r#"{"model_type": "llama"}"#),
            ("license: mit", r#"{"model_type": "gemma4"}"#),
            ("license: unknown", gemma),
            ("tags: [a]", gemma),
        ] {
            assert_eq!(count(yaml, config), 0, "{yaml} {config}");
        }
    }
}
