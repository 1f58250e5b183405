//! The Hub's own verdicts, as far as they are public, against ours: `hub_verdicts/table.md`.
//!
//! First half: what the Hub refuses is an error here that says so, and what it takes is none. Second half: wherever a rule
//! says "the Hub refuses the push", the table has the evidence.

#[allow(dead_code, reason = "the manuals need it")]
mod engine;
mod hub_verdicts;
#[allow(dead_code, reason = "only the scenes are wanted here")]
mod manual;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hf_release::diagnostic::Level;
use hf_release::rules::RULES;
use hub_verdicts::{Hub, Row, blocks, claim, findings, findings_in, rows};
use manual::Manual;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn facts() -> Value {
    serde_json::from_str(include_str!("../src/hub/facts/metadata-fields.json")).unwrap()
}

/// The messages that were found since the facts were collected.
fn messages() -> Value {
    let project: Value = serde_json::from_str(include_str!("../src/hub/facts/project.json")).unwrap();
    project["field_messages"].clone()
}

#[test]
fn our_verdict_on_every_card_of_the_table() {
    let mut faults = Vec::new();
    for row in rows() {
        let refused: BTreeSet<&str> =
            row.here.iter().filter(|here| here.blocks).map(|here| here.rule.as_str()).collect();
        assert_eq!(row.hub == Hub::Refuses, !refused.is_empty(), "{}: what the Hub does and `blocks`", row.title);
        for card in &row.cards {
            let found = findings_in(card);
            let mut fault = |what: String| faults.push(format!("{}\n{card}  {what}\n  {:?}", row.title, said(&found)));
            let claimed: BTreeSet<&str> = found.iter().filter(|finding| blocks(finding)).map(|f| f.rule).collect();
            if claimed != refused {
                fault(format!("claims {claimed:?}, the evidence carries {refused:?}"));
            }
            for here in &row.here {
                let is_it = |f: &&_| is(f, &here.rule, &here.level);
                if !found.iter().any(|finding| is_it(&finding)) {
                    fault(format!("no {} at level {}", here.rule, here.level));
                }
            }
            // What is absent from these small cards, other rules say.
            let other = found.iter().find(|f| !f.rule.starts_with("missing-") && f.level == Level::Error);
            if row.here.is_empty() && other.is_some() {
                fault("an error where there is none".to_owned());
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

fn is(finding: &hf_release::diagnostic::Diagnostic, rule: &str, level: &str) -> bool {
    finding.rule == rule && finding.level.as_str() == level
}

fn said(found: &[hf_release::diagnostic::Diagnostic]) -> Vec<String> {
    let kept = found.iter().filter(|finding| !finding.rule.starts_with("missing-") || blocks(finding));
    kept.map(|f| format!("{} {} {}{}", f.level.as_str(), f.rule, f.message, if blocks(f) { " [blocks]" } else { "" }))
        .collect()
}

#[test]
fn every_section_names_its_source() {
    for row in rows() {
        let evidence = ["(server-message)", "(probe)", "(readers)", "(docs)", "(typings)"];
        let named = evidence.iter().any(|level| row.source.contains(level));
        assert!(named || matches!(row.hub, Hub::Unknown | Hub::Accepts), "{}: {}", row.title, row.source);
        let carried = ["(server-message)", "(probe)", "(readers)"].iter().any(|level| row.source.contains(level));
        assert!(carried || row.hub != Hub::Refuses, "{}: refused, by {}", row.title, row.source);
    }
}

/// The table against the facts: each outcome, each field about which something is known, each value that readers read.
#[test]
fn every_known_verdict_has_its_section() {
    let (rows, facts) = (rows(), facts());
    let covering =
        |what: &str| -> Vec<&Row> { rows.iter().filter(|row| row.covers.iter().any(|it| it == what)).collect() };
    let mut wanted = BTreeSet::from(["repo_id".to_owned()]);
    for outcome in facts["validate_yaml_outcomes"].as_array().unwrap() {
        wanted.insert(format!("outcome {}", outcome["input"].as_str().unwrap()));
    }
    for reading in facts["yaml_readers"]["rows"].as_array().unwrap() {
        let name = format!("yaml {}", reading[0].as_str().unwrap());
        // The fourth column is js-yaml 4; an empty document is refused for being empty.
        let refused = reading[3] == "error" || name.contains("empty or comment-only");
        let hub = covering(&name).first().map(|row| row.hub == Hub::Refuses);
        assert_eq!(hub, Some(refused), "{name}");
        wanted.insert(name);
    }
    for field in facts["fields"].as_array().unwrap() {
        let Some(wrong) = field["wrong"].as_str() else { continue };
        let key = field["field"].as_str().unwrap();
        let name = format!("field {key}");
        let refused = covering(&name).iter().any(|row| matches!(row.hub, Hub::Refuses | Hub::ProbablyRefuses));
        assert_eq!(refused, wrong.contains("server rejects") || messages().get(key).is_some(), "{name}: {wrong}");
        wanted.insert(name);
    }
    for what in &wanted {
        assert!(!covering(what).is_empty(), "no section covers `{what}`");
    }
    for what in rows.iter().flat_map(|row| &row.covers) {
        assert!(wanted.contains(what), "`{what}` is not in the facts");
    }
}

/// The fence, case by case: whether the Hub sees a block.
#[test]
fn the_hub_sees_a_block_where_the_facts_say_so() {
    for case in facts()["front_matter"]["cases"].as_array().unwrap() {
        let text = case["text"].as_str().unwrap().replace("(U+FEFF)", "\u{feff}");
        // With a byte order mark the server sees a block.
        let block = case["block"].as_bool().unwrap_or(true);
        let unseen = ["missing-front-matter", "misplaced-metadata"];
        let missing = findings_in(&text).iter().any(|finding| unseen.contains(&finding.rule) && !blocks(finding));
        // An empty block is seen, and refused.
        assert_eq!(missing, !block, "{text:?}");
    }
}

/// The claims that the table carries: rule and message, without the values.
fn carried() -> BTreeSet<String> {
    let refused = rows().into_iter().filter(|row| row.hub == Hub::Refuses);
    let cards = refused.flat_map(|row| row.cards);
    cards.flat_map(|card| findings_in(&card)).filter(blocks).map(|finding| claim(&finding)).collect()
}

fn readmes(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.join("README.md").is_file());
    found.sort();
    found
}

/// Wherever the examples of a manual or a fixture make a rule say that the push fails, the table has the evidence; and the
/// words and the effect agree.
#[test]
fn no_claim_without_evidence() {
    let carried = carried();
    let mut found = Vec::new();
    for rule in RULES {
        for scene in Manual::parse(rule.meta().docs).scenes {
            let folder = tempfile::tempdir().unwrap();
            for (path, bytes) in &scene.files {
                let path = folder.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
            found.extend(findings(folder.path(), scene.repo_id.as_deref()));
        }
    }
    for fixture in readmes(&root().join("fixtures")) {
        found.extend(findings(&fixture, None));
    }
    for row in rows() {
        found.extend(row.cards.iter().flat_map(|card| findings_in(card)));
    }
    assert!(found.iter().filter(|finding| blocks(finding)).count() > 100);
    let mut without = BTreeSet::new();
    for finding in &found {
        let says = finding.help.as_deref().is_some_and(|help| help.contains("The Hub rejects the push"));
        if blocks(finding) {
            assert_eq!(finding.level, Level::Error, "{finding:?}");
            if !carried.contains(&claim(finding)) {
                without.insert(claim(finding));
            }
        }
        // A block without a key has help of its own.
        assert!(says == blocks(finding) || finding.rule == "missing-front-matter", "{finding:?}");
    }
    assert!(without.is_empty(), "claims that no section of the table carries: {without:#?}");
}

/// A rule that speaks of a refusal, in its code or in its manual, has a section; and one with a section says so in its manual.
#[test]
fn manuals_speak_of_refusals_where_there_are_some() {
    let rows = rows();
    let refusing: BTreeSet<&str> =
        rows.iter().flat_map(|row| &row.here).filter(|here| here.blocks).map(|here| here.rule.as_str()).collect();
    for rule in RULES {
        let meta = rule.meta();
        let code = root().join(format!("src/rules/{}/{}.rs", meta.section, meta.name.replace('-', "_")));
        let code = fs::read_to_string(code).unwrap();
        let (is_refusing, name) = (refusing.contains(meta.name), meta.name);
        assert_eq!(code.contains("Effect::BlocksPush"), is_refusing, "{name}: code and table");
        let words = ["Hub rejects", "Hub's YAML reader would reject", "server rejects"];
        let says = words.iter().any(|words| meta.docs.replace('\n', " ").contains(words));
        assert_eq!(says, is_refusing, "{name}: manual and table");
    }
}
