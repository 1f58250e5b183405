//! Code that loads and calls a model with its library: to be copied and run.

mod adapters;
mod diffusers;
mod examples;
mod loading;
mod objects;
mod speech;
mod text;
mod transformers;
mod vision;

#[cfg(test)]
mod tests;

use super::Material;
use super::material::is_plain;

/// An image for examples, from the documentation of transformers.
const IMAGE: &str =
    "https://huggingface.co/datasets/huggingface/documentation-images/resolve/main/pipeline-cat-chonk.jpeg";

/// Speech for examples, from the documentation of transformers.
const SPEECH: &str = "https://huggingface.co/datasets/Narsil/asr_dummy/resolve/main/1.flac";

/// A short program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The language, as the fence of a code block names it.
    pub language: &'static str,
    /// A command that installs what it needs.
    install: String,
    /// Imports, a line each.
    imports: Vec<String>,
    /// The lines that load the model.
    load: String,
    /// The lines that call it.
    call: String,
}

impl Snippet {
    fn python(packages: &str, imports: &[&str], load: String, call: String) -> Self {
        Self {
            language: "python",
            install: format!("# pip install -U {packages}"),
            imports: imports.iter().map(|line| (*line).to_owned()).collect(),
            load,
            call,
        }
    }

    /// The same with more to install.
    fn with_packages(mut self, packages: &str) -> Self {
        for package in packages.split_whitespace() {
            if !self.install.split_whitespace().any(|known| known == package) {
                self.install.push(' ');
                self.install.push_str(package);
            }
        }
        self
    }

    fn command(install: &str, command: String) -> Self {
        Self {
            language: "bash",
            install: format!("# {install}"),
            imports: Vec::new(),
            load: command,
            call: String::new(),
        }
    }

    /// The whole program, with a line break at its end.
    pub fn text(&self) -> String {
        let imports = self.imports.join("\n");
        let head = [self.install.as_str(), imports.as_str()].into_iter().filter(|part| !part.is_empty());
        let head = head.collect::<Vec<_>>().join("\n");
        let gap = if self.imports.is_empty() { "\n" } else { "\n\n" };
        let call = if self.call.is_empty() { String::new() } else { format!("\n{}", self.call) };
        format!("{head}{gap}{}{call}\n", self.load)
    }

    /// The program as a block of a card.
    pub fn block(&self) -> String {
        format!("```{}\n{}```\n", self.language, self.text())
    }
}

/// The program for a release; nothing where its library is unknown, or has none of a few lines.
pub fn of(material: &Material<'_>) -> Option<Snippet> {
    let id = material.id();
    if material.facts().contents.only_gguf {
        let python = (material.library == Some("llama-cpp-python")).then(|| text::llama_cpp_python(material, &id));
        return python.flatten().or_else(|| text::llama_cpp(material, &id));
    }
    of_library(material)
}

/// The program with the library that the material names, whatever the files are; nothing where it has none of a few lines.
pub fn of_library(material: &Material<'_>) -> Option<Snippet> {
    let id = material.id();
    Some(match material.library? {
        "transformers" => transformers::of(material, &id)?,
        "transformers.js" => transformers::javascript(material, &id)?,
        "diffusers" => diffusers::of(material, &id)?,
        "sentence-transformers" => text::sentence_transformers(material, &id),
        "setfit" => text::setfit(material, &id),
        "model2vec" => text::model2vec(&id),
        "spacy" => text::spacy(material, &id),
        "mlx" => text::mlx(material, &id)?,
        "peft" => adapters::peft(material, &id)?,
        "adapter-transformers" => adapters::adapters(material, &id),
        "timm" => vision::timm(material, &id),
        "open_clip" => vision::open_clip(&id),
        "keras" | "tf-keras" => objects::keras(material, &id)?,
        "keras-hub" => objects::keras_hub(material, &id),
        "sklearn" => objects::sklearn(material, &id),
        "fastai" => objects::fastai(&id),
        "stable-baselines3" => objects::stable_baselines3(material, &id)?,
        "flair" => text::flair(material, &id),
        "span-marker" => text::span_marker(material, &id),
        "bertopic" => text::bertopic(&id),
        "speechbrain" => speech::speechbrain(material, &id)?,
        "nemo" => speech::nemo(material, &id)?,
        "espnet" => speech::espnet(material, &id)?,
        "ultralytics" => vision::ultralytics(material, &id)?,
        _ => return None,
    })
}
