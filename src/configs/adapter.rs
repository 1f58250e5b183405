//! adapter_config.json, as PEFT writes it.

use super::{Config, Spanned, string};
use crate::source::FileId;

/// An adapter_config.json.
#[derive(Clone, Copy, Debug)]
pub struct AdapterConfig<'c>(pub(super) &'c Config);

impl<'c> AdapterConfig<'c> {
    /// The JSON file.
    pub fn config(self) -> &'c Config {
        self.0
    }

    /// The file.
    pub fn file(self) -> FileId {
        self.0.file()
    }

    /// `base_model_name_or_path`: an id, or a path on the disk where it was trained.
    pub fn base_model(self) -> Option<Spanned<'c>> {
        self.0.string("base_model_name_or_path")
    }

    /// `model_name`: the id of the base in AdapterHub's format, which has a `model_class` beside it and no `peft_type`.
    pub fn adapterhub_base(self) -> Option<Spanned<'c>> {
        self.0.get("model_class").filter(|_| self.peft_type().is_none())?;
        self.0.string("model_name")
    }

    /// `task_type`, such as `CAUSAL_LM`; absent where PEFT did not know it.
    pub fn task_type(self) -> Option<Spanned<'c>> {
        self.0.string("task_type")
    }

    /// `peft_type`, such as `LORA`; only PEFT writes it.
    pub fn peft_type(self) -> Option<Spanned<'c>> {
        self.0.string("peft_type")
    }

    /// `auto_mapping.base_model_class`: the class of the base, where PEFT had no task type.
    pub fn base_model_class(self) -> Option<Spanned<'c>> {
        self.0.get("auto_mapping")?.get("base_model_class").and_then(string)
    }

    /// `auto_mapping.parent_library`: the module that class comes from, such as `transformers.models.bert.modeling_bert`.
    pub fn parent_library(self) -> Option<Spanned<'c>> {
        self.0.get("auto_mapping")?.get("parent_library").and_then(string)
    }
}
