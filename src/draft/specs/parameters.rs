//! How many parameters there are and how they are stored, counted in headers.

use std::collections::BTreeMap;

use super::Row;
use super::gguf;
use crate::draft::Material;
use crate::draft::material::is_plain;
use crate::release::File;
use crate::weights::Contents;
use crate::weights::safetensors::{Dtype, Header};
use crate::words::parameters;

/// Elements by type.
type Counts = BTreeMap<&'static str, u64>;

/// What the headers of the weights in one folder count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The file that names the weights: the weights themselves, or the index of their shards.
    pub path: String,
    /// Elements of all tensors, at most `u64::MAX`.
    pub elements: u64,
    /// Their types, the one with the most elements first.
    pub types: Vec<&'static str>,
    /// Whether an element is a parameter: not where several share one.
    pub plain: bool,
}

/// The weights called `stem.safetensors` in a folder (the root is ""), or sharded under that name; nothing where there are
/// none, a shard's header is not at hand, or a type is not known.
pub fn counted(material: &Material<'_>, folder: &str, stem: &str) -> Option<Counted> {
    let (path, headers) = headers(material, folder, &[stem])?;
    if headers.iter().any(|header| header.has_unknown_types()) {
        return None;
    }
    let counts = count(&headers);
    let plain = material.facts().contents.quantized.is_none() && counts_parameters(&headers);
    Some(Counted { path, elements: sum(&counts), types: by_size(&counts), plain })
}

/// The same of the one GGUF file of a model, whose elements are parameters however they are packed; nothing where there are
/// several.
pub fn counted_gguf(material: &Material<'_>) -> Option<Counted> {
    let (file, counts) = gguf::counts(material)?;
    Some(Counted { path: file.path.to_string(), elements: sum(&counts), types: by_size(&counts), plain: true })
}

/// The names under which libraries store the weights that they load.
const STEMS: &[&str] =
    &["model", "diffusion_pytorch_model", "adapter_model", "pytorch_lora_weights", "open_clip_model"];

/// The rows about parameters; none where a shard's header is not at hand, or where several files may hold the same
/// weights and nothing says which count.
pub(super) fn rows(material: &Material<'_>) -> Vec<Row> {
    if material.configs().model_index().is_some() {
        return pipeline(material);
    }
    if material.facts().contents.only_gguf {
        return gguf::counts(material).map_or_else(Vec::new, |(_, counts)| shown(&counts, true, "GGUF header"));
    }
    let Some((_, headers)) = headers(material, "", STEMS) else { return Vec::new() };
    let counts = count(&headers);
    // Packed weights share an element: their number is not the number of parameters.
    let plain = material.facts().contents.quantized.is_none() && counts_parameters(&headers);
    shown(&counts, plain, "safetensors headers")
}

fn shown(counts: &Counts, plain: bool, source: &str) -> Vec<Row> {
    let sum = sum(counts);
    if sum == 0 {
        return Vec::new();
    }
    let names = by_size(counts);
    let mut rows = Vec::new();
    if plain {
        rows.push(Row::new("Parameters", parameters(sum), source));
    }
    rows.push(Row::new("Tensor types", names.join(", "), source));
    rows
}

fn sum(counts: &Counts) -> u64 {
    counts.values().fold(0, |sum, count| sum.saturating_add(*count))
}

/// The types, the one with the most elements first.
fn by_size(counts: &Counts) -> Vec<&'static str> {
    let mut types: Vec<(&str, u64)> = counts.iter().map(|(name, count)| (*name, *count)).collect();
    types.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    types.into_iter().map(|(name, _)| name).collect()
}

/// Each part of a pipeline by its name.
fn pipeline(material: &Material<'_>) -> Vec<Row> {
    let Some(index) = material.configs().model_index() else { return Vec::new() };
    let (mut parts, mut types) = (Vec::new(), Counts::new());
    for part in index.components().filter(|part| part.class.is_some() && is_plain(part.name)) {
        let Some((_, headers)) = headers(material, part.name, STEMS).filter(|(_, found)| counts_parameters(found))
        else {
            continue;
        };
        let counts = count(&headers);
        parts.push(format!("`{}` {}", part.name, parameters(sum(&counts))));
        for (name, count) in counts {
            let total: &mut u64 = types.entry(name).or_default();
            *total = total.saturating_add(count);
        }
    }
    if parts.is_empty() {
        return Vec::new();
    }
    let mut rows = vec![Row::new("Parameters", parts.join(", "), "safetensors headers")];
    rows.extend(shown(&types, false, "safetensors headers"));
    rows
}

/// Whether a tensor's elements are numbers of the model, a few counters beside them aside.
fn counts_parameters(headers: &[&Header]) -> bool {
    let (mut floats, mut others) = (0_u64, 0_u64);
    for (dtype, count) in headers.iter().flat_map(|header| header.dtypes()) {
        let is_float = matches!(dtype, Dtype::F16 | Dtype::BF16 | Dtype::F32 | Dtype::F64);
        let sum = if is_float { &mut floats } else { &mut others };
        *sum = sum.saturating_add(count);
    }
    floats / 100 > others || others == 0
}

fn count(headers: &[&Header]) -> Counts {
    let mut counts = Counts::new();
    for (dtype, count) in headers.iter().flat_map(|header| header.dtypes()) {
        let total: &mut u64 = counts.entry(dtype.name()).or_default();
        *total = total.saturating_add(count);
    }
    counts
}

/// The headers of the weights that a library loads from a folder, one file or every shard of an index, with the path of
/// that file or index.
fn headers<'m>(material: &Material<'m>, folder: &str, stems: &[&str]) -> Option<(String, Vec<&'m Header>)> {
    let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    for stem in stems {
        let index_path = path(&format!("{stem}.safetensors.index.json"));
        if let Some(index) = material.configs().at(&index_path) {
            let map = index.get("weight_map")?;
            let mut shards: Vec<&str> = map.pairs().filter_map(|(_, shard)| shard.text()).collect();
            shards.sort_unstable();
            shards.dedup();
            let headers = shards.into_iter().map(|shard| header(material, material.release().find(&path(shard))?));
            return Some((index_path, headers.collect::<Option<_>>()?));
        }
        let file_path = path(&format!("{stem}.safetensors"));
        if let Some(file) = material.release().find(&file_path) {
            return Some((file_path, vec![header(material, file)?]));
        }
    }
    None
}

fn header<'m>(material: &Material<'m>, file: &File) -> Option<&'m Header> {
    match &material.weights().get(file.id)?.contents {
        Contents::Safetensors(header) => Some(header),
        _ => None,
    }
}
