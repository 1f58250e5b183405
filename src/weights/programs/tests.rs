//! Files as programs write them, as small as they can be, and as attackers change them.

use std::io::Cursor;

use super::super::{Danger, Weight, examine};
use crate::bytes::testing::{Random, mutate, rounds, tar, zip};
use crate::bytes::unpack::Packing;
use crate::bytes::unpack::tests::pack;

fn read(name: &str, bytes: &[u8]) -> Weight {
    examine(&name.into(), Cursor::new(bytes.to_vec()), bytes.len() as u64).unwrap()
}

/// What a file is said to run, worst first.
fn said(name: &str, bytes: &[u8]) -> Vec<(Danger, String)> {
    let mut found: Vec<_> =
        read(name, bytes).active.into_iter().map(|active| (active.danger, active.message)).collect();
    found.sort_by_key(|(danger, _)| std::cmp::Reverse(*danger));
    found
}

/// The worst danger of a file.
fn worst(name: &str, bytes: &[u8]) -> Option<Danger> {
    said(name, bytes).first().map(|(danger, _)| *danger)
}

/// A field of protobuf with bytes, in this test below 128 of them or two bytes of length.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![number << 3 | 2];
    if length < 128 {
        bytes.push(length as u8);
    } else {
        bytes.extend([(length & 0x7F) as u8 | 0x80, (length >> 7) as u8]);
    }
    bytes.extend(content);
    bytes
}

fn node(name: &str, operator: &str, attributes: &[u8]) -> Vec<u8> {
    [field(1, name.as_bytes()), field(2, operator.as_bytes()), attributes.to_vec()].concat()
}

fn graph(operators: &[&str]) -> Vec<u8> {
    operators.iter().flat_map(|operator| field(1, &node("n", operator, &[]))).collect()
}

fn saved_model(graph: &[u8]) -> Vec<u8> {
    [vec![0x08, 0x01], field(2, &[field(1, b"\x22\x05serve"), field(2, graph)].concat())].concat()
}

#[test]
fn graphs_are_told_by_their_operators() {
    let ordinary = [
        "Placeholder",
        "Identity",
        "MergeV2Checkpoints",
        "SaveV2",
        "RestoreV2",
        "ShardedFilename",
        "PrintV2",
        "Assert",
        "InitializeTableFromTextFileV2",
        "StatefulPartitionedCall",
        "VarHandleOp",
        "StringJoin",
        "NoOp",
    ];
    assert_eq!(said("saved_model.pb", &saved_model(&graph(&ordinary))), []);
    for operator in ["PyFunc", "EagerPyFunc", "ReadFile", "WriteFile", "MatchingFiles", "DebugIdentityV2"] {
        let bytes = graph(&["Placeholder", operator, "Identity"]);
        assert_eq!(worst("saved_model.pb", &saved_model(&bytes)), Some(Danger::MayRun), "{operator}");
        assert_eq!(worst("frozen_graph.pb", &bytes), Some(Danger::MayRun), "{operator}");
        let function = [field(1, b"\x0A\x01f"), field(3, &node("n", operator, &[]))].concat();
        let library = field(2, &field(1, &function));
        assert_eq!(worst("a/saved_model.pb", &saved_model(&library)), Some(Danger::MayRun), "{operator}");
    }
    assert!(said("saved_model.pb", &saved_model(&graph(&["WriteFile"])))[0].1.contains("writes a file"));
}

#[test]
fn what_is_printed_to_a_file_is_told() {
    let attribute = |stream: &str| {
        let value = field(2, stream.as_bytes());
        field(5, &[field(1, b"output_stream"), field(2, &value)].concat())
    };
    let print = |stream: &str| saved_model(&field(1, &node("p", "PrintV2", &attribute(stream))));
    assert_eq!(worst("saved_model.pb", &print("stderr")), None);
    assert_eq!(worst("saved_model.pb", &print("file:///tmp/x")), Some(Danger::MayRun));
}

#[test]
fn graphs_in_text_and_layers_among_objects_are_read() {
    let text = |operator: &str| format!("meta_graphs {{ graph_def {{ node {{ name: \"n\" op: \"{operator}\" }} }} }}");
    assert_eq!(worst("saved_model.pbtxt", text("ReadFile").as_bytes()), Some(Danger::MayRun));
    assert_eq!(worst("saved_model.pbtxt", text("SaveV2").as_bytes()), None);
    assert_eq!(worst("config.pbtxt", b"name: \"ReadFile\"\nstop: \"ReadFile\"\n"), None);
    let layer = r#"{"class_name": "Lambda", "config": {"name": "l"}}"#;
    let object = field(7, &field(2, layer.as_bytes()));
    let model = [vec![0x08, 0x01], field(2, &[field(2, &graph(&["NoOp"])), object].concat())].concat();
    assert_eq!(worst("saved_model.pb", &model), Some(Danger::MayRun));
}

#[test]
fn a_cut_graph_is_not_called_clean() {
    let bytes = saved_model(&graph(&["Placeholder", "Identity"]));
    assert!(!read("saved_model.pb", &bytes[..bytes.len() - 3]).faults.is_empty());
    assert!(read("other.pb", &bytes[..bytes.len() - 3]).faults.is_empty());
}

#[test]
fn metadata_of_keras_is_read_in_protobuf() {
    let layer = |class: &str| {
        let json = format!(r#"{{"class_name": "{class}", "config": {{"name": "l"}}, "module": null}}"#);
        field(1, &[vec![0x08, 1], field(3, b"_tf_keras_layer"), field(4, json.as_bytes())].concat())
    };
    assert_eq!(worst("keras_metadata.pb", &[layer("Dense"), layer("Lambda")].concat()), Some(Danger::MayRun));
    assert_eq!(worst("keras_metadata.pb", &[layer("Dense"), layer("Flatten")].concat()), None);
}

#[test]
fn a_nemo_archive_is_told_by_its_targets() {
    let archive = |config: &str| tar(&[("./model_config.yaml", config.as_bytes()), ("./model_weights.ckpt", b"x")]);
    let ordinary = "target: nemo.collections.asr.models.EncDecCTCModel\noptim:\n  _target_: torch.optim.AdamW\n";
    let hostile = "target: nemo.x.Y\npreprocessor:\n  _target_: subprocess.run\n  args: [id]\n";
    assert_eq!(said("m.nemo", &archive(ordinary)), []);
    assert_eq!(
        said("m.nemo", &archive(hostile)),
        [(
            Danger::Attack,
            "the configuration `./model_config.yaml` names `subprocess.run`, which starts another program".to_owned()
        )]
    );
    assert_eq!(worst("m.nemo", &pack(Packing::Gzip, &archive(hostile))), Some(Danger::Attack));
    assert_eq!(worst("m.nemo", &archive("a: !!python/object/apply:os.system [x]\n")), Some(Danger::Attack));
}

#[test]
fn the_metadata_of_safetensors_is_told_by_its_targets() {
    let file = |config: &str| {
        let metadata = serde_json::json!({ "config": config });
        let header = format!(r#"{{"__metadata__":{metadata},"w":{{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}}}"#);
        [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &[0, 0, 128, 63]].concat()
    };
    assert_eq!(worst("model.safetensors", &file("{'_target_': 'builtins.exec'}")), Some(Danger::Attack));
    assert_eq!(worst("model.safetensors", &file(r#"{"a": {"_target_": "os.system"}}"#)), Some(Danger::Attack));
    assert_eq!(worst("model.safetensors", &file(r#"{"_target_": "flextok.flextok_wrapper.FlexTok"}"#)), None);
}

#[test]
fn skops_is_told_by_its_nodes() {
    let file = |node: &str| zip(&[("schema.json", node.as_bytes())]);
    let node = |loader: &str, module: &str, class: &str, content: &str| {
        format!(
            r#"{{"__class__": "{class}", "__module__": "{module}", "__loader__": "{loader}", "content": {content}}}"#
        )
    };
    let object = node("ObjectNode", "sklearn.svm._classes", "SVC", "null");
    let method =
        |func: &str| node("MethodNode", "builtins", "method", &format!(r#"{{"func": "{func}", "obj": {object}}}"#));
    for ordinary in [
        object.clone(),
        method("predict"),
        node("FunctionNode", "numpy", "clip", "null"),
        node("PartialNode", "functools", "partial", "{}"),
        node("TypeNode", "builtins", "str", "null"),
        node("OperatorFuncNode", "operator", "itemgetter", "null"),
        node("SliceNode", "builtins", "slice", "{}"),
    ] {
        assert_eq!(said("m.skops", &file(&ordinary)), [], "{ordinary}");
    }
    for hostile in [
        method("__init__.__builtins__"),
        method("__globals__"),
        node("ObjectNode", "os", "system", "null"),
        node("FunctionNode", "builtins", "exec", "null"),
        node("TypeNode", "subprocess", "Popen", "null"),
        node("OperatorFuncNode", "sklearn.svm", "call", "null"),
    ] {
        assert_eq!(worst("m.skops", &file(&hostile)), Some(Danger::Attack), "{hostile}");
    }
}

#[test]
fn torchscript_is_told_by_its_operators() {
    let file = |line: &str| {
        let code = format!("class M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    {line}\n    return x\n");
        let members: [(&str, &[u8]); 4] = [
            ("m/data.pkl", b"\x80\x02}q\x00."),
            ("m/code/__torch__.py", code.as_bytes()),
            ("m/constants.pkl", b"\x80\x02)."),
            ("m/version", b"3\n"),
        ];
        zip(&members)
    };
    for line in
        ["_0 = torch.save(x, \"/tmp/x\")", "_0 = torch.from_file(\"/x\", True, 3)", "ops.image.write_file(\"x\", x)"]
    {
        assert_eq!(worst("m.pt", &file(line)), Some(Danger::MayRun), "{line}");
    }
    for line in [
        "_0 = torch.relu(x)",
        "_0 = (self).torch.save(x)",
        "_0 = ops.torchvision.nms(x, x, 0.5)",
        "x.torch.save_all(1)",
    ] {
        assert_eq!(worst("m.pt", &file(line)), None, "{line}");
    }
}

#[test]
fn hostile_graphs_end() {
    let seed = saved_model(&graph(&["Placeholder", "PyFunc", "Identity"]));
    let mut random = Random::new(11);
    for _ in 0..rounds(2000) {
        let bytes = mutate(&seed, &mut random);
        let _ = read("saved_model.pb", &bytes);
    }
}
