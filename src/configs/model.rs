//! config.json of transformers, timm and the libraries that share its keys.

use super::{Config, Spanned, number, string};
use crate::source::Span;
use crate::source::tree::NodeRef;

/// A config.json.
#[derive(Clone, Copy, Debug)]
pub struct ModelConfig<'c>(pub(super) &'c Config);

impl<'c> ModelConfig<'c> {
    /// The JSON file.
    pub fn config(self) -> &'c Config {
        self.0
    }

    /// The value of any key of the outermost object.
    pub fn get(self, key: &str) -> Option<NodeRef<'c>> {
        self.0.get(key)
    }

    /// `architectures`: the classes that saved the weights; usually one.
    pub fn architectures(self) -> impl Iterator<Item = Spanned<'c>> {
        self.get("architectures").into_iter().flat_map(NodeRef::items).filter_map(string)
    }

    /// `model_type`.
    pub fn model_type(self) -> Option<Spanned<'c>> {
        self.0.string("model_type")
    }

    /// `_name_or_path`: what the model was loaded from before it was saved.
    pub fn name_or_path(self) -> Option<Spanned<'c>> {
        self.0.string("_name_or_path")
    }

    /// `quantization_config`, when it is an object.
    pub fn quantization_config(self) -> Option<NodeRef<'c>> {
        self.get("quantization_config").filter(|node| node.is_mapping())
    }

    /// `quantization_config.quant_method`, or `quant_type` or `quant_algo` where a library writes those: `gptq`, `bitsandbytes`.
    pub fn quantization_method(self) -> Option<Spanned<'c>> {
        let config = self.quantization_config()?;
        ["quant_method", "quant_type", "quant_algo"].iter().find_map(|key| string(config.get(key)?))
    }

    /// `auto_map`: auto class and the reference to the class that the repository brings along
    /// (`AutoModelForCausalLM` → `modeling_x.XForCausalLM`, also `owner/name--modeling_x.X`). A list, as tokenizers have it, gives each of
    /// its strings.
    pub fn auto_map(self) -> impl Iterator<Item = (&'c str, Spanned<'c>)> {
        self.get("auto_map").into_iter().flat_map(NodeRef::pairs).flat_map(|(class, reference)| {
            let listed = reference.items().filter_map(string);
            let class = class.text().unwrap_or_default();
            string(reference).into_iter().chain(listed).map(move |found| (class, found))
        })
    }

    /// `transformers_version`, which transformers alone writes.
    pub fn transformers_version(self) -> Option<Spanned<'c>> {
        self.0.string("transformers_version")
    }

    /// timm's `architecture`, when `pretrained_cfg` stands beside it: only timm writes both.
    pub fn timm_architecture(self) -> Option<Spanned<'c>> {
        self.get("pretrained_cfg").filter(|node| node.is_mapping())?;
        self.0.string("architecture")
    }

    /// timm's `num_classes`; 0 is a model without a classifier.
    pub fn timm_classes(self) -> Option<(u64, Span)> {
        let node = self.get("num_classes").or_else(|| self.get("pretrained_cfg")?.get("num_classes"))?;
        Some((number(node)?, node.span()))
    }

    /// What sentence-transformers writes into the config.json of a CrossEncoder: a mapping since 4.0, the name of a function
    /// before.
    pub fn cross_encoder(self) -> Option<NodeRef<'c>> {
        let mapping = self.get("sentence_transformers").filter(|node| node.is_mapping());
        mapping.or_else(|| self.get("sbert_ce_default_activation_function"))
    }

    /// A whole number that is not negative, such as `vocab_size`.
    pub fn number(self, key: &str) -> Option<(u64, Span)> {
        let node = self.get(key)?;
        Some((number(node)?, node.span()))
    }
}
