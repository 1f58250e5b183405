//! `looser-license-than-base`: the license of the base asks for more than the release does.

mod beyond;

use super::duties::{Duties, relation};
use super::lineage::{Base, bases};
use crate::checklist;
use crate::claims::{claim, claims};
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::Relation;
use crate::hub::compatibility::{self, Verdict};
use crate::hub::families::Source;
use crate::hub::licenses;
use crate::hub::obligations::{self, Terms};
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::NodeRef;
use crate::words::{all_of, quoted};

pub(crate) struct LooserLicenseThanBase;

static META: Meta = Meta {
    name: "looser-license-than-base",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::DISCOVER_LICENSE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("looser_license_than_base.md"),
};

impl Rule for LooserLicenseThanBase {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let declared = claims(cx, "license");
        // What is not an id, or says nothing, is another rule's finding.
        if declared.is_empty() || declared.iter().any(|(_, id)| !licenses::is_id(id) || *id == "unknown") {
            return;
        }
        let mut judged = Vec::new();
        if let Some(finding) = beyond::unnamed(cx, &declared, out) {
            out.push(finding);
        }
        for base in bases(cx) {
            let below = base.family.upstream.filter(|license| !judged.contains(license));
            if let Some(finding) = below.and_then(|_| beyond::below(cx, &declared, &base, out)) {
                judged.extend(below);
                out.push(finding);
            }
            let Some(license) = base.family.license.filter(|license| !judged.contains(license)) else { continue };
            judged.push(license);
            Lineage { cx, declared: &declared, base: &base, license }.judge(out);
        }
    }
}

/// One base and what the card declares.
struct Lineage<'r, 'c, 'a> {
    cx: &'c Context<'a>,
    declared: &'r [(NodeRef<'c>, &'c str)],
    base: &'r Base<'c>,
    license: &'static str,
}

impl Lineage<'_, '_, '_> {
    fn judge(&self, out: &mut Sink<'_>) {
        let Some((node, first)) = self.declared.first().copied() else { return };
        let terms = obligations::of(self.license);
        if compatibility::class(self.license) == Some("no-derivatives") {
            return self.no_derivatives(out, node);
        }
        if self.is_same(terms) {
            return self.duties(out, node, terms);
        }
        let judged: Vec<_> = self.declared.iter().map(|(_, id)| compatibility::of(self.license, id)).collect();
        // Of several licenses, a single one that fits is enough.
        if judged.iter().any(|judged| judged.verdict != Verdict::Conflict) {
            return;
        }
        // An adapter contains no weight of its base. Model licenses cover it in their words; others leave it open.
        if terms.is_none() && self.is_adapter() {
            return;
        }
        let read = terms.is_none_or(|terms| terms.source != Source::Memory);
        let certain = self.base.family.is_certain() && read && judged.iter().all(|judged| judged.is_known);
        let (id, name) = (quoted(self.base.id), self.base.family.name);
        let own = terms.map_or(self.license, |terms| terms.name().unwrap_or(terms.hub_id));
        if !certain {
            let has = if self.base.family.is_copy { "looks like a copy of a model with" } else { "has" };
            let finding = out
                .finding_at(
                    Level::Info,
                    format!("the base {id} {has} its own license, but the card says {}", quoted(first)),
                    Label::at(node.span(), format!("the license of the base is likely `{own}` ({name})")),
                )
                .related(self.base.label.clone())
                .help("Check the license on the page of the base before you publish under another (this is not legal advice).");
            return out.push(finding);
        }
        let order = match terms.and_then(|terms| terms.name()) {
            Some(name) => format!("write `license: other` with `license_name: {name}` and `license_link`"),
            None => format!("write `license: {own}`"),
        };
        let owed = terms.map(|terms| Duties::of(self.cx, terms).of_other_license()).unwrap_or_default();
        let help = match owed.is_empty() {
            true => advice(&order, "Users cannot get more rights than the base gives (this is not legal advice)."),
            false => advice(
                &format!("{order} (this is not legal advice)"),
                &format!("`{own}` also asks for {}.", all_of(owed)),
            ),
        };
        let finding = out
            .finding(
                format!("{} is more permissive than the license of the base model {id} (`{own}`)", quoted(first)),
                Label::at(node.span(), format!("the license of {name} is `{own}`")),
            )
            .related(self.base.label.clone())
            .help(help);
        out.push(finding);
    }

    /// A base that may be passed on, but not changed: the same license does not help. A quantized copy may be either.
    /// That these licenses forbid it is general knowledge, so only an info.
    fn no_derivatives(&self, out: &mut Sink<'_>, node: NodeRef<'_>) {
        if self.is_quantized() {
            return;
        }
        let message = format!("the license of the base {} likely allows no derivatives", quoted(self.base.id));
        let finding = out
            .finding_at(
                Level::Info,
                message,
                Label::at(node.span(), format!("the license of the base is `{}`", self.license)),
            )
            .related(self.base.label.clone())
            .help("Ask the owner of the base before you publish a model made from it (this is not legal advice).");
        out.push(finding);
    }

    /// Whether the card declares the license of the base.
    fn is_same(&self, terms: Option<Terms>) -> bool {
        let named = || claim(self.cx, "license_name").map(|(_, name)| name);
        self.declared.iter().any(|(_, id)| match terms {
            Some(terms) if *id == "other" => named().is_some_and(|name| terms.is_named(name)),
            Some(terms) => *id == terms.hub_id,
            None => *id == self.license,
        })
    }

    /// The license is the same: what else does it ask for?
    fn duties(&self, out: &mut Sink<'_>, node: NodeRef<'_>, terms: Option<Terms>) {
        let Some(terms) = terms.filter(|terms| terms.source == Source::Read) else { return };
        let duties = Duties::of(self.cx, terms);
        if duties.is_text_alone() {
            return;
        }
        let owed = duties.all();
        let own = terms.name().unwrap_or(terms.hub_id);
        // Words may be shown in another place, and a copy by another owner only looks like the family.
        let level = if self.base.family.is_certain() && !self.is_adapter() { Level::Warning } else { Level::Info };
        let finding = out
            .finding_at(
                level,
                format!("the license of the base {}, `{own}`, asks for {}", quoted(self.base.id), all_of(&owed)),
                Label::at(node.span(), "not found in the repository"),
            )
            .related(self.base.label.clone())
            .help("Add what is missing. The text of the license asks for it (this is not legal advice).");
        out.push(finding);
    }

    fn is_adapter(&self) -> bool {
        relation(self.cx) == Some(Relation::Adapter.as_str())
    }

    fn is_quantized(&self) -> bool {
        relation(self.cx) == Some(Relation::Quantized.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{findings, in_front_matter};

    const NOTICE: &str = "LLAMA 3.1 is licensed under the Llama 3.1 Community License, (c) Meta";

    #[test]
    fn near_misses() {
        for yaml in [
            "base_model: meta-llama/Llama-3.1-8B\n",
            "license: unknown\nbase_model: meta-llama/Llama-3.1-8B\n",
            "license: Apache-2.0\nbase_model: meta-llama/Llama-3.1-8B\n",
            "license: [mit, gemma]\nbase_model: TinyLlama/TinyLlama-1.1B-Chat-v1.0\n",
            "license: mit\nbase_model: Llama-3.1-8B\n",
            "license: mit\nbase_model: Qwen/Qwen2-VL-72B\n",
            "license: mit\nbase_model: own/Llama-3.1-8B\n",
            "license: mit\nbase_model: facebook/nllb-200-3.3B\nbase_model_relation: adapter\n",
            "license: cc-by-nc-4.0\nbase_model: facebook/nllb-200-3.3B\n",
            "license: openrail\nbase_model: CompVis/stable-diffusion-v1-4\n",
            "license: other\nlicense_name: qwen-research\nbase_model: Qwen/Qwen2.5-3B\n",
        ] {
            assert_eq!(in_front_matter(&LooserLicenseThanBase, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn what_is_owed_is_quoted() {
        let card = "---\nlicense: apache-2.0\nbase_model: meta-llama/Llama-3.1-8B\n---\n";
        let found = findings(&LooserLicenseThanBase, &[("README.md", card)]);
        let help = found[0].help.as_deref().unwrap();
        for part in [
            "`license: llama3.1`",
            "`Built with Llama`",
            "Llama 3.1 is licensed under",
            "starting with `Llama`",
            "not legal advice",
        ] {
            assert!(help.contains(part), "{part}: {help}");
        }
    }

    #[test]
    fn only_what_is_missing_is_asked_for() {
        let card = "---\nlicense: llama3.1\nbase_model: meta-llama/Llama-3.1-8B\n---\n**Built with  Llama**\n";
        let found = findings(&LooserLicenseThanBase, &[("README.md", card), ("Notice.txt", NOTICE), ("LICENSE", "x")]);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.ends_with("asks for a name starting with `Llama`"), "{}", found[0].message);
        let small = card.replace("---\n**", "base_model_relation: quantized\n---\n**");
        assert_eq!(findings(&LooserLicenseThanBase, &[("README.md", &small), ("NOTICE", NOTICE)]), []);
    }

    #[test]
    fn all_that_is_missing_is_said_at_once() {
        let card = "---\nlicense: llama3.1\nbase_model: meta-llama/Llama-3.1-8B\n---\n";
        let found = findings(&LooserLicenseThanBase, &[("README.md", card)]);
        assert_eq!(found.len(), 1);
        for part in
            ["its text as `LICENSE`", "`NOTICE` with", "`Built with Llama` in the card", "starting with `Llama`"]
        {
            assert!(found[0].message.contains(part), "{part}: {}", found[0].message);
        }
    }

    #[test]
    fn doubt_is_information() {
        for yaml in [
            "license: mit\nbase_model: unsloth/Llama-3.2-1B\n",
            "license: mit\nbase_model: jinaai/jina-embeddings-v3\n",
            "license: llama3.1\nbase_model: meta-llama/Llama-3.1-8B\nbase_model_relation: adapter\n",
        ] {
            let found = in_front_matter(&LooserLicenseThanBase, yaml);
            assert!(found.len() == 1 && found[0].level == Level::Info, "{yaml}: {found:?}");
        }
    }

    #[test]
    fn a_base_that_allows_no_derivatives() {
        use crate::diagnostic::Diagnostic;
        use crate::hub::families::Family;
        let said = |relation: &str| -> Vec<Diagnostic> {
            let folder = tempfile::tempdir().unwrap();
            let card = format!("---\nlicense: cc-by-nd-4.0\nbase_model: a/b\n{relation}---\n");
            std::fs::write(folder.path().join("README.md"), card).unwrap();
            let release = crate::release::Release::open(folder.path(), &Default::default()).unwrap();
            let subject = crate::evidence::Subject::new(&release);
            let cx = Context::new(&subject);
            let family = Family {
                name: "Lamp",
                license: Some("cc-by-nd-4.0"),
                source: Source::Read,
                is_copy: false,
                upstream: None,
            };
            let declared = claims(&cx, "license");
            let base = Base { id: "a/b", family, label: Label::file(crate::source::FileId(0), "") };
            let mut found = Vec::new();
            let lineage = Lineage { cx: &cx, declared: &declared, base: &base, license: "cc-by-nd-4.0" };
            lineage.judge(&mut Sink::new(&META, &mut found));
            found
        };
        for relation in ["", "base_model_relation: finetune\n", "base_model_relation: adapter\n"] {
            let found = said(relation);
            assert!(found.len() == 1 && found[0].level == Level::Info, "{relation}: {found:?}");
        }
        assert_eq!(said("base_model_relation: quantized\n"), []);
    }

    #[test]
    fn files_prove_a_base_too() {
        let files = [
            ("README.md", "---\nlicense: mit\n---\n"),
            ("adapter_config.json", r#"{"peft_type": "LORA", "base_model_name_or_path": "google/gemma-2-2b"}"#),
        ];
        let found = findings(&LooserLicenseThanBase, &files);
        assert_eq!((found.len(), found[0].level), (1, Level::Warning));
    }
}
