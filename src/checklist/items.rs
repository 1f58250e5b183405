//! The items, in the checklist's order. Words and links: the Model(s) Release Checklist of the Hub's documentation,
//! read on 2026-08-22; the `ready.*` items are our own.

use super::{Item, Verifier};

/// `weights.separate-repos`
pub const WEIGHTS_SEPARATE_REPOS: &Item = &Item {
    id: "weights.separate-repos",
    title: "Each weight variant has a repository of its own",
    link: "https://huggingface.co/docs/hub/models-uploading",
    verifier: Verifier::Files,
    optional: false,
};

/// `weights.safetensors`
pub const WEIGHTS_SAFETENSORS: &Item = &Item {
    id: "weights.safetensors",
    title: "Weights are safetensors, not pickle",
    link: "https://huggingface.co/docs/safetensors/convert-weights",
    verifier: Verifier::Files,
    optional: false,
};

/// `card.metadata`
pub const CARD_METADATA: &Item = &Item {
    id: "card.metadata",
    title: "The card's metadata block is complete and valid",
    link: "https://huggingface.co/docs/hub/model-cards#model-card-metadata",
    verifier: Verifier::Files,
    optional: false,
};

/// `card.description`
pub const CARD_DESCRIPTION: &Item = &Item {
    id: "card.description",
    title: "The card says what the model does and for which users",
    link: "https://huggingface.co/docs/hub/model-cards",
    verifier: Verifier::FilesThenPerson,
    optional: false,
};

/// `card.usage`
pub const CARD_USAGE: &Item = &Item {
    id: "card.usage",
    title: "The card has a snippet that can be copied and run",
    link: "https://huggingface.co/docs/hub/model-cards",
    verifier: Verifier::FilesThenPerson,
    optional: false,
};

/// `card.technical-specs`
pub const CARD_TECHNICAL_SPECS: &Item = &Item {
    id: "card.technical-specs",
    title: "The card states training parameters and hardware needs",
    link: "https://huggingface.co/docs/hub/model-cards",
    verifier: Verifier::FilesThenPerson,
    optional: false,
};

/// `card.performance`
pub const CARD_PERFORMANCE: &Item = &Item {
    id: "card.performance",
    title: "The card shows benchmarks or evaluation results",
    link: "https://huggingface.co/docs/hub/eval-results",
    verifier: Verifier::FilesThenPerson,
    optional: false,
};

/// `card.limitations`
pub const CARD_LIMITATIONS: &Item = &Item {
    id: "card.limitations",
    title: "The card names limitations, biases and ethical concerns",
    link: "https://huggingface.co/docs/hub/model-cards",
    verifier: Verifier::FilesThenPerson,
    optional: false,
};

/// `card.template`
pub const CARD_TEMPLATE: &Item = &Item {
    id: "card.template",
    title: "No placeholder of a template is left in the card",
    link: "https://huggingface.co/docs/hub/model-cards",
    verifier: Verifier::Files,
    optional: false,
};

/// `discover.library`
pub const DISCOVER_LIBRARY: &Item = &Item {
    id: "discover.library",
    title: "A registered library is named and its downloads are counted",
    link: "https://huggingface.co/docs/hub/models-libraries",
    verifier: Verifier::Files,
    optional: false,
};

/// `discover.pipeline-tag`
pub const DISCOVER_PIPELINE_TAG: &Item = &Item {
    id: "discover.pipeline-tag",
    title: "The pipeline tag is the right one",
    link: "https://huggingface.co/docs/hub/model-cards#specifying-a-task--pipelinetag-",
    verifier: Verifier::Files,
    optional: false,
};

/// `discover.license`
pub const DISCOVER_LICENSE: &Item = &Item {
    id: "discover.license",
    title: "The license is stated",
    link: "https://huggingface.co/docs/hub/repositories-licenses",
    verifier: Verifier::Files,
    optional: false,
};

/// `discover.papers`
pub const DISCOVER_PAPERS: &Item = &Item {
    id: "discover.papers",
    title: "Papers are cited so that the Hub links them",
    link: "https://huggingface.co/docs/hub/model-cards#linking-a-paper",
    verifier: Verifier::Person,
    optional: true,
};

/// `discover.collection`
pub const DISCOVER_COLLECTION: &Item = &Item {
    id: "discover.collection",
    title: "Related models share a collection",
    link: "https://huggingface.co/docs/hub/collections",
    verifier: Verifier::Hub,
    optional: true,
};

/// `discover.demo`
pub const DISCOVER_DEMO: &Item = &Item {
    id: "discover.demo",
    title: "A Space shows the model, with weights from the Hub",
    link: "https://huggingface.co/docs/hub/spaces",
    verifier: Verifier::Hub,
    optional: true,
};

/// `discover.quantized`
pub const DISCOVER_QUANTIZED: &Item = &Item {
    id: "discover.quantized",
    title: "Base models are linked, and quantized versions have their own repository",
    link: "https://huggingface.co/docs/hub/model-cards#specifying-a-base-model",
    verifier: Verifier::Files,
    optional: false,
};

/// `discover.datasets`
pub const DISCOVER_DATASETS: &Item = &Item {
    id: "discover.datasets",
    title: "Training datasets are linked",
    link: "https://huggingface.co/docs/hub/model-cards#specifying-a-dataset",
    verifier: Verifier::Files,
    optional: true,
};

/// `discover.new-version`
pub const DISCOVER_NEW_VERSION: &Item = &Item {
    id: "discover.new-version",
    title: "An older model's card names this newer one",
    link: "https://huggingface.co/docs/hub/model-cards#specifying-a-new-version",
    verifier: Verifier::Hub,
    optional: true,
};

/// `discover.visual-examples`
pub const DISCOVER_VISUAL_EXAMPLES: &Item = &Item {
    id: "discover.visual-examples",
    title: "Image and video models show examples",
    link: "https://huggingface.co/docs/hub/model-cards-components#the-gallery-component",
    verifier: Verifier::Person,
    optional: true,
};

/// `discover.co2`
pub const DISCOVER_CO2: &Item = &Item {
    id: "discover.co2",
    title: "Carbon emissions of the training are stated",
    link: "https://huggingface.co/docs/hub/model-cards-co2",
    verifier: Verifier::Person,
    optional: true,
};

/// `access.visibility`
pub const ACCESS_VISIBILITY: &Item = &Item {
    id: "access.visibility",
    title: "The repository is public when it is ready",
    link: "/settings",
    verifier: Verifier::Hub,
    optional: false,
};

/// `access.gated`
pub const ACCESS_GATED: &Item = &Item {
    id: "access.gated",
    title: "Access is gated where needed, and the conditions are stated",
    link: "/settings",
    verifier: Verifier::Hub,
    optional: true,
};

/// `after.verify`
pub const AFTER_VERIFY: &Item = &Item {
    id: "after.verify",
    title: "Every snippet of the card ran in a clean environment",
    link: "https://huggingface.co/docs/hub/models-uploading",
    verifier: Verifier::Person,
    optional: false,
};

/// `after.share`
pub const AFTER_SHARE: &Item = &Item {
    id: "after.share",
    title: "The model is shared where its users are",
    link: "https://huggingface.co/models?sort=trending",
    verifier: Verifier::Person,
    optional: false,
};

/// `after.community`
pub const AFTER_COMMUNITY: &Item = &Item {
    id: "after.community",
    title: "Questions and issues in the Community tab are answered",
    link: "/discussions",
    verifier: Verifier::Hub,
    optional: false,
};

/// `after.metrics`
pub const AFTER_METRICS: &Item = &Item {
    id: "after.metrics",
    title: "Downloads and likes are followed",
    link: "https://huggingface.co/docs/hub/models-download-stats",
    verifier: Verifier::Hub,
    optional: false,
};

/// `after.contributions`
pub const AFTER_CONTRIBUTIONS: &Item = &Item {
    id: "after.contributions",
    title: "Pull requests of others are reviewed",
    link: "/discussions",
    verifier: Verifier::Hub,
    optional: false,
};

/// `enterprise.resource-groups`
pub const ENTERPRISE_RESOURCE_GROUPS: &Item = &Item {
    id: "enterprise.resource-groups",
    title: "Resource groups say which teams have access",
    link: "https://huggingface.co/docs/hub/security-resource-groups",
    verifier: Verifier::Person,
    optional: true,
};

/// `enterprise.region`
pub const ENTERPRISE_REGION: &Item = &Item {
    id: "enterprise.region",
    title: "The storage region meets the rules of the organization",
    link: "https://huggingface.co/docs/hub/storage-regions",
    verifier: Verifier::Person,
    optional: true,
};

/// `enterprise.analytics`
pub const ENTERPRISE_ANALYTICS: &Item = &Item {
    id: "enterprise.analytics",
    title: "Usage across the organization is followed",
    link: "https://huggingface.co/docs/hub/enterprise-hub-analytics",
    verifier: Verifier::Person,
    optional: true,
};

/// `enterprise.storage`
pub const ENTERPRISE_STORAGE: &Item = &Item {
    id: "enterprise.storage",
    title: "Private storage suffices for what is planned",
    link: "https://huggingface.co/docs/hub/storage-limits",
    verifier: Verifier::Person,
    optional: true,
};

/// `enterprise.blog`
pub const ENTERPRISE_BLOG: &Item = &Item {
    id: "enterprise.blog",
    title: "The organization's blog announces the release",
    link: "https://huggingface.co/blog/huggingface/blog-articles-for-orgs",
    verifier: Verifier::Person,
    optional: true,
};

/// `ready.loads`
pub const READY_LOADS: &Item = &Item {
    id: "ready.loads",
    title: "What is pushed can be loaded",
    link: "https://huggingface.co/docs/hub/models-uploading",
    verifier: Verifier::Files,
    optional: false,
};

/// `ready.hygiene`
pub const READY_HYGIENE: &Item = &Item {
    id: "ready.hygiene",
    title: "Only files that belong to the model are pushed",
    link: "https://huggingface.co/docs/hub/models-uploading",
    verifier: Verifier::Person,
    optional: false,
};

/// All items.
pub static ITEMS: &[&Item] = &[
    WEIGHTS_SEPARATE_REPOS,
    WEIGHTS_SAFETENSORS,
    CARD_METADATA,
    CARD_DESCRIPTION,
    CARD_USAGE,
    CARD_TECHNICAL_SPECS,
    CARD_PERFORMANCE,
    CARD_LIMITATIONS,
    CARD_TEMPLATE,
    DISCOVER_LIBRARY,
    DISCOVER_PIPELINE_TAG,
    DISCOVER_LICENSE,
    DISCOVER_PAPERS,
    DISCOVER_COLLECTION,
    DISCOVER_DEMO,
    DISCOVER_QUANTIZED,
    DISCOVER_DATASETS,
    DISCOVER_NEW_VERSION,
    DISCOVER_VISUAL_EXAMPLES,
    DISCOVER_CO2,
    ACCESS_VISIBILITY,
    ACCESS_GATED,
    AFTER_VERIFY,
    AFTER_SHARE,
    AFTER_COMMUNITY,
    AFTER_METRICS,
    AFTER_CONTRIBUTIONS,
    ENTERPRISE_RESOURCE_GROUPS,
    ENTERPRISE_REGION,
    ENTERPRISE_ANALYTICS,
    ENTERPRISE_STORAGE,
    ENTERPRISE_BLOG,
    READY_LOADS,
    READY_HYGIENE,
];
