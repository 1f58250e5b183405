//! Configurations as Keras writes them, and as attackers did.

use std::io::Cursor;

use super::super::{Active, Contents, Danger, active::Actives, examine};
use super::*;
use crate::bytes::testing::{Random, Sparse, mutate, rounds, zip};
use crate::bytes::{FaultKind, Format, Input};
use crate::source::RepoPath;

fn scanned(text: &str) -> Vec<Active> {
    let mut found = Actives::default();
    assert!(config::scan(text, &mut found).end.is_some(), "{text}");
    found.into_vec()
}

/// A model of one layer.
fn model(layer: &str) -> String {
    format!(
        r#"{{"module": "keras", "class_name": "Sequential", "config": {{"name": "s", "layers": [{{"module": "keras.layers", "class_name": "InputLayer", "config": {{"batch_shape": [null, 4]}}, "registered_name": null}}, {layer}]}}, "registered_name": null, "build_config": {{"input_shape": [null, 4]}}, "compile_config": {{"optimizer": {{"module": "keras.optimizers", "class_name": "Adam", "config": {{"name": "adam"}}, "registered_name": null}}, "loss": "mse"}}}}"#
    )
}

const LAMBDA: &str = r#"{"module": "keras.layers", "class_name": "Lambda", "config": {"name": "twice", "function": {"class_name": "__lambda__", "config": {"code": "4wE=", "defaults": null, "closure": null}}}, "registered_name": null}"#;

#[test]
fn what_keras_writes_is_silent() {
    for layer in [
        r#"{"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 2, "activation": "relu", "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}}, "registered_name": null}"#,
        r#"{"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}"#,
        r#"{"module": "keras_hub.src.models.bert", "class_name": "BertBackbone", "config": {}, "registered_name": "keras_hub>BertBackbone"}"#,
        r#"{"module": "keras.layers", "class_name": "StringLookup", "config": {"name": "l", "vocabulary": null, "filepath": "x"}, "registered_name": null}"#,
        r#"{"module": "keras.layers", "class_name": "TextVectorization", "config": {"name": "t", "vocabulary": "vocabulary.txt"}}"#,
        r#"{"class_name": "Dense", "config": {"name": "Lambda"}}"#,
    ] {
        assert_eq!(scanned(&model(layer)), [], "{layer}");
    }
}

#[test]
fn code_and_what_fetches_it_are_found() {
    for (layer, danger, words) in [
        (LAMBDA, Danger::MayRun, "`twice` is a `Lambda`"),
        (r#"{"class_name": "__lambda__", "config": {"value": "4wE="}}"#, Danger::MayRun, "compiled Python code"),
        (
            r#"{"module": null, "class_name": "My", "config": {}, "registered_name": "mine>My"}"#,
            Danger::NeedsCode,
            "`mine.My`",
        ),
        (
            r#"{"class_name": "Lambda", "config": {"name": "old", "function": ["4wE=", null, null]}}"#,
            Danger::MayRun,
            "`old`",
        ),
        (
            r#"{"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}"#,
            Danger::Attack,
            "`os.system`",
        ),
        (
            r#"{"module": "keras.config", "class_name": "function", "config": "enable_unsafe_deserialization"}"#,
            Danger::Attack,
            "`keras.config.enable_unsafe_deserialization`",
        ),
        (
            r#"{"module": "keras.src.utils.file_utils", "class_name": "function", "config": "get_file"}"#,
            Danger::Attack,
            "get_file",
        ),
        (r#"{"module": "builtins", "class_name": "function", "config": "exec"}"#, Danger::Attack, "`builtins.exec`"),
        (
            r#"{"module": "uuid", "class_name": "_get_command_stdout", "config": {}}"#,
            Danger::Attack,
            "`uuid._get_command",
        ),
        (r#"{"module": "pydoc", "class_name": "pipepager", "config": {}}"#, Danger::Attack, "`pydoc.pipepager`"),
        (r#"{"module": "cloudpickle", "class_name": "loads", "config": {}}"#, Danger::Attack, "`cloudpickle.loads`"),
        (r#"{"module": "mailcap", "class_name": "findmatch", "config": {}}"#, Danger::Attack, "`mailcap.findmatch`"),
        (
            r#"{"module": "keras.src.utils.python_utils", "class_name": "function", "config": "func_load"}"#,
            Danger::Attack,
            "func_load",
        ),
        (
            r#"{"module": "keras.src.utils.file_utils", "class_name": "function", "config": "extract_open_archive"}"#,
            Danger::Attack,
            "extract_open_archive",
        ),
        (r#"{"module": "subprocess", "class_name": "Popen", "config": {}}"#, Danger::Attack, "`subprocess.Popen`"),
        (r#"{"module": "my.layers", "class_name": "Mine", "config": {}}"#, Danger::NeedsCode, "`my.layers.Mine`"),
        (
            r#"{"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {}}"#,
            Danger::MayRun,
            "unpickles",
        ),
        (
            r#"{"module": "keras.layers", "class_name": "TFSMLayer", "config": {"name": "t", "filepath": "/x"}}"#,
            Danger::MayRun,
            "`/x`",
        ),
        (
            r#"{"module": "keras.layers", "class_name": "StringLookup", "config": {"name": "l", "vocabulary": "/etc/passwd"}}"#,
            Danger::MayRun,
            "`/etc/passwd`",
        ),
    ] {
        let found = scanned(&model(layer));
        assert!(
            found.iter().any(|active| active.danger == danger && active.message.contains(words)),
            "{layer} {found:?}"
        );
    }
}

fn file(name: &str, bytes: &[u8]) -> super::super::Weight {
    examine(&RepoPath::new(name), Cursor::new(bytes), bytes.len() as u64).unwrap()
}

#[test]
fn an_archive_is_read_through_its_members() {
    let config = model(LAMBDA);
    let archive = zip(&[("metadata.json", b"{}"), ("config.json", config.as_bytes()), ("model.weights.h5", b"x")]);
    let weight = file("model.keras", &archive);
    assert_eq!((weight.format, weight.active.len()), (Format::KerasZip, 1));
    // Both of two members of one name are read.
    let two =
        zip(&[("metadata.json", b"{}"), ("config.json", model("{}").as_bytes()), ("config.json", config.as_bytes())]);
    assert_eq!(file("model.keras", &two).active.len(), 1);
    // Keras needs the configuration only, and Python ends a name at a NUL.
    for members in [
        vec![("config.json", config.as_bytes())],
        vec![("config.json", config.as_bytes()), ("model.weights.h5", b"x")],
        vec![("metadata.json", b"{}"), ("config.json\0a", config.as_bytes())],
        vec![("config.json", config.as_bytes()), ("assets/data.pkl", b"N.")],
    ] {
        assert_eq!(file("model.keras", &zip(&members)).active.len(), 1, "{:?}", members.last());
    }
    assert_eq!(file("model.zip", &zip(&[("config.json", config.as_bytes())])).active.len(), 0);
    let cut = zip(&[("metadata.json", b"{}"), ("config.json", &config.as_bytes()[..300])]);
    let weight = file("model.keras", &cut);
    assert!(weight.faults.iter().any(|fault| fault.kind == FaultKind::Syntax), "{:?}", weight.faults);
    assert!(matches!(weight.contents, Contents::Zip(_)));
}

fn hdf5(content: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89HDF\r\n\x1a\n".to_vec();
    bytes.extend([0; 600]);
    bytes.extend(content);
    bytes.extend([0; 200]);
    bytes
}

fn in_hdf5(bytes: &[u8]) -> (Vec<Active>, Option<crate::bytes::Fault>) {
    let mut found = Actives::default();
    let mut input = Input::new(Cursor::new(bytes), bytes.len() as u64).unwrap();
    let fault = scan_hdf5(&mut input, &mut found).unwrap();
    (found.into_vec(), fault)
}

#[test]
fn an_attribute_is_found_and_read_where_it_stands() {
    for opening in ["", "{\"class_name\":", "{{{\"module\": "] {
        let content = format!("{opening}{}", model(LAMBDA));
        let (found, fault) = in_hdf5(&hdf5(content.as_bytes()));
        assert_eq!((found.len(), fault), (1, None), "{opening}");
    }
    // Across the border of two pieces that are read.
    let mut far = vec![b' '; 1024 * 1024 - 620];
    far.extend(model(LAMBDA).as_bytes());
    assert_eq!(in_hdf5(&hdf5(&far)).0.len(), 1);
    assert_eq!(in_hdf5(&hdf5(model("{}").as_bytes())), (vec![], None));
    let broken = r#"{"class_name": "Sequential", "config": [{"class_name": "Lambda", "#;
    assert!(in_hdf5(&hdf5(broken.as_bytes())).1.unwrap().message.contains("could not be read"));
}

#[test]
fn a_large_file_is_searched_at_its_start_and_says_so() {
    let mut input = Input::new(Sparse::new(&hdf5(b""), 1 << 40), 1 << 40).unwrap();
    let fault = scan_hdf5(&mut input, &mut Actives::default()).unwrap().unwrap();
    assert!(fault.message.starts_with("only the first 67,108,864 of its"), "{}", fault.message);
    assert!(input.into_inner().read_bytes() < MAX_SEARCHED_BYTES + 1_000_000);
}

#[test]
fn no_mutation_breaks_the_readers() {
    let mut random = Random::new(17);
    let config = model(LAMBDA);
    let archive = zip(&[("metadata.json", b"{}"), ("config.json", config.as_bytes())]);
    let attribute = hdf5(config.as_bytes());
    for _ in 0..rounds(2_000) {
        file("model.keras", &mutate(&archive, &mut random));
        in_hdf5(&mutate(&attribute, &mut random));
    }
    let deep = format!("{{\"class_name\":{}", "[".repeat(100_000));
    assert_eq!(in_hdf5(&hdf5(deep.as_bytes())), (vec![], None));
}
