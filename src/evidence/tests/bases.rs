use super::*;

fn bases(facts: &Facts) -> Vec<(&str, Strength)> {
    facts.base_models.iter().map(|base| (base.value.as_str(), base.strength)).collect()
}

fn adapter(base: &str) -> Facts {
    json("adapter_config.json", &format!(r#"{{"peft_type": "LORA", "base_model_name_or_path": "{base}"}}"#))
}

#[test]
fn bases_of_adapters() {
    use Strength::{Strong, Weak};
    assert_eq!(bases(&adapter("meta-llama/Llama-3.2-1B")), [("meta-llama/Llama-3.2-1B", Strong)]);
    assert_eq!(bases(&adapter("gpt2")), [("openai-community/gpt2", Strong)]);
    for doubtful in ["output/final", "outputs/checkpoint-500", "models/llama", "someone/checkpoint-12"] {
        assert_eq!(bases(&adapter(doubtful)), [(doubtful, Weak)], "{doubtful}");
    }
    for path in [
        "",
        "/tmp/base-model",
        "./x",
        "../a/b",
        "~/models/x",
        r"C:\\models\\x",
        "C:/models",
        "a/b/c",
        "checkpoint-500",
        "my-model",
        "a b/c",
    ] {
        assert_eq!(bases(&adapter(path)), [], "{path}");
    }
    let adapterhub = r#"{"model_class": "BertAdapterModel", "model_name": "google-bert/bert-base-uncased"}"#;
    assert_eq!(bases(&json("adapter_config.json", adapterhub)), [("google-bert/bert-base-uncased", Strong)]);
    assert_eq!(bases(&json("adapter_config.json", r#"{"model_name": "a/b"}"#)), []);
    assert_eq!(adapter("a/b").relation.unwrap().value, Relation::Adapter);
    assert_eq!(bases(&json("adapter_config.json", r#"{"base_model_name_or_path": null}"#)), []);
}

#[test]
fn the_model_it_was_loaded_from_is_weak() {
    let config = |name: &str| json("config.json", &format!(r#"{{"_name_or_path": "{name}"}}"#));
    assert_eq!(bases(&config("a/b")), [("a/b", Strength::Weak)]);
    assert_eq!(bases(&config("bert-base-uncased")), [("google-bert/bert-base-uncased", Strength::Weak)]);
    for path in ["", "output/x", "./x", "my-model", "results"] {
        assert_eq!(bases(&config(path)), [], "{path}");
    }
}

#[test]
fn a_copied_configuration_names_the_base_of_the_base() {
    let config =
        |method: &str| format!(r#"{{"_name_or_path": "a/b", "quantization_config": {{"quant_method": "{method}"}}}}"#);
    assert_eq!(bases(&json("config.json", &config("gptq"))), []);
    assert_eq!(bases(&json("config.json", &config("bitsandbytes"))), [("a/b", Strength::Weak)]);
}

#[test]
fn a_release_is_not_its_own_base() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.json"), r#"{"_name_or_path": "Me/Model"}"#).unwrap();
    let options = crate::release::Options { repo_id: Some("me/model".to_owned()) };
    let release = Release::open(folder.path(), &options).unwrap();
    let facts = Facts::gather(&release, &Configs::new(&release), &Weights::new(&release));
    assert!(facts.base_models.is_empty());
}

#[test]
fn gguf_metadata() {
    use Key::{Number, Text, Texts};
    let found = facts(&[(
        "m.gguf",
        &gguf(
            &[
                ("general.base_model.count", Number(2)),
                ("general.base_model.0.repo_url", Text("https://huggingface.co/a/b")),
                ("general.base_model.1.organization", Text("Some Lab")),
                ("general.base_model.1.name", Text("Model 2")),
                ("general.base_model.2.repo_url", Text("https://huggingface.co/not/counted")),
                ("general.dataset.count", Number(1)),
                ("general.dataset.0.repo_url", Text("https://huggingface.co/datasets/c/d")),
                ("general.languages", Texts(&["en", "xx-unknown"])),
                ("general.license", Text("mit")),
            ],
            Q4_K,
        ),
    )]);
    assert_eq!(bases(&found), [("a/b", Strength::Strong), ("Some-Lab/Model-2", Strength::Weak)]);
    assert_eq!(found.datasets[0].value, "c/d");
    assert_eq!(found.languages.iter().map(|found| found.value.as_str()).collect::<Vec<_>>(), ["en"]);
    assert_eq!(found.license.map(|found| (found.value, found.strength)), Some(("mit", Strength::Weak)));
    assert_eq!(
        found.relation.map(|found| (found.value, found.strength)),
        Some((Relation::Quantized, Strength::Strong))
    );

    let source = facts(&[(
        "m.gguf",
        &gguf(
            &[
                ("general.source.repo_url", Text("https://huggingface.co/a/tuned")),
                ("general.base_model.count", Number(1)),
                ("general.base_model.0.repo_url", Text("https://huggingface.co/a/b")),
            ],
            F16,
        ),
    )]);
    assert_eq!(bases(&source), [("a/tuned", Strength::Strong), ("a/b", Strength::Weak)]);
    assert!(source.relation.is_none(), "16 bits are no quantization");

    let none = facts(&[(
        "m.gguf",
        &gguf(
            &[
                ("general.base_model.count", Number(4_000_000_000)),
                ("general.base_model.0.repo_url", Text("https://example.com/a/b")),
                ("general.license", Text("My Licence")),
            ],
            F16,
        ),
    )]);
    assert!(none.base_models.is_empty() && none.license.is_none());
}

#[test]
fn merges() {
    let text = "base_model: a/base\nmerge_method: ties\nmodels:\n  - model: b/one+c/lora # note\n  - model: \"a/base\"\n\
                \x20 - model: ./local\nslices:\n  - sources:\n      - model: d/two\n        layer_range: [0, 1]\n";
    let found = json("mergekit_config.yml", text);
    assert_eq!(bases(&found), [("a/base", Strength::Strong), ("b/one", Strength::Strong), ("d/two", Strength::Strong)]);
    assert_eq!(found.relation.unwrap().value, Relation::Merge);
    assert_eq!(found.base_models[0].proof.len(), 2, "named twice");
    assert!(bases(&json("merge.yml", text)).is_empty());
}

#[test]
fn relations() {
    let relation = |files: &[(&str, &[u8])]| facts(files).relation.map(|found| (found.value, found.strength));
    let config = br#"{"_name_or_path": "a/b"}"#;
    assert_eq!(relation(&[("config.json", config)]), None);
    assert_eq!(
        relation(&[("config.json", config), ("trainer_state.json", b"{}")]),
        Some((Relation::Finetune, Strength::Weak))
    );
    assert_eq!(relation(&[("config.json", b"{}"), ("trainer_state.json", b"{}")]), None);
    let gptq = br#"{"quantization_config": {"quant_method": "gptq"}}"#;
    assert_eq!(relation(&[("config.json", gptq)]), Some((Relation::Quantized, Strength::Strong)));
    let packed = gguf(&[("general.architecture", Key::Text("llama"))], Q4_K);
    let quantized = Some((Relation::Quantized, Strength::Strong));
    assert_eq!(relation(&[("m-Q4_K_M.gguf", &packed)]), quantized);
    let whole = safetensors("{}");
    assert_eq!(relation(&[("m-Q4_K_M.gguf", &packed), ("model.safetensors", &whole)]), None, "an offer beside it");
    let native = br#"{"quantization_config": {"quant_method": "mxfp4"}}"#;
    assert_eq!(relation(&[("config.json", native)]), Some((Relation::Quantized, Strength::Weak)));
}
