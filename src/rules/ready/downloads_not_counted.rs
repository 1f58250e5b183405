//! `downloads-not-counted`: the release has no file whose requests the Hub counts.

use crate::card::front_matter::edits;
use crate::checklist;
use crate::claims::{claims, filled};
use crate::diagnostic::{Effect, Fix, Label, Level, Place, Safety};
use crate::evidence::counted;
use crate::hub::count_rule::CountRule;
use crate::hub::libraries;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::RepoPath;
use crate::source::tree::NodeRef;

pub(crate) struct DownloadsNotCounted;

static META: Meta = Meta {
    name: "downloads-not-counted",
    section: Section::Ready,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_LIBRARY,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("downloads_not_counted.md"),
};

impl Rule for DownloadsNotCounted {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        if !cx.facts().contents.has_weights || is_library_lost(cx) {
            return;
        }
        let named = named(cx);
        let tags = claims(cx, "tags");
        let rules = libraries::count_rules(named.map(|(_, name)| name), tags.iter().map(|(_, tag)| *tag));
        let Some(rule) = rules.first().copied().filter(|rule| rule.can_be_met()) else { return };
        if rules.iter().any(|rule| counts(cx, *rule)) || is_said_elsewhere(cx, named.map(|(_, name)| name)) {
            return;
        }
        report(cx, rule, named, out);
    }
}

fn report(cx: &Context<'_>, rule: CountRule, named: Option<(NodeRef<'_>, &str)>, out: &mut Sink<'_>) {
    let level = if rule.wants_pickle() { Level::Info } else { Level::Warning };
    let message = "the Hub does not count downloads of any file here";
    let counted = format!("counts requests for {}", rule.describe());
    let primary = match named.filter(|_| !rule.is_default()) {
        Some((node, name)) => Label::at(node.span(), format!("for `{name}` the Hub {counted}")),
        None => Label::new(Place::Absent(RepoPath::new("config.json")), format!("the Hub {counted}")),
    };
    let finding = out.finding_at(level, message, primary);
    let repair = repair(cx, named.map(|(node, _)| node));
    let help = match &repair {
        Some((library, _)) => format!(
            "Write `library_name: {library}`, whose files these are. Otherwise the model's page shows zero downloads."
        ),
        None => {
            "Add a file that the Hub counts, as the library saves it. Otherwise the model's page shows zero downloads."
                .to_owned()
        }
    };
    let finding = match (cx.facts().library.as_ref(), &repair) {
        (Some(library), Some(_)) => library.proof.iter().fold(finding, |finding, proof| finding.related(proof.clone())),
        _ => finding,
    };
    out.push(finding.help(help).fix(repair.and_then(|(_, fix)| fix)));
}

/// Whether the name may stand in a part of the metadata that could not be read, or has a shape that another rule
/// reports.
fn is_library_lost(cx: &Context<'_>) -> bool {
    let unread = cx.front_matter().is_some() && cx.whole_front_matter().is_none_or(|found| !found.errors.is_empty());
    unread || (filled(cx, "library_name").is_some() && named(cx).is_none())
}

fn named<'c>(cx: &'c Context<'_>) -> Option<(NodeRef<'c>, &'c str)> {
    claims(cx, "library_name").into_iter().next()
}

fn counts(cx: &Context<'_>, rule: CountRule) -> bool {
    counted(cx.release(), rule).next().is_some()
}

/// Whether the right library name fixes it, and another rule says so: a missing, misspelled or contradicted name.
fn is_said_elsewhere(cx: &Context<'_>, named: Option<&str>) -> bool {
    let facts = cx.facts();
    let repairs = |key: &str| libraries::get(key).is_some_and(|library| counts(cx, library.rule));
    let shown = facts.library.as_ref().is_some_and(|found| repairs(&found.value) || wants_pickle(&found.value));
    match named {
        None => shown,
        Some(name) => match libraries::get(name) {
            Some(library) => {
                let plausible = &facts.plausible_libraries;
                shown && !plausible.is_empty() && !plausible.contains(&library.key)
            }
            None => libraries::suggest(name).is_some_and(repairs),
        },
    }
}

/// With a rule that asks for a pickle, the name comes first, and then this rule's info.
fn wants_pickle(key: &str) -> bool {
    libraries::count_rule(Some(key)).wants_pickle()
}

/// The library that the files prove, when its rule counts one of them, and the change of the card.
fn repair(cx: &Context<'_>, named: Option<NodeRef<'_>>) -> Option<(String, Option<Fix>)> {
    let library = cx.facts().library.as_ref().filter(|library| library.is_strong())?;
    let rule = libraries::get(&library.value)?.rule;
    if !counts(cx, rule) {
        return None;
    }
    let fix = cx.card().zip(named).and_then(|(card, node)| {
        let edit = edits::replace_value(card.source(), &card.front_matter, node, &library.value)?;
        let title = format!("write `library_name: {}`", library.value);
        Some(Fix::new(title, Safety::Safe).edit(edit.at, edit.text).key("library_name"))
    });
    Some((library.value.clone(), fix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    const SAFE: &str = "\u{2}\0\0\0\0\0\0\0{}";

    fn said(card: &str, files: &[&str]) -> Vec<String> {
        let mut all = vec![("README.md", card)];
        all.extend(files.iter().map(|path| (*path, if path.ends_with(".json") { "{}" } else { SAFE })));
        check(&DownloadsNotCounted, &all).said()
    }

    #[test]
    fn another_rule_reports_a_missing_or_misspelled_library() {
        let adapter = ["adapter_config.json", "adapter_model.safetensors"];
        for card in ["---\nlicense: mit\n---\n", "---\nlibrary_name: PEFT\n---\n", "# No block\n"] {
            assert_eq!(said(card, &adapter), Vec::<String>::new(), "{card}");
        }
        // Here the right name would not help.
        assert_eq!(said("---\nlibrary_name: PEFT\n---\n", &["model.safetensors"]).len(), 1);
    }

    #[test]
    fn what_cannot_be_known_is_not_said() {
        // The name may be in the part that is not YAML; no weights, no downloads.
        assert_eq!(said("---\nlicense: [mit\nlibrary_name\n---\n", &["model.safetensors"]), Vec::<String>::new());
        assert_eq!(said("---\nlibrary_name: timm\n---\n", &[]), Vec::<String>::new());
        // A tag is a library's name, and its rule fits.
        assert_eq!(said("---\ntags: [diffusers]\n---\n", &["lora.safetensors"]), Vec::<String>::new());
    }
}
