use std::io::Cursor;

use super::*;
use crate::weights::examine;

/// A safetensors file of these tensors: name, shape and the byte that all of F32 data is made of.
fn file(tensors: &[(&str, &[u64], u8)]) -> Vec<u8> {
    let (mut header, mut data) = (Vec::new(), Vec::new());
    for (name, shape, byte) in tensors {
        let bytes = shape.iter().product::<u64>() * 4;
        let (begin, end) = (data.len(), data.len() as u64 + bytes);
        header.push(format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{begin},{end}]}}"#));
        data.resize(end as usize, *byte);
    }
    let header = format!("{{{}}}", header.join(","));
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat()
}

fn seen(path: &str, bytes: &[u8]) -> Option<Hollow> {
    let path = RepoPath::new(path);
    let weight = examine(&path, Cursor::new(bytes), bytes.len() as u64).unwrap();
    assert!(weight.faults.iter().all(|fault| !fault.breaks), "{:?}", weight.faults);
    hollow(&path, Cursor::new(bytes), bytes.len() as u64, &weight, &mut { MAX_READS }).unwrap()
}

#[test]
fn placeholders_of_partitioned_training_are_seen() {
    let found = seen("m.safetensors", &file(&[("a.weight", &[0], 1), ("b.weight", &[9, 9], 1), ("c", &[3], 1)]));
    assert_eq!(found, Some(Hollow::NoElements { first: Some("a.weight".to_owned()), count: 1, of: 3 }));
    // State of no bytes, and an empty list of outliers beside whole weights.
    for name in ["a._extra_state", "a.outliers", "a.bias"] {
        assert_eq!(seen("m.safetensors", &file(&[(name, &[0], 1), ("b.weight", &[9, 9], 1), ("c", &[3], 1)])), None);
    }
    assert!(seen("m.safetensors", &file(&[("a", &[0, 8], 1), ("b", &[8, 0], 1), ("c", &[3], 1)])).is_some());
}

#[test]
fn a_layer_is_hollow_where_all_of_its_matrices_are_zero() {
    let q = ("model.layers.1.attn.q_proj.weight", &[8, 8][..], 0);
    let k = ("model.layers.1.attn.k_proj.weight", &[8, 8][..], 0);
    let bias = ("model.layers.1.attn.k_proj.bias", &[8, 8][..], 7);
    let other = ("model.layers.0.attn.q_proj.weight", &[64, 64][..], 7);
    let layer = Hollow::ZeroLayers { first: "model.layers.1".to_owned(), count: 1 };
    assert_eq!(seen("m.safetensors", &file(&[q, k, bias, other])), Some(layer));
    // One matrix of two, one matrix alone.
    assert_eq!(seen("m.safetensors", &file(&[q, (k.0, k.1, 7), other])), None);
    assert_eq!(seen("m.safetensors", &file(&[q, other])), None);
    // Most of the file.
    assert_eq!(seen("m.safetensors", &file(&[q, k])), Some(Hollow::ZeroFile { count: 2 }));
}

#[test]
fn what_is_rightly_zero_is_not_counted() {
    let a = ("layers.0.q.lora_A.weight", &[8, 64][..], 7);
    for name in
        ["layers.0.q.lora_B.weight", "layers.0.q.lora.up.weight", "controlnet.zero_convs.0.weight", "layers.0.qzeros"]
    {
        assert_eq!(
            seen("m.safetensors", &file(&[a, (name, &[128, 64], 0), ("layers.0.x.lora_B.weight", &[99, 9], 0)])),
            None
        );
    }
    let table = ("layers.0.attn.relative_position_bias_table", &[64, 64][..], 0);
    assert_eq!(seen("m.safetensors", &file(&[table, ("layers.0.running.weight", &[64, 64], 0)])), None);
    // A small matrix alone.
    assert_eq!(seen("m.safetensors", &file(&[("head.weight", &[8, 8], 0)])), None);
    assert!(seen("m.safetensors", &file(&[("head.weight", &[256, 64], 0)])).is_some());
}

#[test]
fn one_number_that_is_not_zero_is_enough_where_it_is_read() {
    let mut bytes = file(&[("a.weight", &[256, 256], 0), ("b.weight", &[256, 256], 0)]);
    assert!(seen("m.safetensors", &bytes).is_some());
    *bytes.last_mut().unwrap() = 1;
    assert_eq!(seen("m.safetensors", &bytes), None);
}

#[test]
fn the_reads_of_a_repository_end() {
    let names: Vec<String> = (0..3000).map(|at| format!("layers.{at}.q.weight")).collect();
    let tensors: Vec<(&str, &[u64], u8)> = names.iter().map(|name| (name.as_str(), &[8, 8][..], 0)).collect();
    let bytes = file(&tensors);
    let path = RepoPath::new("m.safetensors");
    let weight = examine(&path, Cursor::new(&bytes), bytes.len() as u64).unwrap();
    let look = |reads: &mut usize| hollow(&path, Cursor::new(&bytes), bytes.len() as u64, &weight, reads).unwrap();
    let mut reads = 100;
    assert_eq!(look(&mut reads), None);
    assert_eq!(reads, 75);
    reads = 0;
    assert_eq!(look(&mut reads), None);
}
