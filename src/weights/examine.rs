//! One weight file, read once.

mod content;

use std::io::{self, Read, Seek};

use super::active::{self, Active, Actives};
use super::gguf::Gguf;
use super::named::{self, Named};
use super::npy::Npy;
use super::onnx::Onnx;
use super::recognize::{Recognized, recognize};
use super::safetensors::Header;
use super::scan::{self, Pickles};
use super::{Pointer, expected, gguf, hdf5, keras, onnx, programs};
use crate::bytes::fault::{Fault, FaultKind, Faults};
use crate::bytes::zip::Directory;
use crate::bytes::{Format, Input};
use crate::source::RepoPath;
use crate::words::grouped;

/// What one file is, and what its header says.
#[derive(Clone, Debug)]
pub struct Weight {
    /// What the bytes are.
    pub format: Format,
    /// What else other readers see in them; see [`Recognized::also`].
    pub also: Vec<Format>,
    /// What the name promises, if anything; see [`expected()`].
    pub expected: Option<&'static [Format]>,
    /// What it is where nothing here reads the format, and its name or first bytes tell it.
    pub named: Option<&'static Named>,
    /// What is wrong with it. Empty for a pointer, and for a good file of another format than its name says.
    pub faults: Vec<Fault>,
    /// What runs when the file is loaded, or needs code from elsewhere; pickles are judged apart.
    pub active: Vec<Active>,
    /// What the header says.
    pub contents: Contents,
    /// Its pickles; none for a format that contains none.
    pub pickles: Pickles,
}

/// The header of a format that is read further.
#[derive(Clone, Debug)]
pub enum Contents {
    /// Nothing was read, or nothing could be.
    None,
    /// A git-lfs pointer.
    Pointer(Pointer),
    /// safetensors.
    Safetensors(Header),
    /// GGUF.
    Gguf(Gguf),
    /// A numpy array.
    Npy(Npy),
    /// ONNX.
    Onnx(Box<Onnx>),
    /// Any zip.
    Zip(Directory),
}

impl Contents {
    /// About how many bytes of memory this keeps, for those who look at many files.
    pub fn held_bytes(&self) -> u64 {
        let held = match self {
            Self::None | Self::Pointer(_) | Self::Npy(_) => 0,
            Self::Safetensors(header) => header.end() as usize + 40 * header.len(),
            Self::Gguf(gguf) => {
                let texts = gguf.metadata.iter().map(|(key, value)| key.len() + value.held_bytes());
                texts.sum::<usize>() + gguf.tensors.iter().map(|tensor| 96 + tensor.name.len()).sum::<usize>()
            }
            Self::Onnx(onnx) => onnx.held_bytes(),
            Self::Zip(directory) => directory.members.iter().map(|member| 80 + member.name.len()).sum(),
        };
        held as u64
    }
}

impl Weight {
    /// What is wrong between the file and those beside it. `size` gives the bytes of a file by its path from the folder of
    /// this one; none where it is absent.
    pub fn beside(&self, path: &RepoPath, size: &dyn Fn(&str) -> Option<u64>) -> Vec<Fault> {
        match (&self.contents, self.format) {
            (Contents::Onnx(onnx), _) => onnx::beside(onnx, size),
            (_, Format::Unknown)
                if self.faults.is_empty() && self.named.is_none() && !self.pickles.hides_from_loader() =>
            {
                content::torch_bin(path, self.expected, size).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// What it is, in words that fit into "this is …".
    pub fn what(&self) -> &'static str {
        let is_told = !matches!(self.format, Format::Pickle | Format::LfsPointer | Format::Empty);
        self.named.filter(|_| is_told).map_or(self.format.name(), |named| named.name)
    }

    /// Whether its format is known, and nothing here reads it.
    pub fn has_no_reader(&self) -> bool {
        self.what() != self.format.name() || matches!(self.format, Format::Ggml | Format::Flax | Format::TfLite)
    }

    /// Whether the bytes are a known format that the name does not promise. Text, pointers and failed downloads are
    /// not disguised: they are not weights at all.
    pub fn is_disguised(&self) -> bool {
        let known = !self.format.is_text() && self.format != Format::Unknown;
        known && self.expected.is_some_and(|formats| !formats.contains(&self.format))
    }
}

impl Weight {
    /// Whether loaders look for the format under another name. A `.bin` may contain any format, but readers do not look there
    /// for one that has its own extension.
    pub fn is_misnamed(&self, path: &RepoPath) -> bool {
        let own_extension = matches!(self.format, Format::Safetensors | Format::Gguf);
        self.is_disguised() || (own_extension && path.extension() == "bin")
    }
}

/// Reads what one file is and says. A text that no weight's name stands on costs one small read.
///
/// # Errors
/// What the reader reports.
pub fn examine<R: Read + Seek>(path: &RepoPath, reader: R, size: u64) -> io::Result<Weight> {
    let mut input = Input::new(reader, size)?;
    let expected = expected(path);
    let recognized = recognize(&mut input, expected)?;
    let (pickles, inside) = scan::pickles(path.name(), &mut input, &recognized)?;
    let Recognized { format, also, zip, zip_faults } = recognized;
    let mut weight = Weight {
        format,
        also,
        expected,
        named: named::named(path, input.head(), format),
        faults: Vec::new(),
        active: Vec::new(),
        contents: Contents::None,
        pickles,
    };
    match format {
        Format::LfsPointer => {
            weight.contents = Pointer::parse(input.head()).map_or(Contents::None, Contents::Pointer);
        }
        Format::Safetensors => weight.read_safetensors(&mut input)?,
        Format::Gguf => {
            let (gguf, faults) = Gguf::read(&mut input)?;
            weight.faults = faults;
            let (active, unread) = gguf.as_ref().map(active::in_gguf).unwrap_or_default();
            weight.active = active;
            weight.faults.extend(unread);
            weight.faults.extend(gguf.as_ref().and_then(|gguf| gguf::split::check(gguf, path.name())));
            weight.contents = gguf.map_or(Contents::None, Contents::Gguf);
        }
        Format::Npy => {
            let (npy, faults) = Npy::read(&mut input)?;
            weight.faults = faults;
            weight.contents = npy.map_or(Contents::None, Contents::Npy);
        }
        Format::Hdf5 | Format::KerasHdf5 => {
            let mut found = Actives::default();
            if let Some(start) = hdf5::find(&mut input, true)? {
                let cut = hdf5::check(&mut input, start)?;
                // Of a file that is cut short the objects may be gone.
                if cut.is_none() {
                    weight.faults.extend(hdf5::check_objects(&mut input, start, &mut found)?);
                }
                weight.faults.extend(cut);
            }
            weight.faults.extend(keras::scan_hdf5(&mut input, &mut found)?);
            weight.active = found.into_vec();
        }
        Format::Onnx => {
            let is_named = expected.is_some_and(|formats| formats.contains(&Format::Onnx));
            let missing = onnx::fields(&mut input, is_named)?.missing;
            let (model, faults) = onnx::read(&mut input)?;
            weight.faults = match missing {
                Some(promised) => vec![onnx::cut_short(input.size(), promised)],
                None => faults,
            };
            weight.active = onnx::in_onnx(&model);
            weight.contents = Contents::Onnx(Box::new(model));
        }
        Format::Pickle if expected.and_then(<[Format]>::first) == Some(&Format::TorchZip) => {
            weight.faults.extend(weight.pickles.wrong_magic());
        }
        _ if format.is_zip() => {
            weight.faults = zip_faults;
            weight.faults.extend(zip.iter().flat_map(|directory| directory.check(format, input.head())));
        }
        _ => {}
    }
    let promises = |format| expected.is_some_and(|formats| formats.contains(&format));
    // Under its name Keras opens every zip with a configuration, whatever else the zip is.
    let is_keras = format == Format::KerasZip || (format == Format::Zip && promises(Format::KerasZip));
    let is_model = |directory: &&Directory| is_keras || keras::is_model(directory, promises(Format::KerasZip));
    if let Some(directory) = zip.as_ref().filter(is_model) {
        let mut found = Actives::default();
        weight.faults.extend(keras::scan_archive(&mut input, directory, &mut found)?);
        weight.active = found.into_vec();
    }
    let header = match &weight.contents {
        Contents::Safetensors(header) => Some(header),
        _ => None,
    };
    let mut found = Actives::default();
    weight.faults.extend(programs::scan(path, format, header, zip.as_ref(), &mut input, &mut found)?);
    weight.active.extend(found.into_vec());
    if let (Contents::None, Some(directory)) = (&weight.contents, zip) {
        weight.contents = Contents::Zip(directory);
    }
    let mut faults = Faults::default();
    weight.faults.drain(..).chain(inside).for_each(|fault| faults.push(fault));
    weight.faults = faults.into_vec();
    let is_unread = weight.pickles.hides_from_loader();
    let must_have_bytes = weight.named.is_some_and(|named| named::must_have_bytes(path, named));
    let is_no_weight = expected.is_some() && format.is_text() && format != Format::LfsPointer && !promises(format);
    if is_no_weight || (format == Format::Empty && must_have_bytes) {
        weight.faults.push(no_weights(format, input.head()));
    } else if let (Format::Zip | Format::KerasZip, Some(expected), Contents::Zip(directory)) =
        (format, expected, &weight.contents)
    {
        let fault = content::zip(path, directory, expected);
        weight.faults.extend(fault.filter(|_| !is_unread));
    } else if expected.is_none()
        && path.extension() == "bin"
        && matches!(format, Format::WebPage | Format::ErrorMessage)
    {
        // A `.bin` may contain many things, but never the answer of a server.
        let message = format!("the file is {}", format.name());
        let help = "Fetch the file again. A download failed, and its answer was saved in place of the weights.";
        weight.faults.push(Fault::new(FaultKind::WrongFormat, message, help).at(0));
    } else if format == Format::Unknown && promises(Format::Safetensors) {
        weight.read_safetensors(&mut input)?;
    } else if format == Format::Unknown && promises(Format::Gguf) {
        let message = "the file does not begin with `GGUF`";
        let help = "Convert or upload the file again. Readers do not recognize it as GGUF.";
        weight.faults.push(Fault::new(FaultKind::WrongFormat, message, help).at(0));
    } else if format == Format::Unknown && expected.is_some() && is_blank(input.head()) {
        let message = format!("the file begins with {} zero bytes", grouped(input.head().len() as u64));
        let help = "Upload the file again. A copy or download reserved the space and did not write the content.";
        weight.faults.push(Fault::new(FaultKind::WrongFormat, message, help).at(0));
    } else if let Some(expected) = expected.filter(|_| !is_unread && weight.named.is_none()) {
        weight.faults.extend(content::fault(path, format, expected, input.head()));
    }
    Ok(weight)
}

impl Weight {
    fn read_safetensors<R: Read + Seek>(&mut self, input: &mut Input<R>) -> io::Result<()> {
        let (header, faults) = Header::read(input)?;
        self.faults = faults;
        self.contents = header.map_or(Contents::None, Contents::Safetensors);
        Ok(())
    }
}

/// A block of zeros, too long to be a small number at the start of some format.
fn is_blank(head: &[u8]) -> bool {
    head.len() >= 512 && head.iter().all(|byte| *byte == 0)
}

/// Text where weights should be.
fn no_weights(format: Format, head: &[u8]) -> Fault {
    if format == Format::Empty {
        let help = "Upload the file again, or remove it. The upload broke off, or a program did not write the content.";
        return Fault::new(FaultKind::CutShort, "the file is empty", help).at(0);
    }
    let line = String::from_utf8_lossy(head).lines().next().unwrap_or_default().chars().take(60).collect::<String>();
    let message = match line.trim() {
        "" => "the file begins with an empty line".to_owned(),
        line => format!("the file is {}, which begins with `{line}`", format.name()),
    };
    let help = if format == Format::Text {
        "Upload the right file. A weight file of this name is binary."
    } else {
        "Fetch the file again. A download failed, and its answer was saved in place of the weights."
    };
    Fault::new(FaultKind::WrongFormat, message, help).at(0)
}

#[cfg(test)]
mod tests;
