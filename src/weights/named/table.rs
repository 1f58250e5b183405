//! The table: names, first bytes, and where each fact stands. The first row that fits decides.

use super::{Named, Role};

/// How a format is told.
pub(super) struct Row {
    pub(super) format: Named,
    /// Ends of paths in lower case, `*` for any text; any name where there is none.
    pub(super) names: &'static [&'static str],
    /// First bytes; any content that is not text where there are none.
    pub(super) starts: &'static [Start],
}

/// What a file begins with.
pub(super) enum Start {
    /// These bytes at this offset.
    At(usize, &'static [u8]),
    /// This text somewhere in the head of the file.
    Within(&'static str),
}

/// Archives, so that other content of the same name is not taken for one.
const ZIP: &[Start] = &[At(0, b"PK\x03\x04"), At(0, b"PK\x05\x06")];
const TAR: &[Start] = &[At(257, b"ustar"), At(0, b"\x1F\x8B")];
const PICKLE: &[Start] = &[At(0, b"\x80")];

use Role::{Beside, Tokenizer, Weights};
use Start::{At, Within};

const fn row(
    id: &'static str,
    name: &'static str,
    role: Role,
    names: &'static [&'static str],
    starts: &'static [Start],
) -> Row {
    Row { format: Named { id, name, role }, names, starts }
}

pub(super) static ROWS: &[Row] = &[
    // xgboost.readthedocs.io, saving_model: UBJSON since 2.1, JSON, and the binary form before ("binf").
    row("xgboost", "XGBoost", Weights, &[], &[At(0, b"{L\0\0\0\0\0\0\0\x07learner{")]),
    row("xgboost", "XGBoost", Weights, &["*.json", "*.model", "*.xgb"], &[At(0, b"{\"learner\":{")]),
    row("xgboost", "XGBoost", Weights, &["*.model", "*.bin", "*.xgb", "*.bst"], &[At(0, b"binf")]),
    row("xgboost", "XGBoost", Weights, &["*.ubj", "*.xgb", "*.bst"], &[]),
    // lightgbm.readthedocs.io, Booster.save_model: a text that begins with these two lines.
    row("lightgbm", "LightGBM", Weights, &[], &[At(0, b"tree\nversion=")]),
    row("lightgbm", "LightGBM", Weights, &["*.lgb", "*.lgbm"], &[]),
    // catboost.ai, save_model: the cbm format, and JSON.
    row("catboost", "CatBoost", Weights, &["*.json"], &[Within("\"features_info\":")]),
    row("catboost", "CatBoost", Weights, &[], &[At(0, b"CBM1")]),
    row("catboost", "CatBoost", Weights, &["*.cbm"], &[]),
    // tensorflow.org/guide/saved_model and guide/checkpoint: names of the parts.
    row("saved-model", "a TensorFlow SavedModel", Weights, &["saved_model.pb", "saved_model/*.pb"], &[]),
    row(
        "saved-model",
        "a TensorFlow SavedModel",
        Beside,
        &["keras_metadata.pb", "fingerprint.pb", "variables.index"],
        &[],
    ),
    row("tf-checkpoint", "a TensorFlow checkpoint", Weights, &["*.data-*-of-*"], &[]),
    row(
        "tf-checkpoint",
        "a TensorFlow checkpoint",
        Beside,
        &["*ckpt*.index", "*ckpt*.meta", "model.index", "model.meta"],
        &[],
    ),
    row("tf-graph", "a TensorFlow graph", Weights, &["*.pb"], &[At(0, b"\x0A")]),
    // tensorflow.org/js/guide/conversion: model.json and its binary shards.
    row("tfjs", "TensorFlow.js", Weights, &["group*-shard*of*.bin", "group*-shard*of*"], &[]),
    row("tfjs", "TensorFlow.js", Beside, &["*.json"], &[Within("\"weightsManifest\""), Within("\"modelTopology\"")]),
    // ai.google.dev, LiteRT and MediaPipe: bundles are zips of TensorFlow Lite models.
    row("mediapipe", "a MediaPipe bundle", Weights, &["*.task"], ZIP),
    row("mediapipe", "a MediaPipe bundle", Weights, &["*.binarypb"], &[]),
    row("litert-lm", "LiteRT-LM", Weights, &[], &[At(0, b"LITERTLM")]),
    row("litert-lm", "LiteRT-LM", Weights, &["*.litertlm"], &[]),
    // apple.github.io/coremltools: the specification, packages, and what Xcode compiles.
    row(
        "core-ml",
        "Core ML",
        Weights,
        &["*.mlmodel", "*.mlpackage/*/*/*/weight.bin", "*.mlmodelc/weights/weight.bin", "weights/weight.bin"],
        &[],
    ),
    row("core-ml", "Core ML", Beside, &["*.mlmodelc/*", "coremldata.bin"], &[]),
    row("core-ml", "Core ML", Beside, &["*.mlpackage/manifest.json"], &[Within("com.apple.CoreML")]),
    // docs.openvino.ai, IR format: an XML whose root is `net`, and raw numbers beside it.
    row("openvino", "OpenVINO", Weights, &["*.xml"], &[Within("<net name=")]),
    row("openvino", "OpenVINO", Weights, &["openvino_*.bin"], &[]),
    // pytorch.org/executorch, pte-file-format: the identifier of the flatbuffer.
    row("executorch", "ExecuTorch", Weights, &[], &[At(4, b"ET12")]),
    row("executorch", "ExecuTorch", Weights, &["*.pte", "*.ptd"], &[]),
    // docs.pytorch.org, torch.export: a zip.
    row("pt2", "a program of torch.export", Weights, &["*.pt2"], ZIP),
    // paddlepaddle.org.cn, paddle.save and paddle.jit.save; Paddle Lite.
    row("paddle", "Paddle", Weights, &["*.pdparams"], PICKLE),
    row("paddle", "Paddle", Weights, &["*.pdiparams", "*.pdmodel", "__model__", "__params__"], &[]),
    row("paddle", "Paddle", Beside, &["*.pdopt"], PICKLE),
    row("paddle", "Paddle", Beside, &["*.pdiparams.info"], &[]),
    row("paddle", "Paddle", Beside, &["*.json"], &[Within("\"magic\":\"pir\""), Within("\"magic\": \"pir\"")]),
    row("paddle-lite", "Paddle Lite", Weights, &["*.nb"], &[]),
    // github.com/airockchip, rknn-toolkit2 and rknn-llm.
    row("rknn", "RKNN", Weights, &[], &[At(0, b"RKNN")]),
    row("rknn", "RKNN", Weights, &["*.rknn"], &[]),
    row("rkllm", "RKLLM", Weights, &["*.rkllm"], &[]),
    // github.com/NVIDIA/TensorRT: the tag of a serialized engine; Ultralytics writes JSON before it.
    row("tensorrt", "a TensorRT engine", Weights, &[], &[At(0, b"ftrt"), At(0, b"ptrt")]),
    row("tensorrt", "a TensorRT engine", Weights, &["*.engine", "*.plan", "*.trt"], &[]),
    // github.com/OpenNMT/CTranslate2, specs/model_spec.py: version, length and name of the specification.
    row(
        "ctranslate2",
        "CTranslate2",
        Weights,
        &["model.bin"],
        &[
            Within("TransformerSpec\0"),
            Within("ModelSpec\0"),
            Within("WhisperSpec\0"),
            Within("Wav2Vec2Spec\0"),
            Within("Wav2Vec2BertSpec\0"),
        ],
    ),
    // github.com/facebookresearch/fastText, src/fasttext.cc: FASTTEXT_FILEFORMAT_MAGIC_INT32.
    row("fasttext", "fastText", Weights, &[], &[At(0, b"\xBA\x16\x4F\x2F")]),
    row("fasttext", "fastText", Weights, &["*.ftz"], &[]),
    // github.com/google/sentencepiece, sentencepiece_model.proto: field 1 is a piece.
    row(
        "sentencepiece",
        "a SentencePiece vocabulary",
        Tokenizer,
        &["tokenizer.model", "*spiece*.model", "*sentencepiece*.model", "*spm*.model", "*.spm"],
        &[At(0, b"\x0A")],
    ),
    // spacy.io and thinc.ai: a component's `model` is a msgpack of nodes; packages are wheels.
    row("spacy", "spaCy", Weights, &["model"], &[At(0, b"\x84\xA5nodes"), At(0, b"\x85\xA5nodes")]),
    row("wheel", "a Python wheel", Weights, &["*-py3-none-any.whl"], ZIP),
    // llm.mlc.ai, compile_models: shards and the cache that names them.
    row("mlc", "MLC", Weights, &["params_shard_*.bin"], &[]),
    row(
        "mlc",
        "MLC",
        Beside,
        &["ndarray-cache.json", "tensor-cache.json"],
        &[Within("\"records\""), Within("\"metadata\"")],
    ),
    // github.com/alibaba/MNN.
    row("mnn", "MNN", Weights, &["*.mnn", "*.mnn.weight"], &[]),
    // github.com/Tencent/ncnn, param and model file structure: the magic number of a param file.
    row("ncnn", "ncnn", Weights, &["*.param"], &[At(0, b"7767517")]),
    row("ncnn", "ncnn", Weights, &["*.ncnn.bin"], &[]),
    // docs.nvidia.com/nemo, checkpoints: a tar.
    row("nemo", "a NeMo archive", Weights, &["*.nemo"], TAR),
    // skops.readthedocs.io, persistence: a zip.
    row("skops", "skops", Weights, &["*.skops"], ZIP),
    // github.com/pytorch/serve, model-archiver: a zip.
    row(
        "torchserve",
        "a TorchServe archive",
        Weights,
        &["*.mar"],
        &[At(0, b"PK\x03\x04"), At(0, b"PK\x05\x06"), At(0, b"\x1F\x8B")],
    ),
    // github.com/Mozilla-Ocho/llamafile: a program with a zip after it.
    row("llamafile", "llamafile", Weights, &["*.llamafile"], &[]),
    // orbax.readthedocs.io, checkpoint format; github.com/google/tensorstore, ocdbt; zarr.dev.
    row(
        "orbax",
        "an Orbax checkpoint",
        Weights,
        &["manifest.ocdbt", "ocdbt.process_*/d/*", "ocdbt.process_*/manifest.ocdbt"],
        &[],
    ),
    row("orbax", "an Orbax checkpoint", Beside, &["_checkpoint_metadata", "_metadata", "_sharding"], &[Within("{")]),
    row("zarr", "a Zarr array", Weights, &[".zarray"], &[Within("\"zarr_format\"")]),
    // kaldi-asr.org, io: binary files open with these two bytes; openfst.org: the magic number of a transducer.
    row("kaldi", "Kaldi", Weights, &["*.mdl", "*.raw", "*.mat", "*.ie", "*.dubm", "*.ubm", "*.nnet"], &[At(0, b"\0B")]),
    row("openfst", "an OpenFst transducer", Weights, &["*.fst"], &[At(0, b"\xD6\xFD\xB2\x7E")]),
    // kheafield.com/code/kenlm/structures: the first line of a binary language model.
    row("kenlm", "KenLM", Weights, &[], &[At(0, b"mmap lm http://kheafield.com/code")]),
    // pjreddie.com/darknet, caffe.berkeleyvision.org, mxnet.apache.org, torch.ch: names of weights.
    row("darknet", "Darknet", Weights, &["*.weights"], &[]),
    row("caffe", "Caffe", Weights, &["*.caffemodel"], &[]),
    row("mxnet", "MXNet", Weights, &["*.params"], &[At(0, b"\x12\x01\0\0\0\0\0\0")]),
    row("torch7", "Torch7", Weights, &["*.t7"], &[]),
    // onnxruntime.ai, ORT model format: the identifier of the flatbuffer. ONNX keeps large tensors beside the model.
    row("ort", "an ONNX Runtime model", Weights, &[], &[At(4, b"ORTM")]),
    row("ort", "an ONNX Runtime model", Weights, &["*.ort"], &[]),
    row("onnx-data", "external data of ONNX", Weights, &["*.onnx_data*", "*.onnx.data*"], &[]),
    // github.com/robertknight/rten, model file format.
    row("rten", "RTen", Weights, &["*.rten"], &[]),
    // docs.qualcomm.com: SNPE containers and QNN contexts.
    row("qualcomm", "Qualcomm QNN", Weights, &["*.dlc", "*.serialized.bin"], &[]),
    // hailo.ai, HailoRT: the magic number of an executable.
    row("hailo", "Hailo", Weights, &[], &[At(0, b"\x01HEF")]),
    row("hailo", "Hailo", Weights, &["*.hef"], &[]),
    // Compilers for other accelerators, by the extension that their documentation names.
    row("ascend", "Ascend", Weights, &["*.om"], &[At(0, b"IMOD")]),
    row("mindspore", "MindSpore", Weights, &["*.mindir"], &[]),
    row("mindspore", "MindSpore", Weights, &["*.ms"], &[At(4, b"MSL")]),
    row("axera", "Axera", Weights, &["*.axmodel"], &[]),
    row("sophgo", "Sophgo", Weights, &["*.bmodel", "*.cvimodel"], &[]),
    row("kmodel", "nncase", Weights, &["*.kmodel"], &[]),
    row("neuron", "AWS Neuron", Weights, &["*.neff"], &[]),
    row("rebellions", "Rebellions", Weights, &["*.rbln"], &[]),
    row("iree", "IREE", Weights, &["*.vmfb"], &[]),
    // burn.dev, records: named msgpack. github.com/LaurentMazare/tch-rs: a VarStore.
    row("burn", "Burn", Weights, &["*.mpk"], &[]),
    row("tch", "tch", Weights, &["*.ot"], &[]),
    // dmg.org/pmml: an XML whose root is `PMML`.
    row("pmml", "PMML", Weights, &["*.pmml", "*.xml"], &[Within("<PMML")]),
    // github.com/mozilla/DeepSpeech: graph and language model.
    row("deepspeech", "DeepSpeech", Weights, &["*.pbmm", "*.scorer"], &[]),
    // github.com/ggml-org/whisper.cpp: the name of its files, for those that are not here.
    row("ggml", "GGML, the format before GGUF", Weights, &["ggml-*.bin"], &[At(0, b"lmgg")]),
    // A weight file that was cut into pieces to be uploaded.
    row(
        "piece",
        "a piece of a split weight file",
        Weights,
        &[
            "*.safetensors.part*",
            "*.gguf.part*",
            "*.gguf-split-*",
            "*.bin.part*",
            "*.pt.part*",
            "*.pth.part*",
            "*.ckpt.part*",
            "*.onnx.part*",
        ],
        &[],
    ),
];
