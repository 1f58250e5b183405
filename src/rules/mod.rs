//! What a release must satisfy: one folder a section, one file a rule, its manual beside it.
//!
//! A rule looks at a [`Context`] and reports findings to a [`Sink`]. It reads only what the release, its card, its
//! weights and the evidence say; it never touches the disk, the network or the terminal, and never knows another rule.

mod card;
mod fields;
mod fix_room;
mod meta;
mod metadata;
mod ready;
mod sink;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod weights;

pub use crate::claims::{Context, MAX_COMPARED_KEYS, README};
pub use meta::{Meta, Needs, Section};
pub use sink::Sink;

/// One rule.
pub trait Rule: Sync {
    /// Its name, level, checklist item and manual.
    fn meta(&self) -> &'static Meta;

    /// Looks at the release and reports every violation.
    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>);
}

/// Every rule, in the order of the checklist. A test compares this table with the files beside it.
pub static RULES: &[&dyn Rule] = &[
    &metadata::MissingModelCard,
    &metadata::MissingFrontMatter,
    &metadata::InvalidFrontMatter,
    &metadata::AmbiguousValue,
    &metadata::WrongValueType,
    &metadata::UnknownKey,
    &metadata::PlaceholderValue,
    &metadata::MisplacedMetadata,
    &metadata::MissingPipelineTag,
    &metadata::UnknownPipelineTag,
    &metadata::MismatchedPipelineTag,
    &metadata::MissingLibraryName,
    &metadata::UnknownLibraryName,
    &metadata::MismatchedLibraryName,
    &metadata::LibraryTagConflict,
    &metadata::MissingLanguage,
    &metadata::InvalidLanguage,
    &metadata::MissingLicense,
    &metadata::UnknownLicense,
    &metadata::IncompleteCustomLicense,
    &metadata::MismatchedLicense,
    &metadata::MissingLicenseFile,
    &metadata::LooserLicenseThanBase,
    &metadata::MissingDatasets,
    &metadata::InvalidRepoId,
    &metadata::MissingBaseModel,
    &metadata::MismatchedBaseModel,
    &metadata::MismatchedBaseModelRelation,
    &metadata::SelfReference,
    &metadata::MissingTags,
    &metadata::MalformedTags,
    &metadata::InvalidModelIndex,
    &metadata::InvalidEvalResults,
    &metadata::InvalidCo2Emissions,
    &metadata::InvalidWidget,
    &metadata::InvalidGatingFields,
    &metadata::GateWithoutConditions,
    &card::InvalidEncoding,
    &card::OversizedCard,
    &card::CardUnderLfs,
    &card::TemplateText,
    &card::MissingDescription,
    &card::MissingUsage,
    &card::MissingTechnicalSpecs,
    &card::MissingEvaluation,
    &card::MissingLimitations,
    &weights::PickleWeights,
    &weights::DangerousPickle,
    &weights::UnknownPickleImport,
    &weights::EmptyWeights,
    &weights::MalformedWeights,
    &weights::DisguisedFormat,
    &weights::DuplicateWeights,
    &weights::SeveralVariants,
    &weights::UnscannedWeights,
    &weights::PathEscapesRepository,
    &weights::RemoteCodeRunsCommands,
    &weights::ActiveContent,
    &ready::LfsPointer,
    &ready::MissingCompanion,
    &ready::DownloadsNotCounted,
    &ready::LocalPathLeak,
];

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static dyn Rule> {
    RULES.iter().copied().find(|rule| rule.meta().name == name)
}
