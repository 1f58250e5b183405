//! Matrices of zero bytes: what a broken copy or upload leaves where it reserved the space.
//!
//! Of each layer one matrix is read in its middle. Only where that is zero are the others of the layer read, and the
//! matrix itself at its start and end.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Read, Seek};
use std::ops::Range;

use super::super::Tensor;
use super::super::scan::is_storage;
use super::Hollow;
use super::matrices::{is_trained, is_wide, layer};
use crate::bytes::Input;
use crate::bytes::zip::{Directory, Local};

/// How much is read at one place.
const SAMPLE_BYTES: u64 = 2048;

/// How many storages of one checkpoint are read: the largest.
const MAX_STORAGES: usize = 16;

/// A single matrix, without others beside it, says enough from this size on.
const ALONE_BYTES: u64 = 64 * 1024;

/// How many reads one file may cost at most, as a share of what is left: the first files must not take all.
const SHARE: usize = 4;

/// The tensors of one layer that have the shape of a matrix, or one of no layer.
#[derive(Default)]
struct Group {
    is_layer: bool,
    tensors: Vec<(String, Range<u64>)>,
}

impl Group {
    /// Those that count, by their names. In sound files only the first one is asked for.
    fn matrices(&self) -> impl Iterator<Item = &Range<u64>> {
        self.tensors.iter().filter(|(name, _)| is_trained(name)).map(|(_, place)| place)
    }

    fn bytes(&self) -> u64 {
        self.matrices().map(length).fold(0, u64::saturating_add)
    }
}

/// Reads within a budget.
struct Reads<'r, R> {
    input: &'r mut Input<R>,
    left: usize,
}

impl<R: Read + Seek> Reads<'_, R> {
    /// Whether bytes are zero at the places where they are read; none where no read is left. With `only_middle`, one
    /// place; else also the start and the end.
    fn is_zero(&mut self, place: &Range<u64>, only_middle: bool) -> io::Result<Option<bool>> {
        let (all, middle) = (length(place), place.start + length(place) / 2);
        let samples: &[u64] = match only_middle {
            _ if all <= SAMPLE_BYTES => &[place.start],
            true => &[middle],
            false => &[place.start, middle, place.end - SAMPLE_BYTES],
        };
        for start in samples {
            let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
            self.left = left;
            let wanted = SAMPLE_BYTES.min(place.end.saturating_sub(*start));
            let bytes = self.input.read(*start, wanted as usize)?;
            // A file that ends before is cut short, and that is another fault.
            if bytes.len() as u64 != wanted || bytes.iter().any(|byte| *byte != 0) {
                return Ok(Some(false));
            }
        }
        Ok(Some(true))
    }

    /// Whether all matrices of a group are zero; the first, which is the largest, tells in most cases.
    fn is_zero_group(&mut self, group: &Group) -> io::Result<bool> {
        let Some(largest) = group.matrices().next() else { return Ok(false) };
        if self.is_zero(largest, true)? != Some(true) {
            return Ok(false);
        }
        for place in group.matrices() {
            if self.is_zero(place, false)? != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn length(place: &Range<u64>) -> u64 {
    place.end.saturating_sub(place.start)
}

/// Looks at the matrices of a file.
pub(super) fn in_tensors<R: Read + Seek>(
    input: &mut Input<R>,
    tensors: impl Iterator<Item = Tensor>,
    reads: &mut usize,
) -> io::Result<Option<Hollow>> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for tensor in tensors.filter(is_wide) {
        let layer = layer(&tensor.name);
        let group = groups.entry(layer.unwrap_or(&tensor.name).to_owned()).or_default();
        group.is_layer = layer.is_some();
        group.tensors.extend(tensor.range.map(|place| (tensor.name, place)));
    }
    let (mut zero, mut count) = (0_u64, 0);
    let mut layers = Vec::new();
    let share = *reads / SHARE;
    let mut budget = Reads { input, left: share };
    for (name, group) in &mut groups {
        group.tensors.sort_by_key(|(_, place)| Reverse(length(place)));
        if budget.is_zero_group(group)? {
            let matrices = group.matrices().count();
            zero = zero.saturating_add(group.bytes());
            count += matrices;
            if group.is_layer && matrices > 1 {
                layers.push(name.clone());
            }
        }
    }
    *reads -= share - budget.left;
    if zero == 0 {
        return Ok(None);
    }
    let all: u64 = groups.values().map(Group::bytes).fold(0, u64::saturating_add);
    // Of a few small matrices, one may be zero for a reason that the names do not tell.
    let is_most = zero > all / 2 && (count > 1 || zero >= ALONE_BYTES);
    Ok(match layers.split_first() {
        _ if is_most => Some(Hollow::ZeroFile { count }),
        Some((first, others)) => Some(Hollow::ZeroLayers { first: first.clone(), count: 1 + others.len() }),
        None => None,
    })
}

/// Looks at the largest storages of a checkpoint, whose tensors have no names here: it is hollow where all are zero.
pub(super) fn in_storages<R: Read + Seek>(
    input: &mut Input<R>,
    directory: &Directory,
    reads: &mut usize,
) -> io::Result<Option<Hollow>> {
    let stored = |member: &&crate::bytes::zip::Member| {
        is_storage(&member.name) && member.method == 0 && member.size == member.compressed && member.size > 0
    };
    let mut storages: Vec<_> = directory.members.iter().filter(stored).collect();
    storages.sort_by_key(|member| Reverse(member.size));
    storages.truncate(MAX_STORAGES);
    let bytes: u64 = storages.iter().map(|member| member.size).fold(0, u64::saturating_add);
    if bytes < ALONE_BYTES {
        return Ok(None);
    }
    let count = storages.len();
    for member in storages {
        let Some(left) = reads.checked_sub(1) else { return Ok(None) };
        *reads = left;
        let Some(local) = Local::read(input, member.offset)? else { return Ok(None) };
        let Some(end) = local.start.checked_add(member.size) else { return Ok(None) };
        let mut budget = Reads { input, left: *reads };
        let is_zero = budget.is_zero(&(local.start..end), false)?;
        *reads = budget.left;
        if is_zero != Some(true) {
            return Ok(None);
        }
    }
    Ok(Some(Hollow::ZeroFile { count }))
}
