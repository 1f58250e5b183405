//! What users and their scripts rely on: arguments, exit codes, streams, files.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hf-release"));
    command.env("NO_COLOR", "1").env_remove("COLUMNS");
    command
}

fn run(arguments: &[&str], folder: &Path) -> Output {
    program().args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with one repository for each card.
fn repositories(cards: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, card) in cards {
        fs::create_dir_all(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("README.md"), card).unwrap();
    }
    folder
}

const WRONG: &str = "---\nlicense: Apache-2.0\n---\n";
const RIGHT: &str = "---\nlicense: apache-2.0\n---\n";
const ONLY: [&str; 3] = ["check", "--select", "unknown-license"];

#[test]
fn exit_codes_follow_the_findings() {
    let folder = repositories(&[("wrong", WRONG), ("right", RIGHT)]);
    let exit = |more: &[&str]| run(&[&ONLY[..], more].concat(), folder.path()).status.code().unwrap();
    assert_eq!(exit(&["right"]), 0);
    assert_eq!(exit(&["wrong"]), 1);
    assert_eq!(exit(&["wrong", "--fail-on", "never"]), 0);
    assert_eq!(exit(&["wrong", "right"]), 1);
    assert_eq!(exit(&["absent"]), 2);
    // One path that is wrong hides nothing, and what was found wins.
    assert_eq!(exit(&["wrong", "absent"]), 1);
    assert_eq!(exit(&["right", "absent"]), 3);
    assert_eq!(exit(&["absent", "absent-too"]), 2);
    assert_eq!(exit(&["--no-such-option"]), 2);
    for format in ["human", "concise", "json", "github"] {
        assert_eq!(exit(&["wrong", "--output", format]), 1, "{format}");
        assert_eq!(exit(&["right", "--output", format]), 0, "{format}");
    }
}

#[test]
fn mistakes_in_the_command_line_say_what_to_do() {
    let folder = repositories(&[("a", RIGHT), ("b", RIGHT)]);
    for (arguments, message, help) in [
        (&["check", "--select", "unknown-licence"][..], "`unknown-licence`", "Did you mean `unknown-license`?"),
        (&["check", "--ignore", "metadta"], "`metadta`", "Did you mean `metadata`?"),
        (&["check", "--select", "metadata", "--ignore", "metadata"], "no rule is left", "Remove one of the names"),
        (&["check", "--output", "jsn"], "`jsn`", "Did you mean `json`? Choose one of human, concise, json, github."),
        (&["rules", "--output", "table"], "`table`", "Choose one of human, json."),
        (&["explain", "license"], "`license`", "Did you mean one of `missing-license`, `unknown-license`"),
        (&["./a"], "`./a` is not a command", "Run `hf-release check ./a`."),
        (&["check", "--format", "json"], "`--format`", "Use `--output FORMAT` instead."),
        (&["check", "--exit-zero"], "`--exit-zero`", "Use `--fail-on never` instead."),
        (&["check", "--output", "json", "--output", "github"], "share stdout", "--output json=report.json"),
        (&["check", "--repo-id", "me/model", "a", "b"], "several paths", "Run hf-release once for each"),
        (&["check", "--repo-id", "not an id", "a"], "not an id", "owner/name"),
        (&["explain", "missing-licence"], "`missing-licence`", "Did you mean `missing-license`?"),
        (&["check", "a/README.md"], "not a folder", "Name the folder"),
    ] {
        let output = run(arguments, folder.path());
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(message) && told.contains(help), "{arguments:?}: {told}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
    }
}

#[test]
fn the_current_folder_is_the_default() {
    let folder = repositories(&[("model", WRONG)]);
    let output = run(&ONLY, &folder.path().join("model"));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("README.md:2:10"), "{}", text(&output.stdout));
}

#[test]
fn many_repositories_keep_the_order_of_the_arguments() {
    let names: Vec<String> = (0..40).map(|number| format!("model-{number:02}")).collect();
    let cards: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), WRONG)).collect();
    let folder = repositories(&cards);
    let mut arguments = ONLY.to_vec();
    arguments.extend(["--output", "json"]);
    arguments.extend(names.iter().rev().map(String::as_str));
    let first = run(&arguments, folder.path()).stdout;
    assert_eq!(first, run(&arguments, folder.path()).stdout, "two runs differ");
    let report: Value = serde_json::from_slice(&first).unwrap();
    let paths: Vec<&str> =
        report["repositories"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(paths, names.iter().rev().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(report["summary"]["error"], 40);
    assert_eq!(report["exit"], 1);
}

#[test]
fn a_fix_writes_and_a_diff_does_not() {
    let folder = repositories(&[("model", WRONG)]);
    let readme = folder.path().join("model/README.md");

    let output = run(&[&ONLY[..], &["model", "--fix", "--diff"]].concat(), folder.path());
    assert_eq!(output.status.code(), Some(1));
    let diff =
        "--- a/README.md\n+++ b/README.md\n@@ -1,3 +1,3 @@\n ---\n-license: Apache-2.0\n+license: apache-2.0\n ---\n";
    assert_eq!(text(&output.stdout), diff);
    assert_eq!(fs::read_to_string(&readme).unwrap(), WRONG);

    let output = run(&[&ONLY[..], &["model", "--fix"]].concat(), folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert_eq!(fs::read_to_string(&readme).unwrap(), RIGHT);

    let output = run(&[&ONLY[..], &["model", "--diff"]].concat(), folder.path());
    assert_eq!((output.status.code(), output.stdout), (Some(0), Vec::new()));
}

#[test]
fn a_report_goes_to_a_file_and_people_still_see_why() {
    let folder = repositories(&[("model", WRONG)]);
    let output = run(&[&ONLY[..], &["model", "--output", "json=report.json"]].concat(), folder.path());
    assert!(text(&output.stdout).starts_with("error[unknown-license]"));
    let report: Value = serde_json::from_slice(&fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(report["schema"], "hf-release/1");

    let output = run(&[&ONLY[..], &["model", "--output", "json=no/such/folder.json"]].concat(), folder.path());
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("could not be written"), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn a_read_only_card_is_refused_and_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = repositories(&[("model", WRONG), ("real", WRONG), ("linked", RIGHT)]);
    let readme = folder.path().join("model/README.md");
    fs::set_permissions(&readme, fs::Permissions::from_mode(0o444)).unwrap();
    let output = run(&[&ONLY[..], &["model", "--fix"]].concat(), folder.path());
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(said.contains("not written: model/README.md is read-only\n") && !said.contains("not fixed"), "{said}");
    assert_eq!(said.matches("read-only").count(), 1, "{said}");
    assert_eq!(fs::read_to_string(&readme).unwrap(), WRONG);
    // Where no finding fails the run, what was not written does.
    let output = run(&[&ONLY[..], &["model", "--fix", "--fail-on", "never"]].concat(), folder.path());
    assert_eq!(output.status.code(), Some(3));
    let said = text(&output.stdout);
    assert!(said.contains("Incomplete: not everything could be written") && said.contains("Apache-2.0"), "{said}");

    // A link is never written through.
    let linked = folder.path().join("linked/README.md");
    fs::rename(folder.path().join("real/README.md"), folder.path().join("linked/CARD.md")).unwrap();
    fs::remove_file(&linked).unwrap();
    symlink("CARD.md", &linked).unwrap();
    let output = run(&[&ONLY[..], &["linked", "--fix"]].concat(), folder.path());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("link"), "{}", text(&output.stdout));
    assert_eq!(fs::read_to_string(&linked).unwrap(), WRONG);
}

/// What cannot be looked at is one problem: no rule says that it is absent, and none says that it was skipped.
#[cfg(unix)]
#[test]
fn what_cannot_be_looked_at_is_told_once() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let card = "---\nlicense: other\nlicense_name: x\nlicense_link: LICENSE\nwidget:\n- src: img.png\n---\n# A\n";
    let folder = repositories(&[("model", card)]);
    let model = folder.path().join("model");
    fs::write(model.join("config.json"), r#"{"auto_map": {"AutoModel": "modeling.A", "AutoConfig": "loop.A"}}"#)
        .unwrap();
    for (name, target) in [("LICENSE", "gone"), ("img.png", "gone"), ("modeling.py", "gone"), ("loop.py", "loop.py")] {
        symlink(target, model.join(name)).unwrap();
    }
    let unread = ["LICENSE", "img.png", "modeling.py", "loop.py"];
    for format in ["human", "concise", "json", "github"] {
        let output = run(&["check", "model", "--output", format], folder.path());
        let said = text(&output.stdout);
        assert!(said.lines().all(|line| !line.contains("not in the repository")), "{said}");
        for name in unread {
            assert_eq!(
                said.matches(&format!("{name}` is a link")).count()
                    + said.matches(&format!("{name} is a link")).count(),
                1,
                "{said}"
            );
        }
    }
    // Root may read every file.
    let code = model.join("modeling.py");
    fs::remove_file(&code).unwrap();
    fs::write(&code, "import os\n").unwrap();
    fs::set_permissions(&code, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&code).is_ok() {
        eprintln!("not tested: this user reads files without permission");
        return;
    }
    let output = run(&["check", "model", "--output", "json"], folder.path());
    assert!(!text(&output.stdout).contains("modeling.py: "), "{}", text(&output.stdout));
}

#[test]
fn what_git_would_push_is_what_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]).args(arguments);
        command.current_dir(folder.path()).output().is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "-q"]) {
        eprintln!("SKIPPED: there is no git here");
        return;
    }
    fs::write(folder.path().join("README.md"), RIGHT).unwrap();
    fs::write(folder.path().join(".gitignore"), "ignored.safetensors\ntracked.safetensors\n").unwrap();
    fs::write(folder.path().join("ignored.safetensors"), "no weights").unwrap();
    fs::write(folder.path().join("tracked.safetensors"), "no weights").unwrap();
    fs::write(folder.path().join("untracked.safetensors"), "no weights").unwrap();
    assert!(git(&["add", "-f", "README.md", ".gitignore", "tracked.safetensors"]));
    let output = run(&["check", "--select", "malformed-weights", "--output", "concise"], folder.path());
    let told = text(&output.stdout);
    let files: Vec<&str> = told.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(files[..2], ["tracked.safetensors", "untracked.safetensors"], "{told}");
    assert!(!told.contains("ignored.safetensors"), "{told}");

    assert!(git(&["remote", "add", "origin", "https://huggingface.co/acme/lamp"]));
    let output = run(&["checklist"], folder.path());
    assert!(text(&output.stdout).contains("https://huggingface.co/acme/lamp/settings"), "{}", text(&output.stdout));
}

#[test]
fn rules_and_manuals_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let table = text(&run(&["rules"], folder.path()).stdout);
    let document: Value = serde_json::from_slice(&run(&["rules", "--output", "json"], folder.path()).stdout).unwrap();
    assert_eq!(document["schema"], "hf-release-rules/1");
    assert_eq!(document["tool"]["version"], env!("CARGO_PKG_VERSION"));
    let listed = document["rules"].as_array().unwrap();
    assert_eq!(listed.len(), hf_release::rules::RULES.len());
    for rule in listed {
        let name = rule["name"].as_str().unwrap();
        assert!(table.contains(name), "{name}");
        let manual = text(&run(&["explain", name], folder.path()).stdout);
        assert!(
            manual.starts_with(&format!("{name}\n")) && manual.lines().all(|line| !line.starts_with("```")),
            "{manual}"
        );
        let raw = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(rule["docs"].as_str().unwrap()));
        let printed = run(&["explain", name, "--output", "markdown"], folder.path()).stdout;
        assert_eq!(text(&printed), raw.unwrap(), "{name}");
    }
}

/// The items of a checklist in JSON.
fn items(output: &Output) -> Vec<Value> {
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["schema"], "hf-release-checklist/1");
    document["items"].as_array().unwrap().clone()
}

#[test]
fn the_checklist_has_every_item_and_never_calls_the_unseen_met() {
    let folder = repositories(&[("model", WRONG)]);
    let output = run(&["checklist", "model", "--output", "json"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    let lines = items(&output);
    let state = |item: &str| {
        let line = lines.iter().find(|line| line["item"] == item).unwrap();
        line["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(lines.len(), hf_release::checklist::ITEMS.len());
    assert_eq!(state("discover.license"), "not-met");
    assert_eq!(state("access.visibility"), "needs-hub");
    assert_eq!(state("after.share"), "needs-person");
    let table = text(&run(&["checklist", "model"], folder.path()).stdout);
    assert!(table.contains("not met"), "{table}");
}

#[test]
fn the_checklist_calls_nothing_met_that_was_not_checked() {
    let folder = repositories(&[("space", "---\ntitle: Lamp\nsdk: gradio\n---\nAn app.\n")]);
    let output = run(&["checklist", "space", "--output", "json"], folder.path());
    let lines = items(&output);
    let license = lines.iter().find(|line| line["item"] == "discover.license").unwrap();
    assert_eq!(license["state"], "not-checked", "{license}");
    assert!(license["note"].as_str().unwrap().starts_with("README.md is the card of a Space"));
    let card = lines.iter().filter(|line| line["item"].as_str().unwrap().starts_with("card."));
    assert!(card.clone().all(|line| line["state"] != "met"), "{:?}", card.collect::<Vec<_>>());
}

#[test]
fn what_a_template_left_untouched_is_one_finding_and_is_not_met() {
    let card = "---\nlicense: mit\n---\n# Model Card for Model ID\n\n## Evaluation\n\n[More Information Needed]\n\n\
                ## Bias, Risks, and Limitations\n\n[More Information Needed]\n";
    let folder = repositories(&[("model", card)]);
    let found = text(&run(&["check", "model", "--output", "concise"], folder.path()).stdout);
    assert!(found.contains("[template-text]") && !found.contains("[missing-evaluation]"), "{found}");
    let alone =
        text(&run(&["check", "model", "--output", "concise", "--select", "missing-evaluation"], folder.path()).stdout);
    assert!(alone.contains("the section `Evaluation` is empty"), "{alone}");
    let output = run(&["checklist", "model", "--output", "json"], folder.path());
    let lines = items(&output);
    for (item, rule) in [
        ("card.template", "template-text"),
        ("card.performance", "missing-evaluation"),
        ("card.limitations", "missing-limitations"),
    ] {
        let line = lines.iter().find(|line| line["item"] == item).unwrap();
        assert_eq!((line["state"].as_str(), line["rules"][0].as_str()), (Some("not-met"), Some(rule)), "{item}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = program()
        .args(["rules"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn colors_and_width_follow_the_environment() {
    let folder = repositories(&[("model", WRONG)]);
    let shown = |set: &[(&str, &str)], more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hf-release"));
        command.args(ONLY).arg("model").args(more).current_dir(folder.path());
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "NO_GRAPHICS", "TERM"] {
            command.env_remove(name);
        }
        text(&command.envs(set.iter().copied()).output().unwrap().stdout)
    };
    assert!(!shown(&[], &[]).contains('\u{1b}'), "a pipe gets no colors");
    assert!(shown(&[("CLICOLOR_FORCE", "1")], &[]).contains('\u{1b}'));
    assert!(shown(&[("FORCE_COLOR", "1")], &[]).contains('\u{1b}'));
    assert!(!shown(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], &[]).contains('\u{1b}'));
    assert!(!shown(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]).contains('\u{1b}'));
    assert!(shown(&[("NO_COLOR", "1")], &["--color", "always"]).contains('\u{1b}'));
    let plain = shown(&[("NO_GRAPHICS", "1")], &[]);
    assert!(plain.is_ascii(), "{plain}");
    let narrow = shown(&[("COLUMNS", "30")], &[]);
    assert!(narrow.contains("Apache-2.0"), "{narrow}");
}

/// A safetensors file of one tensor, and a pickle that would run a command.
fn weights() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let header = concat!(r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "  ");
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend([0; 8]);
    fs::create_dir_all(folder.path().join("good")).unwrap();
    fs::write(folder.path().join("good/model.safetensors"), &bytes).unwrap();
    fs::write(folder.path().join("good/config.json"), "{}").unwrap();
    fs::write(folder.path().join("cut.safetensors"), &bytes[..bytes.len() - 1]).unwrap();
    fs::write(folder.path().join("virus.pkl"), b"\x80\x02cposix\nsystem\nX\x02\0\0\0id\x85R.").unwrap();
    folder
}

#[test]
fn inspect_tells_what_files_are_and_exits_by_what_it_finds() {
    let folder = weights();
    let exit = |arguments: &[&str]| run(&[&["inspect"], arguments].concat(), folder.path()).status.code().unwrap();
    assert_eq!(exit(&["good"]), 0);
    assert_eq!(exit(&["good/model.safetensors"]), 0);
    assert_eq!(exit(&["cut.safetensors"]), 1);
    assert_eq!(exit(&["virus.pkl"]), 1);
    assert_eq!(exit(&["."]), 1);
    assert_eq!(exit(&["good/config.json"]), 3);
    assert_eq!(exit(&["virus.pkl", "good/config.json"]), 1);
    assert_eq!(exit(&["absent"]), 2);
    assert_eq!(exit(&["good", "--output", "yaml"]), 2);
    let told = text(&run(&["inspect", "good", "virus.pkl", "--tensors", "--pickle"], folder.path()).stdout);
    for wanted in
        ["good/model.safetensors", "  a  F32  [2]  64..72", "dangerous  posix.system", "REDUCE at byte 24 with ('id')"]
    {
        assert!(told.contains(wanted), "`{wanted}` is missing in\n{told}");
    }
    assert!(!told.contains("config.json"), "{told}");
}

#[test]
fn inspect_writes_json_for_programs() {
    let folder = weights();
    let output = run(&["inspect", ".", "--output", "json"], folder.path());
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["schema"], "hf-release-inspect/1");
    assert_eq!(value["exit"], 1);
    let verdicts: Vec<_> =
        value["files"].as_array().unwrap().iter().map(|file| (&file["path"], &file["verdict"])).collect();
    let wanted = [("cut.safetensors", "malformed"), ("good/model.safetensors", "ok"), ("virus.pkl", "dangerous")];
    let wanted: Vec<(Value, Value)> =
        wanted.iter().map(|(path, verdict)| ((*path).into(), (*verdict).into())).collect();
    assert_eq!(verdicts, wanted.iter().map(|(path, verdict)| (path, verdict)).collect::<Vec<_>>());
}

#[test]
fn every_command_takes_the_same_output_options() {
    let folder = weights();
    fs::write(folder.path().join("good/README.md"), RIGHT).unwrap();
    for command in [
        &["check", "good"][..],
        &["preview", "good"],
        &["inspect", "good"],
        &["explain", "missing-license"],
        &["rules"],
        &["checklist", "good"],
        &["init", "good"],
    ] {
        let plain = run(&[command, &["--color", "never"]].concat(), folder.path());
        assert!(!plain.stdout.contains(&0x1b), "{command:?}");
        let named = run(&[command, &["--color", "never", "--output", "human=-"]].concat(), folder.path());
        assert_eq!(text(&named.stdout), text(&plain.stdout), "{command:?}");
        run(&[command, &["--output", "human=-", "--output", "human=report.txt"]].concat(), folder.path());
        assert!(fs::metadata(folder.path().join("report.txt")).unwrap().len() > 0, "{command:?}");
        fs::remove_file(folder.path().join("report.txt")).unwrap();
    }
    for command in [&["rules"][..], &["explain", "missing-license"], &["checklist", "good"], &["init", "good"]] {
        let painted = run(&[command, &["--color", "always"]].concat(), folder.path());
        assert!(painted.stdout.contains(&0x1b), "{command:?}");
    }
}

#[test]
fn the_worst_stands_last_and_the_card_first_within_a_level() {
    let card = "---\nlicense: Apache-2.0\nlibrary: x\n---\n";
    let folder = repositories(&[("model", card)]);
    fs::write(folder.path().join("model/0.safetensors"), "no weights").unwrap();
    let output = run(&["check", "model", "--output", "concise"], folder.path());
    let shown = text(&output.stdout);
    let lines: Vec<&str> = shown.lines().filter(|line| line.contains('[')).collect();
    let level = |line: &str| ["note[", "warning[", "error["].iter().position(|word| line.contains(word)).unwrap();
    let found: Vec<(usize, bool)> =
        lines.iter().map(|line| (level(line), !line.starts_with("model/README.md"))).collect();
    assert!(found.is_sorted(), "{shown}");
    assert!(found.contains(&(2, false)) && found.contains(&(2, true)), "{shown}");
}

#[test]
fn findings_win_over_an_incomplete_run() {
    let folder = repositories(&[("model", WRONG), ("clean", RIGHT)]);
    for name in ["model", "clean"] {
        fs::write(folder.path().join(name).join(".gitattributes"), vec![0xff; 11_000_000]).unwrap();
    }
    let exit = |name: &str| {
        let output = run(&[&ONLY[..], &[name, "--output", "json"]].concat(), folder.path());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(!report["repositories"][0]["problems"].as_array().unwrap().is_empty(), "{report}");
        output.status.code().unwrap()
    };
    assert_eq!(exit("clean"), 3);
    assert_eq!(exit("model"), 1);
}

#[test]
fn a_skip_is_said_once() {
    let folder = repositories(&[("space", "---\ntitle: Lamp\nsdk: gradio\n---\nAn app.\n")]);
    let shown = text(&run(&["check", "space", "--select", "metadata,card"], folder.path()).stdout);
    assert_eq!(shown.matches("is the card of a Space").count(), 1, "{shown}");
}

#[test]
fn paths_can_be_opened_from_where_the_user_stands() {
    let folder = repositories(&[("models/a", WRONG)]);
    let shown = |cwd: &Path, path: &str, format: &str| {
        let output = run(&[&ONLY[..], &[path, "--output", format]].concat(), cwd);
        text(&output.stdout)
    };
    assert!(shown(folder.path(), "models/a", "human").contains("[models/a/README.md:2:10]"));
    assert!(shown(folder.path(), "models/a", "concise").starts_with("models/a/README.md:2:10: error["));
    assert!(shown(&folder.path().join("models"), "./a", "concise").starts_with("a/README.md:2:10: "));
    assert!(shown(&folder.path().join("models/a"), ".", "concise").starts_with("README.md:2:10: "));
    let output = program()
        .args([&ONLY[..], &[".", "--output", "github"]].concat())
        .env("GITHUB_WORKSPACE", folder.path())
        .current_dir(folder.path().join("models/a"))
        .output()
        .unwrap();
    assert!(text(&output.stdout).starts_with("::error file=models/a/README.md,line=2,"), "{}", text(&output.stdout));
}

#[test]
fn a_folder_of_models_says_how_to_check_each() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["models/a", "models/b"] {
        fs::create_dir_all(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("config.json"), "{}").unwrap();
    }
    let shown = text(&run(&["check"], folder.path()).stdout);
    assert!(shown.contains("`hf-release check models/*`"), "{shown}");
    let shown = text(&run(&["check", "models"], folder.path()).stdout);
    assert!(shown.contains("`hf-release check models/*`"), "{shown}");
    let shown = text(&run(&["check", "models/a"], folder.path()).stdout);
    assert!(!shown.contains("several models"), "{shown}");
}

#[test]
fn quiet_and_statistics() {
    let folder = repositories(&[("wrong", WRONG), ("right", RIGHT)]);
    let shown = |more: &[&str]| text(&run(&[&ONLY[..], more].concat(), folder.path()).stdout);
    assert_eq!(shown(&["right", "-q"]), "");
    assert!(!shown(&["wrong", "--quiet"]).contains("1 error"));
    let statistics = shown(&["wrong", "right", "wrong", "--statistics"]);
    assert!(statistics.starts_with("2  error[unknown-license]\n2 errors\n"), "{statistics}");
}

#[test]
fn the_fixes_of_a_run_and_their_edits_are_in_the_json() {
    let folder = repositories(&[("model", WRONG)]);
    let json = |more: &[&str]| -> Value {
        let output = run(&[&ONLY[..], &["model", "--output", "json"], more].concat(), folder.path());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let finding = json(&[])["repositories"][0]["findings"][0].clone();
    assert_eq!(
        finding["fix"]["edits"],
        serde_json::json!([{"file": "README.md", "start": 13, "end": 23, "text": "apache-2.0"}])
    );
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(finding["docs"].as_str().unwrap()).is_file());
    let fixes = json(&["--fix"])["repositories"][0]["fixes"].clone();
    assert_eq!(fixes["applied"][0]["rule"], "unknown-license");
    assert_eq!(fixes["refused"], serde_json::json!([]));
}

/// What is not there was not looked at: a folder of nothing meets nothing.
#[test]
fn the_checklist_calls_nothing_met_that_is_not_there() {
    let folder = repositories(&[("card", "---\nlicense: mit\n---\n"), ("broken", "---\nlicense: a: b\n---\n")]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("empty/notes.txt"), "x").unwrap();
    let states = |name: &str| -> Vec<(String, String)> {
        let output = run(&["checklist", name, "--output", "json"], folder.path());
        let pair = |item: &Value| (item["item"].to_string(), item["state"].to_string());
        items(&output).iter().map(pair).collect()
    };
    assert!(states("empty").iter().all(|(_, state)| state != "\"met\""), "{:?}", states("empty"));
    let state = |name: &str, wanted: &str| {
        states(name).into_iter().find(|(item, _)| item.contains(wanted)).map(|(_, state)| state).unwrap()
    };
    assert_eq!(state("card", "discover.license"), "\"met\"");
    assert_eq!(state("card", "weights.safetensors"), "\"not-checked\"");
    assert_eq!(state("card", "discover.datasets"), "\"not-checked\"");
    assert_eq!(state("broken", "discover.license"), "\"not-checked\"");
}

/// The findings of a run that could not write are those of the disk, and the run is incomplete.
#[cfg(unix)]
#[test]
fn what_is_not_written_is_not_fixed() {
    let card = "---\nlicense: MIT\n---\n# Lamp\n";
    let folder = repositories(&[("model", card)]);
    let path = folder.path().join("model/README.md");
    // No file may grow: that is how a full disk looks to a program.
    let program = env!("CARGO_BIN_EXE_hf-release");
    let script =
        format!("trap '' XFSZ; ulimit -f 0; {program} check model --fix --select unknown-license --output json");
    let output = std::process::Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let repository = &report["repositories"][0];
    assert_eq!(repository["findings"][0]["rule"], "unknown-license", "{report}");
    assert_eq!(repository["fixes"]["applied"], serde_json::json!([]));
    assert_eq!(repository["problems"][0]["path"], "README.md", "{report}");
    assert_eq!(fs::read_to_string(path).unwrap(), card);
    assert_eq!(fs::read_dir(folder.path().join("model")).unwrap().count(), 1, "no temporary file");
}

/// A temporary file of a killed run is reported until the next run that writes removes it; nothing else is.
#[test]
fn what_a_killed_run_left_is_reported_and_removed() {
    let folder = repositories(&[("model", "---\nlicense: mit\n---\n# Lamp\n")]);
    let left = folder.path().join("model/.hf-release-0123456789abcdef.tmp");
    let others = ["model/.hf-release-mine.tmp", "model/a.tmp"].map(|path| folder.path().join(path));
    fs::write(&left, "half").unwrap();
    others.iter().for_each(|path| fs::write(path, "mine").unwrap());
    let check = |arguments: &[&str]| {
        run(&[&["check", "model", "--select", "unknown-license"], arguments].concat(), folder.path())
    };
    let output = check(&[]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("would be pushed"), "{}", text(&output.stdout));
    // A file that another run may be writing at this moment stays.
    assert_eq!(check(&["--fix"]).status.code(), Some(3));
    assert!(left.is_file());
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    fs::File::options().write(true).open(&left).unwrap().set_modified(old).unwrap();
    assert_eq!(check(&["--diff"]).status.code(), Some(3));
    assert!(left.is_file());
    assert_eq!(check(&["--fix"]).status.code(), Some(0));
    assert!(!left.exists() && others.iter().all(|path| path.is_file()));
}
