//! `hf-release inspect [PATH…]`: what weight files are, before they are loaded.

use std::fs;
use std::io::Write;
use std::path::{Component, Path};

use super::args::InspectArgs;
use super::output::{Plain, targets};
use super::{Failure, terminal};
use crate::inspect::{Inspected, Wanted};
use crate::release::{Options, Release};
use crate::report::Exit;
use crate::report::inspect::{json, write_human};
use crate::source::RepoPath;

/// What was looked at, and what could not be.
#[derive(Default)]
struct Looked {
    files: Vec<Inspected>,
    /// Path and reason.
    problems: Vec<(Option<String>, String)>,
}

/// Prints what every file is.
pub(super) fn run(args: &InspectArgs) -> Result<Exit, Failure> {
    for path in &args.paths {
        if !path.is_file() && !path.is_dir() {
            let shown = terminal::visible(&path.to_string_lossy()).into_owned();
            return Err(if path.exists() {
                Failure::usage(
                    format!("`{shown}` is neither a file nor a folder"),
                    "Name a weight file or the folder of a repository.",
                )
            } else {
                Failure::usage(format!("`{shown}` does not exist"), "Name a weight file or the folder of a repository.")
            });
        }
    }
    let wanted = Wanted { tensors: args.tensors, imports: args.pickle, opcodes: args.disassemble };
    let is_alone = args.paths.len() == 1;
    let mut looked = Looked::default();
    for path in &args.paths {
        if path.is_dir() {
            looked.folder(path, is_alone, wanted)?;
        } else {
            looked.file(path, wanted);
        }
    }
    let exit = looked.exit();
    for target in targets(&args.output)? {
        target.write(args.output.color, |style, out| match target.format {
            Plain::Human => write_human(&looked.files, wanted, style, out),
            Plain::Json => write_json(&looked, wanted, exit, out),
        })?;
        if target.format == Plain::Human {
            for (path, message) in &looked.problems {
                let line = path.as_ref().map_or_else(|| message.clone(), |path| format!("{path}: {message}"));
                writeln!(std::io::stderr().lock(), "error: {}", terminal::visible(&line))?;
            }
        }
    }
    Ok(exit)
}

fn write_json(looked: &Looked, wanted: Wanted, exit: Exit, out: &mut dyn Write) -> std::io::Result<()> {
    let document = json::Document {
        schema: json::SCHEMA,
        tool: json::Tool { version: env!("CARGO_PKG_VERSION") },
        files: looked.files.iter().map(|file| json::File::new(file, wanted)).collect(),
        problems: looked
            .problems
            .iter()
            .map(|(path, message)| json::Problem { path: path.as_deref(), message })
            .collect(),
        exit: exit.code(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

impl Looked {
    /// What is found wins over what is missing: it is certain.
    fn exit(&self) -> Exit {
        if self.files.iter().any(|file| file.verdict().fails()) {
            Exit::Findings
        } else if !self.problems.is_empty() || self.files.iter().any(|file| file.verdict().is_incomplete()) {
            Exit::Incomplete
        } else {
            Exit::Clean
        }
    }

    fn file(&mut self, path: &Path, wanted: Wanted) {
        let shown = path.to_string_lossy().replace('\\', "/");
        let read = || {
            let file = fs::File::open(path)?;
            let size = file.metadata()?.len();
            let beside = |name: &str| {
                let is_below =
                    Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
                let found = fs::metadata(path.parent()?.join(name)).ok().filter(|_| is_below);
                found.map(|found| found.len())
            };
            Inspected::read(&RepoPath::new(&shown), file, size, wanted, &beside)
        };
        match read() {
            Ok(Some(file)) => self.files.push(file),
            Ok(None) => self.problems.push((Some(shown), "it is not a weight file".to_owned())),
            Err(error) => self.problems.push((Some(shown), format!("it cannot be read: {error}"))),
        }
    }

    /// The weight files of a repository, as they would be pushed.
    fn folder(&mut self, path: &Path, is_alone: bool, wanted: Wanted) -> Result<(), Failure> {
        let release = Release::open(path, &Options::default())
            .map_err(|error| Failure::incomplete(error.to_string(), error.help()))?;
        let named = path.to_string_lossy().replace('\\', "/");
        // As in every other command: a single folder is what the paths are seen from.
        let below = |inside: &str| match named.trim_end_matches('/') {
            named if is_alone || named == "." => inside.to_owned(),
            "" => format!("/{inside}"),
            named => format!("{named}/{inside}"),
        };
        for problem in release.problems() {
            let place = Some(problem.path.as_str()).filter(|place| !place.is_empty()).map(below);
            self.problems.push((place, problem.message.clone()));
        }
        for file in release.files().iter().filter(|file| !file.missing) {
            let read = release.reader(file.id).map_err(|error| error.to_string()).and_then(|reader| {
                let beside = |name: &str| release.size_beside(&file.path, name);
                Inspected::read(&file.path, reader, file.size, wanted, &beside).map_err(|error| error.to_string())
            });
            match read {
                Ok(Some(mut found)) => {
                    found.path = below(file.path.as_str());
                    self.files.push(found);
                }
                Ok(None) => {}
                Err(why) => self.problems.push((Some(below(file.path.as_str())), why)),
            }
        }
        Ok(())
    }
}
