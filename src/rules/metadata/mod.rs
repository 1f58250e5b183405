//! Rules about the card's YAML block.

mod block;
mod doubts;
mod missing;
mod misspelt;
mod plain_number;
mod repo_ids;
mod stated;

mod ambiguous_value;
mod invalid_front_matter;
mod invalid_language;
mod invalid_repo_id;
mod missing_base_model;
mod missing_datasets;
mod missing_front_matter;
mod missing_language;
mod missing_library_name;
mod missing_license;
mod missing_model_card;
mod missing_pipeline_tag;
mod placeholder_value;
mod unknown_key;
mod unknown_library_name;
mod unknown_license;
mod unknown_pipeline_tag;
mod wrong_value_type;

pub(super) use ambiguous_value::AmbiguousValue;
pub(super) use invalid_front_matter::InvalidFrontMatter;
pub(super) use invalid_language::InvalidLanguage;
pub(super) use invalid_repo_id::InvalidRepoId;
pub(super) use missing_base_model::MissingBaseModel;
pub(super) use missing_datasets::MissingDatasets;
pub(super) use missing_front_matter::MissingFrontMatter;
pub(super) use missing_language::MissingLanguage;
pub(super) use missing_library_name::MissingLibraryName;
pub(super) use missing_license::MissingLicense;
pub(super) use missing_model_card::MissingModelCard;
pub(super) use missing_pipeline_tag::MissingPipelineTag;
pub(super) use placeholder_value::PlaceholderValue;
pub(super) use unknown_key::UnknownKey;
pub(super) use unknown_library_name::UnknownLibraryName;
pub(super) use unknown_license::UnknownLicense;
pub(super) use unknown_pipeline_tag::UnknownPipelineTag;
pub(super) use wrong_value_type::WrongValueType;
