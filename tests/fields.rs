//! Every field of the facts about metadata, nested ones included: a value that is accepted, and one that is not where the
//! evidence defines it. The cases are in fields/cases.tsv; a field of the facts without cases fails here.

mod hub_verdicts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use hf_release::diagnostic::{Diagnostic, Level};
use hub_verdicts::findings;
use serde_json::Value;

struct Case {
    field: &'static str,
    verdict: &'static str,
    /// `RULE LEVEL` of a refusal, or why there is none.
    says: &'static str,
    yaml: String,
}

fn cases() -> Vec<Case> {
    let lines = include_str!("fields/cases.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [field, verdict, says, yaml] = cells[..] else { panic!("{line}") };
            Case { field, verdict, says, yaml: yaml.replace("\\n", "\n") }
        })
        .collect()
}

/// The fields of the facts, with their nested ones as `FIELD KEY`.
fn known() -> BTreeMap<String, Value> {
    let facts: Value = serde_json::from_str(include_str!("../src/hub/facts/metadata-fields.json")).unwrap();
    let mut known = BTreeMap::new();
    for field in facts["fields"].as_array().unwrap() {
        let name = field["field"].as_str().unwrap();
        known.insert(name.to_owned(), field["evidence"].clone());
        for key in field["fields"].as_object().into_iter().flatten().map(|(key, _)| key) {
            known.insert(format!("{name} {key}"), Value::Null);
        }
        if name == "extra_gated_fields" {
            for kind in field["values"].as_array().unwrap() {
                known.insert(format!("{name} {}", kind.as_str().unwrap()), Value::Null);
            }
        }
    }
    for key in facts["eval_results_files"]["fields"].as_object().unwrap().keys() {
        known.insert(format!("eval_results {key}"), Value::Null);
    }
    known
}

/// What the rules about values find; what is absent from so small a card does not matter here.
fn found(case: &Case) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    if case.field.starts_with("eval_results ") {
        fs::write(folder.path().join("README.md"), "---\nlicense: mit\n---\n# Lamp\n").unwrap();
        fs::create_dir(folder.path().join(".eval_results")).unwrap();
        fs::write(folder.path().join(".eval_results/a.yaml"), format!("{}\n", case.yaml)).unwrap();
    } else {
        fs::write(folder.path().join("README.md"), format!("---\n{}\n---\n# Lamp\n", case.yaml)).unwrap();
    }
    let mut found = findings(folder.path(), None);
    found.retain(|finding| !finding.rule.starts_with("missing-") || finding.level == Level::Error);
    found.retain(|finding| finding.rule != "missing-license");
    found
}

#[test]
fn every_case() {
    let mut faults = Vec::new();
    for case in cases() {
        let found = found(&case);
        let said =
            || found.iter().map(|f| format!("{} {}: {}", f.rule, f.level.as_str(), f.message)).collect::<Vec<_>>();
        let fine = match case.verdict {
            "accept" => found.is_empty(),
            "refuse" => found.iter().any(|f| format!("{} {}", f.rule, f.level.as_str()) == case.says),
            "free" => true,
            other => panic!("{other}"),
        };
        if !fine {
            faults.push(format!("{} {} {}\n  {}\n  {:?}", case.field, case.verdict, case.says, case.yaml, said()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_field_has_both_kinds() {
    let (cases, known) = (cases(), known());
    for (field, evidence) in &known {
        let has = |verdict: &str| cases.iter().any(|case| case.field == field && case.verdict == verdict);
        let free = cases.iter().any(|case| case.field == field && case.verdict == "free" && case.says.len() > 20);
        assert!(has("accept") || free, "`{field}` has no accepted value");
        assert!(has("refuse") || free, "`{field}` has no refused value");
        let by_server = evidence.as_str().is_some_and(|evidence| evidence.contains("server-message"));
        let at_error = cases.iter().any(|case| case.field == field && case.says.ends_with(" error"));
        assert!(at_error || !by_server, "the server refuses values of `{field}`, and no case is an error");
    }
    let named: BTreeSet<&str> = cases.iter().map(|case| case.field).collect();
    let unknown: Vec<_> = named.into_iter().filter(|field| !known.contains_key(*field)).collect();
    assert!(unknown.is_empty(), "not in the facts: {unknown:?}");
}
