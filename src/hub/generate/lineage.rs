//! The tables about where a model comes from: families of base models, what their licenses ask, which licenses go together.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Rows, facts, list, mapping, text, words};

const FAMILIES: &str = "base-families";
const TERMS: &str = "model-licenses";
const TOGETHER: &str = "compatibility";

fn dated(rows: Rows, facts_name: &str, columns: &str) -> String {
    rows.table_of(&format!("{facts_name}.json"), columns, text(&facts(facts_name)["checked"]))
}

pub(super) fn family_table() -> String {
    let mut rows = Rows::default();
    for (place, family) in list(&facts(FAMILIES)["rules"]).iter().enumerate() {
        let names = expanded(text(&family["name"]).trim_start_matches("(?i)")).join("|").to_lowercase();
        let mirrors = if family["mirrors"] == true { "mirrored" } else { "" };
        let license = family["licence"].as_str().unwrap_or("");
        let sure = text(&family["confidence"]);
        assert!(["read", "secondary", "memory"].contains(&sure), "{family}");
        let owners = words(&family["owners"]).to_lowercase();
        let upstream = family["upstream_terms"].as_str().unwrap_or("");
        rows.add(&format!("{place:03}"), &[text(&family["family"]), &owners, &names, mirrors, license, sure, upstream]);
    }
    let columns = "place, family, owners, beginnings of names ($ ends, * is anything), whether mirrored, license, how sure, license of the model below";
    dated(rows, FAMILIES, columns)
}

/// Kinds of models that belong to a family: `config` and a model type, or `gguf` and an architecture.
pub(super) fn sign_table() -> String {
    let facts = facts(FAMILIES);
    let mut rows = Rows::default();
    let configs = list(&facts["by_config"]["decisive"]).iter().map(|sign| ("config", &sign["model_type"], sign));
    let ggufs = list(&facts["by_gguf"]).iter().map(|sign| ("gguf", &sign["architecture"], sign));
    for (file, kinds, sign) in configs.chain(ggufs) {
        let Some(license) = sign["licence"].as_str() else { continue };
        for kind in list(kinds) {
            rows.add(&format!("{file} {}", text(kind)), &[license, text(&sign["confidence"])]);
        }
    }
    dated(rows, FAMILIES, "file and kind of model, license, how sure")
}

pub(super) fn mirror_table() -> String {
    let mut rows = Rows::default();
    list(&facts(FAMILIES)["mirror_owners"]).iter().for_each(|owner| rows.add(&text(owner).to_lowercase(), &[]));
    dated(rows, FAMILIES, "owner of copies")
}

/// The texts that a pattern of the facts begins with. Groups, `?`, sets of characters and one `*` are what it may hold.
fn expanded(pattern: &str) -> Vec<String> {
    let mut rest = pattern;
    let found = either(&mut rest);
    assert!(rest.is_empty(), "{pattern}: {rest}");
    found
}

fn either(rest: &mut &str) -> Vec<String> {
    let mut all = sequence(rest);
    while let Some(after) = rest.strip_prefix('|') {
        *rest = after;
        all.extend(sequence(rest));
    }
    all
}

fn sequence(rest: &mut &str) -> Vec<String> {
    let mut all = vec![String::new()];
    while let Some(first) = rest.chars().next().filter(|c| !"|)".contains(*c)) {
        *rest = &rest[first.len_utf8()..];
        let mut piece = match first {
            '^' => continue,
            '(' => {
                let group = either(rest);
                *rest = rest.strip_prefix(')').unwrap();
                group
            }
            '[' => {
                let (set, after) = rest.split_once(']').unwrap();
                *rest = after;
                match after.strip_prefix('*') {
                    Some(after) => {
                        *rest = after;
                        vec!["*".to_owned()]
                    }
                    None => members(set),
                }
            }
            '\\' => {
                let (escaped, after) = rest.split_at(1);
                assert_eq!(escaped, ".");
                *rest = after;
                vec![".".to_owned()]
            }
            '$' => vec!["$".to_owned()],
            plain => {
                assert!(plain.is_ascii_alphanumeric() || "-_".contains(plain), "{plain}");
                vec![plain.to_string()]
            }
        };
        if let Some(after) = rest.strip_prefix('?') {
            *rest = after;
            piece.push(String::new());
        }
        all = all.iter().flat_map(|start| piece.iter().map(move |end| format!("{start}{end}"))).collect();
    }
    all
}

fn members(set: &str) -> Vec<String> {
    match set.as_bytes() {
        [from, b'-', to] => (*from..=*to).map(|byte| char::from(byte).to_string()).collect(),
        plain => plain.iter().map(|byte| char::from(*byte).to_string()).collect(),
    }
}

pub(super) fn terms_table() -> String {
    let mut rows = Rows::default();
    for license in list(&facts(TERMS)["licenses"]) {
        let sure = text(&license["confidence"]);
        // What was not read yet proves nothing.
        let known = sure != "memory";
        let terms = &license["derivative_terms"];
        let asks: Vec<_> = mapping(&license["flags"])
            .filter(|(_, value)| known && *value == true)
            .map(|(flag, _)| flag.replace('_', "-"))
            .collect();
        let own = license["license_name"].as_str();
        let seen = list(&license["license_names_seen"]).iter().map(text);
        let mut names: Vec<_> = own.into_iter().chain(seen).filter(|name| *name != "other").collect();
        names.dedup();
        rows.add(
            text(&license["key"]),
            &[
                text(&license["hub_id"]),
                text(&license["title"]),
                &names.join(","),
                text(&license["permissive_over_this"]),
                sure,
                &asks.join(","),
                terms["notice_file"]["required_line"].as_str().filter(|_| known).unwrap_or(""),
                &display(&terms["attribution_display"]).filter(|_| known).unwrap_or_default(),
                terms["name_prefix_required"]["prefix"].as_str().filter(|_| known).unwrap_or(""),
            ],
        );
    }
    let columns = "license, Hub id, title, license names, verdict on a permissive license over it, how sure, what it asks, \
                   line of the notice, words to show, how names begin";
    dated(rows, TERMS, columns)
}

/// The words that must stand in the documentation of every derivative, or one of them.
fn display(shown: &Value) -> Option<String> {
    let words = shown["text"].as_str()?;
    let everywhere = text(&shown["where"]).contains("documentation") && shown["required"] != false;
    let alternatives = shown["alternatives"].as_array().into_iter().flatten().map(text);
    let all: Vec<_> = [words].into_iter().chain(alternatives).collect();
    everywhere.then(|| all.join("|"))
}

pub(super) fn class_table() -> String {
    let mut rows = Rows::default();
    for (class, ids) in mapping(&facts(TOGETHER)["classes"]) {
        list(ids).iter().for_each(|id| rows.add(text(id), &[&class]));
    }
    dated(rows, TOGETHER, "license, class")
}

/// Classes and ids are told apart by the sign between them.
pub(super) fn verdict_table() -> String {
    let facts = facts(TOGETHER);
    let mut rows = Rows::default();
    for (base, derivatives) in mapping(&facts["by_class"]) {
        for (derivative, found) in mapping(derivatives) {
            rows.add(&format!("{base}/{derivative}"), &[text(&found["verdict"])]);
        }
    }
    let ids = |base: &Value, derivative: &Value| format!("{} {}", text(base), text(derivative));
    let families = list(&facts["families"]["pairs"]).iter().map(|pair| ids(&pair[0], &pair[1]));
    let mut families: BTreeSet<_> = families.collect();
    for pair in list(&facts["pairs"]) {
        let ids = ids(&pair["base"], &pair["derivative"]);
        let family = if families.remove(&ids) { "family" } else { "" };
        rows.add(&ids, &[text(&pair["verdict"]), text(&pair["confidence"]), family]);
    }
    families.iter().for_each(|ids| rows.add(ids, &["ok", "", "family"]));
    dated(
        rows,
        TOGETHER,
        "base and derivative (a class with /, an id with a blank), verdict, how sure, whether the id of the family",
    )
}

#[test]
fn families_are_what_the_facts_say() {
    for family in list(&facts(FAMILIES)["rules"]) {
        let name = text(&family["family"]);
        for id in list(&family["tests"]["yes"]) {
            let found = crate::hub::families::of(text(id)).map(|found| found.name);
            assert_eq!(found, Some(name), "{id}");
        }
        for id in list(&family["tests"]["no"]) {
            assert_ne!(crate::hub::families::of(text(id)).map(|found| found.name), Some(name), "{id}");
        }
        if let Some(license) = family["licence"].as_str() {
            let known = crate::hub::obligations::of(license).is_some() || crate::hub::licenses::is_id(license);
            assert!(known, "{license}");
        }
    }
}

#[test]
fn verdicts_are_what_the_facts_say() {
    for case in list(&facts(TOGETHER)["tests"]) {
        let found = crate::hub::compatibility::of(text(&case["base"]), text(&case["derivative"]));
        assert_eq!(format!("{:?}", found.verdict).to_lowercase(), text(&case["verdict"]), "{case}");
    }
}

#[test]
fn every_license_of_the_hub_has_a_class() {
    for license in crate::hub::licenses::all() {
        assert!(crate::hub::compatibility::class(license.id).is_some(), "{}", license.id);
    }
}

#[test]
fn patterns_are_expanded() {
    assert_eq!(expanded("^a(b|c)?-[12]"), ["ab-1", "ab-2", "ac-1", "ac-2", "a-1", "a-2"]);
    assert_eq!(expanded("^x($|-V)|^[1-3]\\.y"), ["x$", "x-V", "1.y", "2.y", "3.y"]);
}
