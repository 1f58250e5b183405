//! Rules about weight files.

mod active_content;
mod dangerous_pickle;
mod disguised_format;
mod duplicate_weights;
mod empty_weights;
mod malformed_weights;
mod names;
mod outside;
mod path_escapes_repository;
mod pickle_weights;
mod remote_code_runs_commands;
mod several_variants;
mod unknown_pickle_import;
mod unscanned_weights;

pub(super) use active_content::ActiveContent;
pub(super) use dangerous_pickle::DangerousPickle;
pub(super) use disguised_format::DisguisedFormat;
pub(super) use duplicate_weights::DuplicateWeights;
pub(super) use empty_weights::EmptyWeights;
pub(super) use malformed_weights::MalformedWeights;
pub(super) use outside::escape;
pub(super) use path_escapes_repository::PathEscapesRepository;
pub(super) use pickle_weights::PickleWeights;
pub(super) use remote_code_runs_commands::RemoteCodeRunsCommands;
pub(super) use several_variants::SeveralVariants;
pub(super) use unknown_pickle_import::UnknownPickleImport;
pub(super) use unscanned_weights::UnscannedWeights;
