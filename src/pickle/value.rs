//! What an unpickler would have in its hands, as far as the file tells: constants, names, containers, and "the result of
//! calling this with that". Nothing is ever imported or called.

use std::collections::HashMap;

/// How many values of one pickle are kept. The largest checkpoints have about half as many.
pub const MAX_VALUES: usize = 2 * 1024 * 1024;

/// How many bytes of strings are kept of one pickle.
pub const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// How many items of tuples, lists and dicts are kept of one pickle.
pub const MAX_ITEMS: usize = 4 * 1024 * 1024;

/// How many lists, dicts and sets of one pickle keep their items, and how many objects their state.
pub const MAX_CONTAINERS: usize = 256 * 1024;

/// A value's place in the [`Arena`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Id(u32);

impl Id {
    /// No value at all.
    pub(super) const ABSENT: Self = Self(u32::MAX);
}

/// A stretch of the arena's strings or of its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    start: u32,
    length: u32,
}

/// What is still known of a value when there is no room to keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Not even its type.
    Any,
    /// `int`, `float` or `bool`.
    Number,
    /// `str`
    Text,
    /// `bytes` or `bytearray`
    Bytes,
    /// `tuple`
    Tuple,
    /// `list`
    List,
    /// `dict`
    Dict,
    /// `set` or `frozenset`
    Set,
    /// What a call gave.
    Object,
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Known only when the pickle is loaded: an extension code, an out-of-band buffer, what a computed name stands for.
    Unknown,
    /// A value that there was no room for; see the caps of this module.
    Lost(Kind),
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond 64 bits, or in digits that are not read here.
    Big,
    /// A float.
    Float(f64),
    /// A string; see [`Arena::text`].
    Text(Stretch),
    /// Bytes, of which the start is kept; see [`Arena::bytes`].
    Bytes(Stretch),
    /// A string or bytes too long to be kept.
    Long(Kind),
    /// An import: its number in the table of the pickle's imports.
    Global(u32),
    /// A tuple; see [`Arena::items`].
    Tuple(Stretch),
    /// A frozenset.
    Frozenset(Stretch),
    /// A list: its number among the containers.
    List(u32),
    /// A dict.
    Dict(u32),
    /// A set.
    Set(u32),
    /// The result of a call.
    Made {
        /// What is called.
        callee: Id,
        /// Its arguments: a tuple, if the pickle is sound.
        arguments: Id,
    },
    /// What `persistent_load` gives for this id; in a torch file, a storage.
    Persistent(Id),
}

/// The values of one pickle, each under a number, so that sharing costs nothing and nesting needs no recursion.
#[derive(Debug)]
pub struct Arena {
    values: Vec<Value>,
    text: Vec<u8>,
    items: Vec<Id>,
    containers: Vec<Vec<Id>>,
    /// Items set on the result of a call, by its id, and its state.
    attached: HashMap<Id, u32>,
    states: HashMap<Id, Id>,
    contained: usize,
}

/// The values that every arena starts with, so that the usual ones need no room: `None`, `False`, `True`, `()`, the kinds
/// of lost values, the whole numbers of one byte.
const KINDS: [Kind; 9] =
    [Kind::Any, Kind::Number, Kind::Text, Kind::Bytes, Kind::Tuple, Kind::List, Kind::Dict, Kind::Set, Kind::Object];
const FIRST_LOST: u32 = 4;
const FIRST_INT: u32 = FIRST_LOST + KINDS.len() as u32;
/// Not a container: a list, dict or set that nothing was put into.
const EMPTY: u32 = u32::MAX;

impl Default for Arena {
    fn default() -> Self {
        let mut values =
            vec![Value::None, Value::Bool(false), Value::Bool(true), Value::Tuple(Stretch { start: 0, length: 0 })];
        values.extend(KINDS.map(Value::Lost));
        values.extend((0..256).map(Value::Int));
        let (text, items, containers) = (Vec::new(), Vec::new(), Vec::new());
        Self { values, text, items, containers, attached: HashMap::new(), states: HashMap::new(), contained: 0 }
    }
}

impl Arena {
    pub(super) const NONE: Id = Id(0);
    pub(super) const EMPTY_TUPLE: Id = Id(3);

    pub(super) fn bool(value: bool) -> Id {
        Id(1 + u32::from(value))
    }

    pub(super) fn lost(kind: Kind) -> Id {
        Id(FIRST_LOST + kind as u32)
    }

    /// A value by its number.
    pub fn get(&self, id: Id) -> Value {
        self.values.get(id.0 as usize).copied().unwrap_or(Value::Unknown)
    }

    /// The numbers of all values, in the order in which they were made.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        (0..self.values.len() as u32).map(Id)
    }

    /// Keeps a value; where there is no room, only its kind.
    pub(super) fn add(&mut self, value: Value) -> Id {
        match value {
            Value::Int(small @ 0..256) => return Id(FIRST_INT + small as u32),
            Value::None => return Self::NONE,
            Value::Bool(value) => return Self::bool(value),
            Value::Lost(kind) => return Self::lost(kind),
            _ if self.values.len() >= MAX_VALUES => return Self::lost(kind(value)),
            _ => {}
        }
        self.values.push(value);
        Id(self.values.len() as u32 - 1)
    }

    /// Keeps a string.
    pub(super) fn add_text(&mut self, text: &str) -> Id {
        match self.stretch_of(text.as_bytes()) {
            Some(stretch) => self.add(Value::Text(stretch)),
            None => Self::lost(Kind::Text),
        }
    }

    /// Keeps bytes.
    pub(super) fn add_bytes(&mut self, bytes: &[u8]) -> Id {
        match self.stretch_of(bytes) {
            Some(stretch) => self.add(Value::Bytes(stretch)),
            None => Self::lost(Kind::Bytes),
        }
    }

    fn stretch_of(&mut self, bytes: &[u8]) -> Option<Stretch> {
        let start = self.text.len();
        if start + bytes.len() > MAX_TEXT_BYTES || self.values.len() >= MAX_VALUES {
            return None;
        }
        self.text.extend_from_slice(bytes);
        Some(Stretch { start: start as u32, length: bytes.len() as u32 })
    }

    /// Keeps a tuple.
    pub(super) fn add_tuple(&mut self, items: &[Id]) -> Id {
        if items.is_empty() {
            return Self::EMPTY_TUPLE;
        }
        match self.stretch_of_items(items) {
            Some(stretch) => self.add(Value::Tuple(stretch)),
            None => Self::lost(Kind::Tuple),
        }
    }

    /// Keeps a frozenset.
    pub(super) fn add_frozenset(&mut self, items: &[Id]) -> Id {
        match self.stretch_of_items(items) {
            Some(stretch) => self.add(Value::Frozenset(stretch)),
            None => Self::lost(Kind::Set),
        }
    }

    fn stretch_of_items(&mut self, items: &[Id]) -> Option<Stretch> {
        let start = self.items.len();
        if start + items.len() > MAX_ITEMS || self.values.len() >= MAX_VALUES {
            return None;
        }
        self.items.extend_from_slice(items);
        Some(Stretch { start: start as u32, length: items.len() as u32 })
    }

    /// A list, dict or set without items, of this kind.
    pub(super) fn add_container(&mut self, kind: Kind) -> Id {
        self.add(match kind {
            Kind::List => Value::List(EMPTY),
            Kind::Dict => Value::Dict(EMPTY),
            _ => Value::Set(EMPTY),
        })
    }

    /// Puts items into a list or set, or keys and values in turn into a dict or the result of a call. What there is no
    /// room for is left out.
    pub(super) fn put(&mut self, target: Id, items: &[Id]) {
        let new = self.containers.len() as u32;
        let has_room = self.containers.len() < MAX_CONTAINERS && self.contained + items.len() <= MAX_ITEMS;
        if items.is_empty() || !has_room {
            return;
        }
        let number = match self.values.get_mut(target.0 as usize) {
            Some(Value::List(number) | Value::Dict(number) | Value::Set(number)) => {
                if *number == EMPTY {
                    *number = new;
                }
                *number
            }
            Some(Value::Made { .. }) => *self.attached.entry(target).or_insert(new),
            _ => return,
        };
        self.contained += items.len();
        match self.containers.get_mut(number as usize) {
            Some(container) => container.extend_from_slice(items),
            None => self.containers.push(items.to_vec()),
        }
    }

    /// Remembers the state that `BUILD` gives to the result of a call.
    pub(super) fn set_state(&mut self, target: Id, state: Id) {
        if self.states.len() < MAX_CONTAINERS {
            self.states.insert(target, state);
        }
    }

    /// The state that was given last.
    pub fn state(&self, id: Id) -> Option<Id> {
        self.states.get(&id).copied()
    }

    /// The text of a string.
    pub fn text(&self, id: Id) -> Option<&str> {
        match self.get(id) {
            Value::Text(stretch) => std::str::from_utf8(self.slice(stretch)).ok(),
            _ => None,
        }
    }

    /// The bytes of a byte string, as far as they are kept.
    pub fn bytes(&self, id: Id) -> Option<&[u8]> {
        match self.get(id) {
            Value::Bytes(stretch) => Some(self.slice(stretch)),
            _ => None,
        }
    }

    fn slice(&self, stretch: Stretch) -> &[u8] {
        let start = stretch.start as usize;
        self.text.get(start..start + stretch.length as usize).unwrap_or_default()
    }

    /// The items of a tuple, list or set; keys and values in turn of a dict, and of what was set on the result of a call.
    pub fn items(&self, id: Id) -> &[Id] {
        let number = match self.get(id) {
            Value::Tuple(stretch) | Value::Frozenset(stretch) => {
                let start = stretch.start as usize;
                return self.items.get(start..start + stretch.length as usize).unwrap_or_default();
            }
            Value::List(number) | Value::Dict(number) | Value::Set(number) => Some(number),
            Value::Made { .. } => self.attached.get(&id).copied(),
            _ => None,
        };
        number.and_then(|number| self.containers.get(number as usize)).map_or(&[], Vec::as_slice)
    }

    /// The value that a dict has under a string; the last one, as the unpickler does.
    pub fn item(&self, id: Id, key: &str) -> Option<Id> {
        let pairs = self.items(id).chunks_exact(2).rev();
        pairs
            .filter_map(|pair| pair.first().zip(pair.get(1)))
            .find(|(name, _)| self.text(**name) == Some(key))
            .map(|(_, value)| *value)
    }

    /// A whole number, as a count or size.
    pub fn size(&self, id: Id) -> Option<u64> {
        match self.get(id) {
            Value::Int(number) => u64::try_from(number).ok(),
            _ => None,
        }
    }
}

/// What remains of a value when it is not kept.
fn kind(value: Value) -> Kind {
    match value {
        Value::Unknown | Value::Global(_) | Value::None => Kind::Any,
        Value::Lost(kind) | Value::Long(kind) => kind,
        Value::Bool(_) | Value::Int(_) | Value::Big | Value::Float(_) => Kind::Number,
        Value::Text(_) => Kind::Text,
        Value::Bytes(_) => Kind::Bytes,
        Value::Tuple(_) => Kind::Tuple,
        Value::Frozenset(_) | Value::Set(_) => Kind::Set,
        Value::List(_) => Kind::List,
        Value::Dict(_) => Kind::Dict,
        Value::Made { .. } | Value::Persistent(_) => Kind::Object,
    }
}
