use super::super::of;
use super::says;
use crate::draft::testing::{safetensors, with};

type Files<'f> = &'f [(&'f str, &'f [u8])];

/// The program for files of transformers, with the task that a card states; empty where there is none.
fn code(task: &str, files: Files<'_>) -> String {
    let task = Some(task).filter(|task| !task.is_empty());
    with(files, |material| {
        of(&material.stated(Some("transformers"), task, None)).map_or(String::new(), |snippet| snippet.text())
    })
}

const BERT: (&str, &[u8]) =
    ("config.json", br#"{"architectures": ["BertForSequenceClassification"], "model_type": "bert"}"#);
const TOKENIZER: (&str, &[u8]) = ("tokenizer.json", b"{}");

fn weights() -> Vec<u8> {
    safetensors(&[("F32", 4, 1)])
}

/// The program for a config.json with weights and these empty files beside it.
fn of_config(task: &str, config: &str, beside: &[&str]) -> String {
    let weights = weights();
    let mut files: Vec<(&str, &[u8])> = vec![("config.json", config.as_bytes()), ("model.safetensors", &weights)];
    files.extend(beside.iter().map(|name| (*name, &b"{}"[..])));
    code(task, &files)
}

#[test]
fn only_weights_that_transformers_loads_have_code() {
    let (task, safe) = ("text-classification", weights());
    let pipeline = "pipeline(\"text-classification\", model=\"acme/lamp\")";
    for (name, bytes) in [
        ("model.safetensors", &safe[..]),
        ("model.safetensors.index.json", b"{}"),
        ("pytorch_model.bin", b"PK"),
        ("pytorch_model.bin.index.json", b"{}"),
    ] {
        says(&code(task, &[BERT, TOKENIZER, (name, bytes)]), &[pipeline]);
    }
    for name in ["model.onnx", "openvino_model.xml", "flax_model.msgpack", "tf_model.h5", "global_step1/states.pt"] {
        assert_eq!(code(task, &[BERT, TOKENIZER, (name, &safe)]), "", "{name}");
    }
    assert_eq!(code(task, &[TOKENIZER, ("model.safetensors", &safe)]), "", "no config.json");
    // The card may be written first.
    says(&code(task, &[BERT]), &[pipeline]);
}

#[test]
fn text_is_given_to_models_that_read_it() {
    let pipeline = "pipeline(\"feature-extraction\"";
    let bert = r#"{"architectures": ["BertModel"], "model_type": "bert"}"#;
    let whisper = r#"{"architectures": ["WhisperModel"], "model_type": "whisper", "is_encoder_decoder": true}"#;
    let t5 = r#"{"architectures": ["T5Model"], "model_type": "t5", "is_encoder_decoder": true}"#;
    let wave = r#"{"architectures": ["Wav2Vec2Model"], "model_type": "wav2vec2"}"#;
    says(&of_config("feature-extraction", bert, &["tokenizer_config.json"]), &[pipeline]);
    for (config, beside, class) in [
        (bert, &[][..], "BertModel"),
        (wave, &["preprocessor_config.json"], "Wav2Vec2Model"),
        (whisper, &["preprocessor_config.json", "vocab.json"], "WhisperModel"),
        // A decoder of T5 asks for a text of its own.
        (t5, &["tokenizer.json"], "T5Model"),
    ] {
        let code = of_config("feature-extraction", config, beside);
        says(&code, &[&format!("{class}.from_pretrained(\"acme/lamp\")")]);
        assert!(!code.contains("pipeline("), "{code}");
    }
}

#[test]
fn pictures_and_sound_want_a_processor() {
    let vit = r#"{"architectures": ["ViTForImageClassification"], "model_type": "vit"}"#;
    let (with, without) = (&["preprocessor_config.json"][..], &[][..]);
    says(&of_config("image-classification", vit, with), &["pipeline(\"image-classification\""]);
    says(&of_config("image-classification", vit, without), &["ViTForImageClassification.from_pretrained("]);
}

#[test]
fn an_encoder_keeps_its_decoder() {
    for (class, model_type) in [
        ("BartForConditionalGeneration", "bart"),
        ("MBartForConditionalGeneration", "mbart"),
        ("ProphetNetForConditionalGeneration", "prophetnet"),
        ("T5ForConditionalGeneration", "t5"),
    ] {
        let config = format!(r#"{{"architectures": ["{class}"], "model_type": "{model_type}"}}"#);
        let code = of_config("text-generation", &config, &["tokenizer.json"]);
        says(&code, &[&format!("{class}.from_pretrained("), "model.generate("]);
        assert!(!code.contains("pipeline("), "{code}");
    }
    let unnamed = r#"{"model_type": "bart", "is_encoder_decoder": true}"#;
    says(&of_config("text-generation", unnamed, &["tokenizer.json"]), &["AutoModelForSeq2SeqLM.from_pretrained("]);
    let decoder = r#"{"architectures": ["BartForCausalLM"], "model_type": "bart"}"#;
    says(&of_config("text-generation", decoder, &["tokenizer.json"]), &["pipeline(\"text-generation\""]);
}

#[test]
fn a_pipeline_has_to_load_the_class_of_the_weights() {
    let speech = |class: &str, model_type: &str| {
        let config = format!(r#"{{"architectures": ["{class}"], "model_type": "{model_type}"}}"#);
        of_config("automatic-speech-recognition", &config, &["preprocessor_config.json", "tokenizer.json"])
    };
    says(&speech("Wav2Vec2ForCTC", "wav2vec2"), &["pipeline(\"automatic-speech-recognition\""]);
    says(&speech("WhisperForConditionalGeneration", "whisper"), &["pipeline(\"automatic-speech-recognition\""]);
    for (class, model_type) in [
        ("GlmAsrForConditionalGeneration", "glmasr"),
        ("MossTranscribeDiarizeForConditionalGeneration", "moss_transcribe_diarize"),
        ("Nemotron3_5TranscribeForConditionalGeneration", "nemo_speechlm"),
    ] {
        says(&speech(class, model_type), &[&format!("{class}.from_pretrained(\"acme/lamp\")")]);
    }
    let masked = r#"{"architectures": ["BertForMaskedLM"], "model_type": "bert"}"#;
    for task in ["question-answering", "text-classification", "translation"] {
        says(&of_config(task, masked, &["tokenizer.json"]), &["BertForMaskedLM.from_pretrained("]);
    }
    // A class of the repository is found by the auto class that it stands for.
    let own = r#"{"architectures": ["Lamp"], "auto_map": {"AutoModelForCausalLM": "lamp.Lamp"}}"#;
    says(&of_config("text-generation", own, &["tokenizer.json"]), &["pipeline(\"text-generation\""]);
    says(&of_config("fill-mask", own, &["tokenizer.json"]), &["AutoModelForCausalLM.from_pretrained("]);
}

#[test]
fn a_class_that_nobody_knows_has_no_code() {
    for config in [
        r#"{"architectures": ["PatchTSTForPrediction"], "model_type": "patchtst"}"#,
        r#"{"architectures": ["Lamp"], "model_type": "lamp"}"#,
        r#"{"model_type": "lamp"}"#,
    ] {
        assert_eq!(of_config("", config, &[]), "", "{config}");
    }
    says(&of_config("", r#"{"model_type": "patchtst"}"#, &[]), &["AutoModel.from_pretrained("]);
}

#[test]
fn quantized_weights_name_their_package() {
    let quantized = |inner: &str| {
        let config = format!(
            r#"{{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "quantization_config": {{{inner}}}}}"#
        );
        of_config("text-generation", &config, &["tokenizer.json"])
    };
    let method = |name: &str| quantized(&format!(r#""quant_method": "{name}""#));
    says(&method("awq"), &["# pip install -U transformers torch accelerate gptqmodel\n"]);
    says(&method("gptq"), &["torch optimum gptqmodel\n"]);
    says(&method("aqlm"), &["torch accelerate \"aqlm[gpu,cpu]\"\n"]);
    says(&quantized(r#""load_in_4bit": true"#), &["torch accelerate bitsandbytes\n"]);
    for unknown in ["exl2", "exl3", "modelopt", ""] {
        assert_eq!(method(unknown), "", "{unknown}");
    }
    assert_eq!(quantized(r#""group_size": 64, "bits": 4"#), "");
    let config = r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}"#;
    assert_eq!(of_config("", config, &["quanto_qmap.json"]), "");
    let chat = format!(r#"{}, "quantization_config": {{"quant_method": "fp8"}}}}"#, config.trim_end_matches('}'));
    let chat = of_config("text-generation", &chat, &["tokenizer.json", "chat_template.jinja"]);
    assert_eq!(chat.matches("accelerate").count(), 1, "{chat}");
}

#[test]
fn an_adapter_is_loaded_by_peft() {
    let config: &[u8] = br#"{"peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "acme/base"}"#;
    says(&code("text-generation", &[("adapter_config.json", config)]), &["from peft import AutoPeftModelForCausalLM"]);
}
