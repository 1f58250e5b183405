//! Bad input: a clear finding or error each, never a panic, a hang or a swollen process.
//!
//! Every case runs the real program. On Linux it runs with limits on its address space and on the processor's time, so
//! that more than the promise ends it, however busy the machine is. Elsewhere it must answer within [`PATIENCE`].

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// The promise is a second, and `cargo test --release --test hostile` holds the program to it (three, as the machine may
/// be busy). A build that is not optimised only shows that nothing hangs.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 3 });
/// 100 MB of memory, and what the program itself and its stacks map.
const ADDRESS_SPACE_KB: u32 = 100_000 + 60_000;

struct Answer {
    exit: i32,
    stdout: String,
    stderr: String,
}

impl Answer {
    fn of(output: &Output) -> Self {
        Self {
            exit: output.status.code().unwrap_or_else(|| panic!("killed: {}", output.status)),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    #[track_caller]
    fn says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(self.stdout.contains(word), "no `{word}` in:\n{}\n{}", shorten(&self.stdout), self.stderr);
        }
        self
    }

    #[track_caller]
    fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.exit, code, "{}\n{}", shorten(&self.stdout), self.stderr);
        self
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(4000).collect()
}

/// The program within these limits of the shell.
fn within(limits: &str, arguments: &[&str], folder: &Path) -> Output {
    let program = env!("CARGO_BIN_EXE_hf-release");
    let is_limited = cfg!(target_os = "linux");
    let mut command = if is_limited {
        let mut command = Command::new("sh");
        let seconds = PATIENCE.as_secs();
        command.args(["-c", &format!("ulimit -t {seconds}; {limits} exec \"$0\" \"$@\""), program]);
        command
    } else {
        Command::new(program)
    };
    command.arg("check").args(arguments).arg(folder).env("NO_COLOR", "1");
    let start = Instant::now();
    let output = command.output().unwrap();
    assert!(is_limited || start.elapsed() < PATIENCE, "took {:?}", start.elapsed());
    output
}

/// Checks a folder with the given arguments.
#[track_caller]
fn run(folder: &Path, arguments: &[&str]) -> Answer {
    let answer = Answer::of(&within(&format!("ulimit -v {ADDRESS_SPACE_KB};"), arguments, folder));
    assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
    assert!(!answer.stdout.contains("internal error"), "{}", shorten(&answer.stdout));
    for (index, c) in answer.stdout.chars().enumerate() {
        assert!(c == '\n' || !c.is_control(), "control character {c:?} at {index}");
    }
    answer
}

/// A repository with this card; checked in every format, with and without fixes.
#[track_caller]
fn card(text: impl AsRef<[u8]>) -> Answer {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("README.md"), text.as_ref()).unwrap();
    for arguments in [["--output", "json"], ["--output", "concise"], ["--output", "github"]] {
        run(folder.path(), &arguments);
    }
    let answer = run(folder.path(), &[]);
    let diff = run_raw(folder.path(), &["--unsafe-fixes", "--diff"]);
    assert!(diff.exit <= 3);
    answer
}

/// As [`run`], for output that contains the repository's own bytes.
#[track_caller]
fn run_raw(folder: &Path, arguments: &[&str]) -> Answer {
    Answer::of(&within("", arguments, folder))
}

fn block(yaml: &str) -> String {
    format!("---\n{yaml}\n---\n# Title\n")
}

#[test]
fn yaml_ten_thousand_levels_deep() {
    card(block(&format!("a: {}1{}", "[".repeat(10_000), "]".repeat(10_000)))).exits(1).says(&["invalid-front-matter"]);
    let mut stairs = String::new();
    for level in 0..2_000 {
        stairs.push_str(&" ".repeat(level));
        stairs.push_str("a:\n");
    }
    card(block(&stairs)).exits(1).says(&["invalid-front-matter"]);
    card(block(&format!("a: {}", "- ".repeat(10_000)))).exits(1).says(&["invalid-front-matter"]);
}

#[test]
fn a_million_brackets() {
    card(block(&format!("tags: {}", "[".repeat(1_000_000)))).exits(1).says(&["invalid-front-matter"]);
    card(block(&format!("tags: {}", "{".repeat(1_000_000)))).exits(1).says(&["invalid-front-matter"]);
    card(format!("---\nlicense: mit\n---\n{}", "[".repeat(1_000_000))).exits(1);
    card(format!("---\nlicense: mit\n---\n{}", "<".repeat(1_000_000))).exits(1);
    card(format!("---\nlicense: mit\n---\n{}", "> ".repeat(500_000))).exits(1);
    card(format!("---\nlicense: mit\n---\n{}", "*a_ ".repeat(250_000))).exits(1);
}

#[test]
fn alias_bombs() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let before = level - 1;
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 10].join(", ")));
    }
    bomb.push_str("tags: *a29\nlicense: mit");
    card(block(&bomb)).exits(1);
    card(block("a: &a [*a]\nlicense: mit")).exits(1);
}

#[test]
fn a_hundred_thousand_keys() {
    let keys: String = (0..100_000).map(|number| format!("key{number}: value\n")).collect();
    card(block(keys.trim_end())).exits(1);
    let same: String = (0..100_000).map(|_| "license: mit\n").collect();
    card(block(same.trim_end())).exits(1).says(&["invalid-front-matter"]);
    let tags: String = (0..100_000).map(|_| "- no\n").collect();
    card(block(&format!("tags:\n{}", tags.trim_end()))).exits(1);
}

#[test]
fn a_line_of_two_megabytes() {
    let answer = card(format!("---\nlicense: {}\n---\n", "x".repeat(2_000_000)));
    answer.exits(1).says(&["unknown-license"]);
    assert!(answer.stdout.len() < 50_000, "{} bytes of output", answer.stdout.len());
    let picture = format!("---\nlicense: mit\n---\n![x](data:image/png;base64,{})\nTODO", "A".repeat(2_000_000));
    let answer = card(picture);
    assert!(answer.stdout.len() < 50_000, "{} bytes of output", answer.stdout.len());
}

#[test]
fn a_large_honest_front_matter() {
    let results: String = (0..1_200)
        .map(|number| {
            format!(
                "  - task:\n      type: Retrieval\n    dataset:\n      name: MTEB {number}\n      type: mteb/{number}\n      \
                 config: default\n    metrics:\n    - type: ndcg\n      value: 0.{number}\n"
            )
        })
        .collect();
    let text = format!("license: mit\nmodel-index:\n- name: model\n  results:\n{}", results.trim_end());
    assert!(text.len() > 173_000);
    let answer = card(block(&text));
    assert!(!answer.stdout.contains("invalid-front-matter"), "{}", shorten(&answer.stdout));
}

#[test]
fn text_that_is_no_utf8() {
    card(b"---\nlicense: m\xff\xfeit\n---\n").exits(1).says(&["invalid-front-matter"]);
    card(b"---\nlicense: mit\n---\n# T\xc3\x28tle\n");
    card(b"\xff\xfe-\0-\0-\0\n\0").exits(1).says(&["README.md"]);
    card(b"\0\0\0\0").exits(1);
    card("---\nlicense: \u{1b}[31mmit\u{1b}[0m\n---\n\u{9b}31m\u{202e}\u{2066}").exits(1);
}

#[test]
fn line_ends_and_nothing_at_all() {
    for text in ["", "\r", "\n", "---", "---\r", "---\r---\r", "\u{feff}", "\u{feff}---\n---\n", "---\n...\n---\n"] {
        card(text).exits(1);
    }
}

fn weights(name: &str, bytes: &[u8], length: Option<u64>) -> Answer {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("README.md"), "---\nlicense: mit\n---\n").unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    if let Some(length) = length {
        fs::File::options().write(true).open(&path).unwrap().set_len(length).unwrap();
    }
    run(folder.path(), &["--output", "json"]);
    run(folder.path(), &[])
}

#[test]
fn headers_that_lie() {
    let huge = (1_u64 << 63).to_le_bytes();
    weights("model.safetensors", &[&huge[..], b"{}"].concat(), None).exits(1).says(&["malformed-weights"]);
    weights("model.safetensors", b"", None).exits(1).says(&["malformed-weights"]);
    weights("model.safetensors", b"\x01\x00", None).exits(1).says(&["malformed-weights"]);
    let large = 90_000_000_u64.to_le_bytes();
    weights("model.safetensors", &[&large[..], b"{\"a\":"].concat(), Some(90_000_100))
        .exits(1)
        .says(&["malformed-weights"]);
    let brackets = [&50_000_u64.to_le_bytes()[..], b"{\"a\":", &[b'['; 50_000]].concat();
    weights("model.safetensors", &brackets, None).exits(1).says(&["malformed-weights"]);
    let gguf = [&b"GGUF\x03\0\0\0"[..], &[0xff; 16]].concat();
    weights("model.gguf", &gguf, None).exits(1).says(&["malformed-weights"]);
    weights("model.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\xff{", None).exits(1);
    weights("pytorch_model.bin", b"PK\x03\x04cut", None).exits(1).says(&["malformed-weights"]);
    weights("pytorch_model.bin", b"PK\x05\x06", None).exits(1);
}

#[test]
fn templates_and_configurations_that_would_run_something() {
    let template = format!("{}{{{{ x.__class__ }}}}", "{{ x['a'['a'~'b'".repeat(20_000));
    weights("chat_template.jinja", template.as_bytes(), None).exits(1).says(&["active-content", "__class__"]);
    let long = "{{ [(x['a'['a'[~'b'|join".repeat(600_000);
    weights("chat_template.jinja", long.as_bytes(), None).exits(1).says(&["only the first MiB"]);
    let deep = [&b"\x89HDF\r\n\x1a\n"[..], "{\"class_name\":[".repeat(1_000_000).as_bytes()].concat();
    weights("model.h5", &deep, None).exits(1);
    // A graph in a graph in a graph, each a field of the other, as far as the file goes.
    let graph = [&b"\x08\x08\x3a\xff\xff\x7f\x0a\xff\xff\x7f"[..], &[0x2a, 0xff, 0xff, 0x7f].repeat(500_000)].concat();
    weights("model.onnx", &graph, Some(1 << 40)).exits(1);
}

#[test]
fn sparse_terabytes_cost_nothing() {
    let header = br#"{"w":{"dtype":"F32","shape":[250000000000],"data_offsets":[0,1000000000000]}}   "#;
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header].concat();
    let answer = weights("model.safetensors", &bytes, Some(bytes.len() as u64 + 1_000_000_000_000));
    assert!(!answer.stdout.contains("malformed-weights"), "{}", answer.stdout);
}

#[cfg(unix)]
#[test]
fn links_loops_pipes_and_locked_files() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("README.md"), "---\nlicense: mit\n---\n").unwrap();
    symlink("loop-b", root.join("loop-a")).unwrap();
    symlink("loop-a", root.join("loop-b")).unwrap();
    symlink(".", root.join("self")).unwrap();
    symlink("/etc/hostname", root.join("config.json")).unwrap();
    let made = Command::new("mkfifo").arg(root.join("pipe.bin")).status().is_ok_and(|status| status.success());
    if !made {
        eprintln!("SKIPPED in part: there is no mkfifo here");
    }
    let answer = run(root, &[]);
    answer.says(&["loop-a", "config.json"]);
    let exit = run(root, &["--select", "unknown-license"]).exit;
    assert_eq!(exit, 3, "nothing found, and not everything read");

    let folder = tempfile::tempdir().unwrap();
    let readme = folder.path().join("README.md");
    fs::write(&readme, "---\nlicense: mit\n---\n").unwrap();
    fs::set_permissions(&readme, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&readme).is_ok() {
        eprintln!("SKIPPED in part: this user can read files that forbid it");
    } else {
        run(folder.path(), &[]).says(&["README.md"]);
        run(folder.path(), &["--select", "unknown-license"]).exits(3);
    }
}

#[test]
fn a_card_that_is_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("README.md")).unwrap();
    fs::write(folder.path().join("README.md/x.txt"), "x").unwrap();
    run(folder.path(), &[]).exits(1).says(&["missing-model-card", "folder"]);
}

#[test]
fn nothing_to_check() {
    let folder = tempfile::tempdir().unwrap();
    let answer = run(&folder.path().join("absent"), &[]);
    answer.exits(2);
    assert!(answer.stderr.contains("does not exist"), "{}", answer.stderr);
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let answer = run(&file, &[]);
    answer.exits(2);
    assert!(answer.stderr.contains("not a folder"), "{}", answer.stderr);
}

/// Patterns that cost much for each name: the work is bounded, and the answer says that it was.
#[test]
fn ignore_patterns_that_match_slowly() {
    let patterns: [fn(usize) -> String; 5] = [
        |number| format!("*a*a*a*a*a*b{number}"),
        |number| format!("[a-y]*[!b]*?a?{number}"),
        |number| format!("**/a*/**/*b{number}/*"),
        |number| format!("{{a*,?a*a,*ab*}}*{{c,d}}{number}"),
        |number| format!("*{}{number}", "?".repeat(60)),
    ];
    for pattern in patterns {
        let folder = tempfile::tempdir().unwrap();
        let lines: Vec<String> = (0..2048).map(pattern).collect();
        fs::write(folder.path().join(".gitignore"), lines.join("\n")).unwrap();
        fs::write(folder.path().join("README.md"), block("license: mit")).unwrap();
        for number in 0..2000 {
            fs::write(folder.path().join(format!("{}{number}", "a".repeat(200))), "").unwrap();
        }
        within_a_second(|| run(folder.path(), &["--output", "concise"])).says(&["takes too long on so many files"]);
    }
}

/// A pattern file in every folder: reading them all is bounded, too.
#[test]
fn many_pattern_files_that_are_slow_to_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("README.md"), block("license: mit")).unwrap();
    let lines: Vec<String> = (0..2000).map(|number| format!("*{}{number} filter=lfs", "a?".repeat(30))).collect();
    for number in 0..50 {
        let inside = folder.path().join(number.to_string());
        fs::create_dir(&inside).unwrap();
        fs::write(inside.join(".gitattributes"), lines.join("\n")).unwrap();
    }
    within_a_second(|| run(folder.path(), &["--output", "concise"])).says(&["its patterns cost too much time"]);
}

/// Holds the optimised program to a second.
#[track_caller]
fn within_a_second(run: impl FnOnce() -> Answer) -> Answer {
    let start = Instant::now();
    let answer = run();
    assert!(cfg!(debug_assertions) || start.elapsed() < Duration::from_secs(1), "took {:?}", start.elapsed());
    answer
}
