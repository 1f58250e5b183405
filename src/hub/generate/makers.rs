//! One maker a table: which facts it contains, in which columns. A fact of a form that is not understood is a panic.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Rows, facts, list, mapping, text, words};
use crate::hub::count_rule::CountRule;

pub(super) fn task_table(tasks: &Value, project: &Value) -> String {
    let mut traits: BTreeMap<&str, String> = BTreeMap::new();
    for (name, ids) in mapping(&project["task_traits"]) {
        for id in list(ids) {
            assert!(traits.insert(text(id), name.clone()).is_none(), "{id} has two traits");
        }
    }
    let mut rows = Rows::default();
    for task in list(&tasks["pipeline_tags"]) {
        let listed = if task["hide_in_models"] == true { "" } else { "listed" };
        let traits = traits.remove(text(&task["id"])).unwrap_or_default();
        let order = task["order"].as_u64().unwrap().to_string();
        rows.add(text(&task["id"]), &[text(&task["name"]), text(&task["modality"]), listed, &traits, &order]);
    }
    assert!(traits.is_empty(), "no tasks: {traits:?}");
    rows.table(
        "pipeline-tags.json and project.json",
        "id, name, modality, whether listed, trait, place in the Hub's list",
    )
}

pub(super) fn retired_table(tasks: &Value) -> String {
    let mut rows = Rows::default();
    for (id, retired) in mapping(&tasks["retired_ids"]) {
        let mut tag = "";
        let successors: Vec<_> = list(&retired["use"])
            .iter()
            .map(|successor| {
                let (task, and) = text(successor).split_once(" + tag ").unwrap_or((text(successor), ""));
                tag = and;
                task
            })
            .collect();
        rows.add(&id, &[&successors.join(","), tag, retired["removed"].as_str().unwrap_or("")]);
    }
    rows.table("pipeline-tags.json", "id, successors, tag, removed")
}

pub(super) fn subtask_table(tasks: &Value) -> String {
    let mut parents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for task in list(&tasks["pipeline_tags"]) {
        for subtask in list(&task["subtasks"]) {
            parents.entry(text(&subtask["id"])).or_default().push(text(&task["id"]));
        }
    }
    let mut rows = Rows::default();
    parents.iter().for_each(|(id, parents)| rows.add(id, &[&parents.join(",")]));
    rows.table("pipeline-tags.json", "subtask, tasks")
}

pub(super) fn library_table() -> String {
    let facts_of_libraries = facts("libraries");
    let served = facts("library-tasks");
    let mut rows = Rows::default();
    for library in list(&facts_of_libraries["libraries"]) {
        let key = text(&library["key"]);
        let mut flags = String::new();
        if library["has_snippets"] == true {
            flags.push('s')
        }
        if library["shown_in_filter"] == true {
            flags.push('f')
        }
        let rule = count_rule(&library["count_rule"]);
        let rule = if CountRule::new(rule.clone().leak()).is_default() { String::new() } else { rule };
        assert_eq!(rule.is_empty(), library["count_rule_kind"] == "default", "{key}");
        let tasks = list(&served["library_tasks"]).iter().find(|row| row["library"] == key);
        let tasks = tasks.map(|row| words(&row["tasks"])).unwrap_or_default();
        let docs = library["docs_url"].as_str().unwrap_or("");
        rows.add(key, &[text(&library["pretty"]), text(&library["repo_url"]), docs, &flags, &rule, &tasks]);
    }
    rows.table(
        "libraries.json and library-tasks.json",
        "key, name, source, manual, s has snippets and f is a filter, count rule unless the default, tasks hf-inference serves",
    )
}

/// A rule of the facts in the table's words; panics on a form that it does not know.
fn count_rule(rule: &Value) -> String {
    let mut alternatives = Vec::new();
    for (form, members) in mapping(rule) {
        assert_eq!(form, "any_of");
        for member in list(members) {
            let mut all = Vec::new();
            for (form, value) in mapping(member) {
                match form.as_str() {
                    "all_of" => list(value)
                        .iter()
                        .flat_map(mapping)
                        .for_each(|(form, value)| all.push(condition(&form, text(value)))),
                    form => all.push(condition(form, text(value))),
                }
            }
            assert!(!all.is_empty());
            alternatives.push(all.join("&"));
        }
    }
    alternatives.join("|")
}

fn condition(form: &str, value: &str) -> String {
    let (kind, value) = match (form, value) {
        ("path", path) => ("path", path),
        ("path_extension", extension) => ("extension", extension),
        ("path_filename", stem) => ("stem", stem),
        ("path_prefix", folder) if folder.ends_with('/') => ("folder", folder),
        // Anchored: any name without a slash, a dot, the extension.
        ("path_regexp", pattern) => ("root-extension", pattern.strip_prefix(r"[^/]*\.").unwrap()),
        ("exists", "path_prefix") => ("in-folder", ""),
        other => panic!("a form of count rule that is not understood: {other:?}"),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/=".contains(c);
    assert!(kind != "root-extension" || value.chars().all(|c| c.is_ascii_lowercase()), "{value}");
    assert!(value.chars().all(plain), "{value}");
    format!("{kind}:{value}")
}

pub(super) fn license_table() -> String {
    let mut rows = Rows::default();
    for license in list(&facts("licenses")["licenses"]) {
        let url = |key: &str| license[key].as_str().unwrap_or("").to_owned();
        let family = if license["family"] == true { "family" } else { "" };
        rows.add(text(&license["id"]), &[text(&license["name"]), family, &url("text_url"), &url("info_url")]);
    }
    rows.table("licenses.json", "id, name, whether a family, text, explanation")
}

/// What people write for a license, by the words that tell licenses apart. Aliases come first: they also hold the words that would
/// mislead.
pub(super) fn license_words_table(project: &Value) -> String {
    let guesses = list(&project["license_guesses"]);
    let mut aliases: BTreeMap<String, (String, &str)> = BTreeMap::new();
    for (alias, id) in mapping(&facts("licenses")["near_misses"]) {
        // Differences of case and "or later" are found by their form.
        if alias.to_lowercase() != text(id) && !alias.ends_with("-or-later") {
            let kind = if guesses.contains(&Value::from(alias.as_str())) { "guess" } else { "spelling" };
            aliases.insert(alias.to_lowercase(), (text(id).to_owned(), kind));
        }
    }
    for (alias, meant) in mapping(&project["license_aliases"]) {
        aliases.insert(alias, (text(&meant[0]).to_owned(), text(&meant[1])));
    }
    let names = crate::hub::licenses::all().flat_map(|license| {
        let own = (license.id.to_owned(), "spelling");
        [(license.id.to_owned(), own.clone()), (license.name.to_lowercase(), own)]
    });
    let mut rows = Rows::default();
    for (written, (id, kind)) in aliases.into_iter().chain(names) {
        let words = crate::hub::licenses::telling_words(&written);
        if !rows.0.contains_key(&words) {
            rows.add(&words, &[&id, kind]);
        }
    }
    rows.table("licenses.json and project.json", "telling words, id, kind")
}

pub(super) fn language_table() -> String {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for language in list(&facts("iso-639-2")["languages"]) {
        let mut add = |code: &Value| names.insert(text(code).to_owned(), text(&language["name"]).to_owned());
        if language["code"] != "qaa-qtz" {
            add(&language["code"]);
        }
        if let Some(code) = language.get("bibliographic") {
            add(code);
        }
    }
    // The Hub's own names win.
    let languages = facts("languages");
    for language in list(&languages["languages"]) {
        names.insert(text(&language["code"]).to_owned(), text(&language["name"]).to_owned());
    }
    for special in list(&languages["special_values"]) {
        let name = if special == "code" { "programming languages" } else { "several languages" };
        assert!(names.insert(text(special).to_owned(), name.to_owned()).is_none());
    }
    let mut rows = Rows::default();
    names.iter().for_each(|(code, name)| rows.add(code, &[name]));
    rows.table("languages.json and iso-639-2.json", "code, name")
}

/// The facts with those of a later release of transformers: its rows come in place of the rows of the same name, its lists of
/// `pipeline()` in place of the lists.
pub(super) fn renewed(mut facts: Value, later: &Value) -> Value {
    for (rows, key) in [("architectures", "arch"), ("model_types", "model_type")] {
        let new = list(&later[rows]);
        let kept = facts[rows].as_array_mut().unwrap();
        kept.retain(|row| new.iter().all(|other| other[key] != row[key]));
        kept.extend(new.iter().cloned());
    }
    for (name, value) in mapping(later).filter(|(name, _)| name.starts_with("transformers_pipeline_")) {
        facts[name] = value.clone();
    }
    facts["date"] = later["date"].clone();
    facts
}

#[test]
fn later_rows_win() {
    let facts = serde_json::json!({
        "architectures": [{"arch": "A", "tags": ["x"]}, {"arch": "B", "tags": ["y"]}],
        "model_types": [{"model_type": "a"}],
        "transformers_pipeline_tasks": ["x"],
        "diffusers_pipelines": ["P"],
    });
    let later = serde_json::json!({
        "date": "2026-11-21",
        "architectures": [{"arch": "B", "tags": ["z"]}, {"arch": "C", "tags": []}],
        "model_types": [{"model_type": "c"}],
        "transformers_pipeline_tasks": ["z"],
    });
    let made = renewed(facts, &later);
    let classes: Vec<_> =
        list(&made["architectures"]).iter().map(|row| (text(&row["arch"]), words(&row["tags"]))).collect();
    assert_eq!(classes, [("A", "x".to_owned()), ("B", "z".to_owned()), ("C", String::new())]);
    assert_eq!(list(&made["model_types"]).len(), 2);
    assert_eq!(words(&made["transformers_pipeline_tasks"]), "z");
    assert_eq!(words(&made["diffusers_pipelines"]), "P");
    assert_eq!(made["date"], "2026-11-21");
}

/// A table of transformers: its date is that of the release.
pub(super) fn of_transformers(rows: Rows, facts: &Value, columns: &str) -> String {
    rows.table_of("architectures.json and transformers.json", columns, text(&facts["date"]))
}

/// Heads (auto classes, tags, legacy tags) come once, under a number; a class names its head.
pub(super) fn architecture_tables(facts: &Value) -> (String, String) {
    let head = |row: &Value| {
        let legacy = row.get("legacy_tags").map(words).unwrap_or_default();
        [words(&row["auto"]), words(&row["tags"]), legacy]
    };
    let rows = list(&facts["architectures"]);
    let mut heads: Vec<_> = rows.iter().map(head).collect();
    heads.sort();
    heads.dedup();
    let number = |row: &Value| format!("{:03}", heads.binary_search(&head(row)).unwrap());
    let mut classes = Rows::default();
    rows.iter().for_each(|row| classes.add(text(&row["arch"]), &[&number(row), &words(&row["model_types"])]));
    let mut numbered = Rows::default();
    for (i, [auto, tags, legacy]) in heads.iter().enumerate() {
        numbered.add(&format!("{i:03}"), &[auto, tags, legacy]);
    }
    (
        of_transformers(numbered, facts, "number, auto classes, tags, legacy tags"),
        of_transformers(classes, facts, "class, head, model types"),
    )
}

pub(super) fn pipeline_task_table(facts: &Value) -> String {
    let mut rows = Rows::default();
    list(&facts["transformers_pipeline_tasks"]).iter().for_each(|task| rows.add(text(task), &["current"]));
    for (alias, task) in mapping(&facts["transformers_pipeline_aliases"]) {
        rows.add(&alias, &["alias", text(task).split(' ').next().unwrap()]);
    }
    list(&facts["transformers_pipeline_tasks_removed_in_v5"])
        .iter()
        .for_each(|task| rows.add(text(task), &["removed"]));
    of_transformers(rows, facts, "name, current or alias or removed, task")
}

pub(super) fn field_table(project: &Value) -> String {
    let never = list(&project["fields_never_suggested"]);
    let mut rows = Rows::default();
    for field in list(&facts("metadata-fields")["fields"]) {
        let name = text(&field["field"]);
        let shape = match text(&field["type"]) {
            "-" => "",
            "string" | "string (markdown)" | "string, id-like" | "string: LICENSE | LICENSE.md | URL" => "string",
            "string | null" | "string (URL) | null" => "string|null",
            "string | list of string" => "string|strings",
            "list of string" => "strings",
            "bool" => "bool",
            "bool | mapping {parameters: mapping}" => "bool|mapping",
            "number (grams) | mapping" => "number|mapping",
            "mapping name -> type | {type, options}" => "mapping",
            "list of mapping" | "list of {name, results[]}" => "mappings",
            other => panic!("a type that is not understood: {other}"),
        };
        let evidence = match text(&field["evidence"]) {
            // Messages that were found since the collection was made.
            _ if project["field_messages"].get(name).is_some() => "server-message",
            "docs + server-message" | "server-message" => "server-message",
            "docs" | "docs + analogy" => "docs",
            "api-typings" | "npm @huggingface/tasks ModelData" => "api-typings",
            "huggingface_hub" | "ModelInfo field; computed from tokenizer otherwise" => "client",
            other => panic!("evidence that is not understood: {other}"),
        };
        let item = text(&field["item"]);
        let item = project["field_items"].get(item).map_or(item, text);
        let suggest = if never.iter().any(|n| n == name) { "" } else { "suggest" };
        rows.add(name, &[shape, evidence, item, suggest]);
    }
    rows.table("metadata-fields.json and project.json", "key, shape, evidence, item, whether a near miss may mean it")
}

/// Our own readings: how sure, then the tags, of which the first is the one to write.
pub(super) fn reading_table(project: &Value, name: &str, key: &str) -> String {
    let mut rows = Rows::default();
    for (class, reading) in mapping(&project[name]) {
        let (sure, tags) = list(reading).split_first().unwrap();
        assert!(["sure", "likely", "open"].contains(&text(sure)) && !tags.is_empty(), "{class}");
        rows.add(&class, &[text(sure), &words(&Value::from(tags.to_vec()))]);
    }
    rows.table("project.json", &format!("{key}, how sure, tags"))
}
