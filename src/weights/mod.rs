//! Weight files.
#[cfg(test)]
pub(crate) mod testing;
