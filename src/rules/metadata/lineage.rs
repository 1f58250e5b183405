//! The base models of a release whose family the Hub's tables know, and the license file that lies beside the card.

use crate::claims::{claims, filled};
use crate::diagnostic::Label;
use crate::evidence::license_files;
use crate::hub::families::{self, Family};
use crate::release::File;
use crate::rules::Context;
use crate::rules::fields::missing::MAX_TRACED;

/// A base model of a known family.
pub(super) struct Base<'c> {
    /// Its id on the Hub.
    pub(super) id: &'c str,
    /// What it belongs to.
    pub(super) family: Family,
    /// Where it is named.
    pub(super) label: Label,
}

/// The bases that the card names; where it names none, those that the files prove. Models of the same owner do not
/// count: the owner of a family knows its terms.
pub(super) fn bases<'c>(cx: &'c Context<'_>) -> Vec<Base<'c>> {
    let own = cx.release().repo_id().map(ToString::to_string).unwrap_or_default();
    let owner = own.split_once('/').map(|(owner, _)| owner);
    let named: Vec<(&str, Label)> = if filled(cx, "base_model").is_some() {
        claims(cx, "base_model").into_iter().map(|(node, id)| (id, Label::at(node.span(), "the base"))).collect()
    } else {
        let proven = cx.facts().base_models.iter().filter(|base| base.is_strong());
        proven.filter_map(|base| Some((base.value.as_str(), base.proof.first()?.clone()))).collect()
    };
    named
        .into_iter()
        .take(MAX_TRACED)
        .filter(|(id, _)| {
            owner.is_none_or(|own| !id.split('/').next().is_some_and(|theirs| theirs.eq_ignore_ascii_case(own)))
        })
        .filter_map(|(id, label)| Some(Base { id, family: families::of(id)?, label }))
        .collect()
}

/// The file at the root that contains the text of the license, when there is exactly one such file.
pub(super) fn license_file<'c>(cx: &'c Context<'_>) -> Option<&'c File> {
    let mut files = license_files(cx.release());
    files.next().filter(|_| files.next().is_none())
}

/// Whether a file of the release, in any folder, may contain the text or the terms of a license.
pub(super) fn ships_some_text(cx: &Context<'_>) -> bool {
    let words = ["LICENSE", "LICENCE", "COPYING", "TERMS"];
    let names = cx.release().files().iter().map(|file| file.path.name().to_ascii_uppercase());
    names.into_iter().any(|name| words.iter().any(|word| name.contains(word)))
}
