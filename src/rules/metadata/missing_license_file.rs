//! `missing-license-file`: a license whose text must be shipped with the model, and no text.

use super::duties::{are_those_of_a_base, lacks_text, notice};
use crate::checklist;
use crate::claims::{claim, claims};
use crate::diagnostic::{Effect, Label, Level};
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
        for (node, id) in claims(cx, "license") {
            let lacking = terms(cx, id).filter(|terms| lacks_text(cx, *terms) && !are_those_of_a_base(cx, *terms));
            let Some(terms) = lacking else { continue };
            let mut order = format!("add the text of the {} as `LICENSE`", terms.title);
            if let Some(notice) = notice(cx, terms) {
                order.push_str(&format!(", and a file {notice}"));
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
        // What a base asks for is one finding, which names the text, too.
        let base = "license: llama3.1\nbase_model: meta-llama/Llama-3.1-8B\n";
        assert_eq!(in_front_matter(&MissingLicenseFile, base), []);
        let done = format!("---\n{base}---\nBuilt with Llama.\n");
        let line = "Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright Meta";
        let files = |notice| [("README.md", done.as_str()), (notice, line)];
        let id = |notice| findings(&MissingLicenseFile, &files(notice)).len();
        assert_eq!((id("NOTICE"), id("other.md")), (0, 0), "the name is owed, too");
        let alone = findings(&MissingLicenseFile, &[("README.md", "---\nlicense: llama3.1\n---\n"), ("NOTICE", line)]);
        assert!(!alone[0].help.as_deref().unwrap().contains("NOTICE"), "{alone:?}");
        assert_eq!(in_front_matter(&MissingLicenseFile, "license: other\nlicense_name: qwen\n").len(), 1);
    }
}
