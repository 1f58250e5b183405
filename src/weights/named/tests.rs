use super::*;

fn id(path: &str, head: &[u8], format: Format) -> Option<&'static str> {
    named(&RepoPath::new(path), head, format).map(|named| named.id)
}

#[test]
fn formats_are_told_by_their_first_bytes_or_by_their_name() {
    let unknown = Format::Unknown;
    for (path, head, wanted) in [
        // The heads are those of files that the libraries wrote.
        ("m.bin", &b"{L\0\0\0\0\0\0\0\x07learner{L\0\0\0\0"[..], "xgboost"),
        ("a/m.model", b"binf\0\0\0", "xgboost"),
        ("anything", b"CBM1\x26\x02\0\0", "catboost"),
        ("saved_model.pb", b"\x08\x01", "saved-model"),
        ("m/variables/variables.data-00000-of-00001", b"\x01\x02\x03", "tf-checkpoint"),
        ("frozen_inference_graph.pb", b"\x0A\x10\x0A\x05image", "tf-graph"),
        ("tfjs/group1-shard1of4.bin", b"\x01\x02", "tfjs"),
        ("gemma.litertlm", b"LITERTLM\x01\0\0\0", "litert-lm"),
        ("m.mlmodel", b"\x08\x04\x12\x20", "core-ml"),
        ("m.mlpackage/Data/com.apple.CoreML/weights/weight.bin", b"\x02\0\0\0", "core-ml"),
        ("openvino_model.bin", b"\x01\x02", "openvino"),
        ("model.pte", b"\x20\0\0\0ET12", "executorch"),
        ("inference.pdiparams", b"\0\0\0\0\0", "paddle"),
        ("yolo.rknn", b"RKNN\0\0\0\0", "rknn"),
        ("qwen.rkllm", b"\x01\x02", "rkllm"),
        ("rank0.engine", b"ftrt\0\0", "tensorrt"),
        ("yolo.engine", b"\x40\x01\0\0{\"stride\":", "tensorrt"),
        ("model.bin", b"\x06\0\0\0\x10\0TransformerSpec\0\x07\0\0\0", "ctranslate2"),
        ("model.bin", b"\x06\0\0\0\x0C\0WhisperSpec\0\x03\0\0\0", "ctranslate2"),
        ("lid.176.bin", b"\xBA\x16\x4F\x2F\x0C\0\0\0", "fasttext"),
        ("tokenizer.model", b"\x0A\x0E\x0A\x05<unk>\x15", "sentencepiece"),
        ("ner/model", b"\x84\xA5nodes\x93", "spacy"),
        ("params_shard_0.bin", b"\x01\x02", "mlc"),
        ("llm.mnn.weight", b"\x01\x02", "mnn"),
        ("m.ncnn.bin", b"\x01\x02", "ncnn"),
        ("final.mdl", b"\0B<TransitionModel>", "kaldi"),
        ("yolov4.weights", b"\0\0\0\0\x02\0\0\0", "darknet"),
        ("m.ort", b"\x18\0\0\0ORTM", "ort"),
        ("model.onnx_data_1", b"\x01\x02", "onnx-data"),
        ("d/ocdbt.process_0/d/5f1c", b"\x0C\xDB\x3A\x2A", "orbax"),
        ("model.safetensors.part-003", b"\x01\x02", "piece"),
    ] {
        assert_eq!(id(path, head, unknown), Some(wanted), "{path}");
    }
    for (path, head, format, wanted) in [
        ("model.txt", &b"tree\nversion=v4\n"[..], Format::Text, "lightgbm"),
        ("m.json", b"{\"learner\":{\"attributes\":{}", Format::Text, "xgboost"),
        (
            "openvino_model.xml",
            b"<?xml version=\"1.0\"?>\n<net name=\"Model0\" version=\"11\">",
            Format::Text,
            "openvino",
        ),
        ("yolo.param", b"7767517\n3 3\n", Format::Text, "ncnn"),
        ("_CHECKPOINT_METADATA", b"{\"item_handlers\": null}", Format::Text, "orbax"),
        ("asr.nemo", &[&[0; 257], &b"ustar\0"[..]].concat(), Format::Tar, "nemo"),
        ("asr.nemo", b"\x1F\x8B\x08", Format::Gzip, "nemo"),
        ("resnet.mar", b"PK\x03\x04", Format::Zip, "torchserve"),
        ("face.task", b"PK\x03\x04", Format::Zip, "mediapipe"),
        ("en_core-1.0-py3-none-any.whl", b"PK\x03\x04", Format::Zip, "wheel"),
        ("m.pdparams", b"\x80\x02}", Format::Pickle, "paddle"),
        ("m.ubj", b"version https://git-lfs", Format::LfsPointer, "xgboost"),
        ("tokenizer.model", b"", Format::Empty, "sentencepiece"),
    ] {
        assert_eq!(id(path, head, format), Some(wanted), "{path}");
    }
}

#[test]
fn what_other_programs_call_so_is_not_named() {
    for (path, head, format) in [
        ("config.json", &b"{\"model_type\": \"llama\"}"[..], Format::Text),
        ("notes.txt", b"tree of life\n", Format::Text),
        ("travel.plan", b"day 1: arrive\n", Format::Text),
        ("weights.engine", b"# an engine\n", Format::Text),
        ("sitemap.xml", b"<?xml version=\"1.0\"?>", Format::Text),
        ("model.bin", b"\x01\x02\x03", Format::Unknown),
        ("vocab.bin", b"\x05\0\0\0hello", Format::Unknown),
        ("data.zip", b"PK\x03\x04", Format::Zip),
        ("model.tar", b"", Format::Tar),
        ("m.model", b"version https://git-lfs", Format::LfsPointer),
        ("data.bin", b"version https://git-lfs", Format::LfsPointer),
        ("empty.txt", b"", Format::Empty),
        ("model.safetensors", b"\x08\0\0\0", Format::Safetensors),
        ("m.engine", b"\x89HDF\r\n", Format::Hdf5),
        // An archive by its name alone is none.
        ("asr.nemo", b"\x01\x02\x03", Format::Unknown),
        ("resnet.mar", b"MAR1\0\0", Format::Unknown),
        ("notebook.nb", b"Notebook[{}]", Format::Text),
    ] {
        assert_eq!(id(path, head, format), None, "{path}");
    }
}

#[test]
fn patterns_are_ends_of_paths() {
    for (path, pattern, wanted) in [
        ("a/b.ubj", "*.ubj", true),
        ("a/b.ubj.txt", "*.ubj", false),
        ("a/model", "model", true),
        ("a/model", "a/model", true),
        ("b/a/model", "a/model", true),
        ("ba/model", "a/model", false),
        ("x.data-00000-of-00001", "*.data-*-of-*", true),
        ("x.data-00000", "*.data-*-of-*", false),
        ("model", "a/model", false),
        ("aba", "ab*ba", false),
    ] {
        assert_eq!(fits(path, pattern), wanted, "{path} {pattern}");
    }
}

#[test]
fn every_row_can_be_met_and_ids_have_one_name() {
    for row in ROWS {
        assert!(!row.names.is_empty() || !row.starts.is_empty(), "{}", row.format.id);
        let same = ROWS.iter().filter(|other| other.format.id == row.format.id);
        assert!(same.clone().all(|other| other.format.name == row.format.name), "{}", row.format.id);
        for pattern in row.names {
            assert_eq!(*pattern, pattern.to_ascii_lowercase());
        }
    }
}
