//! Makes the tables from the facts, in tests only: the tables must be what the facts say, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::DATA_DATE;

mod lineage;
mod makers;
use lineage::*;
use makers::*;

/// The facts that other people collected; `project.json`, `page.json`, `transformers.json` and `iso-639-2.json` exist here only.
const COLLECTED: [&str; 8] = [
    "architectures",
    "file-rules",
    "languages",
    "libraries",
    "library-tasks",
    "licenses",
    "metadata-fields",
    "pipeline-tags",
];

/// The same, about licenses and the families of models.
const ABOUT_LICENSES: [&str; 3] = ["base-families", "compatibility", "model-licenses"];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/hub").join(name)
}

fn facts(name: &str) -> Value {
    let text = fs::read_to_string(folder("facts").join(name).with_extension("json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}"))
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

fn words(value: &Value) -> String {
    let words: Vec<_> = list(value).iter().map(text).collect();
    assert!(words.iter().all(|word| !word.is_empty() && !word.contains(',')), "{words:?}");
    words.join(",")
}

fn mapping(value: &Value) -> impl Iterator<Item = (String, &Value)> {
    value.as_object().unwrap().iter().map(|(key, value)| (key.clone(), value))
}

/// Rows by key, so that they are sorted and a key that comes twice is noticed.
#[derive(Default)]
struct Rows(BTreeMap<String, String>);

impl Rows {
    fn add(&mut self, key: &str, columns: &[&str]) {
        let row = columns.join("\t");
        assert!(!key.is_empty() && !format!("{key}{row}").contains('\n') && !key.contains('\t'), "{key:?}");
        assert!(columns.iter().all(|column| !column.contains('\t')), "{key:?}");
        let before = self.0.insert(key.to_owned(), row.clone());
        assert!(before.is_none_or(|before| before == row), "{key} twice");
    }

    fn table(self, source: &str, columns: &str) -> String {
        self.table_of(source, columns, DATA_DATE)
    }

    fn table_of(self, source: &str, columns: &str, date: &str) -> String {
        let mut table = format!("# {columns}; from {source}; {date}\n");
        for (key, row) in self.0 {
            table += format!("{key}\t{row}").trim_end_matches('\t');
            table += "\n";
        }
        table
    }
}

/// Every table, by file name.
fn tables() -> Vec<(&'static str, String)> {
    let (project, tasks) = (facts("project"), facts("pipeline-tags"));
    let architectures = renewed(facts("architectures"), &facts("transformers"));
    let aliases = |name: &str, columns: &str| {
        let mut rows = Rows::default();
        for (alias, meant) in mapping(project.get(name).unwrap()) {
            rows.add(&alias, &[text(meant)]);
        }
        rows.table("project.json", columns)
    };
    let (heads, classes) = architecture_tables(&architectures);
    vec![
        ("tasks", task_table(&tasks, &project)),
        ("tasks-retired", retired_table(&tasks)),
        ("subtasks", subtask_table(&tasks)),
        ("task-aliases", aliases("task_aliases", "alias, task")),
        ("libraries", library_table()),
        ("library-aliases", aliases("library_aliases", "alias, library")),
        ("licenses", license_table()),
        ("license-words", license_words_table(&project)),
        ("languages", language_table()),
        ("language-aliases", aliases("language_aliases", "alias, code")),
        ("architectures", classes),
        ("architecture-heads", heads),
        ("model-types", {
            let mut rows = Rows::default();
            list(&architectures["model_types"]).iter().for_each(|row| rows.add(text(&row["model_type"]), &[]));
            of_transformers(rows, &architectures, "model type")
        }),
        ("diffusers-pipelines", {
            let mut rows = Rows::default();
            for row in list(&architectures["diffusers_pipelines"]) {
                rows.add(text(&row["pipeline"]), &[&words(&row["tags"]), text(&row["basis"])]);
            }
            rows.table("architectures.json (diffusers)", "class, tags, basis")
        }),
        ("transformers-pipeline-tasks", pipeline_task_table(&architectures)),
        ("fields", field_table(&project)),
        ("field-aliases", aliases("field_aliases", "alias, field")),
        ("class-readings", reading_table(&project, "class_readings", "class")),
        ("adapter-readings", reading_table(&project, "adapter_readings", "PEFT task type")),
        ("kind-readings", reading_table(&project, "kind_readings", "kind of model")),
        ("gguf-architectures", reading_table(&project, "gguf_architectures", "general.architecture")),
        ("task-neighbours", {
            let mut rows = Rows::default();
            mapping(&project["task_neighbours"]).for_each(|(task, tasks)| rows.add(&task, &[&words(tasks)]));
            rows.table("project.json", "task, tasks that are no contradiction to it")
        }),
        ("models-without-owner", aliases("models_without_owner", "old name, id")),
        ("base-families", family_table()),
        ("mirror-owners", mirror_table()),
        ("family-signs", sign_table()),
        ("license-terms", terms_table()),
        ("license-classes", class_table()),
        ("license-verdicts", verdict_table()),
        ("page", {
            let facts = facts("page");
            let mut rows = Rows::default();
            mapping(&facts["areas"]).for_each(|(area, fact)| rows.add(&area, &[text(&fact["source"])]));
            rows.table("page.json", "area of a model's page, where its fact is from")
        }),
    ]
}

#[test]
fn tables_are_what_the_facts_say() {
    let update = std::env::var_os("UPDATE_TABLES").is_some();
    let mut names = Vec::new();
    for (name, made) in tables() {
        let path = folder("tables").join(name).with_extension("tsv");
        if update {
            fs::write(&path, &made).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap();
        assert!(kept == made, "tables/{name}.tsv is not what the facts say: UPDATE_TABLES=1 cargo test --lib hub::");
        names.push(format!("{name}.tsv"));
    }
    for file in fs::read_dir(folder("tables")).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&file), "tables/{file} is made by nobody");
    }
}

#[test]
fn the_tables_stay_small() {
    let bytes: usize = tables().iter().map(|(_, table)| table.len()).sum();
    assert!(bytes < 340_000, "{bytes} bytes go into the program");
}

/// The rules once more, read from the facts without the table's words, on every path that a rule names and its neighbours.
#[test]
fn count_rules_count_what_the_facts_count() {
    fn holds(form: &str, value: &Value, path: &str) -> bool {
        let (folder, file) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        match form {
            "any_of" => list(value).iter().any(|one| mapping(one).all(|(form, value)| holds(&form, value, path))),
            "all_of" => list(value).iter().all(|one| mapping(one).all(|(form, value)| holds(&form, value, path))),
            "path" => value == path,
            "path_extension" => value == extension,
            "path_filename" => value == stem,
            "path_prefix" => value == folder,
            "exists" => !folder.is_empty(),
            "path_regexp" => folder.is_empty() && path.ends_with(text(value).trim_start_matches(r"[^/]*\")),
            other => panic!("{other}"),
        }
    }
    let facts = facts("libraries");
    let mut paths = vec!["model.gguf".to_owned(), "README.md".to_owned(), "LICENSE".to_owned()];
    let rules: Vec<_> = list(&facts["libraries"]).iter().map(|library| library["count_rule"].to_string()).collect();
    let named = rules.concat();
    for word in named.split('"').filter(|word| word.len() < 80 && !word.contains([' ', ':'])) {
        for path in
            [word.to_owned(), format!("m.{word}"), format!("x/{word}"), format!("x/m.{word}"), format!("{word}.json")]
        {
            paths.push(path);
        }
    }
    paths.extend(
        ["checkpoints/m.pt", "a/checkpoints/m.pt", "checkpoints/d/m.pt", "x/model.mil", "model.mil", ".bin", "a/.bin"]
            .map(str::to_owned),
    );
    paths.sort();
    paths.dedup();
    for library in list(&facts["libraries"]) {
        let ours = super::libraries::get(text(&library["key"])).unwrap();
        for path in paths.iter().filter(|path| !path.ends_with(".gguf")) {
            let theirs = mapping(&library["count_rule"]).all(|(form, value)| holds(&form, value, path));
            assert_eq!(ours.rule.counts(path), theirs, "{} {path}", ours.key);
        }
    }
}

#[test]
fn the_default_count_rule_is_what_the_facts_say() {
    let facts = facts("libraries");
    let files: Vec<_> = list(&facts["default_rule_files"]).iter().map(|file| format!("path:{}", text(file))).collect();
    let rule: &'static str = files.join("|").leak();
    assert!(super::count_rule::CountRule::new(rule).is_default());
    assert_eq!(facts["always_counted"]["path_extension"], "gguf");
}

/// Where the collection of facts lies beside the checkout, ours must be copies of it.
#[test]
fn facts_are_copies() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    for (collection, names) in [("hub-facts", &COLLECTED[..]), ("license-facts", &ABOUT_LICENSES[..])] {
        let collection = shared.join(collection);
        if !collection.is_dir() {
            // Not eprintln, which a passing test swallows.
            writeln!(
                std::io::stderr(),
                "SKIPPED facts_are_copies: there is no {} beside the checkout",
                collection.display()
            )
            .unwrap();
            continue;
        }
        for name in names {
            let theirs = fs::read(collection.join(name).with_extension("json")).unwrap();
            let ours = fs::read(folder("facts").join(name).with_extension("json")).unwrap();
            assert!(theirs == ours, "facts/{name}.json differs from the collection");
        }
    }
}
