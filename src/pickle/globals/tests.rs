//! The tables are what the facts say, and the verdicts what the tables mean.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pickle").join(name)
}

fn facts(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder("facts").join(name).with_extension("json")).unwrap()).unwrap()
}

fn mapping(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().unwrap().iter()
}

/// `module name` of `{module: [names]}`; a `*` for all names.
fn pairs(modules: &Value) -> Vec<String> {
    let mut pairs = Vec::new();
    for (module, names) in mapping(modules) {
        match names.as_array() {
            Some(names) => pairs.extend(names.iter().map(|name| format!("{module} {}", name.as_str().unwrap()))),
            None => pairs.push(format!("{module} {}", names.as_str().unwrap())),
        }
    }
    pairs
}

/// What the names of `runs-code.json` do: phrase, module, and its names.
fn runs_code() -> Vec<(String, String, Value)> {
    let facts = facts("runs-code");
    let groups = facts["groups"].as_array().unwrap().iter();
    let rows = groups.flat_map(|group| {
        let does = group["does"].as_str().unwrap();
        mapping(&group["modules"]).map(move |(module, names)| (does.to_owned(), module.clone(), names.clone()))
    });
    rows.collect()
}

fn effects_table() -> String {
    let mut rows = BTreeMap::new();
    for (does, module, names) in runs_code() {
        rows.extend(pairs(&serde_json::json!({ module: names })).into_iter().map(|pair| (pair, does.clone())));
    }
    let mut table = "# module and name, what it can do; from runs-code.json; 2026-12-01\n".to_owned();
    rows.iter().for_each(|(name, does)| table += &format!("{name}\t{does}\n"));
    table
}

fn names_table() -> String {
    let (collected, project) = (facts("pickle-globals"), facts("project"));
    let mut rows = BTreeMap::new();
    for (module, denied) in mapping(&collected["deny_union"]) {
        let names = serde_json::json!({ module: denied["names"] });
        rows.extend(pairs(&names).into_iter().map(|pair| (pair, "denied")));
    }
    for (module, _) in mapping(&project["modules_not_denied"]) {
        assert!(rows.remove(&format!("{module} *")).is_some(), "{module}");
    }
    for (_, module, names) in runs_code() {
        rows.extend(pairs(&serde_json::json!({ module: names })).into_iter().map(|pair| (pair, "denied")));
    }
    rows.extend(mapping(&project["modules_denied"]).map(|(module, _)| (format!("{module} *"), "denied")));
    // The wide list first, as torch's own list says more.
    rows.extend(pairs(&collected["recommended"]["state_dict_wide"]).into_iter().map(|pair| (pair, "known")));
    rows.extend(pairs(&collected["torch_weights_only"]["allow"]).into_iter().map(|pair| (pair, "torch")));
    let softer = &project["builtins_unknown"];
    for name in [&softer["names"], &softer["exceptions"]].into_iter().flat_map(|names| names.as_array().unwrap()) {
        rows.insert(format!("builtins {}", name.as_str().unwrap()), "unknown");
    }
    let kinds = [
        ("denied", "denied"),
        ("known", "known"),
        ("unknown", "unknown"),
        ("unknown_until_called", "unknown until called"),
        ("conditionally_known", "conditionally known"),
        ("conditionally_unknown", "conditionally unknown"),
    ];
    for (field, word) in kinds {
        for (pair, reason) in mapping(&project[field]) {
            assert!(pair.split_once(' ').is_some() && reason.as_str().unwrap().len() > 10, "{pair}");
            let before = rows.insert(pair.clone(), word);
            assert!(before.is_none_or(|before| before == "denied"), "{pair} was {before:?}");
        }
    }
    let mut table =
        format!("# module and name, verdict; from pickle-globals.json, project.json, runs-code.json; {DATE}\n");
    rows.iter().for_each(|(pair, word)| table += &format!("{pair}\t{word}\n"));
    table
}

fn python2_table() -> String {
    let facts = facts("python2-names");
    let mut rows = BTreeMap::new();
    rows.extend(mapping(&facts["modules"]).map(|(old, new)| (format!("{old} *"), new.as_str().unwrap().to_owned())));
    rows.extend(mapping(&facts["names"]).map(|(old, new)| (old.clone(), new.as_str().unwrap().to_owned())));
    let mut table = "# Python 2's module and name, Python 3's; from python2-names.json; 2026-08-22\n".to_owned();
    rows.iter().for_each(|(old, new)| table += &format!("{old}\t{new}\n"));
    table
}

const DATE: &str = "2026-12-01";

#[test]
fn every_row_is_found_and_nothing_between_rows() {
    for table in [&NAMES, &EFFECTS, &PYTHON2] {
        let mut rows = 0;
        for (key, word) in table.0.lines().filter_map(|row| row.split_once('\t')) {
            assert_eq!(table.find(key), Some(word), "{key}");
            assert_eq!(table.find(&format!("{key}~")), None, "{key}");
            rows += 1;
        }
        assert!(rows > 100, "{rows}");
        assert_eq!((table.find(" "), table.find("~")), (None, None));
    }
}

#[test]
fn tables_are_what_the_facts_say() {
    for (name, made) in [("names", names_table()), ("effects", effects_table()), ("python2", python2_table())] {
        let path = folder("tables").join(name).with_extension("tsv");
        if std::env::var_os("UPDATE_TABLES").is_some() {
            fs::write(&path, &made).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap();
        assert!(kept == made, "{name}.tsv: UPDATE_TABLES=1 cargo test --lib pickle::globals");
    }
    assert_eq!(facts("project")["date"], DATE);
    assert_eq!(facts("python2-names")["date"], "2026-08-22");
}

#[test]
fn torch_s_own_list_is_known_and_what_every_list_denies_is_dangerous() {
    let collected = facts("pickle-globals");
    for pair in pairs(&collected["torch_weights_only"]["allow"]) {
        let (module, name) = pair.split_once(' ').unwrap();
        assert_eq!((trust(module, name), is_weights_only(module, name)), (Trust::Known, true), "{pair}");
        assert_ne!(trust(module, &format!("{name}.x")), Trust::Known, "{pair}");
    }
    let project = facts("project");
    let is_ours = |pair: &str| {
        let lists = ["known", "unknown", "unknown_until_called", "conditionally_known", "conditionally_unknown"];
        lists.iter().any(|list| project[list].get(pair).is_some())
    };
    for (module, denied) in mapping(&collected["deny_union"]) {
        let names: Vec<&str> = match denied["names"].as_array() {
            Some(names) => names.iter().map(|name| name.as_str().unwrap()).collect(),
            None => vec!["anything", "sub.anything"],
        };
        for name in names {
            let harmless = is_ours(&format!("{module} {name}")) || (module == "test" && denied["names"] == "*");
            // `codecs.encode` of torch's list is `_codecs.encode`; of builtins, the types are on the wide list.
            let listed = pairs(&collected["recommended"]["state_dict_wide"]).contains(&format!("{module} {name}"));
            assert_eq!(trust(module, name) == Trust::Dangerous, !harmless && !listed, "{module} {name}");
        }
    }
}

#[test]
fn names_are_judged_in_every_reading() {
    for (module, name, verdict) in [
        ("os", "system", Trust::Dangerous),
        ("os.path", "join", Trust::Dangerous),
        ("logging", "os.system", Trust::Dangerous),
        ("anything", "os.system", Trust::Dangerous),
        ("anything", "os", Trust::Dangerous),
        ("anything.subprocess", "run", Trust::Dangerous),
        ("anything", "f.__globals__", Trust::Dangerous),
        ("anything", "__builtins__", Trust::Dangerous),
        ("torch", "serialization.load", Trust::Dangerous),
        ("torch.utils._config_module", "ConfigModule.load_config", Trust::Dangerous),
        ("asyncio.unix_events", "_UnixSubprocessTransport._start", Trust::Dangerous),
        ("builtins", "eval", Trust::Dangerous),
        ("__builtin__", "eval", Trust::Dangerous),
        ("builtins", "print", Trust::UntilCalled),
        ("builtins", "setattr", Trust::Dangerous),
        ("anything", "Net.__call__", Trust::Unknown),
        ("anything.pickle", "Reader", Trust::Unknown),
        ("anything", "pickle.loads", Trust::Dangerous),
        ("_codecs", "decode", Trust::Dangerous),
        ("mailcap", "findmatch", Trust::Dangerous),
        ("uuid", "_get_command_stdout", Trust::Dangerous),
        ("uuid", "UUID", Trust::Unknown),
        ("torch.distributed.rpc.internal", "PythonUDF", Trust::Dangerous),
        ("pandas.io.pickle", "read_pickle", Trust::Dangerous),
        ("pathlib", "PosixPath.unlink", Trust::Dangerous),
        ("numpy", "load", Trust::Dangerous),
        ("numpy", "load_of_mine", Trust::Unknown),
        ("joblib", "load", Trust::Dangerous),
        ("joblib.memory", "Memory", Trust::Unknown),
        ("joblib.memory", "Memory.eval", Trust::Dangerous),
        ("operator", "add", Trust::Unknown),
        ("operator", "attrgetter", Trust::Dangerous),
        ("builtins", "str.split", Trust::Unknown),
        ("builtins", "str.__class__", Trust::Dangerous),
        ("builtins", "str.os", Trust::Dangerous),
        ("builtins", "eval.x", Trust::Dangerous),
        ("_codecs", "encode", Trust::Known),
        ("test", "MyModel", Trust::Unknown),
        ("test.support.script_helper", "assert_python_ok", Trust::Dangerous),
        ("osmnx", "graph", Trust::Unknown),
        ("posix_model", "Net", Trust::Unknown),
        ("transformers.training_args", "TrainingArguments", Trust::Unknown),
        ("torch", "_utils._rebuild_tensor_v2", Trust::Unknown),
        ("torch._utils", "_rebuild_tensor_v2", Trust::Known),
        ("numpy.random._pickle", "__bit_generator_ctor", Trust::Known),
        ("", "", Trust::Unknown),
    ] {
        assert_eq!(trust(module, name), verdict, "{module} {name}");
    }
}

#[test]
fn the_names_of_python_2_are_those_of_python_3() {
    let renamed = |module, name| renamed(module, name).map(|(module, name)| format!("{module}.{name}"));
    assert_eq!(renamed("__builtin__", "xrange").as_deref(), Some("builtins.range"));
    assert_eq!(renamed("copy_reg", "_reconstructor").as_deref(), Some("copyreg._reconstructor"));
    assert_eq!(renamed("commands", "getoutput").as_deref(), Some("subprocess.getoutput"));
    assert_eq!(renamed("collections", "OrderedDict"), None);
    assert_eq!(old_trust("__builtin__", "getattr"), Trust::Known);
    assert_eq!(old_trust("commands", "getoutput"), Trust::Dangerous);
}

/// torch's own list, where a Python with torch is at hand: neither a name more nor a name less.
#[test]
fn the_real_torch_accepts_the_same_names() {
    let script = "import torch._weights_only_unpickler as unpickler\n\
                  print(*unpickler._get_allowed_globals(), sep='\\n')";
    let python = std::env::var("HF_RELEASE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = std::process::Command::new(&python).args(["-c", script]).output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        use std::io::Write as _;
        let note = format!(
            "SKIPPED: {python} has no torch, its list of names was not compared; name one in HF_RELEASE_PYTHON"
        );
        writeln!(std::io::stderr(), "{note}").unwrap();
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    // torch keys the list by `module.name`; a name has no dot.
    let theirs: Vec<(&str, &str)> = text.lines().filter_map(|line| line.rsplit_once('.')).collect();
    assert!(theirs.len() > 100, "{text}");
    let unknown: Vec<_> = theirs.iter().filter(|(module, name)| !is_weights_only(module, name)).collect();
    assert!(unknown.is_empty(), "torch accepts these, and we say it does not: {unknown:?}");
    let ours = facts("pickle-globals");
    let ours = pairs(&ours["torch_weights_only"]["allow"]);
    let extra: Vec<_> =
        ours.iter().filter_map(|pair| pair.split_once(' ')).filter(|pair| !theirs.contains(pair)).collect();
    assert!(extra.is_empty(), "we say that torch accepts these, and it does not: {extra:?}");
}
