//! Changes to a metadata block, each the smallest one: everything around it stays byte for byte.
//!
//! `None` means that there is no safe way to make the change; a caller then says so instead of fixing.

pub use super::quote::{preferred, quoted, scalar};
