//! The models before and after this one.

use super::values::{Tree, Version};
use super::{MAX_LISTED, Origin, Shown};
use crate::claims::{Context, Metadata};
use crate::evidence::{Relation, is_id};

const RELATIONS: [Relation; 4] = [Relation::Adapter, Relation::Finetune, Relation::Merge, Relation::Quantized];

pub(super) fn tree(cx: &Context<'_>, stated: Metadata<'_>) -> Shown<Tree> {
    let bases = stated.texts("base_model");
    if let Some(wrong) = bases.iter().find(|base| !is_id(base)) {
        return Shown::absent().noted(format!("`{wrong}` is not the id of a model"));
    }
    if bases.is_empty() {
        let named = cx.facts().base_models.first().filter(|base| base.is_strong());
        return match named {
            Some(base) => {
                Shown::absent().noted(format!("the files name {}, but the Hub reads only `base_model`", base.value))
            }
            None => Shown::absent(),
        };
    }
    let several = bases.len() > 1;
    let bases: Vec<String> = bases.into_iter().take(MAX_LISTED).map(str::to_owned).collect();
    let from = Origin::Metadata("base_model");
    if let Some(said) = stated.text("base_model_relation") {
        let known = RELATIONS.iter().any(|relation| relation.as_str() == said);
        let also = [Origin::Metadata("base_model_relation")];
        let tree = Tree { bases, relation: known.then(|| said.to_owned()) };
        let shown = Shown::there(tree, from).and(also);
        return if known { shown } else { shown.noted(format!("`{said}` is not a relation that the Hub knows")) };
    }
    if several {
        return Shown::there(Tree { bases, relation: Some(Relation::Merge.as_str().to_owned()) }, from)
            .noted("the Hub takes two or more bases for a merge");
    }
    let note = "the Hub deduces the relation when `base_model_relation` is absent, and no public source says how";
    let shown = Shown::there(Tree { bases, relation: None }, from);
    match &cx.facts().relation {
        Some(found) => shown.noted(format!("{note} (the files show `{}`)", found.value.as_str())),
        None => shown.noted(note),
    }
}

pub(super) fn new_version(cx: &Context<'_>, stated: Metadata<'_>) -> Shown<Version> {
    let Some(id) = stated.text("new_version") else { return Shown::absent() };
    let from = Origin::Metadata("new_version");
    if !is_id(id) {
        return Shown::unknown(format!("`{id}` is not the id of a model")).and([from]);
    }
    let own = cx.release().repo_id().map(ToString::to_string);
    if own.is_some_and(|own| own.eq_ignore_ascii_case(id)) {
        return Shown::unknown("it names this repository itself").about(Version(id.to_owned())).and([from]);
    }
    let note = "if that model names a newer one in turn, the banner leads to the last";
    Shown::there(Version(id.to_owned()), from).noted(note)
}
