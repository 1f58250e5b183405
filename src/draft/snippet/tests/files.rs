//! What the files of libraries have to be before there is code for them.

use super::super::of;
use super::says;
use crate::draft::testing::{gguf, with};

/// The program for files, with the library and the task that a card states; empty where there is none.
fn code(library: &str, task: &str, files: &[(&str, &[u8])]) -> String {
    let stated = |text| Some(text).filter(|text: &&str| !text.is_empty());
    with(files, |material| {
        let material = material.stated(stated(library), stated(task), Some("acme/base"));
        of(&material).map_or(String::new(), |snippet| snippet.text())
    })
}

/// A safetensors file whose tensors have these names.
fn named(tensors: &[&str]) -> Vec<u8> {
    let entry = |name: &&str| format!("\"{name}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}");
    let header = format!("{{{}}}", tensors.iter().map(entry).collect::<Vec<_>>().join(","));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat()
}

#[test]
fn keras_reads_a_folder_by_id_and_a_file_by_path() {
    let by_id = "keras.saving.load_model(\"hf://acme/lamp\")";
    says(&code("keras", "", &[("config.json", b"{}"), ("model.weights.h5", b"\x89HDF\r\n\x1a\n")]), &[by_id]);
    let file = code("keras", "", &[("lamp.keras", b"PK")]);
    says(&file, &["hf_hub_download(\"acme/lamp\", \"lamp.keras\")", "keras.saving.load_model(path)"]);
    says(
        &code("tf-keras", "", &[("lamp.keras", b"PK")]),
        &["pip install -U tf-keras", "tf_keras.saving.load_model(path)"],
    );
    let hdf5 = [b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0", &[0; 80][..], b"keras_version\0"].concat();
    says(&code("keras", "", &[("lamp.h5", &hdf5)]), &["hf_hub_download(\"acme/lamp\", \"lamp.h5\")"]);
    assert_eq!(code("keras", "", &[("lamp_weights.h5", &hdf5)]), "");
    let lambda = [&hdf5[..], br#"{"class_name": "Lambda"}"#].concat();
    assert_eq!(code("keras", "", &[("lamp.h5", &lambda)]), "", "Keras refuses its code");
    assert_eq!(code("keras", "", &[("saved_model.pb", b"x")]), "");
    assert_eq!(code("keras", "", &[("model.weights.h5", b"\x89HDF\r\n\x1a\n")]), "", "weights alone are no model");
}

#[test]
fn llama_cpp_talks_with_models_that_write() {
    let of_keys = |task: &str, keys: &[(&str, &str)]| code("", task, &[("lamp.gguf", &gguf(keys))]);
    let architecture = |name: &'static str| of_keys("", &[("general.architecture", name)]);
    says(&architecture("qwen2"), &["llama-cli -hf acme/lamp"]);
    says(&architecture("nomic-bert"), &["llama-embedding -hf acme/lamp"]);
    for other in ["flux", "sdxl", "wan", "whisper", "wavtokenizer-dec", "dream", "t5"] {
        assert_eq!(architecture(other), "", "{other}");
    }
    assert_eq!(of_keys("", &[("general.architecture", "llama"), ("general.type", "adapter")]), "");
    assert_eq!(of_keys("text-to-speech", &[("general.architecture", "llama")]), "");
    assert_eq!(of_keys("", &[]), "");
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\nsize 12\n";
    says(&code("", "text-generation", &[("lamp.gguf", pointer)]), &["llama-cli -hf acme/lamp"]);
    assert_eq!(code("", "text-to-image", &[("lamp.gguf", pointer)]), "");
}

#[test]
fn llama_cpp_python_has_code_of_its_own() {
    let talker = gguf(&[("general.architecture", "qwen2"), ("tokenizer.chat_template", "{{ messages }}")]);
    let code = code("llama-cpp-python", "", &[("lamp-Q4_K_M.gguf", &talker), ("lamp-BF16.gguf", &talker)]);
    says(
        &code,
        &[
            " llama-cpp-python huggingface_hub\n",
            "Llama.from_pretrained(repo_id=\"acme/lamp\", filename=\"lamp-Q4_K_M.gguf\")",
            "create_chat_completion(messages=messages)",
        ],
    );
}

#[test]
fn late_interaction_is_pylates() {
    let modules = br#"[{"type": "sentence_transformers.models.Transformer"}, {"type": "pylate.models.Dense.Dense"}]"#;
    let code = code("sentence-transformers", "", &[("modules.json", modules)]);
    says(&code, &["from pylate import", "models.ColBERT(\"acme/lamp\")"]);
    assert!(!code.contains("SentenceTransformer"), "{code}");
}

#[test]
fn mlx_has_a_library_for_each_task() {
    says(&code("mlx", "text-generation", &[]), &["from mlx_lm import", "generate(model, tokenizer"]);
    says(&code("mlx", "image-text-to-text", &[]), &["from mlx_vlm import", "num_images=1"]);
    assert_eq!(code("mlx", "automatic-speech-recognition", &[]), "");
    assert_eq!(code("mlx", "", &[]), "");
}

#[test]
fn an_adapter_keeps_the_eyes_of_its_base() {
    let adapter = |task: &str, base: &str| {
        let config = format!(r#"{{"peft_type": "LORA", "task_type": "{task}", "base_model_name_or_path": "{base}"}}"#);
        with(&[("adapter_config.json", config.as_bytes())], |material| {
            of(&material).map_or(String::new(), |snippet| snippet.text())
        })
    };
    for base in ["Qwen/Qwen2.5-VL-7B", "acme/Lamp-VL", "llava-hf/llava-1.5-7b-hf", "google/paligemma-3b"] {
        let code = adapter("CAUSAL_LM", base);
        says(
            &code,
            &["AutoModelForImageTextToText.from_pretrained(", "PeftModel.from_pretrained(base, \"acme/lamp\")"],
        );
        assert!(!code.contains("CausalLM"), "{code}");
    }
    assert_eq!(adapter("CAUSAL_LM", "openbmb/MiniCPM-V-2_6"), "", "its auto class is its own");
    assert_eq!(adapter("FEATURE_EXTRACTION", "google/paligemma-3b"), "", "no head is known");
    says(&adapter("CAUSAL_LM", "acme/supervisionary"), &["AutoPeftModelForCausalLM"]);
    assert_eq!(adapter("", "acme/base"), "", "no class of the base is known");
    let config: &[u8] = br#"{"peft_type": "LORA", "base_model_name_or_path": "/tmp/base",
        "auto_mapping": {"base_model_class": "ViTForImageClassification", "parent_library": "transformers"}}"#;
    says(
        &code("peft", "", &[("adapter_config.json", config)]),
        &["ViTForImageClassification.from_pretrained(\"acme/base\")"],
    );
}

#[test]
fn diffusers_loads_each_form_by_its_own_method() {
    let diffusers = |files: &[(&str, &[u8])]| code("diffusers", "text-to-image", files);
    let modular = diffusers(&[("modular_model_index.json", br#"{"_class_name": "ModularPipeline"}"#)]);
    says(&modular, &["ModularPipeline.from_pretrained(\"acme/lamp\")", "load_components(dtype=torch.bfloat16)"]);
    assert!(!modular.contains("DiffusionPipeline") && !modular.contains("trust_remote_code"), "{modular}");
    let lora = named(&["transformer.single.0.lora_A.weight", "transformer.single.0.lora_B.weight"]);
    let base = "DiffusionPipeline.from_pretrained(\"acme/base\", dtype=torch.bfloat16)";
    says(
        &diffusers(&[("lamp_000002000.safetensors", &lora), ("lamp.safetensors", &lora)]),
        &[base, "load_lora_weights(\"acme/lamp\", weight_name=\"lamp.safetensors\")"],
    );
    let words = named(&["<lamp>"]);
    says(&diffusers(&[("learned_embeds.safetensors", &words)]), &[base, "load_textual_inversion(\"acme/lamp\")"]);
    assert_eq!(diffusers(&[("lamp.safetensors", &words)]), "", "a checkpoint in one file");
    let peft = |class: &str| {
        let config = format!(
            r#"{{"peft_type": "LORA", "auto_mapping": {{"base_model_class": "{class}", "parent_library": "diffusers.models"}}}}"#
        );
        code("peft", "text-to-image", &[("adapter_config.json", config.as_bytes())])
    };
    let unet = peft("UNet2DConditionModel");
    says(&unet, &[base, "pipe.unet = PeftModel.from_pretrained(pipe.unet, \"acme/lamp\")", " peft\n"]);
    assert_eq!(peft("AutoencoderKL"), "");
}

#[test]
fn spacy_uses_a_wheel_that_is_there() {
    let ner = ("meta.json", &br#"{"spacy_version": ">=3.8", "pipeline": ["tok2vec", "ner"]}"#[..]);
    let folder = code("spacy", "", &[ner]);
    says(&folder, &["spacy.load(snapshot_download(\"acme/lamp\"))", "doc.ents"]);
    assert!(!folder.contains(".whl") && !folder.contains("pos_"), "{folder}");
    let wheel = code("spacy", "", &[ner, ("en_lamp-any-py3-none-any.whl", b"PK")]);
    says(
        &wheel,
        &[
            "\"en_lamp @ https://huggingface.co/acme/lamp/resolve/main/en_lamp-any-py3-none-any.whl\"",
            "spacy.load(\"en_lamp\")",
        ],
    );
    for (part, shown) in [("tagger", "token.pos_"), ("textcat", "doc.cats"), ("senter", "token.text")] {
        let meta = format!(r#"{{"pipeline": ["{part}"]}}"#);
        says(&code("spacy", "", &[("meta.json", meta.as_bytes())]), &[shown]);
    }
}

#[test]
fn a_pipeline_is_loaded_in_the_type_that_it_is_stored_in() {
    use crate::draft::testing::safetensors;
    let (half, whole) = (safetensors(&[("F16", 2, 8)]), safetensors(&[("F32", 4, 8)]));
    let index: &[u8] =
        br#"{"_class_name": "StableDiffusionPipeline", "text_encoder": ["transformers", "CLIPTextModel"]}"#;
    let loaded = |more: &[(&str, &[u8])]| code("diffusers", "", &[&[("model_index.json", index)], more].concat());
    let of = |arguments: &str| format!("from_pretrained(\"acme/lamp\"{arguments})");
    says(&loaded(&[("unet/diffusion_pytorch_model.safetensors", &half)]), &[&of(", dtype=torch.float16")]);
    says(&loaded(&[("unet/diffusion_pytorch_model.safetensors", &whole)]), &[&of("")]);
    let config: &[u8] = br#"{"torch_dtype": "bfloat16"}"#;
    says(&loaded(&[("text_encoder/config.json", config)]), &[&of(", dtype=torch.bfloat16")]);
    says(
        &loaded(&[("unet/diffusion_pytorch_model.fp16.safetensors", &half)]),
        &[&of(", dtype=torch.float16, variant=\"fp16\"")],
    );
}
