mod files;
mod transformers;

use super::*;
use crate::draft::testing::{gguf, with, with_id};
use crate::hub::architectures::{PipelineTask, pipeline_task};
use crate::hub::tasks;

/// The program for a library and a task that the card states, with these files.
fn program(library: &str, task: &str, files: &[(&str, &[u8])]) -> String {
    let task = Some(task).filter(|task| !task.is_empty());
    with(files, |material| of(&material.stated(Some(library), task, Some("acme/base"))).unwrap().text())
}

fn says(program: &str, parts: &[&str]) {
    for part in parts {
        assert!(program.contains(part), "`{part}` in\n{program}");
    }
}

#[test]
fn every_library_loads_this_repository() {
    for (library, parts) in [
        ("transformers", &["from transformers import", "\"acme/lamp\""][..]),
        ("diffusers", &["DiffusionPipeline.from_pretrained(\"acme/lamp\")", "image.save("]),
        ("sentence-transformers", &["SentenceTransformer(\"acme/lamp\")", "model.similarity("]),
        ("setfit", &["SetFitModel.from_pretrained(\"acme/lamp\")", "model.predict("]),
        ("peft", &["AutoPeftModel.from_pretrained(\"acme/lamp\")"]),
        ("adapter-transformers", &["AutoAdapterModel.from_pretrained(\"acme/base\")", "load_adapter(\"acme/lamp\""]),
        ("timm", &["timm.create_model(\"hf-hub:acme/lamp\", pretrained=True)", "create_transform("]),
        ("open_clip", &["create_model_from_pretrained(\"hf-hub:acme/lamp\")", "get_tokenizer(\"hf-hub:acme/lamp\")"]),
        ("keras", &["keras.saving.load_model(\"hf://acme/lamp\")"]),
        ("keras-hub", &["Backbone.from_preset(\"hf://acme/lamp\")"]),
        ("sklearn", &["hf_hub_download(\"acme/lamp\", \"sklearn_model.joblib\")", "joblib.load(path)"]),
        ("spacy", &["spacy.load(snapshot_download(\"acme/lamp\"))"]),
        ("model2vec", &["StaticModel.from_pretrained(\"acme/lamp\")"]),
        ("fastai", &["from_pretrained_fastai(\"acme/lamp\")"]),
        ("flair", &["SequenceTagger.load(\"acme/lamp\")", "model.predict(sentence)"]),
        ("span-marker", &["SpanMarkerModel.from_pretrained(\"acme/lamp\")"]),
        ("bertopic", &["BERTopic.load(\"acme/lamp\")"]),
    ] {
        let program = program(library, "", &[]);
        says(&program, parts);
        says(&program, &["# pip install -U "]);
        assert!(program.ends_with('\n') && !program.contains("\n\n\n") && !program.ends_with("\n\n"), "{program}");
    }
    assert!(with(&[], |material| of(&material.stated(Some("lamp-lib"), None, None)).is_none()));
    assert!(with(&[], |material| of(&material).is_none()));
}

#[test]
fn pipelines_are_called_for_the_tasks_that_have_one() {
    for id in tasks::all().map(|task| task.id) {
        let program = program("transformers", id, &[]);
        let current = matches!(pipeline_task(id), Some(PipelineTask::Current | PipelineTask::Alias(_)));
        // A caption wants a model class; the alias asks for a text as well.
        let wanted = current && id != "image-to-text";
        assert_eq!(program.contains(&format!("pipeline(\"{id}\", model=\"acme/lamp\")")), wanted, "{id}:\n{program}");
        assert_eq!(program.contains("pipe("), wanted, "{id}:\n{program}");
    }
}

#[test]
fn removed_tasks_use_model_classes() {
    let bart: &[(&str, &[u8])] = &[("config.json", br#"{"architectures": ["BartForConditionalGeneration"]}"#)];
    says(
        &program("transformers", "summarization", bart),
        &["BartForConditionalGeneration.from_pretrained", ".generate("],
    );
    says(&program("transformers", "translation", &[]), &["AutoModelForSeq2SeqLM.from_pretrained", ".generate("]);
    let answers = program("transformers", "question-answering", &[]);
    says(&answers, &["AutoModelForQuestionAnswering", "start_logits.argmax()", "import torch"]);
}

#[test]
fn a_chat_template_makes_a_chat() {
    let template: &[(&str, &[u8])] = &[("chat_template.jinja", b"{{ messages }}")];
    let config: &[(&str, &[u8])] = &[("tokenizer_config.json", br#"{"chat_template": "x"}"#)];
    for files in [template, config] {
        let chat = program("transformers", "text-generation", files);
        says(&chat, &["AutoModelForCausalLM", "apply_chat_template(", "add_generation_prompt=True"]);
        says(&program("transformers", "image-text-to-text", files), &["\"type\": \"image\"", "pipe(text=messages"]);
        says(&program("mlx", "text-generation", files), &["apply_chat_template(messages"]);
    }
    let plain = program("transformers", "text-generation", &[("tokenizer_config.json", b"{}")]);
    assert!(!plain.contains("chat") && plain.contains("pipe(\""), "{plain}");
}

/// The oldest and the newest rows of the tables.
#[test]
fn a_class_that_transformers_has_is_loaded() {
    for (class, model_type) in [("GPT2LMHeadModel", "gpt2"), ("LaraMiniForCausalLM", "lara_mini")] {
        let config = format!("{{\"architectures\": [\"{class}\"], \"model_type\": \"{model_type}\"}}");
        let made = program("transformers", "text-generation", &[("config.json", config.as_bytes())]);
        says(&made, &["pipeline(\"text-generation\", model=\"acme/lamp\")"]);
    }
}

#[test]
fn code_of_the_repository_is_asked_for() {
    let files: &[(&str, &[u8])] = &[(
        "config.json",
        br#"{"auto_map": {"AutoModel": "modeling_lamp.LampModel"}, "architectures": ["LampModel"], "model_type": "lamp"}"#,
    )];
    let other = program("transformers", "graph-ml", files);
    says(&other, &["AutoModel.from_pretrained(\"acme/lamp\", trust_remote_code=True)"]);
    says(&program("transformers", "feature-extraction", files), &["model=\"acme/lamp\", trust_remote_code=True)"]);
    says(&program("sentence-transformers", "", files), &["(\"acme/lamp\", trust_remote_code=True)"]);
    assert!(!program("transformers", "fill-mask", &[]).contains("trust_remote_code"));
}

#[test]
fn sentence_transformers_has_three_classes() {
    for class in ["SentenceTransformer", "CrossEncoder", "SparseEncoder"] {
        let config = format!("{{\"model_type\": \"{class}\"}}");
        let files: &[(&str, &[u8])] = &[("config_sentence_transformers.json", config.as_bytes())];
        let program = program("sentence-transformers", "", files);
        says(&program, &[&format!("model = {class}(\"acme/lamp\")")]);
        assert_eq!(program.contains("model.predict(pairs)"), class == "CrossEncoder", "{program}");
    }
    let cross: &[(&str, &[u8])] = &[("config.json", br#"{"sentence_transformers": {"version": "5.0"}}"#)];
    says(&program("sentence-transformers", "", cross), &["CrossEncoder("]);
}

#[test]
fn an_adapter_is_put_on_a_base_that_can_be_found() {
    let adapter = |base: &str| {
        format!(r#"{{"peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "{base}"}}"#)
    };
    let program = |base: &str| {
        let config = adapter(base);
        with(&[("adapter_config.json", config.as_bytes())], |material| of(&material).unwrap().text())
    };
    says(
        &program("acme/base"),
        &["AutoPeftModelForCausalLM.from_pretrained(\"acme/lamp\")", "AutoTokenizer.from_pretrained(\"acme/base\")"],
    );
    // The path of another machine: AutoPeftModel would look for it.
    let lost = program("/tmp/base-model");
    says(
        &lost,
        &[
            "AutoModelForCausalLM.from_pretrained(\"OWNER/BASE-MODEL\")",
            "PeftModel.from_pretrained(base, \"acme/lamp\")",
        ],
    );
    assert!(!lost.contains("/tmp"), "{lost}");
    let lora: &[(&str, &[u8])] = &[("pytorch_lora_weights.safetensors", b"")];
    says(
        &super::tests::program("diffusers", "text-to-image", lora),
        &["from_pretrained(\"acme/base\", dtype=torch.bfloat16)", "load_lora_weights(\"acme/lamp\")"],
    );
}

#[test]
fn names_of_files_and_classes_are_quoted_or_left_out() {
    let skops: &[(&str, &[u8])] = &[("model.skops", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")];
    says(&program("sklearn", "", skops), &["\"model.skops\"", "io.get_untrusted_types(file=path)"]);
    let hostile: &[(&str, &[u8])] = &[("a\"; import os; \".skops", b"PK")];
    assert!(!program("sklearn", "", hostile).contains("import os"));
    let class: &[(&str, &[u8])] = &[("config.json", br#"{"_class_name": "X; import os", "_diffusers_version": "1"}"#)];
    assert!(!program("diffusers", "", class).contains("import os"));
}

#[test]
fn an_unknown_id_is_a_placeholder_and_gguf_needs_no_library() {
    let gguf = gguf(&[("general.architecture", "llama")]);
    let text = with_id(None, &[("lamp.gguf", &gguf)], |material| of(&material).unwrap());
    assert_eq!(text.language, "bash");
    says(&text.text(), &["llama-cli -hf OWNER/NAME -p "]);
}

#[test]
fn examples_are_the_models() {
    let labels: &[u8] = br#"{"id2label": {"0": "negative", "1": "positive"}}"#;
    let code = |example, language, files: &[(&str, &[u8])]| {
        with(files, |material| {
            let material = material.stated(Some("transformers"), Some("text-classification"), None);
            of(&material.shown(example, language)).unwrap().text()
        })
    };
    says(
        &code(Some("Great service!"), None, &[("config.json", labels)]),
        &["pipe(\"Great service!\"))  # labels: negative, positive"],
    );
    says(&code(None, Some("de-DE"), &[]), &["pipe(\"Das Wetter ist heute schön.\"))\n"]);
    says(&code(None, None, &[("config.json", br#"{"id2label": {"0": "LABEL_0"}}"#)]), &["nice today.\"))\n"]);
}

#[test]
fn what_a_name_or_a_configuration_has_to_say() {
    let code = |library: &str, task: &str, files: &[(&str, &[u8])]| {
        let task = Some(task).filter(|task| !task.is_empty());
        with(files, |material| of(&material.stated(Some(library), task, None)).map(|snippet| snippet.text()))
    };
    says(
        &code("stable-baselines3", "", &[("ppo-Lamp-v1.zip", b"x")]).unwrap(),
        &["PPO.load(path)", "\"ppo-Lamp-v1.zip\""],
    );
    assert_eq!(code("stable-baselines3", "", &[("ppolamp.zip", b"x"), ("lamp.zip", b"x")]), None);
    let config: &[u8] = br#"{"speechbrain_interface": "EncoderClassifier"}"#;
    says(&code("speechbrain", "", &[("config.json", config)]).unwrap(), &["EncoderClassifier.from_hparams("]);
    let hostile: &[u8] = br#"{"speechbrain_interface": "os; import x"}"#;
    assert_eq!(code("speechbrain", "", &[("config.json", hostile)]), None);
    assert_eq!(code("speechbrain", "", &[]), None);
    says(&code("nemo", "automatic-speech-recognition", &[]).unwrap(), &["ASRModel.from_pretrained(\"acme/lamp\")"]);
    assert_eq!(code("nemo", "text-to-speech", &[]), None);
    says(&code("espnet", "text-to-speech", &[]).unwrap(), &["Text2Speech.from_pretrained(\"acme/lamp\")"]);
    assert_eq!(code("espnet", "", &[]), None);
    says(&code("ultralytics", "", &[("best.pt", b"x")]).unwrap(), &["YOLO(path)", "\"best.pt\""]);
    assert_eq!(code("ultralytics", "", &[("best pt\".pt", b"x")]), None);
    says(&code("transformers.js", "fill-mask", &[]).unwrap(), &["${pipe.tokenizer.mask_token}.`"]);
}
