//! Code that a finding prints is pasted into the card as it is, and the finding is gone.

#[allow(dead_code)]
mod engine;
mod repositories;

use std::fs;
use std::path::Path;

const RULE: &str = "missing-usage";

/// The code that the finding prints, without its indentation; nothing where it prints none.
fn printed(folder: &Path) -> Option<String> {
    let found = engine::check(folder, Some("acme/lamp"), RULE);
    let [(_, finding)] = found.as_slice() else { panic!("{} findings in {}", found.len(), folder.display()) };
    let (_, code) = finding.help.as_deref()?.split_once("\n    ")?;
    // The id of the base is for the author to fill in where no file names it.
    Some(code.replace("\n    ", "\n").replace("OWNER/BASE-MODEL", "acme/base"))
}

/// Whether the finding is gone when the printed code stands in a fence at the end of the card; nothing without code.
fn pasted(folder: &Path, card: &str) -> Option<()> {
    fs::write(folder.join("README.md"), card).unwrap();
    let code = printed(folder)?;
    for language in ["python", ""] {
        fs::write(folder.join("README.md"), format!("{card}\n```{language}\n{code}\n```\n")).unwrap();
        let left = engine::check(folder, Some("acme/lamp"), RULE).len();
        assert_eq!(left, 0, "the finding stays with this in a fence of `{language}`:\n{code}");
    }
    Some(())
}

fn card(library: &str, task: &str) -> String {
    let task = if task.is_empty() { String::new() } else { format!("pipeline_tag: {task}\n") };
    format!("---\nlibrary_name: {library}\n{task}base_model: acme/base\n---\n# Lamp\n")
}

#[test]
fn the_code_of_every_library() {
    for (library, task, files) in [
        ("transformers", "", &[][..]),
        ("transformers", "text-generation", &[("chat_template.jinja", "{{ messages }}")]),
        ("transformers", "translation", &[]),
        ("transformers", "question-answering", &[]),
        ("transformers.js", "fill-mask", &[]),
        ("diffusers", "text-to-image", &[]),
        ("diffusers", "text-to-image", &[("modular_model_index.json", "{\"_class_name\": \"ModularPipeline\"}")]),
        ("sentence-transformers", "", &[]),
        ("sentence-transformers", "", &[("modules.json", "[{\"type\": \"pylate.models.Dense.Dense\"}]")]),
        ("setfit", "", &[]),
        ("model2vec", "", &[]),
        ("spacy", "", &[]),
        ("mlx", "text-generation", &[]),
        ("mlx", "image-text-to-text", &[]),
        ("peft", "", &[]),
        ("adapter-transformers", "", &[]),
        ("timm", "", &[]),
        ("open_clip", "", &[]),
        ("keras", "", &[]),
        ("tf-keras", "", &[("lamp.keras", "PK")]),
        ("keras-hub", "", &[]),
        ("sklearn", "", &[]),
        ("sklearn", "", &[("model.skops", "PK")]),
        ("fastai", "", &[]),
        ("stable-baselines3", "", &[("ppo-Lamp-v1.zip", "PK")]),
        ("flair", "", &[]),
        ("span-marker", "", &[]),
        ("bertopic", "", &[]),
        ("speechbrain", "", &[("config.json", "{\"speechbrain_interface\": \"EncoderClassifier\"}")]),
        ("nemo", "automatic-speech-recognition", &[]),
        ("espnet", "text-to-speech", &[]),
        ("ultralytics", "", &[("best.pt", "PK")]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            fs::write(folder.path().join(path), text).unwrap();
        }
        assert!(pasted(folder.path(), &card(library, task)).is_some(), "no code for {library} {task}");
    }
}

#[test]
fn the_code_of_every_task_of_transformers() {
    let mut with_code = 0;
    for task in hf_release::hub::tasks::all() {
        let folder = tempfile::tempdir().unwrap();
        with_code += usize::from(pasted(folder.path(), &card("transformers", task.id)).is_some());
    }
    assert!(with_code > 30, "code for {with_code} tasks only");
}

#[test]
fn the_code_of_every_fixture() {
    let mut with_code = 0;
    for name in repositories::fixtures() {
        let (_folder, target) = repositories::copy(&name);
        let card = fs::read_to_string(target.join("README.md")).unwrap_or_default();
        let metadata = card.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map(|(block, _)| block);
        let bare = format!("---\n{}\n---\n# Lamp\n", metadata.unwrap_or("tags: []"));
        with_code += usize::from(pasted(&target, &bare).is_some());
    }
    assert!(with_code >= 6, "code for {with_code} fixtures only");
}

/// What a hostile card shows as an example never ends the string or the fence.
#[test]
fn examples_of_the_widget_stand_between_quotes() {
    for (example, is_taken) in [
        ("Where is my order?", true),
        ("'a\"); import os; (\"'", false),
        ("'```'", false),
        ("\"a\\nb\"", false),
        ("'$(id)'", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let card = format!(
            "---\nlibrary_name: transformers\npipeline_tag: text-classification\nwidget:\n- text: {example}\n---\n# Lamp\n"
        );
        fs::write(folder.path().join("README.md"), &card).unwrap();
        let code = printed(folder.path()).unwrap();
        assert_eq!(code.contains("Where is my order?"), is_taken, "{code}");
        assert_eq!(code.contains("The weather is nice today."), !is_taken, "{code}");
        assert!(pasted(folder.path(), &card).is_some());
    }
}
