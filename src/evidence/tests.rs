use std::fs;

use super::*;

mod bases;
mod libraries;
mod tasks;

/// The facts of a folder with these files.
fn facts(files: &[(&str, &[u8])]) -> Facts {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let release = Release::open(folder.path(), &Default::default()).unwrap();
    let (configs, weights) = (Configs::new(&release), Weights::new(&release));
    Facts::gather(&release, &configs, &weights)
}

/// The facts of one JSON file.
pub(super) fn json(path: &str, text: &str) -> Facts {
    facts(&[(path, text.as_bytes())])
}

/// A safetensors file without tensors, with this metadata.
fn safetensors(metadata: &str) -> Vec<u8> {
    let header = format!("{{\"__metadata__\":{metadata}}}");
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat()
}

/// A GGUF file with these keys and one tensor of this type and 256 elements.
fn gguf(keys: &[(&str, Key)], tensor_type: u32) -> Vec<u8> {
    let string = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend(1_u64.to_le_bytes());
    bytes.extend((keys.len() as u64).to_le_bytes());
    for (key, value) in keys {
        bytes.extend(string(key));
        match value {
            Key::Number(number) => {
                bytes.extend(4_u32.to_le_bytes());
                bytes.extend(number.to_le_bytes());
            }
            Key::Flag(flag) => bytes.extend([7, 0, 0, 0, u8::from(*flag)]),
            Key::Text(text) => {
                bytes.extend(8_u32.to_le_bytes());
                bytes.extend(string(text));
            }
            Key::Texts(texts) => {
                bytes.extend([9, 0, 0, 0, 8, 0, 0, 0]);
                bytes.extend((texts.len() as u64).to_le_bytes());
                texts.iter().for_each(|text| bytes.extend(string(text)));
            }
        }
    }
    bytes.extend(string("w"));
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(256_u64.to_le_bytes());
    bytes.extend(tensor_type.to_le_bytes());
    bytes.extend(0_u64.to_le_bytes());
    bytes.resize(bytes.len().next_multiple_of(32) + 1024, 0);
    bytes
}

/// A value of a GGUF header.
enum Key {
    Number(u32),
    Flag(bool),
    Text(&'static str),
    Texts(&'static [&'static str]),
}

const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\noid \
sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\nsize 12\n";

/// The types of [`gguf`]'s tensor.
const F16: u32 = 1;
const Q4_K: u32 = 12;

#[test]
fn an_empty_folder_shows_nothing() {
    let facts = json("notes.txt", "nothing");
    assert!(facts.task.one.is_none() && facts.task.plausible.is_empty() && facts.library.is_none());
    assert!(facts.base_models.is_empty() && facts.relation.is_none() && facts.license.is_none());
    assert!(!facts.contents.has_weights && !facts.contents.only_gguf && !facts.contents.has_tokenizer);
}

#[test]
fn evidence_is_as_strong_as_what_it_rests_on() {
    let label = || Label::file(crate::source::FileId(0), "x");
    let sure = Evidence::strong(1, label());
    assert!(sure.is_strong());
    let weaker = sure.at_most(Strength::Weak).map(|number| number + 1);
    assert_eq!((weaker.value, weaker.strength), (2, Strength::Weak));
    assert_eq!(Evidence::weak(1, label()).at_most(Strength::Strong).strength, Strength::Weak);
}

#[test]
fn contents() {
    let found =
        facts(&[("model.safetensors", &safetensors("{}")), ("tokenizer.json", b"{}"), ("trainer_state.json", b"{}")])
            .contents;
    assert!(found.has_weights && !found.only_gguf && found.has_tokenizer && found.trained_here.len() == 1);
    let found = facts(&[("a.gguf", &gguf(&[], F16)), ("b.gguf", POINTER)]).contents;
    assert!(found.has_weights && found.only_gguf && !found.has_tokenizer && found.quantized.is_none());
    let found = facts(&[("a.gguf", POINTER), ("model.safetensors", POINTER)]).contents;
    assert!(found.has_weights && !found.only_gguf);
    let found = facts(&[("optimizer.pt", b"\x80\x02}q\0."), ("README.md", b"# x"), ("config.json", b"{}")]).contents;
    assert!(!found.has_weights, "an optimizer is no model");
    assert_eq!(found.trained_here.len(), 1);
}

#[test]
fn quantizations() {
    let method =
        |facts: Facts| facts.contents.quantized.map(|found| (found.value.method, found.value.bits, found.strength));
    for (text, expected) in [
        (r#"{"quantization_config":{"quant_method":"gptq","bits":4}}"#, ("gptq", Some(4), Strength::Strong)),
        (
            r#"{"quantization_config":{"quant_method":"bitsandbytes","load_in_8bit":true}}"#,
            ("bitsandbytes", Some(8), Strength::Weak),
        ),
        (r#"{"quantization_config":{"quant_method":"fp8"}}"#, ("fp8", None, Strength::Weak)),
        (
            r#"{"quantization":{"group_size":64,"bits":4},"quantization_config":{"group_size":64,"bits":4}}"#,
            ("mlx", Some(4), Strength::Strong),
        ),
        (r#"{"quantization":{"group_size":64,"bits":4}}"#, ("mlx", Some(4), Strength::Strong)),
    ] {
        let (name, bits, strength) = expected;
        assert_eq!(method(json("config.json", text)), Some((name.to_owned(), bits, strength)), "{text}");
    }
    for text in [r#"{"quantization_config":null}"#, r#"{"quantization":"none"}"#, r#"{"torch_dtype":"int8"}"#] {
        assert_eq!(method(json("config.json", text)), None, "{text}");
    }
    assert_eq!(method(facts(&[("a.gguf", &gguf(&[], Q4_K))])), Some(("Q4_K".to_owned(), Some(4), Strength::Strong)));
    assert_eq!(method(facts(&[("a.gguf", &gguf(&[], F16))])), None);
    assert_eq!(
        method(json("quant_config.json", r#"{"w_bit":4}"#)),
        Some(("awq".to_owned(), Some(4), Strength::Strong))
    );
}

/// Headers beyond the cap are forgotten, and the room of what was forgotten is free for the next file.
#[test]
fn a_header_that_is_not_kept_leaves_its_room_to_others() {
    let long: &'static str = "x".repeat(1_000_000).leak();
    let keys: Vec<String> = (0..20).map(|number| format!("k{number}")).collect();
    let entries: Vec<_> = keys.iter().map(|key| (key.as_str(), Key::Text(long))).collect();
    let (large, small) = (gguf(&entries, Q4_K), gguf(&[], Q4_K));
    let medium = gguf(&entries[..10], Q4_K);
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("a", &large), ("b", &large), ("c", &medium), ("d", &small)] {
        fs::write(folder.path().join(name).with_extension("gguf"), bytes).unwrap();
    }
    let release = Release::open(folder.path(), &Default::default()).unwrap();
    let weights = Weights::new(&release);
    let kept: Vec<_> = weights.gguf().map(|(file, _)| file.path.as_str()).collect();
    assert_eq!(kept, ["a.gguf", "c.gguf", "d.gguf"]);
}
