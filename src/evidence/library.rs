//! The library.

use super::{Evidence, Weights};
use crate::configs::Configs;
use crate::release::Release;

pub(super) fn gather(_: &Release, _: &Configs<'_>, _: &Weights<'_>) -> Option<Evidence<String>> {
    None
}
