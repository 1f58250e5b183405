//! From the header's JSON to numbers.

use std::ops::Range;

use super::{Dtype, Entry, Header, NOT_SAFETENSORS};
use crate::bytes::fault::{Fault, FaultKind, Faults, shown};
use crate::source::json::{Dialect, Event, EventKind, JsonError, Parser};

/// How many tensors of one file are read: several times what the largest models have.
pub const MAX_TENSORS: usize = 300_000;

/// How many entries of `__metadata__` are read.
pub const MAX_METADATA: usize = 100_000;

/// Reads the whole text; none where it is not a JSON object or a cap was hit. Faults of single entries do not stop it.
pub(super) fn parse(text: String, faults: &mut Faults) -> Option<Header> {
    let mut tensors = Vec::new();
    let mut metadata = Vec::new();
    if text.starts_with([' ', '\t', '\n', '\r']) {
        let message = "the header begins with white space instead of `{`";
        faults.push(
            Fault::new(FaultKind::Syntax, message, "Save the file again. Only the reference reader accepts it.")
                .at(8)
                .tolerated(),
        );
    }
    let mut reader = Reader { parser: Parser::new(&text, Dialect::Strict), faults };
    let result = reader.header(&mut tensors, &mut metadata);
    match result {
        Ok(()) => Some(Header { text, tensors, metadata }),
        Err(Stop::Json(error)) => {
            let at = 8 + u64::from(error.span.start);
            let message = format!("the header is not JSON: {error} (byte {at} of the file)");
            faults.push(Fault::new(FaultKind::Syntax, message, NOT_SAFETENSORS).at(at));
            None
        }
        Err(Stop::Fault(fault)) => {
            faults.push(*fault);
            None
        }
    }
}

enum Stop {
    Json(JsonError),
    Fault(Box<Fault>),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

struct Reader<'t, 'f> {
    parser: Parser<'t>,
    faults: &'f mut Faults,
}

/// What an entry may say, as it is read.
#[derive(Default)]
struct Fields {
    dtype: Option<Option<Dtype>>,
    shape: Option<u32>,
    offsets: Option<(u64, u64)>,
}

const SAVE_AGAIN: &str = "Save the file again with a current `safetensors`. Readers reject it, so loading fails.";

impl<'t> Reader<'t, '_> {
    /// The next event; the end of the text inside the header is the parser's own error.
    fn next(&mut self) -> Result<Option<Event<'t>>, Stop> {
        self.parser.next().transpose().map_err(Stop::Json)
    }

    fn header(&mut self, tensors: &mut Vec<Entry>, metadata: &mut Vec<(u32, u32)>) -> Result<(), Stop> {
        match self.next()? {
            Some(Event { kind: EventKind::ObjectStart, .. }) => {}
            _ => {
                let message = "the header is JSON, but not an object: `{` must come first";
                return Err(Fault::new(FaultKind::Syntax, message, NOT_SAFETENSORS).at(8).into());
            }
        }
        let mut has_metadata = false;
        while let Some(Event { span, kind: EventKind::Key(name) }) = self.next()? {
            if name == "__metadata__" {
                if has_metadata {
                    let message = "`__metadata__` occurs twice in the header";
                    self.faults.push(Fault::new(FaultKind::Duplicate, message, SAVE_AGAIN).at(in_file(&span)));
                }
                has_metadata = true;
                self.metadata(metadata)?;
                continue;
            }
            check_name(&name, &span, self.faults);
            if tensors.len() >= MAX_TENSORS {
                let message = format!("the header names more than {MAX_TENSORS} tensors, and only so many are read");
                return Err(
                    Fault::new(FaultKind::Limit, message, "Check the rest by other means. It was not read.").into()
                );
            }
            let fields = self.entry(&name, &span)?;
            if let Fields { dtype: Some(dtype), shape: Some(shape), offsets: Some((begin, end)) } = fields {
                tensors.push(Entry { name: span.start, shape, dtype, begin, end });
            }
        }
        // After the closing bracket nothing may follow; the parser says so.
        self.next().map(|_| ())
    }

    fn metadata(&mut self, metadata: &mut Vec<(u32, u32)>) -> Result<(), Stop> {
        let Some(first) = self.next()? else { return Ok(()) };
        match first.kind {
            EventKind::Null => return Ok(()),
            EventKind::ObjectStart => {}
            kind => {
                let message = "`__metadata__` is not an object of strings";
                self.faults.push(Fault::new(FaultKind::Field, message, SAVE_AGAIN).at(in_file(&first.span)));
                return self.skip(&kind);
            }
        }
        let mut keys = std::collections::HashSet::new();
        while let Some(Event { span: key_span, kind: EventKind::Key(key) }) = self.next()? {
            let Some(value) = self.next()? else { return Ok(()) };
            if matches!(value.kind, EventKind::String(_)) {
                if metadata.len() >= MAX_METADATA {
                    let message =
                        format!("`__metadata__` has more than {MAX_METADATA} entries, and only so many are read");
                    return Err(Fault::new(
                        FaultKind::Limit,
                        message,
                        "Check the rest by other means. It was not read.",
                    )
                    .into());
                }
                metadata.push((key_span.start, value.span.start));
            } else {
                let message = format!("the value of {} in `__metadata__` is not a string", shown(&key));
                let help = "Write numbers, lists and objects as strings, such as `\"3\"`. Readers reject the file.";
                self.faults.push(Fault::new(FaultKind::Field, message, help).at(in_file(&value.span)));
                self.skip(&value.kind)?;
            }
            if keys.contains(&key) {
                let message = format!("{} occurs twice in `__metadata__`", shown(&key));
                let fault = Fault::new(
                    FaultKind::Duplicate,
                    message,
                    "Write the key once and save the file again. Readers see only the last of them.",
                );
                self.faults.push(fault.at(in_file(&key_span)).tolerated());
            }
            keys.insert(key);
        }
        Ok(())
    }

    fn entry(&mut self, name: &str, name_span: &Range<u32>) -> Result<Fields, Stop> {
        let mut fields = Fields::default();
        let Some(first) = self.next()? else { return Ok(fields) };
        if first.kind != EventKind::ObjectStart {
            self.bad_field(name, &first.span, format!("{} is not described by an object", shown(name)));
            self.skip(&first.kind)?;
            return Ok(fields);
        }
        // Dtype, shape, data_offsets: whether each was seen, good or bad.
        let mut seen = [false; 3];
        const NAMES: [&str; 3] = ["dtype", "shape", "data_offsets"];
        while let Some(Event { span, kind: EventKind::Key(field) }) = self.next()? {
            let Some(value) = self.next()? else { return Ok(fields) };
            let Some(which) = NAMES.iter().position(|known| *known == field) else {
                let message = format!("{} has an unknown field {}", shown(name), shown(&field));
                let help =
                    "Put it into `__metadata__`. The reference reader ignores it, and other readers reject the file.";
                let fault = Fault::new(FaultKind::Field, message, help).tensor(name).at(in_file(&span));
                self.faults.push(fault.tolerated());
                self.skip(&value.kind)?;
                continue;
            };
            if seen.get(which) == Some(&true) {
                self.bad_field(name, &span, format!("{} has the field `{field}` twice", shown(name)));
            }
            if let Some(seen) = seen.get_mut(which) {
                *seen = true;
            }
            match which {
                0 => fields.dtype = self.dtype(name, value)?,
                1 => fields.shape = self.shape(name, value)?,
                _ => fields.offsets = self.offsets(name, value)?,
            }
        }
        for missing in NAMES.iter().zip(seen).filter(|(_, seen)| !seen).map(|(field, _)| field) {
            self.bad_field(name, name_span, format!("{} has no `{missing}`", shown(name)));
        }
        Ok(fields)
    }

    fn dtype(&mut self, name: &str, value: Event<'t>) -> Result<Option<Option<Dtype>>, Stop> {
        let EventKind::String(text) = &value.kind else {
            self.bad_field(name, &value.span, format!("the dtype of {} is not a string", shown(name)));
            self.skip(&value.kind)?;
            return Ok(None);
        };
        let dtype = Dtype::from_name(text);
        if dtype.is_none() {
            let message = format!("the dtype of {} is {}, which no reader knows", shown(name), shown(text));
            let help = "Save the file again with a current `safetensors`. Types are written in capitals, such as F32, F16, BF16 or I64.";
            self.faults.push(Fault::new(FaultKind::Dtype, message, help).tensor(name).at(in_file(&value.span)));
        }
        Ok(Some(dtype))
    }

    fn shape(&mut self, name: &str, value: Event<'t>) -> Result<Option<u32>, Stop> {
        let good = self.numbers(&value.kind, |_| {})?;
        if !good {
            let message = format!("the shape of {} is not a list of whole numbers from 0 up", shown(name));
            self.bad_field(name, &value.span, message);
        }
        Ok(good.then_some(value.span.start))
    }

    fn offsets(&mut self, name: &str, value: Event<'t>) -> Result<Option<(u64, u64)>, Stop> {
        let mut count = 0_u32;
        let mut pair = (0, 0);
        let good = self.numbers(&value.kind, |number| {
            pair = (pair.1, number);
            count = count.saturating_add(1);
        })?;
        if good && count == 2 {
            return Ok(Some(pair));
        }
        let message = format!("the data_offsets of {} are not two whole numbers from 0 up", shown(name));
        self.bad_field(name, &value.span, message);
        Ok(None)
    }

    /// Reads a list of whole numbers to its end; false when it is anything else.
    fn numbers(&mut self, first: &EventKind<'t>, mut take: impl FnMut(u64)) -> Result<bool, Stop> {
        if *first != EventKind::ArrayStart {
            self.skip(first)?;
            return Ok(false);
        }
        let mut good = true;
        while let Some(event) = self.next()? {
            match event.kind {
                EventKind::ArrayEnd => break,
                EventKind::Number(text) => match text.parse() {
                    Ok(number) => take(number),
                    Err(_) => good = false,
                },
                kind => {
                    good = false;
                    self.skip(&kind)?;
                }
            }
        }
        Ok(good)
    }

    /// Reads to the end of the value whose first event was taken.
    fn skip(&mut self, first: &EventKind<'t>) -> Result<(), Stop> {
        if !matches!(first, EventKind::ObjectStart | EventKind::ArrayStart) {
            return Ok(());
        }
        let inside = self.parser.depth();
        while self.parser.depth() >= inside && self.next()?.is_some() {}
        Ok(())
    }

    fn bad_field(&mut self, name: &str, span: &Range<u32>, message: String) {
        self.faults.push(Fault::new(FaultKind::Field, message, SAVE_AGAIN).tensor(name).at(in_file(span)));
    }
}

fn check_name(name: &str, span: &Range<u32>, faults: &mut Faults) {
    let message = if name.is_empty() {
        "a tensor has an empty name".to_owned()
    } else if let Some(bad) = name.chars().find(|character| character.is_control()) {
        format!("a tensor's name contains the control character U+{:04X}", u32::from(bad))
    } else {
        return;
    };
    let fault = Fault::new(
        FaultKind::Name,
        message,
        "Rename the tensor and save the file again. The reference reader accepts the name, but other tools fail on it.",
    );
    faults.push(fault.tensor(name).at(in_file(span)).tolerated());
}

/// Where a place in the header stands in the file.
fn in_file(span: &Range<u32>) -> u64 {
    8 + u64::from(span.start)
}
