//! `mismatched-library-name`: a library that cannot load the files.

use crate::checklist;
use crate::claims::claim;
use crate::claims::stated::library_may_load;
use crate::diagnostic::{Effect, Label, Level, Safety};
use crate::hub::libraries;
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::with_proof;
use crate::rules::fields::rewriting::write;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

pub(crate) struct MismatchedLibraryName;

static META: Meta = Meta {
    name: "mismatched-library-name",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::DISCOVER_LIBRARY,
    needs: Needs::Files,
    fix: Some(Safety::Unsafe),
    since: "0.1.0",
    docs: include_str!("mismatched_library_name.md"),
};

/// Libraries whose models have a file that no others have, by name or by extension. For other libraries, the
/// names of files do not show that it does not load them.
const SIGNS: &[(&str, &[&str])] = &[
    ("diffusers", &["model_index.json", "pytorch_lora_weights.", "diffusion_pytorch_model.", ".ckpt", "lora"]),
    ("keras", &[".keras", ".h5", "metadata.json", "saved_model.pb", "keras_metadata.pb"]),
    ("nemo", &[".nemo"]),
    ("open_clip", &["open_clip"]),
    ("peft", &["adapter"]),
    ("setfit", &["config_setfit.json", "model_head.pkl"]),
    ("sklearn", &[".pkl", ".joblib", ".skops", ".pickle"]),
    ("spacy", &["meta.json", ".whl", "config.cfg"]),
    ("timm", &[]),
    ("transformers", &[]),
];

impl Rule for MismatchedLibraryName {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(shown) = cx.facts().library.as_ref().filter(|library| library.is_strong()) else { return };
        let Some((node, said)) = claim(cx, "library_name") else { return };
        let Some((_, signs)) = SIGNS.iter().find(|(key, _)| *key == said) else { return };
        // timm's models load in transformers, too.
        let wrapped = said == "transformers" && shown.value == "timm";
        let mut files = cx.release().files().iter();
        if library_may_load(cx, said)
            || wrapped
            || files.any(|file| signs.iter().any(|sign| file.path.name().to_lowercase().contains(sign)))
        {
            return;
        }
        let library = libraries::get(&shown.value).map_or(shown.value.as_str(), |library| library.pretty);
        let message = format!("`library_name` is {}, but the files are those of {library}", quoted(said));
        let order = format!("write `{}`", shown.value);
        let reason =
            "Users cannot load the model with the page's code, and the Hub counts the wrong files as downloads.";
        let finding = out.finding(message, Label::at(node.span(), order.clone()));
        let help = advice(&order, reason);
        let fix = write(cx, "library_name", node, &shown.value, Safety::Unsafe);
        out.push(with_proof(finding.help(help).fix(fix), &shown.proof));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    const LLAMA: (&str, &str) = ("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#);
    const WEIGHTS: (&str, &str) = ("model.safetensors", "");
    const PIPELINE: (&str, &str) = ("model_index.json", r#"{"_class_name": "StableDiffusionPipeline"}"#);
    const ADAPTER: (&str, &str) = ("adapter_config.json", r#"{"peft_type": "LORA"}"#);
    const TIMM: (&str, &str) = (
        "config.json",
        r#"{"architecture": "vit_base_patch16_224", "pretrained_cfg": {"architecture": "vit_base_patch16_224"}, "num_classes": 10}"#,
    );

    fn count(library: &str, files: &[(&str, &str)]) -> usize {
        let card = format!("---\nlibrary_name: {library}\n---\n");
        findings(&MismatchedLibraryName, &[&[("README.md", card.as_str())], files].concat()).len()
    }

    #[test]
    fn near_misses() {
        for (library, files) in [
            ("transformers", &[LLAMA, WEIGHTS][..]),
            ("transformers", &[ADAPTER]),
            ("transformers", &[TIMM]),
            ("sentence-transformers", &[LLAMA, WEIGHTS]),
            ("mlx", &[LLAMA, WEIGHTS]),
            ("vllm", &[LLAMA, WEIGHTS]),
            ("my-library", &[LLAMA, WEIGHTS]),
            ("transfomers", &[PIPELINE]),
            ("TODO", &[PIPELINE]),
            ("diffusers", &[]),
            // Weights that are not here may be what the name says.
            ("peft", &[("config.json", "{}")]),
            ("peft", &[LLAMA, WEIGHTS, ("lora/adapter_config.json", "{}")]),
            ("sklearn", &[LLAMA, WEIGHTS, ("head.pkl", "")]),
        ] {
            assert_eq!(count(library, files), 0, "{library} {files:?}");
        }
    }

    #[test]
    fn another_librarys_files() {
        for (library, files) in [
            ("peft", &[LLAMA, WEIGHTS][..]),
            ("diffusers", &[LLAMA, WEIGHTS]),
            ("timm", &[LLAMA, WEIGHTS]),
            ("transformers", &[PIPELINE]),
            ("peft", &[TIMM]),
            ("spacy", &[ADAPTER]),
        ] {
            assert_eq!(count(library, files), 1, "{library} {files:?}");
        }
    }

    #[test]
    fn every_key_is_registered() {
        assert!(SIGNS.iter().all(|(key, _)| libraries::get(key).is_some()));
    }
}
