use super::*;

/// The one tag and its strength, and whether `other` is plausible.
fn one(facts: &Facts) -> Option<(&'static str, Strength)> {
    facts.task.one.as_ref().map(|one| (one.value, one.strength))
}

fn class(name: &str) -> Task {
    json("config.json", &format!(r#"{{"architectures": ["{name}"]}}"#)).task
}

#[test]
fn classes_with_one_reading() {
    for (name, tag) in [
        ("LlamaForCausalLM", "text-generation"),
        ("BertForSequenceClassification", "text-classification"),
        ("BertForMaskedLM", "fill-mask"),
        ("Qwen2_5_VLForConditionalGeneration", "image-text-to-text"),
        ("Gemma3ForConditionalGeneration", "image-text-to-text"),
        ("CLIPModel", "zero-shot-image-classification"),
        ("SamModel", "mask-generation"),
        ("WhisperForConditionalGeneration", "automatic-speech-recognition"),
        ("VitsModel", "text-to-speech"),
        ("SpeechT5ForTextToSpeech", "text-to-speech"),
        ("BarkModel", "text-to-speech"),
        ("DiaForConditionalGeneration", "text-to-speech"),
        ("MusicgenForConditionalGeneration", "text-to-audio"),
        ("MarianMTModel", "translation"),
        ("Wav2Vec2ForCTC", "automatic-speech-recognition"),
    ] {
        let one = class(name).one.unwrap();
        assert_eq!((one.value, one.strength), (tag, Strength::Strong), "{name}");
        assert!(one.proof[0].text.contains(name) && one.proof[0].place.span().is_some());
    }
}

#[test]
fn classes_with_several_readings_are_weak_and_all_are_plausible() {
    for (name, others) in [
        ("T5ForConditionalGeneration", &["summarization", "translation", "text-generation"][..]),
        ("BartForConditionalGeneration", &["summarization", "translation", "text-generation", "fill-mask"]),
        ("PegasusForConditionalGeneration", &["summarization"]),
        ("BertModel", &["feature-extraction", "sentence-similarity", "fill-mask"]),
        ("ViTModel", &["image-feature-extraction", "feature-extraction"]),
        ("BlipForConditionalGeneration", &["image-to-text", "image-text-to-text"]),
        ("LayoutLMv3ForQuestionAnswering", &["question-answering", "document-question-answering"]),
    ] {
        let task = class(name);
        assert_eq!(task.one.unwrap().strength, Strength::Weak, "{name}");
        for other in others {
            assert!(task.plausible.contains(other), "{name} {other}");
        }
        assert!(!task.plausible.contains(&"object-detection"), "{name}");
    }
    assert!(class("VitsModel").plausible.contains(&"text-to-audio"));
    assert!(class("LlamaModel").plausible.is_empty(), "a text model without a head may be anything");
}

#[test]
fn classes_that_say_nothing_or_little() {
    for name in ["", "Unknown", "BertForNextSentencePrediction", "PatchTSTForClassification", "MyForSomething"] {
        assert!(class(name).one.is_none(), "{name}");
    }
    let stranger = class("LlavaLlamaForCausalLM");
    assert_eq!(stranger.one.unwrap().strength, Strength::Weak);
    assert!(stranger.plausible.is_empty(), "a stranger's name contradicts nothing");
    assert!(class("EfficientLoFTRForKeypointMatching").one.is_none(), "its tag is none of the Hub's");
}

#[test]
fn several_classes() {
    let two = |a: &str, b: &str| json("config.json", &format!(r#"{{"architectures": ["{a}", "{b}"]}}"#));
    assert_eq!(one(&two("LlamaForCausalLM", "MistralForCausalLM")), Some(("text-generation", Strength::Strong)));
    let mixed = two("BertForMaskedLM", "BertForTokenClassification");
    assert_eq!(one(&mixed), Some(("fill-mask", Strength::Weak)));
    assert!(mixed.task.plausible.contains(&"token-classification"));
}

#[test]
fn custom_code() {
    let text =
        r#"{"architectures": ["XForCausalLM"], "auto_map": {"AutoConfig": "c.C", "AutoModelForCausalLM": "m.X"}}"#;
    assert_eq!(one(&json("config.json", text)), Some(("text-generation", Strength::Weak)));
    assert!(one(&json("config.json", r#"{"auto_map": {"AutoConfig": "c.C", "AutoModel": "m.X"}}"#)).is_none());
    let eyes = r#"{"architectures": ["LlamaForCausalLM"], "vision_config": {}}"#;
    let eyes = json("config.json", eyes);
    assert_eq!(one(&eyes), Some(("text-generation", Strength::Weak)));
    assert!(eyes.task.plausible.contains(&"image-text-to-text"));
}

#[test]
fn encoders_and_rankers() {
    let bert = (r#"{"architectures": ["BertModel"]}"#, "config.json");
    let modules = r#"[{"type": "sentence_transformers.models.Transformer", "path": ""}]"#;
    let encoder = facts(&[(bert.1, bert.0.as_bytes()), ("modules.json", modules.as_bytes())]);
    assert_eq!(one(&encoder), Some(("sentence-similarity", Strength::Strong)));
    assert!(encoder.task.plausible.contains(&"feature-extraction"));
    assert!(!encoder.task.plausible.contains(&"text-generation"));
    assert!(!encoder.task.plausible.contains(&"text-classification"), "an encoder without a head classifies nothing");

    let kind = |kind: &str, config: &str| {
        let st = format!(r#"{{"model_type": "{kind}"}}"#);
        let files: [(&str, &[u8]); 3] = [
            ("config.json", config.as_bytes()),
            ("modules.json", modules.as_bytes()),
            ("config_sentence_transformers.json", st.as_bytes()),
        ];
        one(&facts(&files))
    };
    let labels = r#"{"architectures": ["BertForSequenceClassification"], "id2label": {"0": "a", "1": "b", "2": "c"}}"#;
    let score = r#"{"architectures": ["BertForSequenceClassification"], "id2label": {"0": "LABEL_0"}}"#;
    assert_eq!(kind("CrossEncoder", score), Some(("text-ranking", Strength::Strong)));
    assert_eq!(kind("CrossEncoder", labels), Some(("text-classification", Strength::Weak)));
    assert_eq!(kind("SparseEncoder", bert.0), Some(("feature-extraction", Strength::Strong)));
    assert_eq!(kind("SentenceTransformer", bert.0), Some(("sentence-similarity", Strength::Strong)));
    assert_eq!(kind("SentenceTransformer", r#"{"vision_config": {}}"#), Some(("sentence-similarity", Strength::Weak)));

    // Before it had files of its own, a CrossEncoder said so in config.json.
    let older = r#"{"architectures": ["BertForSequenceClassification"], "id2label": {"0": "LABEL_0"}, "sentence_transformers": {"version": "4"}}"#;
    assert_eq!(one(&json("config.json", older)), Some(("text-ranking", Strength::Strong)));
    // Without modules, modules.json decides nothing.
    let empty = facts(&[("config.json", labels.as_bytes()), ("modules.json", b"[]")]);
    assert_eq!(one(&empty), Some(("text-classification", Strength::Strong)));
    // One number may be a rank, too.
    assert_eq!(one(&json("config.json", score)), Some(("text-classification", Strength::Weak)));
    let oldest = r#"{"architectures": ["BertForSequenceClassification"], "id2label": {"0": "LABEL_0"}, "sbert_ce_default_activation_function": "torch.nn.modules.linear.Identity"}"#;
    assert_eq!(one(&json("config.json", oldest)), Some(("text-ranking", Strength::Strong)));
}

#[test]
fn adapters() {
    let adapter = |rest: &str| json("adapter_config.json", &format!(r#"{{"peft_type": "LORA", {rest}}}"#));
    for (task_type, tag, strength) in [
        ("CAUSAL_LM", "text-generation", Strength::Strong),
        ("SEQ_CLS", "text-classification", Strength::Strong),
        ("TOKEN_CLS", "token-classification", Strength::Strong),
        ("QUESTION_ANS", "question-answering", Strength::Strong),
        ("SEQ_2_SEQ_LM", "text-generation", Strength::Weak),
    ] {
        assert_eq!(one(&adapter(&format!(r#""task_type": "{task_type}""#))), Some((tag, strength)), "{task_type}");
    }
    assert_eq!(one(&adapter(r#""task_type": null"#)), None);
    assert_eq!(one(&adapter(r#""task_type": "causal_lm""#)), None);
    let mapped =
        adapter(r#""task_type": null, "auto_mapping": {"base_model_class": "WhisperForConditionalGeneration"}"#);
    assert_eq!(one(&mapped), Some(("automatic-speech-recognition", Strength::Weak)));
}

#[test]
fn adapters_of_models_that_may_see_or_hear() {
    let causal = r#"{"peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "BASE"MORE}"#;
    let adapter = |base: &str, more: &str| causal.replace("BASE", base).replace("MORE", more);
    let modules = r#", "target_modules": ["q_proj", "visual.attn"]"#;
    let pattern = r#", "target_modules": "(?:.*?(?:vision|language).*)""#;
    for (base, more) in [("unsloth/llama-3.2-11b-vision-instruct-bnb-4bit", ""), ("a/b", modules), ("a/b", pattern)] {
        let task = json("adapter_config.json", &adapter(base, more)).task;
        assert!(task.one.is_none(), "{base} {more}");
        assert!(["text-generation", "image-text-to-text"].iter().all(|tag| task.plausible.contains(tag)));
    }
    let path = adapter("/data/b", r#", "target_modules": ["q_proj"]"#);
    assert_eq!(one(&json("adapter_config.json", &path)), Some(("text-generation", Strength::Weak)), "not known");
    let text = adapter("a/b", r#", "target_modules": ["q_proj"]"#);
    assert_eq!(one(&json("adapter_config.json", &text)), Some(("text-generation", Strength::Strong)));
    for (name, seen) in [("preprocessor_config.json", true), ("processor_config.json", false)] {
        let files: [(&str, &[u8]); 2] = [("adapter_config.json", text.as_bytes()), (name, b"{}")];
        assert_eq!(facts(&files).task.one.is_none(), seen, "{name}");
    }
}

#[test]
fn custom_code_beside_an_image_processor() {
    let config = br#"{"architectures": ["MolmoForCausalLM"], "auto_map": {"AutoModelForCausalLM": "m.X"}}"#;
    let files: [(&str, &[u8]); 2] = [("config.json", config), ("preprocessor_config.json", b"{}")];
    let task = facts(&files).task;
    assert!(task.one.is_none() && task.plausible.contains(&"image-text-to-text"));
    let sees = br#"{"image_processor_type": "MolmoImageProcessor"}"#;
    let files: [(&str, &[u8]); 2] = [("config.json", config), ("preprocessor_config.json", sees)];
    assert_eq!(one(&facts(&files)), Some(("image-text-to-text", Strength::Weak)));
    let adapter = r#"{"peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "Qwen/Qwen3-VL-8B"}"#;
    assert_eq!(one(&json("adapter_config.json", adapter)), Some(("image-text-to-text", Strength::Weak)));
}

#[test]
fn tasks_of_text_take_a_tokenizer() {
    let config = br#"{"architectures": ["EegForSequenceClassification"], "model_type": "eeg"}"#;
    let files = |more: (&'static str, &'static [u8])| [("config.json", config.as_slice()), more];
    assert_eq!(one(&facts(&files(("preprocessor_config.json", b"{}")))), None);
    assert_eq!(one(&facts(&files(("model.safetensors", POINTER)))), None);
    let text = Some(("text-classification", Strength::Weak));
    assert_eq!(one(&facts(&files(("tokenizer.json", b"{}")))), text);
    assert_eq!(one(&facts(&files(("README.md", b"# x")))), text);
}

#[test]
fn plain_features_are_never_sure() {
    let config = r#"{"architectures": ["LightGlueForKeypointMatching"], "model_type": "lightglue"}"#;
    assert_eq!(one(&json("config.json", config)), Some(("feature-extraction", Strength::Weak)));
}

#[test]
fn a_static_classifier() {
    let modules = br#"[{"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"}]"#;
    let whole = |more: (&'static str, &'static [u8])| facts(&[("modules.json", modules.as_slice()), more]);
    let found = whole(("head.safetensors", POINTER));
    assert_eq!(one(&found), Some(("text-classification", Strength::Weak)));
    assert_eq!(found.library.as_ref().map(|library| library.value.as_str()), Some("model2vec"));
    assert_eq!(one(&whole(("config.json", br#"{"head_config": {}}"#))), Some(("text-classification", Strength::Weak)));
    assert_eq!(one(&whole(("README.md", b"# x"))), Some(("sentence-similarity", Strength::Strong)));
}

#[test]
fn pipelines() {
    let pipeline = |class: &str| json("model_index.json", &format!(r#"{{"_class_name": "{class}"}}"#));
    for (class, expected) in [
        ("StableDiffusionXLPipeline", Some(("text-to-image", Strength::Strong))),
        ("FluxImg2ImgPipeline", Some(("image-to-image", Strength::Strong))),
        ("DDPMPipeline", Some(("unconditional-image-generation", Strength::Strong))),
        ("AllegroPipeline", Some(("text-to-video", Strength::Weak))),
        ("FluxKontextPipeline", Some(("image-to-image", Strength::Weak))),
        ("DiffusionPipeline", None),
        ("MyOwnPipeline", None),
    ] {
        assert_eq!(one(&pipeline(class)), expected, "{class}");
    }
    // A part at the root is not what the pipeline is for.
    let files: [(&str, &[u8]); 2] = [
        ("model_index.json", br#"{"_class_name": "MyOwnPipeline"}"#),
        ("config.json", br#"{"architectures": ["CLIPModel"]}"#),
    ];
    assert_eq!(one(&facts(&files)), None);
    let lora = facts(&[("pytorch_lora_weights.safetensors", &safetensors("{}"))]);
    assert_eq!(one(&lora), Some(("text-to-image", Strength::Weak)));
}

#[test]
fn vision_libraries() {
    let timm =
        |rest: &str| json("config.json", &format!(r#"{{"architecture": "vit_base", "pretrained_cfg": {{}}{rest}}}"#));
    assert_eq!(one(&timm(r#", "num_classes": 10"#)), Some(("image-classification", Strength::Strong)));
    assert_eq!(one(&timm("")), Some(("image-classification", Strength::Strong)));
    assert_eq!(one(&timm(r#", "num_classes": 0"#)), Some(("image-feature-extraction", Strength::Strong)));
    assert_eq!(one(&json("config.json", r#"{"architecture": "vit_base", "num_classes": 10}"#)), None);
    assert_eq!(one(&json("open_clip_config.json", "{}")), Some(("zero-shot-image-classification", Strength::Strong)));
    assert_eq!(one(&json("config_setfit.json", "{}")), Some(("text-classification", Strength::Strong)));
}

#[test]
fn gguf_files() {
    let of = |files: &[(&str, &[(&str, Key)])]| {
        let files: Vec<_> = files.iter().map(|(name, keys)| (*name, gguf(keys, Q4_K))).collect();
        let files: Vec<_> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        one(&facts(&files))
    };
    let arch = |name| ("general.architecture", Key::Text(name));
    let strong = |tag| Some((tag, Strength::Strong));
    assert_eq!(of(&[("m.gguf", &[arch("llama")])]), strong("text-generation"));
    assert_eq!(of(&[("m.gguf", &[arch("bert")])]), strong("feature-extraction"));
    assert_eq!(
        of(&[("m.gguf", &[arch("nomic-bert"), ("nomic-bert.pooling_type", Key::Number(1))])]),
        strong("feature-extraction")
    );
    assert_eq!(
        of(&[("m.gguf", &[arch("qwen3"), ("qwen3.pooling_type", Key::Number(3))])]),
        Some(("feature-extraction", Strength::Weak))
    );
    assert_eq!(
        of(&[("m.gguf", &[arch("bert"), ("bert.pooling_type", Key::Number(4))])]),
        Some(("text-ranking", Strength::Weak))
    );
    assert_eq!(of(&[("m.gguf", &[arch("whisper")])]), None);
    assert_eq!(of(&[("m.gguf", &[arch("flux")])]), None);
    assert_eq!(of(&[("m.gguf", &[])]), None);
    assert_eq!(of(&[("m.gguf", &[arch("llama"), ("general.type", Key::Text("adapter"))])]), None);
    let new = [arch("newer"), ("tokenizer.ggml.model", Key::Text("gpt2")), ("newer.context_length", Key::Number(8))];
    assert_eq!(of(&[("m.gguf", &new)]), Some(("text-generation", Strength::Weak)));
    let eyes = [arch("clip"), ("clip.has_vision_encoder", Key::Flag(true))];
    assert_eq!(of(&[("m.gguf", &[arch("llama")]), ("mmproj.gguf", &eyes)]), strong("image-text-to-text"));
    assert_eq!(of(&[("mmproj.gguf", &[arch("clip")])]), Some(("image-text-to-text", Strength::Weak)));
    let ears = [arch("clip"), ("clip.has_audio_encoder", Key::Flag(true))];
    assert_eq!(
        of(&[("m.gguf", &[arch("llama")]), ("mmproj.gguf", &ears)]),
        Some(("audio-text-to-text", Strength::Weak))
    );
    assert_eq!(one(&facts(&[("m.gguf", POINTER)])), None);
}

#[test]
fn the_part_for_texts_of_a_model_that_takes_more() {
    for (class, rest) in [
        ("Qwen3_5MoeForConditionalGeneration", r#""model_type": "qwen3_5_moe_text", "num_hidden_layers": 4"#),
        ("Gemma3ForConditionalGeneration", r#""model_type": "gemma3_text""#),
        ("Llama4ForConditionalGeneration", r#""model_type": "llama4", "num_hidden_layers": 4"#),
    ] {
        let found = json("config.json", &format!(r#"{{"architectures": ["{class}"], {rest}}}"#));
        assert_eq!(one(&found), Some(("text-generation", Strength::Weak)), "{class}");
        assert!(found.task.plausible.contains(&"image-text-to-text"), "{class}");
        assert!(found.task.proof.len() == 2, "what shows it is named: {class}");
    }
    for rest in [r#""vision_config": {}, "text_config": {}"#, r#""num_hidden_layers": 4, "vision_config": {}"#] {
        let text =
            format!(r#"{{"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3", {rest}}}"#);
        assert_eq!(one(&json("config.json", &text)), Some(("image-text-to-text", Strength::Strong)), "{rest}");
    }
}

#[test]
fn a_checkpoint_without_a_head_says_so() {
    for name in ["Wav2Vec2ForPreTraining", "ViTMAEForPreTraining", "HubertModel", "BertModel"] {
        let task = class(name);
        assert!(task.headless && task.one.is_none_or(|one| one.strength == Strength::Weak), "{name}");
    }
    for name in ["Wav2Vec2ForCTC", "BertForMaskedLM", "MyModel"] {
        assert!(!class(name).headless, "{name}");
    }
    let both = json("config.json", r#"{"architectures": ["BertForPreTraining", "BertForMaskedLM"]}"#);
    assert_eq!(one(&both), Some(("fill-mask", Strength::Strong)));
}

#[test]
fn gguf_files_of_models_that_take_more_than_text() {
    let arch = |name| ("general.architecture", Key::Text(name));
    let of = |name: &'static str, keys: &[(&str, Key)]| {
        let bytes = gguf(keys, Q4_K);
        facts(&[(name, bytes.as_slice())])
    };
    let plain = of("m.gguf", &[arch("llama")]);
    assert!(plain.task.without_projector.is_some());
    let named = of("m.gguf", &[arch("llama"), ("general.name", Key::Text("Pixtral 12B"))]);
    assert_eq!(one(&named), Some(("text-generation", Strength::Weak)));
    assert!(named.task.plausible.contains(&"image-text-to-text") && named.task.without_projector.is_some());
    assert!(of("m.gguf", &[arch("bert")]).task.without_projector.is_none(), "an encoder");
    let model = gguf(&[arch("llama")], Q4_K);
    for projector in [gguf(&[arch("clip")], F16), POINTER.to_vec()] {
        let pair = facts(&[("m.gguf", model.as_slice()), ("mmproj-F16.gguf", projector.as_slice())]);
        assert!(pair.task.without_projector.is_none() && pair.task.plausible.contains(&"image-text-to-text"));
    }
}

#[test]
fn every_plausible_tag_is_a_task_and_includes_the_one() {
    for name in
        ["T5ForConditionalGeneration", "LlamaForCausalLM", "CLIPModel", "VitsModel", "JanusForConditionalGeneration"]
    {
        let task = class(name);
        assert!(task.plausible.iter().all(|tag| crate::hub::tasks::get(tag).is_some()), "{name}");
        assert!(task.plausible.contains(&task.one.unwrap().value), "{name}");
    }
}
