//! Real readers, run as programs: PyYAML and huggingface_hub (`HF_RELEASE_PYTHON`, default `python3`), js-yaml
//! (`HF_RELEASE_NODE`, default `node`; `NODE_PATH` says where it is installed). `.ci/run` installs them and sets
//! `HF_RELEASE_ORACLES`, with which a missing one is a failure. Elsewhere it is said on stderr what was not proven.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// What one reader makes of a block: its values by key, or its error.
pub(crate) type Read = Result<BTreeMap<String, String>, String>;

/// What all readers make of some blocks and cards.
pub(crate) struct Answers {
    pub(crate) python: Vec<Read>,
    pub(crate) javascript: Vec<Read>,
    /// Why huggingface_hub does not load a card.
    pub(crate) hub: Vec<Option<String>>,
}

/// Asks the readers; nothing when one of them is not installed, which is said. `what` is not proven then.
pub(crate) fn ask(what: &str, blocks: &[String], cards: &[String]) -> Option<Answers> {
    let question = json!({ "blocks": blocks, "cards": cards }).to_string();
    let python = run("HF_RELEASE_PYTHON", "python3", "read.py", &question);
    let javascript = run("HF_RELEASE_NODE", "node", "read.cjs", &question);
    let (python, javascript) = match (python, javascript) {
        (Ok(python), Ok(javascript)) => (python, javascript),
        (Err(why), _) | (_, Err(why)) => {
            skipped(what, &why);
            return None;
        }
    };
    let hub = python["cards"].as_array().unwrap().iter().map(|why| why.as_str().map(str::to_owned)).collect();
    Some(Answers { python: reads(&python), javascript: reads(&javascript), hub })
}

fn reads(answer: &Value) -> Vec<Read> {
    let read = |block: &Value| match block["error"].as_str() {
        Some(error) => Err(error.to_owned()),
        None => Ok(serde_json::from_value(block["values"].clone()).unwrap()),
    };
    answer["blocks"].as_array().unwrap().iter().map(read).collect()
}

fn run(variable: &str, default: &str, script: &str, question: &str) -> Result<Value, String> {
    let program = std::env::var(variable).unwrap_or_else(|_| default.to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles").join(script);
    let mut command = Command::new(&program);
    command.arg(script).env("PYTHONUTF8", "1").env("HF_HUB_OFFLINE", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("{program} does not start ({error}); set {variable}"))?;
    let mut input = child.stdin.take().unwrap();
    let question = question.to_owned();
    // A program that ends before it has read everything is heard below.
    let feeding = std::thread::spawn(move || input.write_all(question.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let fed = feeding.join().unwrap();
    if output.status.success() && fed.is_ok() {
        return Ok(serde_json::from_slice(&output.stdout).unwrap());
    }
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let absent = told.contains("ModuleNotFoundError") || told.contains("Cannot find module");
    assert!(absent, "{program}: {told}");
    let why = told.lines().find(|line| line.contains("ModuleNotFoundError") || line.contains("Cannot find module"));
    Err(format!("{program}: {}", why.unwrap_or_default()))
}

/// Says on stderr, past the capture of the test harness, what was not proven; fails where the readers were to be there.
fn skipped(what: &str, why: &str) {
    let line = format!("\nNOT PROVEN: {what} ({why}). `.ci/run` installs the readers; see tests/oracles/mod.rs\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    assert!(std::env::var_os("HF_RELEASE_ORACLES").is_none(), "{line}");
}
