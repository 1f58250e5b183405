//! Rules about weight files.

mod active_content;
mod dangerous_pickle;
mod disguised_format;
mod malformed_weights;
mod outside;
mod path_escapes_repository;
mod pickle_weights;
mod remote_code;
mod unknown_pickle_import;

pub(super) use active_content::ActiveContent;
pub(super) use dangerous_pickle::DangerousPickle;
pub(super) use disguised_format::DisguisedFormat;
pub(super) use malformed_weights::MalformedWeights;
pub(super) use path_escapes_repository::PathEscapesRepository;
pub(super) use pickle_weights::PickleWeights;
pub(super) use unknown_pickle_import::UnknownPickleImport;
