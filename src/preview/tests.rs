//! Each area on small repositories.

use std::fs;

use super::*;
use crate::card::Card;
use crate::evidence::Subject;
use crate::release::{Options, Release};
use crate::source::{FileId, RepoPath, SourceFile};

/// The page of these files. The id is `acme/lamp`.
fn page(files: &[(&str, &str)]) -> Page {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let release = Release::open(folder.path(), &Options { repo_id: Some("acme/lamp".to_owned()) }).unwrap();
    Page::read(&Context::new(&Subject::new(&release)))
}

/// The page of a card with this metadata, beside these files.
fn of(yaml: &str, files: &[(&str, &str)]) -> Page {
    let card = format!("---\n{yaml}\n---\n# Lamp\n");
    page(&[&[("README.md", card.as_str())], files].concat())
}

fn id(shown: &Shown<Named>) -> (State, &str) {
    (shown.state, shown.value.as_ref().map_or("", |named| &named.id))
}

const LLAMA: (&str, &str) = ("config.json", r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}"#);
const SAFE: &str = "\u{2}\0\0\0\0\0\0\0{}";

#[test]
fn the_task_is_found_as_the_hub_finds_it() {
    use State::{Likely, Shown, Unknown};
    assert_eq!(id(&of("pipeline_tag: fill-mask", &[LLAMA]).task), (Shown, "fill-mask"));
    assert_eq!(id(&of("tags: [lamp, fill-mask]", &[]).task), (Shown, "fill-mask"));
    assert_eq!(id(&of("library_name: transformers", &[LLAMA]).task), (Likely, "text-generation"));
    assert_eq!(id(&of("tags: [transformers]", &[LLAMA]).task), (Likely, "text-generation"));
    // Only of transformers models the Hub is known to read the class.
    assert_eq!(id(&of("license: mit", &[LLAMA]).task), (Unknown, ""));
    assert_eq!(id(&of("library_name: mlx", &[LLAMA]).task), (Unknown, ""));
    // Two ways, two answers.
    assert_eq!(id(&of("library_name: transformers\ntags: [fill-mask]", &[LLAMA]).task), (Unknown, ""));
    assert_eq!(
        id(&of("library_name: transformers\ntags: [text-generation]", &[LLAMA]).task),
        (Shown, "text-generation")
    );
    // A class of several tasks, and one of none.
    for class in ["Qwen2_5_VLForConditionalGeneration", "T5ForConditionalGeneration", "MyModel"] {
        let config = format!("{{\"architectures\": [\"{class}\"]}}");
        assert_eq!(id(&of("library_name: transformers", &[("config.json", &config)]).task), (Unknown, ""), "{class}");
    }
    assert_eq!(id(&of("pipeline_tag: text2text-generation", &[]).task), (Unknown, "text2text-generation"));
    assert!(of("pipeline_tag: text2text-generation", &[]).task.note.unwrap().contains("`text-generation`"));
    assert_eq!(id(&of("pipeline_tag: [fill-mask]", &[]).task), (Unknown, ""));
}

#[test]
fn the_library_is_found_as_the_hub_finds_it() {
    use State::{Absent, Likely, Shown, Unknown};
    assert_eq!(id(&of("library_name: peft\ntags: [timm]", &[]).library), (Shown, "peft"));
    assert_eq!(id(&of("tags: [lamp, timm, timm]", &[]).library), (Shown, "timm"));
    assert_eq!(id(&of("tags: [peft, transformers]", &[]).library), (Unknown, ""));
    assert_eq!(id(&of("license: mit", &[("lamp.nemo", "x")]).library), (Likely, "nemo"));
    assert_eq!(id(&of("license: mit", &[LLAMA]).library), (Absent, ""));
    assert_eq!(id(&of("library_name: Transformers", &[]).library), (Unknown, "Transformers"));
    assert_eq!(id(&of("library_name: null\ntags: [timm]", &[]).library), (Shown, "timm"));
}

#[test]
fn a_registered_library_has_a_snippet() {
    let snippet = |yaml: &str, files: &[(&str, &str)]| {
        let snippet = of(yaml, files).snippet;
        (snippet.state, snippet.value.and_then(|code| code.code).unwrap_or_default())
    };
    let (state, code) = snippet("library_name: transformers", &[LLAMA]);
    assert_eq!(state, State::Shown);
    assert!(code.contains("\"acme/lamp\"") && code.contains("text-generation"), "{code}");
    assert_eq!(snippet("library_name: lamps", &[]).0, State::Absent);
    assert_eq!(snippet("license: mit", &[LLAMA]).0, State::Absent);
    assert_eq!(snippet("tags: [peft, timm]", &[]).0, State::Unknown);
    let gap = |yaml: &str| of(yaml, &[]).snippet.note.unwrap_or_default();
    assert!(gap("library_name: speechbrain").contains("speechbrain_interface"));
    assert!(gap("library_name: nemo").contains("automatic-speech-recognition"));
    assert_eq!(gap("library_name: espnet\npipeline_tag: text-to-speech"), "");
    assert!(gap("library_name: ultralytics\ntags: [yolov]").contains("yolov8"));
    assert_eq!(gap("library_name: ultralytics\ntags: [yolov8]"), "");
    // The Hub has one, and we have no words for it.
    assert_eq!(snippet("library_name: asteroid", &[]), (State::Shown, String::new()));
    assert_eq!(snippet("library_name: acestep", &[]).0, State::Absent);
}

#[test]
fn the_twenty_most_used_libraries_have_code() {
    let libraries = [
        "adapter-transformers",
        "bertopic",
        "diffusers",
        "espnet",
        "fastai",
        "flair",
        "keras",
        "keras-hub",
        "mlx",
        "nemo",
        "open_clip",
        "peft",
        "sentence-transformers",
        "setfit",
        "sklearn",
        "spacy",
        "span-marker",
        "speechbrain",
        "stable-baselines3",
        "timm",
        "transformers",
        "transformers.js",
        "ultralytics",
    ];
    for library in libraries {
        let files: &[(&str, &str)] = match library {
            "speechbrain" => &[("config.json", r#"{"speechbrain_interface": "EncoderASR"}"#)],
            "stable-baselines3" => &[("ppo-lamp.zip", "x")],
            "ultralytics" => &[("model.pt", "x")],
            _ => &[],
        };
        let task = if library == "mlx" { "text-generation" } else { "automatic-speech-recognition" };
        let yaml = format!("library_name: {library}\npipeline_tag: {task}");
        let snippet = of(&yaml, files).snippet;
        assert_eq!(snippet.state, State::Shown, "{library}");
        let code = snippet.value.unwrap().code.unwrap_or_default();
        assert!(code.contains("acme/lamp"), "{library}: {code}");
    }
}

#[test]
fn downloads_are_counted_by_the_librarys_rule() {
    let counted = |yaml: &str, files: &[(&str, &str)]| {
        let downloads = of(yaml, files).downloads;
        (downloads.state, downloads.value.map_or(Vec::new(), |found| found.files), downloads.note.unwrap_or_default())
    };
    assert_eq!(
        counted("library_name: transformers", &[LLAMA]),
        (State::Shown, vec!["config.json".into()], String::new())
    );
    assert_eq!(counted("license: mit", &[("a.gguf", "x"), ("b.gguf", "x")]).1, ["a.gguf", "b.gguf"]);
    assert_eq!(counted("library_name: timm", &[LLAMA]).0, State::Absent);
    assert_eq!(counted("tags: [timm]", &[("model.safetensors", SAFE)]).1, ["model.safetensors"]);
    assert_eq!(counted("license: mit", &[("lamp.nemo", "x")]).1, ["lamp.nemo"]);
    // Two libraries with two rules, and two with one.
    assert_eq!(counted("tags: [timm, peft]", &[("adapter_config.json", "{}")]).0, State::Unknown);
    assert_eq!(counted("tags: [setfit, sentence-transformers]", &[LLAMA]).1, ["config.json"]);
    // What another name would do.
    let adapter = [("adapter_config.json", r#"{"peft_type": "LORA"}"#)];
    assert!(
        counted("license: mit", &adapter).2.ends_with("(with `library_name: peft`, `adapter_config.json` would count)")
    );
    assert!(!counted("library_name: peft", &[]).2.contains("under"));
}

#[test]
fn the_relation_is_left_to_the_hub() {
    let tree = |yaml: &str, files: &[(&str, &str)]| {
        let tree = of(yaml, files).model_tree;
        (tree.state, tree.value.and_then(|tree| tree.relation), tree.note.unwrap_or_default())
    };
    assert_eq!(tree("base_model: [a/b, c/d]", &[]).1.as_deref(), Some("merge"));
    assert_eq!(
        tree("base_model: a/b\nbase_model_relation: quantized", &[]),
        (State::Shown, Some("quantized".into()), String::new())
    );
    let adapter = [("adapter_config.json", r#"{"peft_type": "LORA"}"#)];
    let (state, relation, note) = tree("base_model: a/b", &adapter);
    assert_eq!((state, relation), (State::Shown, None));
    assert!(note.ends_with("(the files show `adapter`)"), "{note}");
    assert_eq!(tree("base_model: a/b\nbase_model_relation: child", &[]).1, None);
    assert_eq!(tree("base_model: ./out", &[]).0, State::Absent);
    assert_eq!(tree("license: mit", &[]).0, State::Absent);
    let based = [("adapter_config.json", r#"{"peft_type": "LORA", "base_model_name_or_path": "a/b"}"#)];
    assert!(tree("license: mit", &based).2.contains("a/b"));
}

#[test]
fn licenses_and_languages() {
    let license = of("license: other\nlicense_name: lamp-1.0\nlicense_link: LICENSE", &[]).license.value.unwrap();
    let own = License { id: "other".into(), name: Some("lamp-1.0".into()), link: Some("LICENSE".into()) };
    assert_eq!(license, [own]);
    assert_eq!(of("license: mit", &[]).license.value.unwrap()[0].name.as_deref(), Some("MIT"));
    assert_eq!(of("license: MIT", &[]).license.state, State::Absent);
    assert_eq!(of("language: [en, de]", &[]).languages.value.unwrap()[1].name, "German");
    assert_eq!(of("language: EN", &[]).languages.state, State::Absent);
    // As YAML 1.2 reads it: the language.
    assert_eq!(of("language: no", &[]).languages.value.unwrap()[0].name, "Norwegian");
}

#[test]
fn the_gallery_needs_both_its_halves() {
    let gallery = |outputs: bool, element: bool| {
        let yaml = if outputs { "widget:\n- text: a lamp\n  output:\n    url: lamp.png" } else { "license: mit" };
        let body = if element { "<Gallery />" } else { "text" };
        page(&[("README.md", &format!("---\n{yaml}\n---\n{body}\n"))]).gallery
    };
    assert_eq!(gallery(true, true).state, State::Shown);
    assert_eq!(gallery(true, true).note.as_deref(), Some("lamp.png is not among the files"));
    assert_eq!(gallery(false, false), Shown::absent());
    for half in [gallery(true, false), gallery(false, true)] {
        assert_eq!(half.state, State::Absent);
        assert!(half.note.is_some());
    }
}

#[test]
fn settings_are_not_the_cards() {
    let gate = of("extra_gated_prompt: Agree.\nextra_gated_fields:\n  Name: text", &[]).gate;
    assert_eq!(gate.state, State::Unknown);
    assert_eq!(gate.value.unwrap(), Gate { asks: vec!["Name".into()], prompt: true, eu_disallowed: false });
    assert_eq!(of("gated: true", &[]).gate.value, None);
    assert_eq!(of("inference: false", &[]).widget.state, State::Absent);
    assert_eq!(of("widget:\n- text: x", &[]).widget.value.unwrap().examples, 1);
    assert_eq!(of("tags: [not-for-all-audiences]", &[]).audience.value, Some(true));
    assert_eq!(of("new_version: acme/lamp", &[]).new_version.state, State::Unknown);
    assert_eq!(of("new_version: acme/lamp-2", &[]).new_version.state, State::Shown);
}

#[test]
fn what_the_files_add() {
    let files = [
        ("notebook.ipynb", "{}"),
        ("runs/events.out.tfevents.1", "x"),
        (".eval_results/a.yaml", "[]"),
        ("x/.eval_results/b.yaml", "[]"),
    ];
    let found = of("library_name: transformers", &files);
    assert_eq!(found.notebooks.value.unwrap().file.as_deref(), Some("notebook.ipynb"));
    assert_eq!(found.training_metrics.value.unwrap().len(), 1);
    assert_eq!(found.results.value.unwrap(), Results { model_index: 0, files: 1 });
    let none = of("library_name: transformers", &[("x/notebook.ipynb", "{}")]);
    assert_eq!((none.notebooks.state, none.notebooks.value.unwrap().file), (State::Likely, None));
    assert_eq!(of("license: mit", &[]).notebooks.state, State::Unknown);
}

#[test]
fn parameters_are_those_that_the_hub_is_known_to_count() {
    let header = r#"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + 24, 0);
    let file = String::from_utf8(bytes).unwrap();
    let parameters = |path: &str| of("license: mit", &[(path, &file)]).parameters;
    for path in ["model.safetensors", "unet/diffusion_pytorch_model.safetensors"] {
        assert_eq!(parameters(path).value.unwrap().total, Some(6), "{path}");
    }
    assert_eq!(parameters("adapter_model.safetensors").state, State::Unknown);
    assert_eq!(of("license: mit", &[]).parameters.state, State::Absent);
    assert_eq!(of("license: mit", &[("model.safetensors", "broken")]).parameters.state, State::Unknown);
}

/// Nothing is counted of weights without tensors, without elements, broken, or in formats whose headers the Hub does not count.
#[test]
fn weights_without_parameters_have_none() {
    let of_safetensors = |header: &str| format!("{}\0\0\0\0\0\0\0{header}", char::from(header.len() as u8));
    let empty = of_safetensors("{}");
    let zero = of_safetensors(r#"{"w":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}}"#);
    let odd = of_safetensors(r#"{"w":{"dtype":"X9","shape":[1],"data_offsets":[0,0]}}"#);
    let gguf = |tensors: u8, rest: &str| format!("GGUF\u{3}\0\0\0{}{}{rest}", counted(tensors), counted(0));
    let no_tensors = gguf(0, "");
    // One tensor `w` with one dimension of one element, of a type that does not exist.
    let odd_type = gguf(1, &format!("{}w\u{1}\0\0\0{}\u{7f}\0\0\0{}", counted(1), counted(1), counted(0)));
    for (path, text, state) in [
        ("model.safetensors", empty.as_str(), State::Absent),
        ("model.safetensors", &zero, State::Absent),
        ("model.safetensors", &odd, State::Unknown),
        ("model.safetensors", "", State::Unknown),
        ("m.gguf", &no_tensors, State::Absent),
        ("m.gguf", &odd_type, State::Unknown),
        ("m.gguf", "", State::Absent),
        ("model.tflite", "", State::Absent),
        ("model.mar", "PK", State::Absent),
        ("m.cbm", "CBM1", State::Absent),
    ] {
        let found = of("license: mit", &[(path, text)]).parameters;
        assert_eq!((found.state, found.value), (state, None), "{path} {text:?}");
    }
}

/// A number of eight bytes, the lowest first.
fn counted(number: u8) -> String {
    format!("{}\0\0\0\0\0\0\0", char::from(number))
}

#[test]
fn apps_by_their_public_conditions() {
    let apps = |yaml: &str, files: &[(&str, &str)]| {
        let apps = of(yaml, files).local_apps.value.unwrap_or_default();
        apps.iter().map(|app| app.0).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(apps("library_name: transformers\npipeline_tag: text-generation", &[]), "vLLM SGLang");
    assert_eq!(apps("library_name: transformers\npipeline_tag: fill-mask", &[]), "");
    assert_eq!(apps("library_name: mlx\npipeline_tag: text-generation", &[]), "LM Studio MLX LM");
    assert_eq!(apps("library_name: diffusers\npipeline_tag: image-to-image\ntags: [lora]", &[]), "Draw Things");
    let gptq = [("config.json", r#"{"quantization_config": {"quant_method": "gptq"}}"#)];
    assert_eq!(apps("pipeline_tag: text-generation", &gptq), "vLLM SGLang");
}

#[test]
fn pickles_are_named_and_not_judged() {
    let security = of("license: mit", &[("model.pkl", "\u{1}")]).security;
    assert_eq!((security.state, security.value), (State::Unknown, None));
    let pickle = "cbuiltins\neval\n(V1\ntR.";
    let security = of("license: mit", &[("model.pkl", pickle)]).security;
    assert_eq!((security.state, security.value.unwrap().0), (State::Unknown, vec!["model.pkl".to_owned()]));
    assert!(security.note.unwrap().ends_with("(`model.pkl` imports a function that runs code: `dangerous-pickle`)"));
}

#[test]
fn cards_that_are_none() {
    let none = page(&[LLAMA]);
    assert_eq!(none.card.state, State::Absent);
    assert_eq!(none.papers.state, State::Absent);
    let bare = page(&[("README.md", "# Lamp\n")]);
    assert_eq!(bare.card.note.as_deref(), Some("the Hub warns that its metadata is missing"));
    assert_eq!(of("license: mit", &[]).card.note, None);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0000000000000000000000000000000000000000000000000000000000000000\nsize 1\n";
    assert_eq!(page(&[("readme.md", "x")]).card.state, State::Absent);
    let source = SourceFile::new(FileId(0), RepoPath::new("README.md"), pointer.as_bytes().to_vec());
    assert_eq!(Metadata::of(Some(&Card::parse(&source))).text("license"), None);
}

#[test]
fn every_area_is_listed_and_has_a_source() {
    let found = of("license: mit", &[]);
    let value = serde_json::to_value(&found).unwrap();
    let mut fields: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let mut listed: Vec<&str> = found.areas().iter().map(|area| area.key).collect();
    listed.sort_unstable();
    fields.sort_unstable();
    assert_eq!(listed, fields);
    assert_eq!(listed, crate::hub::page::areas().collect::<Vec<_>>());
}

#[test]
fn long_lists_are_cut() {
    let tags: Vec<String> = (0..5000).map(|number| format!("t{number}")).collect();
    let tags = of(&format!("tags: [{}]", tags.join(", ")), &[]).tags;
    assert_eq!(tags.value.unwrap().len(), MAX_LISTED);
    assert_eq!(tags.note.as_deref(), Some("4900 more are not listed here"));
}
