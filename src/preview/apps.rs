//! The programs that a page offers under "Use this model" (facts/page.json, local_apps). Not all of them: those that many
//! people use, and whose conditions are public.

use super::values::{App, Named};
use super::{Origin, Shown, State};
use crate::claims::{Context, Metadata};

/// How a quantization must be called for servers to be offered.
const SERVED_METHODS: [&str; 4] = ["aqlm", "awq", "gptq", "marlin"];

/// What of the page the apps depend on.
struct Conditions<'a> {
    /// A GGUF file whose header says how long a context is.
    gguf: Option<&'a str>,
    /// The library, as the Hub makes a tag of it, too.
    library: &'a str,
    task: &'a str,
    tags: Vec<&'a str>,
    method: Option<&'a str>,
}

pub(super) fn local_apps(
    cx: &Context<'_>,
    stated: Metadata<'_>,
    library: &Shown<Named>,
    task: &Shown<Named>,
) -> Shown<Vec<App>> {
    let (library_id, task_id) = (certain_id(library), certain_id(task));
    let method = cx.configs().model().and_then(|model| model.quantization_method()).map(|(method, _)| method);
    let conditions =
        Conditions { gguf: with_context(cx), library: &library_id, task: &task_id, tags: stated.texts("tags"), method };
    let apps = conditions.apps();
    let Some(gguf) = conditions.gguf else {
        return match apps.is_empty() {
            true if cx.weights().gguf().next().is_some() => {
                Shown::absent().noted("GGUF files are offered to them only where the header has a context length")
            }
            true => Shown::absent(),
            false => Shown { state: State::Likely, ..Shown::absent() }.about(apps),
        };
    };
    Shown::there(apps, Origin::file(gguf)).noted("and others that read GGUF")
}

fn certain_id(shown: &Shown<Named>) -> String {
    shown.certain().map_or_else(String::new, |named| named.id.clone())
}

fn with_context<'c>(cx: &'c Context<'_>) -> Option<&'c str> {
    let mut gguf = cx.weights().gguf();
    let found = gguf.find(|(_, header)| {
        let architecture = header.get("general.architecture").and_then(|value| value.as_str()).unwrap_or_default();
        let length = header.get(&format!("{architecture}.context_length")).and_then(|value| value.as_u64());
        length.is_some_and(|length| length > 0)
    });
    found.and_then(|(file, _)| cx.release().file(file.id)).map(|file| file.path.as_str())
}

impl Conditions<'_> {
    fn is_tagged(&self, tag: &str) -> bool {
        self.library == tag || self.tags.contains(&tag)
    }

    fn apps(&self) -> Vec<App> {
        let gguf = self.gguf.is_some();
        let mlx = self.is_tagged("mlx");
        let talks = ["text-generation", "image-text-to-text"].contains(&self.task);
        let served =
            self.is_tagged("transformers") || self.method.is_some_and(|method| SERVED_METHODS.contains(&method));
        let diffusers = self.library == "diffusers";
        let draws = self.task == "text-to-image";
        let offered = [
            ("llama.cpp", gguf),
            ("LM Studio", gguf || mlx),
            ("Jan", gguf),
            ("Ollama", gguf),
            ("vLLM", talks && (served || gguf)),
            ("SGLang", talks && served),
            ("MLX LM", mlx && self.task == "text-generation"),
            ("Draw Things", diffusers && (draws || self.tags.contains(&"lora"))),
            ("DiffusionBee", diffusers && draws),
        ];
        offered.into_iter().filter(|(_, is)| *is).map(|(name, _)| App(name)).collect()
    }
}
