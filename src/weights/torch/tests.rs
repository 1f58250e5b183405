//! The tensors of checkpoints that torch wrote.

use std::fs;
use std::path::Path;

use super::*;
use crate::source::RepoPath;
use crate::weights::examine;

fn bytes(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/weights/good").join(name)).unwrap()
}

fn read(bytes: &[u8]) -> Option<Vec<Tensor>> {
    let weight = examine(&RepoPath::new("model.pt"), io::Cursor::new(bytes), bytes.len() as u64).unwrap();
    let mut input = Input::new(io::Cursor::new(bytes), bytes.len() as u64).unwrap();
    tensors(&mut input, &weight, true).unwrap()
}

/// Name, type and shape, one tensor a line.
fn listed(name: &str) -> Vec<String> {
    let found = read(&bytes(name)).unwrap();
    found.iter().map(|tensor| format!("{} {} {:?}", tensor.name, tensor.dtype, tensor.shape)).collect()
}

#[test]
fn every_layout_and_protocol_gives_the_same_tensors() {
    for layout in ["zip", "legacy"] {
        for protocol in 2..=5 {
            let name = format!("torch-{layout}-{protocol}.pt");
            assert_eq!(listed(&name), ["w float32 [4, 3]", "b float32 [4]"], "{name}");
        }
    }
    assert_eq!(listed("deflated.pt"), ["w float32 [4, 3]", "b float32 [4]"]);
}

#[test]
fn the_numbers_are_where_they_are_said_to_be() {
    // `torch.arange(12.0)`, and a part of it, and the same turned.
    for name in ["views.pt", "views-legacy.pt"] {
        let bytes = bytes(name);
        let found = read(&bytes).unwrap();
        let numbers = |tensor: &Tensor| -> Vec<f32> {
            let range = tensor.range.clone().unwrap();
            let bytes = &bytes[range.start as usize..range.end as usize];
            bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
        };
        let whole: Vec<f32> = (0..12).map(|number| number as f32).collect();
        let [all, part, strided, conjugate] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((all.name.as_str(), numbers(all)), ("whole", whole.clone()), "{name}");
        assert_eq!((part.name.as_str(), numbers(part)), ("part", vec![2.0, 3.0, 4.0, 5.0]), "{name}");
        assert_eq!((strided.shape.as_slice(), numbers(strided)), ([4, 3].as_slice(), whole), "{name}");
        assert_eq!(conjugate.dtype, "complex64");
    }
    // What is packed stands nowhere.
    assert!(read(&bytes("deflated.pt")).unwrap().iter().all(|tensor| tensor.range.is_none()));
}

#[test]
fn types_parameters_optimizers_and_whole_modules() {
    let types = listed("dtypes.pt");
    assert!(types.contains(&"torch.float8_e4m3fn float8_e4m3fn [2]".to_owned()), "{types:?}");
    assert!(types.contains(&"torch.bfloat16 bfloat16 [2]".to_owned()), "{types:?}");
    assert_eq!(types.len(), 9);
    assert_eq!(listed("parameter.bin"), ["p float32 [2]"]);
    assert_eq!(listed("module-state.bin"), ["weight float32 [4, 3]", "bias float32 [4]"]);
    assert_eq!(listed("module.pt"), ["weight float32 [4, 3]", "bias float32 [4]"]);
    assert_eq!(listed("checkpoint.ckpt"), ["rng uint8 [5056]"]);
    assert_eq!(listed("quantized.pt"), [" qint8 [2]"]);
    assert_eq!(listed("sparse.pt"), [" sparse [2]"]);
    let optimizer = listed("optimizer.pt");
    assert!(optimizer.contains(&"state.0.exp_avg float32 [4, 3]".to_owned()), "{optimizer:?}");
}

#[test]
fn state_dicts_are_told_from_what_holds_more() {
    let held = |name: &str| {
        let bytes = bytes(name);
        let weight = examine(&RepoPath::new("model.pt"), io::Cursor::new(&bytes), bytes.len() as u64).unwrap();
        holds(&mut Input::new(io::Cursor::new(&bytes), bytes.len() as u64).unwrap(), &weight).unwrap()
    };
    for (name, wanted) in [
        ("torch-zip-2.pt", Some(Holds::StateDict)),
        ("torch-legacy-2.pt", Some(Holds::StateDict)),
        ("module-state.bin", Some(Holds::StateDict)),
        ("parameter.bin", Some(Holds::StateDict)),
        ("optimizer.pt", Some(Holds::Nested)),
        ("checkpoint.ckpt", Some(Holds::Nested)),
        ("quantized.pt", Some(Holds::Nested)),
        ("module.pt", Some(Holds::Object)),
    ] {
        assert_eq!(held(name), wanted, "{name}");
    }
}

#[test]
fn what_is_no_checkpoint_has_no_tensors() {
    assert_eq!(read(b"\x80\x02}."), None);
    let whole = bytes("torch-zip-2.pt");
    assert_eq!(read(&whole[..whole.len() / 2]), None);
}

#[test]
fn no_mutation_breaks_the_walk() {
    use crate::bytes::testing::{Random, mutate, rounds};
    let mut random = Random::new(77);
    for seed in ["torch-zip-2.pt", "torch-legacy-2.pt", "module.pt", "dtypes.pt"].map(bytes) {
        for _ in 0..rounds(300) {
            let bytes = mutate(&seed, &mut random);
            if let Some(found) = read(&bytes) {
                assert!(found.iter().all(|tensor| tensor.name.len() <= bytes.len() * 8));
            }
        }
    }
}

/// Sharing doubles the ways to a value, not the work.
#[test]
fn shared_containers_are_gone_through_once() {
    let mut pickle = b"\x80\x02}".to_vec();
    for _ in 0..64 {
        // A list that contains the value before it twice.
        pickle.extend(b"q\x000](h\x00h\x00e");
    }
    pickle.push(b'.');
    assert_eq!(run(&mut Source::bytes(&pickle, 0), |walk, result| walk.all(result)).unwrap(), Some(Vec::new()));
}

/// torch itself, where a Python with it is at hand: it loads with `weights_only=True` what we say it loads, and finds the same
/// tensors in it.
#[test]
fn the_real_torch_loads_the_same() {
    let script = r#"
import pathlib, sys, warnings
import torch
warnings.simplefilter("ignore")
def walk(value, name):
    if isinstance(value, torch.Tensor):
        kind = "sparse" if value.layout != torch.strided else str(value.dtype).removeprefix("torch.")
        print("tensor", name, kind, list(value.shape))
    elif isinstance(value, dict):
        for key, item in value.items():
            walk(item, f"{name}.{key}".strip("."))
    elif isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
        for index, item in enumerate(value):
            walk(item, f"{name}.{index}".strip("."))
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    if path.suffix in (".pt", ".bin", ".ckpt") and path.name != "openvino_model.bin":
        print("file", path.name)
        try:
            value = torch.load(path, weights_only=True)
        except Exception as error:
            print("refused")
        else:
            walk(value, "")
"#;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/weights/good");
    let python = std::env::var("HF_RELEASE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = std::process::Command::new(&python).args(["-c", script]).arg(&folder).output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        use std::io::Write as _;
        let note =
            format!("SKIPPED: {python} has no torch, which was to load the corpus; name one in HF_RELEASE_PYTHON");
        writeln!(std::io::stderr(), "{note}").unwrap();
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let mut compared = 0;
    for part in text.split("file ").filter(|part| !part.is_empty()) {
        let mut lines = part.lines();
        let name = lines.next().unwrap();
        let theirs: Vec<&str> = lines.collect();
        let bytes = bytes(name);
        let weight = examine(&RepoPath::new(name), io::Cursor::new(&bytes), bytes.len() as u64).unwrap();
        let refused = weight.pickles.found.iter().find_map(|pickle| pickle.scan.refusal());
        assert_eq!(theirs == ["refused"], refused.is_some(), "{name}: torch says {theirs:?}, we {refused:?}");
        if refused.is_none() {
            let ours: Vec<String> = listed(name).iter().map(|tensor| format!("tensor {tensor}")).collect();
            assert_eq!(ours, theirs, "{name}");
        }
        compared += 1;
    }
    assert!(compared > 15, "{text}");
}
