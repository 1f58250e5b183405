//! Keras models: the configuration that says which classes are made when the model is loaded.
//!
//! In a `.keras` archive it is `config.json`; in HDF5 it is text in an attribute, found by its first words and read where it
//! stands, as attributes are neither compressed nor cut into pieces. Nothing is built from it. What is known here: which
//! entries carry Python code, which name functions that no model needs, and which need code from elsewhere (keras 3.15.1,
//! `serialization_lib.py`; CVE-2024-3660, CVE-2025-1550, CVE-2025-8747, CVE-2025-9905, CVE-2025-9906, CVE-2025-12058,
//! CVE-2026-1462). Links from HDF5 weights to other files (CVE-2026-1669) are found by the reader of HDF5.

mod config;
mod hdf5;
mod member;
mod names;

use super::active::{Active, Actives};
pub(super) use hdf5::scan as scan_hdf5;
pub(super) use member::{is_model, scan_archive};

/// What runs when a model is made from a configuration in a text file, as `to_json` writes it and as it lies in an unpacked
/// archive.
pub fn in_text(text: &str) -> Vec<Active> {
    let mut found = Actives::default();
    config::scan(text.trim_start(), &mut found);
    found.into_vec()
}

/// The same of YAML, line by line: Keras no longer reads it, and versions that do build any Python object from it.
pub fn in_yaml(text: &str) -> Vec<Active> {
    let mut found = Actives::default();
    let class = |line: &str| {
        let line = line.trim().trim_start_matches("- ").trim_start_matches('{');
        let value = line.strip_prefix("class_name:")?.trim();
        Some(value.trim_matches(['\'', '"', ',', '}']).to_owned())
    };
    for name in text.lines().filter_map(class) {
        config::judge_class(&name, &mut found);
    }
    found.into_vec()
}

/// The largest `config.json` or attribute that is read. Real ones have up to some megabytes.
pub const MAX_CONFIG_BYTES: usize = 16 * 1024 * 1024;

/// How much of an HDF5 file is searched, from its start, where Keras puts the configuration.
pub const MAX_SEARCHED_BYTES: u64 = 64 * 1024 * 1024;

#[cfg(test)]
mod tests;
