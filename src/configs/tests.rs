use std::fs;

use super::*;

fn with<T>(files: &[(&str, &str)], test: impl FnOnce(&Release, &Configs<'_>) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let release = Release::open(folder.path(), &Default::default()).unwrap();
    test(&release, &Configs::new(&release))
}

#[test]
fn model_config() {
    let text = r#"{"architectures": ["AForCausalLM", 3, "B"], "model_type": "a", "_name_or_path": "o/n", "dtype": "bfloat16",
        "torch_dtype": "torch.float16", "auto_map": {"AutoModel": "m.A", "AutoTokenizer": ["m.T", null]}, "vocab_size": 10,
        "quantization_config": {"quant_method": "gptq"}, "transformers_version": "5"}"#;
    with(&[("config.json", text)], |release, configs| {
        let model = configs.model().unwrap();
        let source = release.text(model.config().file()).unwrap();
        let shown = |(text, span): Spanned<'_>| (text.to_owned(), source.slice(span).to_owned());
        let classes: Vec<_> = model.architectures().map(shown).collect();
        assert_eq!(classes, [("AForCausalLM".into(), "\"AForCausalLM\"".into()), ("B".into(), "\"B\"".into())]);
        assert_eq!(shown(model.model_type().unwrap()).1, "\"a\"");
        assert_eq!(model.name_or_path().unwrap().0, "o/n");
        assert_eq!(model.quantization_method().unwrap().0, "gptq");
        assert_eq!(model.number("vocab_size").unwrap().0, 10);
        let map: Vec<_> = model.auto_map().map(|(class, (reference, _))| (class, reference)).collect();
        assert_eq!(map, [("AutoModel", "m.A"), ("AutoTokenizer", "m.T")]);
        assert!(model.timm_architecture().is_none() && model.cross_encoder().is_none());
    });
}

#[test]
fn values_of_another_type_are_none() {
    let text = r#"{"architectures": "A", "model_type": 3, "_name_or_path": null, "quantization_config": null, "auto_map": [],
        "torch_dtype": "torch.float16", "vocab_size": -1, "architecture": "vit"}"#;
    with(&[("config.json", text)], |_, configs| {
        let model = configs.model().unwrap();
        assert_eq!(model.architectures().count(), 0);
        assert!(
            model.model_type().is_none() && model.name_or_path().is_none() && model.quantization_config().is_none()
        );
        assert_eq!(model.auto_map().count(), 0);
        assert!(model.number("vocab_size").is_none() && model.number("nothing").is_none());
        assert!(model.timm_architecture().is_none(), "without pretrained_cfg it is not timm's");
    });
}

#[test]
fn broken_files_keep_what_was_read() {
    with(
        &[("config.json", "{\"model_type\": \"bert\",\n \"x\": NaN,\n \"architectures\": [\"BertModel\"")],
        |_, configs| {
            let model = configs.model().unwrap();
            assert_eq!(model.model_type().unwrap().0, "bert");
            assert_eq!(model.architectures().next().unwrap().0, "BertModel");
        },
    );
    with(&[("config.json", "[1, 2]"), ("modules.json", "{}"), ("adapter_config.json", "")], |_, configs| {
        assert!(configs.model().unwrap().model_type().is_none());
        assert_eq!(configs.modules().unwrap().types().count(), 0);
        assert!(configs.adapter().unwrap().base_model().is_none());
    });
}

#[test]
fn a_pointer_and_an_absent_file_are_none() {
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n", "0".repeat(64));
    with(&[("config.json", &pointer), ("text_encoder/config.json", "{\"model_type\":\"clip\"}")], |_, configs| {
        assert!(configs.model().is_none() && configs.adapter().is_none() && configs.model_index().is_none());
        assert_eq!(configs.model_at("text_encoder/config.json").unwrap().model_type().unwrap().0, "clip");
        assert!(configs.json(FileId(99)).is_none());
    });
}

#[test]
fn pipelines_and_modules() {
    let index = r#"{"_class_name": "FluxPipeline", "vae": ["diffusers", "AutoencoderKL"], "safety_checker": [null, null],
        "_list": ["a", "b"], "flag": true}"#;
    let modules =
        r#"[{"idx": 0, "path": "", "type": "st.Transformer"}, {"path": "1_Pooling", "type": "st.Pooling"}, {}]"#;
    with(&[("model_index.json", index), ("modules.json", modules)], |_, configs| {
        let index = configs.model_index().unwrap();
        assert_eq!(index.class_name().unwrap().0, "FluxPipeline");
        let parts: Vec<_> = index.components().map(|part| (part.name, part.class.map(|class| class.0))).collect();
        assert_eq!(parts, [("vae", Some("AutoencoderKL")), ("safety_checker", None)]);
        let modules = configs.modules().unwrap();
        assert!(modules.types().map(|found| found.0).eq(["st.Transformer", "st.Pooling"]));
        assert!(modules.paths().map(|found| found.0).eq(["", "1_Pooling"]));
    });
    with(&[("modular_model_index.json", r#"{"_class_name": ["my_pipe", "MyPipeline"]}"#)], |_, configs| {
        assert_eq!(configs.model_index().unwrap().class_name().unwrap().0, "MyPipeline");
    });
}

#[test]
fn adapters() {
    let text = r#"{"base_model_name_or_path": "o/n", "task_type": null, "peft_type": "LORA",
        "auto_mapping": {"base_model_class": "BertModel", "parent_library": "transformers.models.bert"}}"#;
    with(&[("adapter_config.json", text)], |_, configs| {
        let adapter = configs.adapter().unwrap();
        assert_eq!(adapter.base_model().unwrap().0, "o/n");
        assert!(adapter.task_type().is_none());
        assert_eq!(adapter.base_model_class().unwrap().0, "BertModel");
        assert_eq!(adapter.parent_library().unwrap().0, "transformers.models.bert");
    });
}
