use super::*;
use crate::rules::testing::check;

fn safe(tensor: &str) -> Vec<u8> {
    let header = format!(r#"{{"{tensor}":{{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}}}"#);
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend([0; 8]);
    bytes
}

/// A pointer to so many bytes.
fn large(size: u64) -> Vec<u8> {
    let oid = "0".repeat(64);
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n").into_bytes()
}

fn text(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

type Files<'f> = &'f [(&'f str, Vec<u8>)];

fn said(files: Files<'_>) -> Vec<String> {
    check(&SeveralVariants, files).said()
}

#[test]
fn variants_are_told_by_their_sort() {
    let bert = || text(r#"{"model_type": "bert"}"#);
    let lora = || safe("unet.lora_A.weight");
    let cases: [(Files<'_>, &str); 8] = [
        (
            &[
                ("a/adapter_config.json", text("{}")),
                ("a/adapter_model.safetensors", safe("x")),
                ("b/adapter_config.json", text("{}")),
                ("b/adapter_model.safetensors", safe("x")),
            ],
            "warning 2 adapters in one repository: `a/` and `b/`",
        ),
        (
            &[("ghibli.safetensors", lora()), ("pixel.safetensors", lora()), ("watercolour.safetensors", lora())],
            "warning 3 LoRA files in one repository: `ghibli`, `pixel` and `watercolour`",
        ),
        (
            &[("a/model_index.json", text("{}")), ("b/model_index.json", text("{}"))],
            "warning 2 pipelines in one repository: `a/` and `b/`",
        ),
        (
            &[
                ("small/config.json", bert()),
                ("small/model.safetensors", safe("x")),
                ("large/config.json", bert()),
                ("large/model.safetensors", safe("x")),
            ],
            "warning 2 models of the same kind in one repository: `large/` and `small/`",
        ),
        (
            &[
                ("config.json", bert()),
                ("model.safetensors", safe("x")),
                (
                    "int8/config.json",
                    text(r#"{"model_type": "bert", "quantization_config": {"quant_method": "gptq"}}"#),
                ),
                ("int8/model.safetensors", safe("x")),
            ],
            "warning 2 models, quantized ones among them, in one repository: `.` and `int8/`",
        ),
        (
            &[("ggml-tiny.pt", large(70_000_000)), ("ggml-base.pt", large(140_000_000))],
            "warning 2 sizes of a model in one repository: `ggml-base` and `ggml-tiny`",
        ),
        (
            &[
                ("model-00001-of-00002.safetensors", large(9)),
                ("model-00002-of-00002.safetensors", large(9)),
                ("lamp-Q4_K_M.gguf", large(3)),
                ("lamp-Q8_0.gguf", large(5)),
            ],
            "warning 3 forms of a model, full and quantized, in one repository: `lamp-q4_k_m`, `lamp-q8_0` and `model-00001-of-00002.safetensors`",
        ),
        (
            &[
                ("7b/config.json", bert()),
                ("7b/pytorch_model.bin", large(9)),
                ("13b/config.json", bert()),
                ("13b/pytorch_model-00001-of-00002.bin", large(9)),
            ],
            "warning 2 models of the same kind in one repository: `13b/` and `7b/`",
        ),
    ];
    for (files, wanted) in cases {
        assert_eq!(said(files), [wanted]);
    }
}

#[test]
fn the_layouts_of_one_model_are_silent() {
    let bert = || text(r#"{"model_type": "bert"}"#);
    let lora = || safe("unet.lora_A.weight");
    let cases: &[(&str, Files<'_>)] = &[
        (
            "every framework",
            &[
                ("config.json", bert()),
                ("model.safetensors", large(440)),
                ("pytorch_model.bin", large(440)),
                ("tf_model.h5", large(530)),
                ("flax_model.msgpack", large(438)),
                ("rust_model.ot", large(530)),
                ("onnx/model.onnx", large(440)),
                ("onnx/config.json", bert()),
                ("onnx/model.safetensors", large(440)),
                ("coreml/fill-mask/float32_model.mlpackage/Data/com.apple.CoreML/weights/weight.bin", large(440)),
            ],
        ),
        (
            "GGUF quantizations",
            &[
                ("lamp-Q4_K_M.gguf", large(4)),
                ("lamp-Q8_0.gguf", large(8)),
                ("lamp-7b-f16.gguf", large(16)),
                ("mmproj-lamp.gguf", large(1)),
            ],
        ),
        (
            "one GGUF beside the weights",
            &[("model.safetensors", large(9)), ("lamp.gguf", large(9)), ("mmproj-lamp-Q8_0.gguf", large(3))],
        ),
        (
            "Stable Diffusion",
            &[
                ("model_index.json", text("{}")),
                ("unet/config.json", text("{}")),
                ("unet/diffusion_pytorch_model.safetensors", large(3)),
                ("unet/diffusion_pytorch_model.fp16.safetensors", large(2)),
                ("unet/diffusion_pytorch_model.non_ema.safetensors", large(3)),
                ("text_encoder/config.json", text(r#"{"model_type": "clip_text_model"}"#)),
                ("text_encoder/model.safetensors", large(3)),
                ("text_encoder_2/config.json", text(r#"{"model_type": "clip_text_model"}"#)),
                ("text_encoder_2/model.safetensors", large(9)),
                ("v1-5-pruned.safetensors", large(7)),
                ("v1-5-pruned-emaonly.safetensors", large(4)),
                ("sd_xl_base_1.0.safetensors", large(7)),
                ("sd_xl_base_1.0_0.9vae.safetensors", large(7)),
                ("vae_1_0/diffusion_pytorch_model.safetensors", large(1)),
            ],
        ),
        (
            "two towers",
            &[
                ("query_encoder/config.json", bert()),
                ("query_encoder/model.safetensors", large(3)),
                ("doc_encoder/config.json", bert()),
                ("doc_encoder/model.safetensors", large(3)),
            ],
        ),
        (
            "Mistral's and Llama's originals",
            &[
                ("config.json", text(r#"{"model_type": "mistral"}"#)),
                ("consolidated.safetensors", large(14)),
                ("model-00001-of-00003.safetensors", large(5)),
                ("model-00002-of-00003.safetensors", large(5)),
                ("model-00003-of-00003.safetensors", large(4)),
                ("original/consolidated.00.pth", large(14)),
                ("original/params.json", text("{}")),
            ],
        ),
        (
            "sentence-transformers",
            &[
                ("modules.json", text("[]")),
                ("config.json", bert()),
                ("model.safetensors", large(3)),
                ("2_Dense/config.json", bert()),
                ("2_Dense/model.safetensors", large(1)),
                ("openvino/openvino_model.bin", large(3)),
            ],
        ),
        (
            "what training left",
            &[
                ("config.json", bert()),
                ("model.safetensors", safe("x")),
                ("checkpoint-500/config.json", bert()),
                ("checkpoint-500/model.safetensors", safe("x")),
                ("checkpoint-1000/config.json", bert()),
                ("checkpoint-1000/model.safetensors", safe("x")),
            ],
        ),
        (
            "epochs of one LoRA, and its second spelling",
            &[
                ("style-000001.safetensors", lora()),
                ("style-000002.safetensors", lora()),
                ("style_comfyui.safetensors", lora()),
            ],
        ),
        (
            "the halves of a video LoRA",
            &[("lamp_high_noise.safetensors", lora()), ("lamp_low_noise.safetensors", lora())],
        ),
        (
            "one adapter",
            &[
                ("adapter_config.json", text("{}")),
                ("adapter_model.safetensors", safe("x")),
                ("checkpoint-5/adapter_config.json", text("{}")),
                ("checkpoint-5/adapter_model.safetensors", safe("x")),
            ],
        ),
        (
            "a model that needs its adapters",
            &[
                ("config.json", text(r#"{"model_type": "lamp", "speech_lora": {"r": 8}}"#)),
                ("model.safetensors", safe("x")),
                ("speech/adapter_config.json", text("{}")),
                ("speech/adapter_model.safetensors", safe("x")),
                ("vision/adapter_config.json", text("{}")),
                ("vision/adapter_model.safetensors", safe("x")),
            ],
        ),
        (
            "an X-LoRA and what it mixes",
            &[
                ("adapter_config.json", text(r#"{"peft_type": "XLORA"}"#)),
                ("adapter_model.safetensors", safe("x")),
                ("0/adapter_config.json", text(r#"{"peft_type": "LORA"}"#)),
                ("0/adapter_model.safetensors", safe("x")),
                ("adapters/a/adapter_config.json", text(r#"{"peft_type": "LORA"}"#)),
                ("adapters/a/adapter_model.safetensors", safe("x")),
            ],
        ),
        (
            "ControlNet bundle",
            &[
                ("control_v11p_sd15_canny.pth", large(1_450)),
                ("control_v11p_sd15_depth.pth", large(1_450)),
                ("control_v11e_sd15_ip2p.pth", large(1_450)),
            ],
        ),
        (
            "parts of a system",
            &[
                ("flux1-dev.safetensors", large(24)),
                ("ae.safetensors", large(1)),
                ("t5xxl_fp16.safetensors", large(9)),
                ("clip_l.safetensors", large(1)),
            ],
        ),
        (
            "precisions",
            &[
                ("model.fp16.safetensors", large(2)),
                ("model.safetensors", large(4)),
                ("model.fp32-00001-of-00002.safetensors", large(4)),
            ],
        ),
        ("one size under two names", &[("lamp-base.pt", large(100)), ("lamp-large.pt", large(101))]),
        (
            "ONNX precisions",
            &[
                ("onnx/model.onnx", large(9)),
                ("onnx/model_q4.onnx", large(2)),
                ("onnx/decoder_model_tiny.onnx", large(2)),
                ("onnx/decoder_model_base.onnx", large(5)),
            ],
        ),
    ];
    for (what, files) in cases {
        assert_eq!(said(files), Vec::<String>::new(), "{what}");
    }
}

/// What DeepSpeed saved on its way is not a release, in whatever step.
#[test]
fn steps_of_a_training_run_are_not_variants() {
    let bert = || text(r#"{"model_type": "bert"}"#);
    let in_folders = |first: &str, second: &str| {
        said(&[
            (&format!("{first}/config.json"), bert()),
            (&format!("{first}/model.safetensors"), safe("x")),
            (&format!("{second}/config.json"), bert()),
            (&format!("{second}/model.safetensors"), safe("x")),
        ])
    };
    assert_eq!(in_folders("global_step100", "global_step200"), Vec::<String>::new());
    assert_eq!(in_folders("first", "second").len(), 1);
}

#[test]
fn one_quantized_copy_beside_the_full_weights_is_a_note() {
    let files = [("model.safetensors", large(9)), ("lamp.gguf", large(9)), ("lamp-Q4_K_M.gguf", large(3))];
    assert_eq!(
        said(&files),
        ["info 2 forms of a model, full and quantized, in one repository: `lamp-q4_k_m` and `model.safetensors`"]
    );
}

#[test]
fn a_lora_in_each_folder() {
    let lora = || safe("unet.lora_A.weight");
    let at = |folder: &'static str| (folder, lora());
    let steps =
        [at("checkpoint-500/pytorch_lora_weights.safetensors"), at("checkpoint-1000/pytorch_lora_weights.safetensors")];
    assert_eq!(
        said(&steps),
        ["warning 2 checkpoints of a LoRA in one repository: `checkpoint-1000/` and `checkpoint-500/`"]
    );
    let last = [&steps[..], &[at("pytorch_lora_weights.safetensors")]].concat();
    assert_eq!(said(&last), [""; 0], "the last stands at the root");
    let styles = [at("ghibli/pytorch_lora_weights.safetensors"), at("pixel/pytorch_lora_weights.safetensors")];
    assert_eq!(said(&styles), ["warning 2 LoRA files in one repository: `ghibli/` and `pixel/`"]);
    let halves = [at("high_noise/pytorch_lora_weights.safetensors"), at("low_noise/pytorch_lora_weights.safetensors")];
    assert_eq!(said(&halves), [""; 0], "the halves of one LoRA");
    assert_eq!(said(&[at("lora/pytorch_lora_weights.safetensors")]), [""; 0], "one");
}
