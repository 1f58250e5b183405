use super::*;
use crate::draft::testing::{safetensors, with};

/// The table's lines as `name: value`.
fn facts(files: &[(&str, &[u8])]) -> Vec<String> {
    with(files, |material| rows(&material).into_iter().map(|row| format!("{}: {}", row.name, row.value)).collect())
}

fn holds(files: &[(&str, &[u8])], wanted: &[&str], unwanted: &[&str]) {
    let facts = facts(files);
    for fact in wanted {
        assert!(facts.iter().any(|found| found == fact), "{fact} in {facts:?}");
    }
    for name in unwanted {
        assert!(!facts.iter().any(|found| found.starts_with(name)), "{name} in {facts:?}");
    }
}

const LLAMA: &[u8] = br#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
    "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 8192, "vocab_size": 128256}"#;

#[test]
fn headers_and_config_give_the_facts() {
    let weights = safetensors(&[("BF16", 2, 1200), ("F32", 4, 34), ("I64", 8, 1)]);
    holds(
        &[("config.json", LLAMA), ("model.safetensors", &weights)],
        &[
            "Architecture: `LlamaForCausalLM`",
            "Parameters: 1,235",
            "Tensor types: BF16, F32, I64",
            "Context length: 8,192 tokens",
            "Vocabulary: 128,256",
            "Layers: 32",
            "Hidden size: 4,096",
        ],
        &["Quantization"],
    );
}

#[test]
fn shards_count_together_and_only_when_all_are_there() {
    let (one, two) = (safetensors(&[("F16", 2, 600)]), safetensors(&[("F16", 2, 40)]));
    let index =
        br#"{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors", "c": "model-1.safetensors"}}"#;
    let all: [(&str, &[u8]); 5] = [
        ("config.json", LLAMA),
        ("model.safetensors.index.json", index),
        ("model-1.safetensors", &one),
        ("model-2.safetensors", &two),
        // Another copy of the same weights, which the index does not name.
        ("consolidated.safetensors", &one),
    ];
    holds(&all, &["Parameters: 640"], &[]);
    holds(&all[..3], &["Layers: 32"], &["Parameters", "Tensor types"]);
}

#[test]
fn packed_weights_are_not_counted_as_parameters() {
    let config = br#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"], "quantization_config": {"quant_method": "gptq", "bits": 4}}"#;
    let weights = safetensors(&[("I32", 4, 100), ("F16", 2, 10)]);
    let files: [(&str, &[u8]); 2] = [("config.json", config), ("model.safetensors", &weights)];
    holds(&files, &["Quantization: gptq, 4 bits", "Tensor types: I32, F16"], &["Parameters"]);
    let plain: [(&str, &[u8]); 2] = [("config.json", LLAMA), ("model.safetensors", &weights)];
    holds(&plain, &["Tensor types: I32, F16"], &["Parameters"]);
}

#[test]
fn positions_that_are_no_context_are_left_out() {
    let context = |config: &[u8]| {
        facts(&[("config.json", config)]).into_iter().find(|fact| fact.starts_with("Context")).unwrap_or_default()
    };
    let roberta = br#"{"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1}"#;
    assert_eq!(context(roberta), "Context length: 512 tokens");
    assert_eq!(context(br#"{"model_type": "t5", "n_positions": 512}"#), "");
    assert_eq!(context(br#"{"model_type": "gpt2", "n_positions": 1024}"#), "Context length: 1,024 tokens");
    let nested = br#"{"model_type": "clip", "text_config": {"max_position_embeddings": 77}}"#;
    assert_eq!(context(nested), "Context length: 77 tokens");
    assert_eq!(context(br#"{"model_type": "llama", "max_position_embeddings": -1}"#), "");
}

#[test]
fn each_part_of_a_pipeline_is_counted() {
    let index = br#"{"_class_name": "FluxPipeline", "unet": ["diffusers", "X"], "vae": ["diffusers", "Y"], "off": [null, null]}"#;
    let (unet, vae) = (safetensors(&[("F32", 4, 300)]), safetensors(&[("F32", 4, 20)]));
    holds(
        &[
            ("model_index.json", index),
            ("unet/diffusion_pytorch_model.safetensors", &unet),
            ("vae/diffusion_pytorch_model.safetensors", &vae),
            ("vae/diffusion_pytorch_model.fp16.safetensors", &vae),
        ],
        &["Architecture: `FluxPipeline`", "Parameters: `unet` 300, `vae` 20", "Tensor types: F32"],
        &[],
    );
}

#[test]
fn a_pipeline_of_blocks_is_described_by_another_file() {
    let index: &[u8] = br#"{"_class_name": "LampModularPipeline"}"#;
    let table = with(&[("modular_model_index.json", index)], |material| table(&material)).unwrap();
    assert!(table.contains("| Architecture | `LampModularPipeline` | `modular_model_index.json` |"), "{table}");
}

#[test]
fn an_adapter_and_an_encoder_say_what_they_are() {
    let adapter = br#"{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "base_model_name_or_path": "acme/base"}"#;
    let weights = safetensors(&[("F32", 4, 64)]);
    let files: [(&str, &[u8]); 2] = [("adapter_config.json", adapter), ("adapter_model.safetensors", &weights)];
    holds(&files, &["Adapter: LORA, rank 8, alpha 16", "Parameters: 64"], &["Layers"]);

    let modules = |last: &str| {
        format!(
            r#"[{{"path": "", "type": "sentence_transformers.models.Transformer"}}, {{"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}}, {{"path": "2", "type": "sentence_transformers.models.{last}"}}]"#
        )
    };
    let pooling: &[u8] = br#"{"word_embedding_dimension": 384, "pooling_mode_mean_tokens": true}"#;
    let files = |modules: &str, wanted: &[&str], unwanted: &[&str]| {
        holds(&[("modules.json", modules.as_bytes()), ("1_Pooling/config.json", pooling)], wanted, unwanted);
    };
    files(&modules("Normalize"), &["Embedding dimension: 384"], &[]);
    // A dense layer changes the dimension afterwards.
    files(&modules("Dense"), &[], &["Embedding"]);
}

#[test]
fn hostile_names_stay_out_of_the_table() {
    let config = br#"{"architectures": ["X | <script>"], "model_type": "llama", "num_hidden_layers": 2, "quantization_config": {"quant_method": "a|b"}}"#;
    let weights = safetensors(&[("F32", 4, 4)]);
    let table = with(&[("config.json", config), ("a|b.gguf", b"GGUF"), ("model.safetensors", &weights)], |material| {
        table(&material).unwrap()
    });
    assert!(table.contains("| Layers | 2 |") && !table.contains("script") && !table.contains("a|b"), "{table}");
    assert!(table.lines().all(|line| line.matches('|').count() == 4), "{table}");
}

#[test]
fn no_facts_no_table() {
    assert_eq!(with(&[("notes.txt", b"Weights follow.")], |material| table(&material)), None);
}

#[test]
fn an_encoder_of_sentences_cuts_at_the_smallest_length() {
    let config: &[u8] = br#"{"model_type": "bert", "architectures": ["BertModel"], "max_position_embeddings": 512}"#;
    let modules: &[u8] = br#"[{"path": "", "type": "sentence_transformers.models.Transformer"}]"#;
    let own: &[u8] = br#"{"max_seq_length": 256}"#;
    let tokenizer: &[u8] = br#"{"model_max_length": 128}"#;
    let files = |more: &[(&str, &[u8])], wanted: &str| {
        let all = [&[("config.json", config), ("modules.json", modules)], more].concat();
        holds(&all, &[wanted], &[]);
    };
    files(&[], "Context length: 512 tokens");
    files(&[("sentence_bert_config.json", own)], "Context length: 256 tokens");
    files(&[("sentence_bert_config.json", own), ("tokenizer_config.json", tokenizer)], "Context length: 128 tokens");
    files(
        &[("tokenizer_config.json", br#"{"model_max_length": 1000000000000000019884624838656}"#)],
        "Context length: 512 tokens",
    );
    // The tokenizer of another model says nothing of what the model can read.
    holds(&[("config.json", config), ("tokenizer_config.json", tokenizer)], &["Context length: 512 tokens"], &[]);
}

#[test]
fn each_gguf_file_has_its_line() {
    let form = |name: &str, keys: &[(&str, &str)]| {
        let bytes = crate::draft::testing::gguf(keys);
        facts(&[(name, &bytes)]).into_iter().find(|fact| fact.starts_with("File")).unwrap_or_default()
    };
    let model = [("general.architecture", "llama")];
    assert!(form("lamp-Q4_K_M.gguf", &model).starts_with("File, Q4_K_M: "));
    assert!(form("lamp-iq2_xxs.gguf", &model).starts_with("File, IQ2_XXS: "));
    assert!(form("lamp.gguf", &model).starts_with("File: "));
    let bytes = crate::draft::testing::gguf(&model);
    let both: [(&str, &[u8]); 2] = [("a-Q4_K_M.gguf", &bytes), ("a-Q8_0.gguf", &bytes)];
    assert_eq!(facts(&both).iter().filter(|fact| fact.starts_with("File, Q")).count(), 2);
}
