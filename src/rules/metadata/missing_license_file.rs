//! `missing-license-file`: a license whose text must be shipped with the model, and no text.

use super::lineage::ships_some_text;
use crate::checklist;
use crate::claims::{claim, claims, filled};
use crate::diagnostic::{Effect, Label, Level};
use crate::hub::families::Source;
use crate::hub::obligations::{self, Terms};
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

pub(crate) struct MissingLicenseFile;

static META: Meta = Meta {
    name: "missing-license-file",
    section: Section::Metadata,
    level: Level::Info,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_LICENSE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("missing_license_file.md"),
};

impl Rule for MissingLicenseFile {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        // The gate shows the text to each user who asks for access.
        if ships_some_text(cx) || filled(cx, "extra_gated_prompt").is_some() {
            return;
        }
        // A link to a file that is not there is another rule's finding.
        if claim(cx, "license_link").is_some_and(|(_, link)| !link.contains("://")) {
            return;
        }
        for (node, id) in claims(cx, "license") {
            let Some(terms) = terms(cx, id).filter(|terms| terms.ships_text() && terms.source == Source::Read) else {
                continue;
            };
            let mut order = format!("add the text of the {} as `LICENSE`", terms.title);
            if let Some(line) = terms.notice {
                order.push_str(&format!(", and a file `NOTICE` with `{line}`"));
            }
            let help = advice(&order, "The license asks for its text in every copy (this is not legal advice).");
            let name = quoted(terms.name().unwrap_or(id));
            let says = format!("the repository has no license file, which {name} asks for");
            out.push(out.finding(says, Label::at(node.span(), "its text must be in every copy")).help(help));
        }
    }
}

fn terms(cx: &Context<'_>, id: &str) -> Option<Terms> {
    if id == "other" { obligations::named(claim(cx, "license_name")?.1) } else { obligations::of(id) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{findings, in_front_matter};

    #[test]
    fn near_misses() {
        for yaml in [
            "license: mit\n",
            "license: apache-2.0\n",
            "license: other\nlicense_name: acme\n",
            "license: other\nlicense_name: glm-4\n",
            "license: gemma\nextra_gated_prompt: the whole text\n",
            "license: gemma\nlicense_link: LICENSE\n",
        ] {
            assert_eq!(in_front_matter(&MissingLicenseFile, yaml), [], "{yaml}");
        }
        for text in ["LICENSE.pdf", "docs/license.txt", "Gemma_Terms.md"] {
            let files = [("README.md", "---\nlicense: gemma\n---\n"), (text, "x")];
            assert_eq!(findings(&MissingLicenseFile, &files), [], "{text}");
        }
        assert_eq!(in_front_matter(&MissingLicenseFile, "license: other\nlicense_name: qwen\n").len(), 1);
    }
}
