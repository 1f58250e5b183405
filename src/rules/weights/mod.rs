//! Rules about weight files.

mod disguised_format;
mod malformed_weights;
mod pickle_weights;

pub(super) use disguised_format::DisguisedFormat;
pub(super) use malformed_weights::MalformedWeights;
pub(super) use pickle_weights::PickleWeights;
