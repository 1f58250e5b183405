//! Rules about the card's YAML block.

mod missing;
mod stated;

mod invalid_language;
mod missing_base_model;
mod missing_datasets;
mod missing_language;
mod missing_library_name;
mod missing_license;
mod missing_pipeline_tag;
mod unknown_library_name;
mod unknown_license;
mod unknown_pipeline_tag;

pub(super) use invalid_language::InvalidLanguage;
pub(super) use missing_base_model::MissingBaseModel;
pub(super) use missing_datasets::MissingDatasets;
pub(super) use missing_language::MissingLanguage;
pub(super) use missing_library_name::MissingLibraryName;
pub(super) use missing_license::MissingLicense;
pub(super) use missing_pipeline_tag::MissingPipelineTag;
pub(super) use unknown_library_name::UnknownLibraryName;
pub(super) use unknown_license::UnknownLicense;
pub(super) use unknown_pipeline_tag::UnknownPipelineTag;
