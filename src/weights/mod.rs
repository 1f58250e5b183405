//! Weight files as data, never executed: what format the bytes are, whether the header keeps its promises, and what
//! it says of the tensors.
//!
//! This module knows file formats and reads headers through `Read + Seek`: a file of 200 GB costs what its header
//! costs, and whatever a header claims, nothing is allocated that the file does not hold. It does not know what a
//! release, a card or a rule is; of a path it knows only which formats the name promises ([`expected()`]). Nothing
//! here evaluates anything: a pickle is a list of opcodes, an archive a list of names.

mod active;
mod examine;
mod expected;
pub mod gguf;
mod hdf5;
mod hollow;
pub mod index;
pub mod keras;
mod list;
mod msgpack;
mod named;
pub mod npy;
pub mod npz;
pub mod onnx;
mod pointer;
mod programs;
mod rebuilt;
mod recognize;
pub mod safetensors;
pub mod scan;
mod tensor;
pub mod torch;
mod unseen;

pub use active::{Active, Danger};
pub use examine::{Contents, Weight, examine};
pub use expected::expected;
pub use hollow::{Hollow, MAX_READS, hollow};
pub use list::tensors;
pub use named::{Named, Role};
pub use pointer::Pointer;
pub use tensor::Tensor;
pub use unseen::Unseen;
