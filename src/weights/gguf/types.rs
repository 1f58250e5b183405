//! The tensor types of ggml.

use std::borrow::Cow;

/// Elements and bytes of a block, for the type numbers of gguf 0.19.0 (the Python package of llama.cpp).
const TYPES: [(u32, &str, u64, u64); 34] = [
    (0, "F32", 1, 4),
    (1, "F16", 1, 2),
    (2, "Q4_0", 32, 18),
    (3, "Q4_1", 32, 20),
    (6, "Q5_0", 32, 22),
    (7, "Q5_1", 32, 24),
    (8, "Q8_0", 32, 34),
    // 36 in ggml today, 40 in the Python package; the smaller one can never be too much.
    (9, "Q8_1", 32, 36),
    (10, "Q2_K", 256, 84),
    (11, "Q3_K", 256, 110),
    (12, "Q4_K", 256, 144),
    (13, "Q5_K", 256, 176),
    (14, "Q6_K", 256, 210),
    (15, "Q8_K", 256, 292),
    (16, "IQ2_XXS", 256, 66),
    (17, "IQ2_XS", 256, 74),
    (18, "IQ3_XXS", 256, 98),
    (19, "IQ1_S", 256, 50),
    (20, "IQ4_NL", 32, 18),
    (21, "IQ3_S", 256, 110),
    (22, "IQ2_S", 256, 82),
    (23, "IQ4_XS", 256, 136),
    (24, "I8", 1, 1),
    (25, "I16", 1, 2),
    (26, "I32", 1, 4),
    (27, "I64", 1, 8),
    (28, "F64", 1, 8),
    (29, "IQ1_M", 256, 56),
    (30, "BF16", 1, 2),
    (34, "TQ1_0", 256, 54),
    (35, "TQ2_0", 256, 66),
    (39, "MXFP4", 32, 17),
    (40, "NVFP4", 64, 36),
    (41, "Q1_0", 128, 18),
];

/// Numbers that forks of `llama.cpp` write into published files: `bitnet.cpp` (36, 38, 39 in its own sense) and
/// `ik_llama.cpp` (97 to 99, 133 to 158, and from 202 on the repacked forms of types, number plus 200).
const FORKS: &[std::ops::RangeInclusive<u32>] =
    &[36..=36, 38..=38, 97..=99, 133..=158, 202..=230, 233..=233, 335..=399];

/// The highest number that a later version of the format may have given to a type by now.
const LAST_NEWER: u32 = 63;

/// Where readers know a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypeReach {
    /// In `llama.cpp`.
    Known,
    /// In a fork of it, which publishes files.
    Fork,
    /// Perhaps in a later version.
    Newer,
    /// Taken out of the format, and no reader knows it any more (gguf 0.19.0: early 4-bit types, and the repacked ones
    /// that only existed in files of some months).
    Removed,
    /// Nowhere.
    Unknown,
}

/// A tensor type by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TensorType(pub u32);

impl TensorType {
    fn row(self) -> Option<&'static (u32, &'static str, u64, u64)> {
        TYPES.iter().find(|(number, ..)| *number == self.0)
    }

    /// Its name, such as `Q4_K`; none for a number that is newer than this table, or was removed from the format.
    pub fn name(self) -> Option<&'static str> {
        self.row().map(|row| row.1)
    }

    /// Its name, or `type 99` for a number without one.
    pub fn label(self) -> Cow<'static, str> {
        self.name().map_or_else(|| format!("type {}", self.0).into(), Cow::from)
    }

    /// Where readers know the number.
    pub(super) fn reach(self) -> TypeReach {
        match self.0 {
            _ if self.row().is_some() => TypeReach::Known,
            4 | 5 | 31..=33 | 37 => TypeReach::Removed,
            number if FORKS.iter().any(|types| types.contains(&number)) => TypeReach::Fork,
            number if number <= LAST_NEWER => TypeReach::Newer,
            _ => TypeReach::Unknown,
        }
    }

    /// Elements and bytes of one block of a type that files contain with one size: readers disagree on `Q8_1`, which
    /// exists in memory only.
    pub(super) fn stored(self) -> Option<(u64, u64)> {
        self.block().filter(|_| self.0 != 9)
    }

    /// Elements and bytes of one block, where the type is known.
    pub fn block(self) -> Option<(u64, u64)> {
        self.row().map(|row| (row.2, row.3))
    }
}
