//! Rules about weight files.

mod dangerous_pickle;
mod disguised_format;
mod malformed_weights;
mod pickle_weights;
mod unknown_pickle_import;
mod unscanned_weights;

pub(super) use dangerous_pickle::DangerousPickle;
pub(super) use disguised_format::DisguisedFormat;
pub(super) use malformed_weights::MalformedWeights;
pub(super) use pickle_weights::PickleWeights;
pub(super) use unknown_pickle_import::UnknownPickleImport;
pub(super) use unscanned_weights::UnscannedWeights;
