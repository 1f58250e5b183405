//! What a user can say and what happens then: one file a command.
//!
//! The only part of the library that prints, reads the environment and decides about exit codes.

mod args;
mod check;
mod checklist;
mod explain;
mod failure;
mod init;
mod inspect;
mod meant;
mod output;
mod pager;
mod preview;
mod rules;
mod terminal;
mod workspace;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use clap::Parser;

use args::{Cli, Command, ReleaseArgs};
use failure::Failure;

use crate::check::cannot_open;
use crate::hub;
use crate::release::{OpenError, Options, Release, RepoId};
use crate::report::Exit;
use crate::report::json::Tool;

/// Runs the command line: prints to the process's streams and gives the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            if let Some(failure) = meant::failure(&error) {
                let _ = writeln!(std::io::stderr().lock(), "{failure}");
                return failure.exit() as u8;
            }
            // Help and version are not errors, and clap sends them to stdout.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage as u8 } else { Exit::Clean as u8 };
        }
    };
    // A rule that panics becomes a finding; the default message would only hide it.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let outcome = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Preview(args) => preview::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Checklist(args) => checklist::run(&args),
    };
    match outcome {
        Ok(exit) => exit as u8,
        // The reader of the output stopped reading: `hf-release rules | head`. The check did not fail.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Clean as u8,
        Err(failure) => {
            let _ = writeln!(std::io::stderr().lock(), "{failure}");
            failure.exit() as u8
        }
    }
}

/// What wrote a document.
fn tool() -> Tool<'static> {
    Tool { version: env!("CARGO_PKG_VERSION"), data: hub::DATA_DATE }
}

/// Standard output, buffered; the caller flushes.
fn stdout() -> std::io::BufWriter<std::io::Stdout> {
    std::io::BufWriter::new(std::io::stdout())
}

/// How folders are read. A repository id that cannot be one is a mistake in the command line.
fn options(args: &ReleaseArgs) -> Result<Options, Failure> {
    if let Some(id) = &args.repo_id {
        RepoId::from_flag(id).map_err(|error| Failure::usage(error.to_string(), OpenError::from(error).help()))?;
    }
    Ok(Options { repo_id: args.repo_id.clone() })
}

/// The release in a folder.
fn open(path: &PathBuf, args: &ReleaseArgs) -> Result<Release, Failure> {
    require_folders(std::slice::from_ref(path))?;
    Ok(Release::open(path, &options(args)?).map_err(|error| cannot_open(&error))?)
}

/// A path that is not a folder is a mistake in the command line, reported before anything is checked.
fn require_folders(paths: &[PathBuf]) -> Result<(), Failure> {
    for path in paths {
        let shown = terminal::visible(&path.to_string_lossy()).into_owned();
        if !path.exists() {
            return Err(Failure::usage(
                format!("`{shown}` does not exist"),
                "Name the folder that contains the model's README.md.",
            ));
        }
        if !path.is_dir() {
            return Err(Failure::usage(
                format!("`{shown}` is not a folder"),
                "Name the folder that the file is in. A release is checked as a whole.",
            ));
        }
    }
    Ok(())
}
