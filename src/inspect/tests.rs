use super::testing::{HEADER, pointer, read, safetensors, shelf};
use super::*;

#[test]
fn each_file_has_its_verdict() {
    let verdicts: Vec<_> = shelf().iter().map(|file| (file.path.clone(), file.verdict())).collect();
    let wanted = [
        ("model.safetensors", Verdict::Ok),
        ("broken.safetensors", Verdict::Malformed),
        ("evil.safetensors", Verdict::Dangerous),
        ("optimizer.pt", Verdict::MayRunCode),
        ("virus.pt", Verdict::Dangerous),
        ("plain.pt", Verdict::Ok),
        ("pytorch_model.bin", Verdict::NotFetched),
        ("weights.pkl", Verdict::NotChecked),
        ("head.npy", Verdict::Ok),
    ];
    assert_eq!(verdicts, wanted.map(|(path, verdict)| (path.to_owned(), verdict)));
}

#[test]
fn what_runs_without_a_pickle_has_its_verdict_too() {
    let fixture = |name: &str| {
        let bytes =
            std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/weights/good").join(name));
        read(name, bytes.unwrap()).unwrap()
    };
    for name in ["lambda.keras", "lambda.h5", "python-operator.onnx"] {
        let file = fixture(name);
        assert_eq!(file.verdict(), Verdict::MayRunCode, "{name}");
        assert!(file.active.iter().any(|active| active.message.starts_with("the ")), "{name}");
    }
    let model = fixture("model.onnx");
    assert_eq!((model.verdict(), model.tensor_count, model.tensors.len()), (Verdict::Ok, Some(1), 1));
    assert!(model.parameters > Some(0) && model.dtypes.iter().any(|(name, _)| name == "F32"), "{:?}", model.dtypes);
    assert!(model.metadata.iter().any(|(key, _)| key == "opset"), "{:?}", model.metadata);
}

#[test]
fn what_is_not_a_weight_file_is_left_out() {
    for (path, bytes) in [
        ("config.json", b"{}".to_vec()),
        ("README.md", b"# hello".to_vec()),
        ("picture.png", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("picture.png", pointer(5)),
    ] {
        assert!(read(path, bytes).is_none(), "{path}");
    }
}

/// `unscanned-weights` reports them, and an inspection does not pass them in silence.
#[test]
fn objects_of_java_are_not_checked() {
    let file = read("m.model", b"\xac\xed\x00\x05sr\x00\x01A".to_vec()).unwrap();
    assert_eq!(file.verdict(), Verdict::NotChecked);
}

#[test]
fn tensors_are_listed_with_their_bytes() {
    let file = read("model.safetensors", safetensors(HEADER, 26)).unwrap();
    let start = 8 + HEADER.len() as u64;
    assert_eq!(file.tensors[0].range, Some(start..start + 24));
    assert_eq!(file.tensors[1].range, Some(start + 24..start + 26));
}

#[test]
fn a_format_without_a_reader_is_named_and_never_ok() {
    for (path, bytes, name) in [
        ("m.ubj", b"{L\0\0\0\0\0\0\0\x07learner{".as_slice(), "XGBoost"),
        ("model.txt", b"tree\nversion=v4\n", "LightGBM"),
        ("asr.mar", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "a TorchServe archive"),
    ] {
        let file = read(path, bytes.to_vec()).unwrap();
        assert_eq!((file.verdict(), file.named.map(|named| named.name)), (Verdict::NotRead, Some(name)), "{path}");
    }
    // A vocabulary is not a weight file, and a pickle is read as one under any name.
    assert!(read("tokenizer.model", b"\x0A\x0E\x0A\x05<unk>\x15\0\0\0\0".to_vec()).is_none());
    let pickle = read("m.pdparams", b"\x80\x02cposix\nsystem\nX\x02\0\0\0id\x85R.".to_vec()).unwrap();
    assert_eq!((pickle.verdict(), pickle.named), (Verdict::Dangerous, None));
}
