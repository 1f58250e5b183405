use super::*;

#[test]
fn signs_of_libraries() {
    let library = |path: &str, text: &str| json(path, text).library.map(|found| (found.value, found.strength));
    assert_eq!(library("gliner_config.json", "{}"), Some(("gliner".to_owned(), Strength::Weak)));
    let skops = r#"{"sklearn": {"task": "tabular-classification"}}"#;
    assert_eq!(library("config.json", skops), Some(("sklearn".to_owned(), Strength::Strong)));
    let pylate = r#"[{"idx": 0, "name": "1", "path": "1_Dense", "type": "pylate.models.Dense.Dense"}]"#;
    assert_eq!(library("modules.json", pylate), None);
}

#[test]
fn classes_that_transformers_cannot_load() {
    let config =
        |class: &str| format!(r#"{{"architectures": ["{class}"], "model_type": "x", "transformers_version": "5.1"}}"#);
    let library = |text: &str| json("config.json", text).library.map(|library| library.value);
    assert_eq!(library(&config("LampForCausalLM")).as_deref(), Some("transformers"), "perhaps a new one");
    assert_eq!(library(&config("LampModel")).as_deref(), Some("transformers"));
    assert_eq!(library(&config("LampProbeV2")), None);
    let bert = br#"{"model_type": "bert"}"#.as_slice();
    for (path, bytes) in [("weights.npz", POINTER), ("quanto_qmap.json", b"{}".as_slice())] {
        let found = facts(&[("config.json", bert), (path, bytes)]);
        assert!(found.library.is_none() && found.plausible_libraries.contains(&"transformers"), "{path}");
    }
}

fn library(facts: &Facts) -> Option<(&str, Strength)> {
    facts.library.as_ref().map(|found| (found.value.as_str(), found.strength))
}

fn of(files: &[(&str, &str)]) -> Facts {
    let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    facts(&files)
}

const BERT: (&str, &str) = ("config.json", r#"{"architectures": ["BertModel"], "model_type": "bert"}"#);
const WEIGHTS: (&str, &str) = ("model.safetensors", "version https://git-lfs.github.com/spec/v1\n");

#[test]
fn one_library_each() {
    for (files, key) in [
        (&[("adapter_config.json", r#"{"peft_type": "LORA"}"#)][..], "peft"),
        (&[("adapter_config.json", r#"{"model_class": "BertModel", "config": {}}"#)], "adapter-transformers"),
        (&[("modules.json", r#"[{"type": "a.B"}]"#), BERT, WEIGHTS], "sentence-transformers"),
        (&[("config_sentence_transformers.json", "{}"), BERT, WEIGHTS], "sentence-transformers"),
        (&[("config_setfit.json", "{}"), ("modules.json", r#"[{"type": "a.B"}]"#), BERT, WEIGHTS], "setfit"),
        (&[("model_index.json", r#"{"_class_name": "X"}"#)], "diffusers"),
        (&[("config.json", r#"{"_class_name": "ControlNetModel", "_diffusers_version": "0.1"}"#)], "diffusers"),
        (&[("pytorch_lora_weights.safetensors", "")], "diffusers"),
        (&[("open_clip_config.json", "{}")], "open_clip"),
        (&[("config.json", r#"{"architecture": "vit", "pretrained_cfg": {}}"#)], "timm"),
        (&[BERT, WEIGHTS], "transformers"),
        (&[BERT, ("pytorch_model-00001-of-00002.bin", "")], "transformers"),
        (&[("config.json", r#"{"architectures": ["LlamaForCausalLM"]}"#), WEIGHTS], "transformers"),
        (&[("config.json", r#"{"model_type": "x", "auto_map": {"AutoModel": "m.X"}}"#), WEIGHTS], "transformers"),
        (&[("model.nemo", "")], "nemo"),
        (&[("model.keras", "")], "keras"),
        (&[("metadata.json", r#"{"keras_version": "3"}"#), ("config.json", r#"{"module": "keras"}"#)], "keras"),
        (
            &[("metadata.json", r#"{"keras_version": "3"}"#), ("config.json", r#"{"registered_name": "keras_hub>B"}"#)],
            "keras-hub",
        ),
        (&[("model.skops", "")], "sklearn"),
        (&[("meta.json", r#"{"spacy_version": ">=3"}"#)], "spacy"),
    ] {
        let found = of(files);
        assert_eq!(library(&found), Some((key, Strength::Strong)), "{files:?}");
        assert!(found.plausible_libraries.contains(&key));
        assert!(!found.library.unwrap().proof[0].text.is_empty());
    }
}

#[test]
fn doubtful_libraries() {
    for (files, expected) in [
        // No weights that transformers would load.
        (&[BERT][..], Some(("transformers", Strength::Weak))),
        (&[BERT, ("onnx/model.onnx", "")], Some(("transformers.js", Strength::Weak))),
        // transformers wrote it, but the type is unknown, or another library's.
        (
            &[("config.json", r#"{"model_type": "my_own", "transformers_version": "5"}"#), WEIGHTS],
            Some(("transformers", Strength::Weak)),
        ),
        (
            &[("config.json", r#"{"model_type": "span-marker", "transformers_version": "4"}"#), WEIGHTS],
            Some(("span-marker", Strength::Weak)),
        ),
        // The adapter of a whole model, or a whole model by mistake.
        (&[("adapter_config.json", r#"{"peft_type": "LORA"}"#), BERT, WEIGHTS], Some(("peft", Strength::Weak))),
        (&[("open_clip_config.json", "{}"), BERT, WEIGHTS], Some(("open_clip", Strength::Weak))),
        (&[("config.json", r#"{"hidden_size": 4}"#), WEIGHTS], None),
        (&[("config.json", r#"{"model_type": "my_own"}"#), WEIGHTS], None),
        (&[("modules.json", "[]")], None),
        (&[("metadata.json", "{}")], None),
        (&[("sub/adapter_config.json", r#"{"peft_type": "LORA"}"#)], None),
        (&[("sub/model.nemo", "")], None),
        (&[("model.bin", "x"), ("model.h5", "x")], None),
    ] {
        assert_eq!(library(&of(files)), expected, "{files:?}");
    }
}

#[test]
fn gguf_alone_is_no_librarys() {
    assert_eq!(library(&facts(&[("m.gguf", &gguf(&[], Q4_K))])), None);
}

#[test]
fn mlx_says_so_in_the_header() {
    let config = BERT.1.as_bytes();
    let mlx = facts(&[("config.json", config), ("model.safetensors", &safetensors(r#"{"format":"mlx"}"#))]);
    assert_eq!(library(&mlx), Some(("mlx", Strength::Strong)));
    assert_eq!(mlx.plausible_libraries, ["mlx", "transformers"]);
    let pt = facts(&[("config.json", config), ("model.safetensors", &safetensors(r#"{"format":"pt"}"#))]);
    assert_eq!(library(&pt), Some(("transformers", Strength::Strong)));
    assert_eq!(pt.plausible_libraries, ["transformers"]);
}

#[test]
fn what_else_could_load_the_files_is_plausible() {
    let setfit = of(&[("config_setfit.json", "{}"), ("modules.json", r#"[{"type": "a.B"}]"#), BERT, WEIGHTS]);
    assert_eq!(setfit.plausible_libraries, ["setfit", "sentence-transformers", "transformers"]);
    let adapter = of(&[("adapter_config.json", r#"{"peft_type": "LORA"}"#)]);
    assert_eq!(adapter.plausible_libraries, ["peft", "transformers"]);
}
