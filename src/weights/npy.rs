//! The header of a numpy array file.

use std::io::{self, Read, Seek};

use super::Tensor;
use crate::bytes::fault::{Fault, FaultKind};
use crate::bytes::input::{Input, u16_at, u32_at};
use crate::words::grouped;

/// The first bytes of every `.npy`.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// The longest header that numpy reads by default, in characters.
pub const MAX_HEADER_CHARACTERS: usize = 10_000;

/// What the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Npy {
    /// The element type as written, such as `<f4` or a list of fields.
    pub descr: String,
    /// Column-major order.
    pub fortran_order: bool,
    /// The dimensions.
    pub shape: Vec<u64>,
    /// Where the elements start in the file.
    pub start: u64,
}

impl Npy {
    /// The array as a tensor without a name, in a file of `size` bytes.
    pub fn tensor(&self, size: u64) -> Tensor {
        let range = (self.start <= size).then_some(self.start..size);
        Tensor { name: String::new(), dtype: self.descr.clone().into(), shape: self.shape.clone(), range }
    }

    /// Where the elements start, as far as the first bytes say; for a header that is not read further.
    pub fn elements_at(head: &[u8]) -> Option<u64> {
        match head.get(6) {
            Some(1) => u16_at(head, 8).map(|length| 10 + u64::from(length)),
            _ => u32_at(head, 8).map(|length| 12 + u64::from(length)),
        }
    }

    /// Reads the header. None where it is not numpy's, which is then a fault.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn read<R: Read + Seek>(input: &mut Input<R>) -> io::Result<(Option<Self>, Vec<Fault>)> {
        let size = input.size();
        let head = input.head();
        let Some(version) = head.get(6) else { return Ok((None, cut_short(size))) };
        let (length, start) = match version {
            1 => (u16_at(head, 8).map(u32::from), 10),
            2 | 3 => (u32_at(head, 8), 12),
            other => {
                let message = format!("the header is of version {other}, and numpy knows 1 to 3");
                let help = "Save the file again with `numpy.save`. It is damaged.";
                return Ok((None, vec![Fault::new(FaultKind::HeaderLength, message, help).at(6)]));
            }
        };
        let Some(length) = length.map(u64::from) else { return Ok((None, cut_short(size))) };
        if start + length > size {
            return Ok((None, cut_short(size)));
        }
        // Large structured types may have long headers; only their plain start is of interest, so the cap is not a fault.
        let bytes = input.read(start, (length as usize).min(MAX_HEADER_CHARACTERS))?;
        let text = String::from_utf8_lossy(&bytes);
        let Some((descr, fortran_order, shape)) = parse(&text) else {
            if length > MAX_HEADER_CHARACTERS as u64 {
                return Ok((None, Vec::new()));
            }
            let message = "the header is not the dictionary of descr, fortran_order and shape that numpy writes";
            let help = "Save the file again with `numpy.save`. numpy rejects this one.";
            return Ok((None, vec![Fault::new(FaultKind::Syntax, message, help).at(start)]));
        };
        let npy = Self { descr, fortran_order, shape, start: start + length };
        let faults = npy.check(size).into_iter().collect();
        Ok((Some(npy), faults))
    }

    /// Whether the elements are Python objects, which are stored as a pickle: the type contains an `O` or `object`. A
    /// field's name with them counts too, as no pickle may go unseen.
    pub fn is_pickled(&self) -> bool {
        // `'object'` and every spelling with an escape, too.
        self.descr.contains(['O', '\\']) || self.descr.contains("object")
    }

    /// Whether some type in it is `O`. In a list of fields, what stands first in its brackets is a name.
    pub fn holds_objects(&self) -> bool {
        let mut before = None;
        self.descr.split(['\'', '"']).enumerate().any(|(index, text)| {
            // Every second piece is quoted; a type that stands alone has lost its quotes.
            let is_quoted = index % 2 == 1;
            let is_type = (is_quoted && before != Some('(')) || !self.descr.contains(['\'', '"']);
            before = text.trim_end().chars().next_back();
            let mut types = text.split(',').map(|part| part.trim_start_matches(|c: char| !c.is_alphabetic()));
            is_type && types.any(|name| name.starts_with('O') || name.starts_with("object"))
        })
    }

    /// Bytes of one element, for the plain types.
    pub fn item_bytes(&self) -> Option<u64> {
        let plain = self.descr.strip_prefix(['<', '>', '|', '=']).unwrap_or(&self.descr);
        let mut characters = plain.chars();
        let kind = characters.next()?;
        let number = characters.as_str();
        // Dates carry a unit: `M8[ns]`.
        let number = number.split_once('[').map_or(number, |(number, _)| number);
        let bytes: u64 = number.parse().ok()?;
        match kind {
            'b' | 'i' | 'u' | 'f' | 'c' | 'S' | 'a' | 'V' | 'm' | 'M' => Some(bytes),
            'U' => bytes.checked_mul(4),
            _ => None,
        }
    }

    /// Longer files are not at fault: several arrays may follow one another.
    fn check(&self, size: u64) -> Option<Fault> {
        let needed = self.shape.iter().try_fold(self.item_bytes()?, |bytes, size| bytes.checked_mul(*size));
        let needed = needed.and_then(|bytes| bytes.checked_add(self.start));
        if needed.is_some_and(|needed| needed <= size) {
            return None;
        }
        let needed =
            needed.map_or_else(|| "more bytes than can be counted".to_owned(), |n| format!("{} bytes", grouped(n)));
        let message = format!("the header promises {needed}, the file has {}", grouped(size));
        Some(Fault::new(FaultKind::CutShort, message, CUT_SHORT).at(size))
    }
}

fn cut_short(at: u64) -> Vec<Fault> {
    let message = format!("the file ends at byte {at}, inside its header");
    vec![Fault::new(FaultKind::CutShort, message, CUT_SHORT).at(at)]
}

const CUT_SHORT: &str =
    "Save or upload the file again. It was cut short, for example by a broken upload or a full disk.";

/// Reads the dictionary: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
fn parse(text: &str) -> Option<(String, bool, Vec<u64>)> {
    let mut rest = text.trim_start().strip_prefix('{')?.trim_start();
    let (mut descr, mut fortran_order, mut shape) = (None, None, None);
    while !rest.starts_with('}') {
        let (key, after) = quoted(rest)?;
        rest = after.trim_start().strip_prefix(':')?.trim_start();
        match key {
            "descr" => {
                let (value, after) = literal(rest)?;
                descr = Some(value);
                rest = after;
            }
            "fortran_order" => {
                let value = rest.starts_with("True");
                rest = rest.strip_prefix("True").or_else(|| rest.strip_prefix("False"))?;
                fortran_order = Some(value);
            }
            "shape" => {
                let (inside, after) = rest.strip_prefix('(')?.split_once(')')?;
                let sizes = inside.split(',').map(str::trim).filter(|size| !size.is_empty());
                // Python 2 wrote `3L`.
                shape = Some(sizes.map(|size| size.trim_end_matches('L').parse().ok()).collect::<Option<Vec<u64>>>()?);
                rest = after;
            }
            _ => return None,
        }
        rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None if rest.starts_with('}') => {}
            None => return None,
        }
    }
    Some((descr?, fortran_order?, shape?))
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    text.get(1..)?.split_once(quote)
}

/// A string, without its quotes; or a list in brackets, as written.
fn literal(text: &str) -> Option<(String, &str)> {
    if let Some((value, rest)) = quoted(text) {
        return Some((value.to_owned(), rest));
    }
    let mut depth = 0_u32;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) => quote = (open != character).then_some(open),
            (None, '\'' | '"') => quote = Some(character),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.checked_sub(1)?,
            (None, _) if depth == 0 => return None,
            (None, _) => {}
        }
        if depth == 0 && quote.is_none() {
            let end = at + character.len_utf8();
            return Some((text.get(..end)?.to_owned(), text.get(end..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::bytes::testing::{Random, mutate};

    fn array(header: &str, bytes: usize) -> Vec<u8> {
        let mut file = MAGIC.to_vec();
        file.extend([1, 0]);
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.as_bytes());
        file.resize(file.len() + bytes, 7);
        file
    }

    fn read(file: &[u8]) -> (Option<Npy>, Vec<FaultKind>) {
        let mut input = Input::new(Cursor::new(file), file.len() as u64).unwrap();
        let (npy, faults) = Npy::read(&mut input).unwrap();
        (npy, faults.iter().map(|fault| fault.kind).collect())
    }

    #[test]
    fn the_header_is_read() {
        let file = array("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }    \n", 24);
        let (npy, faults) = read(&file);
        let npy = npy.unwrap();
        assert_eq!((npy.descr.as_str(), npy.fortran_order, npy.shape.as_slice()), ("<f4", false, [2, 3].as_slice()));
        assert_eq!((npy.start, faults.as_slice()), (file.len() as u64 - 24, [].as_slice()));
        assert!(!npy.is_pickled());
    }

    #[test]
    fn objects_are_known_wherever_they_nest() {
        for descr in [
            "'|O'",
            "'O8'",
            "'object'",
            "'f4,O'",
            "[('a', 'i4,object_')]",
            "[('a', '<f4'), ('b', '|O')]",
            "[('a', [('b', 'O', (2,))])]",
        ] {
            let (npy, faults) =
                read(&array(&format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,)}}\n"), 9));
            let npy = npy.unwrap();
            assert!(npy.is_pickled() && npy.holds_objects(), "{descr}");
            assert_eq!(faults, [], "how long a pickle is, the header does not say");
        }
    }

    #[test]
    fn a_name_is_no_type() {
        let header = "{'descr': [('O', '<i4'), ('Other', '<f8')], 'fortran_order': False, 'shape': (1,)}\n";
        let npy = read(&array(header, 12)).0.unwrap();
        assert!(npy.is_pickled() && !npy.holds_objects());
    }

    #[test]
    fn a_file_that_is_cut_short_says_so() {
        let header = "{'descr': '<U3', 'fortran_order': True, 'shape': (5,)}\n";
        assert_eq!(read(&array(header, 60)).1, []);
        assert_eq!(read(&array(header, 61)).1, [], "arrays may follow one another");
        assert_eq!(read(&array(header, 59)).1, [FaultKind::CutShort]);
        assert_eq!(read(&array(header, 0)[..20]).1, [FaultKind::CutShort]);
        let huge = "{'descr': '<f8', 'fortran_order': True, 'shape': (9223372036854775807, 9)}\n";
        assert_eq!(read(&array(huge, 60)).1, [FaultKind::CutShort]);
    }

    #[test]
    fn what_numpy_refuses_is_a_fault() {
        for header in ["", "{", "[]", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': no, 'shape': ()}"] {
            assert_eq!(read(&array(header, 4)).1, [FaultKind::Syntax], "{header}");
        }
        let mut file = array("{'descr': '<f4', 'fortran_order': False, 'shape': ()}\n", 4);
        assert_eq!(read(&file).1, []);
        file[6] = 9;
        assert_eq!(read(&file).1, [FaultKind::HeaderLength]);
    }

    #[test]
    fn no_mutation_breaks_the_reader() {
        let seed = array("{'descr': [('a', '<f4'), ('b', '|S3')], 'fortran_order': False, 'shape': (2, 3), }\n", 42);
        let mut random = Random::new(3);
        for _ in 0..20_000 {
            read(&mutate(&seed, &mut random));
        }
    }
}
