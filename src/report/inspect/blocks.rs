//! Shards of one model as one line.

use std::collections::BTreeSet;

use crate::bytes::FaultKind;
use crate::inspect::{Inspected, Verdict};

/// A file, or the shards of one set that have nothing to tell apart.
#[derive(Clone, Debug)]
pub(super) struct Row<'i> {
    pub(super) name: String,
    pub(super) first: &'i Inspected,
    /// How many files it stands for.
    pub(super) files: usize,
    pub(super) size: u64,
    pub(super) tensor_count: Option<u64>,
    pub(super) parameters: Option<u64>,
    pub(super) dtypes: Vec<(String, u64)>,
}

impl Row<'_> {
    pub(super) fn verdict(&self) -> Verdict {
        self.first.verdict()
    }
}

/// The rows of files, in their order. With `each`, no two files share a row.
pub(super) fn rows(files: &[Inspected], each: bool) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for file in files {
        let name = if each { None } else { shards(&file.path) };
        let known =
            name.as_ref().and_then(|name| rows.last_mut().filter(|row| row.name == *name && is_alike(row.first, file)));
        match known {
            Some(row) => add(row, file),
            None => rows.push(Row {
                name: name.unwrap_or_else(|| file.path.clone()),
                first: file,
                files: 1,
                size: size(file),
                tensor_count: file.tensor_count,
                parameters: file.parameters,
                dtypes: file.dtypes.clone(),
            }),
        }
    }
    for row in &mut rows {
        if row.files == 1 {
            row.name.clone_from(&row.first.path);
        }
    }
    rows
}

/// The file's own bytes; of a pointer, those it stands for.
pub(super) fn size(file: &Inspected) -> u64 {
    file.pointer.as_ref().map_or(file.size, |(_, size)| *size)
}

/// `model-*-of-00002.safetensors` of `model-00001-of-00002.safetensors`.
fn shards(path: &str) -> Option<String> {
    let (start, end) = path.rsplit_once("-of-")?;
    let (name, number) = start.rsplit_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| format!("{name}-*-of-{end}"))
}

/// Whether two files differ in nothing but their tensors. What their reader tolerates, it tolerates in both.
fn is_alike(a: &Inspected, b: &Inspected) -> bool {
    a.format == b.format
        && is_quiet(a)
        && is_quiet(b)
        && kinds(a) == kinds(b)
        && a.metadata == b.metadata
        && a.verdict() == b.verdict()
}

/// Whether its reader takes a file for what its name says, and nothing in it runs.
fn is_quiet(file: &Inspected) -> bool {
    let is_tolerated = file.faults.iter().all(|fault| !fault.breaks);
    is_tolerated && file.active.is_empty() && file.also.is_empty() && !file.is_misnamed
}

fn kinds(file: &Inspected) -> BTreeSet<FaultKind> {
    file.faults.iter().map(|fault| fault.kind).collect()
}

fn sum(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    Some(a?.saturating_add(b?))
}

fn add(row: &mut Row<'_>, file: &Inspected) {
    row.files += 1;
    row.size = row.size.saturating_add(size(file));
    row.tensor_count = sum(row.tensor_count, file.tensor_count);
    row.parameters = sum(row.parameters, file.parameters);
    for (dtype, count) in &file.dtypes {
        match row.dtypes.iter_mut().find(|(known, _)| known == dtype) {
            Some((_, sum)) => *sum = sum.saturating_add(*count),
            None => row.dtypes.push((dtype.clone(), *count)),
        }
    }
    row.dtypes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
}
