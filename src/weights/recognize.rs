//! What the bytes are, whatever the name says.

use std::io::{self, Read, Seek};

use super::safetensors::MAX_HEADER_BYTES;
use super::{hdf5, msgpack, npy, onnx, pointer};
use crate::bytes::input::{Input, u32_at, u64_at};
use crate::bytes::zip::Directory;
use crate::bytes::{Fault, Format, tar};
use crate::pickle::{Glimpse, MAX_JUDGED_BYTES, Part, Source, Verdict, judge, judge_source, opcode};

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognized {
    /// The format that its usual readers see.
    pub format: Format,
    /// What else other readers see in the same bytes: a pickle in front of a zip, a zip after safetensors. TensorFlow
    /// Lite files carry a zip of labels by design.
    pub also: Vec<Format>,
    /// The members, where one of the formats is a zip.
    pub zip: Option<Directory>,
    /// What is wrong with the zip.
    pub(super) zip_faults: Vec<Fault>,
}

impl Recognized {
    /// A file that no reader takes for anything else.
    fn only(format: Format) -> Self {
        Self { format, also: Vec::new(), zip: None, zip_faults: Vec::new() }
    }
}

/// Tells the format of a file by its content. An ordinary text costs the read of its head; a weight file that and a
/// read of its end, where a zip would have its directory. `expected` is what the name promises: a file that is
/// safetensors or GGUF by name and content is handed to no reader that starts at the end, and costs its head alone.
///
/// # Errors
/// What the reader reports.
pub fn recognize<R: Read + Seek>(input: &mut Input<R>, expected: Option<&[Format]>) -> io::Result<Recognized> {
    let head = input.head();
    if head.is_empty() {
        return Ok(Recognized::only(Format::Empty));
    }
    if pointer::is_pointer(head) {
        return Ok(Recognized::only(Format::LfsPointer));
    }
    let is_text = is_text(head, input.size());
    let mut found = Vec::new();
    if !is_text {
        found.extend(by_magic(head));
        found.extend(tar::recognize(input)?);
        found.extend(is_safetensors(input.head(), input.size()).then_some(Format::Safetensors));
    }
    // What is safetensors or GGUF by name and content is handed to no unpickler: its head is looked at, and no more.
    let is_what_it_says = matches!(
        found.as_slice(),
        [format @ (Format::Safetensors | Format::Gguf)] if expected.is_some_and(|formats| formats.contains(format))
    );
    // Under a pickle's name, no more has to speak for one: it is loaded as such.
    let is_loaded = expected.and_then(<[Format]>::first) == Some(&Format::Pickle);
    // A zip's first letter asks an unpickler for a persistent value, which only torch's has, and torch sees the zip.
    let reading = Reading { is_text: is_text && !is_loaded, is_loaded, goes_on: !is_what_it_says };
    if found.first() != Some(&Format::Zip) && is_pickle(input, reading)? {
        let legacy = is_legacy_torch(input.head());
        found.push(if legacy { Format::TorchLegacy } else { Format::Pickle });
    }
    if is_text {
        let format = found.first().copied().unwrap_or_else(|| text_kind(input.head()));
        return Ok(Recognized::only(format));
    }
    if found.is_empty() {
        let is_named = expected.is_some_and(|formats| formats.contains(&Format::Onnx));
        found.extend(onnx::fields(input, is_named)?.is_onnx.then_some(Format::Onnx));
        found.extend(msgpack::is_flax(input.head()).then_some(Format::Flax));
    }
    let could_hide = matches!(found.as_slice(), [] | [Format::Pickle | Format::TorchLegacy, ..]);
    if let Some(start) = hdf5::find(input, could_hide)? {
        found.push(hdf5::kind(input, start)?);
    }
    let plain = matches!(found.as_slice(), [Format::Safetensors | Format::Gguf]);
    if let [format] = found.as_slice()
        && is_what_it_says
    {
        return Ok(Recognized::only(*format));
    }
    // Under another name the plain form of a second format is looked for, not one after a long comment.
    let (directory, zip_faults) = if plain { Directory::read_before(input, 0)? } else { Directory::read(input)? };
    let opens_as_zip = found.first() == Some(&Format::Zip);
    if opens_as_zip {
        found.remove(0);
    }
    let zip_format = match &directory {
        // Keras goes by the name and the configuration, whatever else lies in the archive.
        Some(directory) if is_keras(directory, expected) => Some(Format::KerasZip),
        Some(directory) => Some(zip_kind(directory)),
        None => opens_as_zip.then(|| cut_zip_kind(input.head())),
    };
    match zip_format {
        Some(format) if opens_as_zip => found.insert(0, format),
        Some(format) => found.push(format),
        None => {}
    }
    // A missing directory is only a fault where a zip begins.
    let zip_faults = if directory.is_some() || opens_as_zip { zip_faults } else { Vec::new() };
    let mut formats = found.into_iter();
    let format = formats.next().unwrap_or(Format::Unknown);
    Ok(Recognized { format, also: formats.collect(), zip: directory, zip_faults })
}

/// The format of a part of a file by its first bytes, of which `complete` says that they are all; of a tar and a zip
/// without what their members say. None where more bytes would have to tell.
pub(super) fn glance(head: &[u8], complete: bool) -> Option<Format> {
    if head.is_empty() {
        return Some(Format::Empty);
    }
    let size = if complete { head.len() as u64 } else { u64::MAX };
    let is_text = is_text(head, size);
    if !is_text {
        let tar = tar::is_header(head).then_some(Format::Tar);
        if let Some(format) = tar.or_else(|| by_magic(head)) {
            return Some(format);
        }
    }
    match judge(head, complete, is_text) {
        Verdict::Pickle if is_legacy_torch(head) => Some(Format::TorchLegacy),
        Verdict::Pickle => Some(Format::Pickle),
        Verdict::Undecided => None,
        Verdict::NotPickle if is_text => Some(text_kind(head)),
        Verdict::NotPickle => Some(Format::Unknown),
    }
}

/// The same where the first bytes did not tell: the opcodes are followed, over values of any size.
///
/// # Errors
/// What the source reports.
pub(super) fn by_opcodes(head: &[u8], source: &mut Source<'_>) -> io::Result<Format> {
    let is_text = is_text(head, u64::MAX);
    Ok(match judge_source(source, is_text)? {
        Verdict::NotPickle if is_text => text_kind(head),
        Verdict::NotPickle => Format::Unknown,
        Verdict::Pickle | Verdict::Undecided => Format::Pickle,
    })
}

/// One that opens with a protocol and then with a value of megabytes: nothing else looks like that.
pub(super) fn has_protocol(head: &[u8]) -> bool {
    matches!(head, [opcode::PROTO, 2..=5, _, ..])
}

/// The formats that say so in fixed bytes.
fn by_magic(head: &[u8]) -> Option<Format> {
    const MAGIC: &[(&[u8], Format)] = &[
        (b"PK\x03\x04", Format::Zip),
        (b"PK\x05\x06", Format::Zip),
        (b"GGUF", Format::Gguf),
        (b"lmgg", Format::Ggml),
        (b"fmgg", Format::Ggml),
        (b"tjgg", Format::Ggml),
        (b"algg", Format::Ggml),
        (npy::MAGIC, Format::Npy),
        (b"7z\xBC\xAF\x27\x1C", Format::SevenZip),
        (b"\x1F\x8B\x08", Format::Gzip),
        (b"\xFD7zXZ\0", Format::Xz),
        (b"\x28\xB5\x2F\xFD", Format::Zstd),
        (b"\x04\x22\x4D\x18", Format::Lz4),
    ];
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*format);
    }
    match head {
        // A block, or the end of a stream without one: others may follow it.
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Some(Format::Bzip2),
        [_, _, _, _, b'T', b'F', b'L', b'3', ..] => Some(Format::TfLite),
        [0x78, 0x01 | 0x5E | 0x9C | 0xDA, ..] if inflates(head) => Some(Format::Zlib),
        [0x5D, 0x00, ..] if is_lzma(head) => Some(Format::Lzma),
        _ => None,
    }
}

/// Whether a zlib stream starts here: the two bytes of its header alone are not proof. It may be empty, as others follow it,
/// or begin with many blocks that are.
fn inflates(bytes: &[u8]) -> bool {
    const EMPTY_BLOCKS: u64 = 256;
    let mut output = [0; 64];
    let mut stream = flate2::Decompress::new(true);
    let status = stream.decompress(bytes, &mut output, flate2::FlushDecompress::None);
    let is_empty = matches!(status, Ok(flate2::Status::StreamEnd)) || stream.total_in() > EMPTY_BLOCKS;
    status.is_ok() && (stream.total_out() > 0 || is_empty)
}

/// The 13-byte header: properties, a dictionary of a size that liblzma takes (a power of two, or one and a half of it), and the
/// length of the content or eight `FF`.
fn is_lzma(head: &[u8]) -> bool {
    const SMALLEST: u32 = 256;
    let (Some(dictionary), Some(length)) = (u32_at(head, 1), u64_at(head, 5)) else { return false };
    let is_half_more = dictionary % 3 == 0 && (dictionary / 3).is_power_of_two();
    let is_usual = dictionary.is_power_of_two() || is_half_more || dictionary == u32::MAX;
    is_usual && dictionary >= SMALLEST && (length == u64::MAX || length < 1 << 38)
}

/// The frame: a length that fits, then an object. With a length that does not fit, a cut-short file, if what is
/// there looks like a header.
fn is_safetensors(head: &[u8], size: u64) -> bool {
    let Some(length) = u64_at(head, 0) else { return false };
    let mut text = head.iter().skip(8).filter(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    let opens = text.next() == Some(&b'{') && matches!(text.next(), Some(b'"' | b'}'));
    opens && (2..=MAX_HEADER_BYTES).contains(&length) && (length + 8 <= size || head.get(8..10) == Some(b"{\""))
}

/// The magic number of torch's old layout: a first pickle that is only this integer.
pub(super) fn is_legacy_torch(head: &[u8]) -> bool {
    const NUMBER: &[u8] = b"\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.";
    let Some(body) = head.get(2..) else { return false };
    // From protocol 4 on, a frame comes first.
    let body = if body.first() == Some(&0x95) { body.get(9..).unwrap_or_default() } else { body };
    head.first() == Some(&0x80) && body.starts_with(NUMBER)
}

/// How a file is read as a pickle.
#[derive(Clone, Copy)]
struct Reading {
    /// Whether more must speak for a pickle; see [`judge`].
    is_text: bool,
    /// Whether the name is one that is loaded as a pickle.
    is_loaded: bool,
    /// Whether more is read than the head.
    goes_on: bool,
}

/// Walks the file's start as a pickle, and the rest of it only while it may be one.
fn is_pickle<R: Read + Seek>(input: &mut Input<R>, reading: Reading) -> io::Result<bool> {
    let Reading { is_text, is_loaded, goes_on } = reading;
    let size = input.size();
    let mut verdict = judge(input.head(), input.head().len() as u64 == size, is_text);
    let is_likely = has_protocol(input.head()) || is_loaded || !is_text;
    if verdict == Verdict::Undecided && goes_on {
        let whole = Part::new(input, 0, size);
        verdict = judge_source(&mut Source::new(Glimpse::new(whole, MAX_JUDGED_BYTES), 0), is_text)?;
    }
    Ok(verdict == Verdict::Pickle || (verdict == Verdict::Undecided && is_likely && goes_on))
}

/// Whether the head reads as text: UTF-8 (a character cut by the end of the head aside), and no control characters but
/// those of layout and terminals.
fn is_text(head: &[u8], size: u64) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && size > head.len() as u64 => {
            head.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.is_empty() && valid.bytes().all(|byte| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B))
}

/// What kind of text it is.
fn text_kind(head: &[u8]) -> Format {
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let opens = |word: &str| start.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    if opens("<!doctype html") || opens("<html") {
        return Format::WebPage;
    }
    let inside = start.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    let is_error = inside.is_some_and(|inside| inside.starts_with(b"\"error\"")) || {
        const ANSWERS: &[&str] =
            &["Entry not found", "Repository not found", "Invalid username or password", "Access denied", "<Error>"];
        ANSWERS.iter().any(|answer| opens(answer)) || (opens("<?xml") && contains(start, b"<Error><Code>"))
    };
    if is_error { Format::ErrorMessage } else { Format::Text }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether Keras opens a zip of a name that promises this.
fn is_keras(directory: &Directory, expected: Option<&[Format]>) -> bool {
    expected.and_then(<[Format]>::first) == Some(&Format::KerasZip) && directory.has("config.json")
}

/// What a zip contains, by the names of its members.
pub(super) fn zip_kind(directory: &Directory) -> Format {
    let is_pickled = directory.has_ending("/data.pkl");
    let in_folder = |wanted: &str| {
        directory.members.iter().any(|member| {
            member
                .name
                .split_once('/')
                .is_some_and(|(_, rest)| rest == wanted || (wanted.ends_with('/') && rest.starts_with(wanted)))
        })
    };
    if is_pickled && (in_folder("constants.pkl") || in_folder("code/")) {
        Format::TorchScript
    } else if is_pickled {
        Format::TorchZip
    } else if directory.has("config.json") && (directory.has("metadata.json") || directory.has("model.weights.h5")) {
        Format::KerasZip
    } else if directory.has("model_index.json") {
        Format::Dduf
    } else if !directory.members.is_empty() && directory.members.iter().all(|member| member.name.ends_with(".npy")) {
        Format::Npz
    } else {
        Format::Zip
    }
}

/// What a zip without a directory was, by the name of its first member: torch writes `data.pkl` first.
fn cut_zip_kind(head: &[u8]) -> Format {
    let length =
        head.get(26..28).map_or(0, |pair| pair.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)));
    let name = head.get(30..30 + length).unwrap_or_default();
    match name {
        _ if name.ends_with(b"/data.pkl") => Format::TorchZip,
        _ if name.ends_with(b".npy") => Format::Npz,
        _ => Format::Zip,
    }
}

#[cfg(test)]
mod tests;
