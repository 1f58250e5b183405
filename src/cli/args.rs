//! What a user can say.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic::Level;

/// Checks a model repository before it is pushed to the Hugging Face Hub.
///
/// Reads the model card and the weight files together, without a network and without running anything. Reports what the Hub
/// rejects, what fails for your users, and what makes the model harder to find.
#[derive(Debug, Parser)]
#[command(name = "hf-release", version, max_term_width = 100, arg_required_else_help = true)]
pub(super) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check one or more model repositories
    Check(CheckArgs),
    /// Create or complete the model card from what the files show
    Init(InitArgs),
    /// Show the model's page as the Hub will show it after the push
    Preview(PreviewArgs),
    /// Show what weight files contain, without loading them
    Inspect(InspectArgs),
    /// Show the manual of a rule: what it reports, why, and how to fix it
    Explain(ExplainArgs),
    /// List all rules
    Rules(RulesArgs),
    /// Show the release checklist with the state of every item
    Checklist(ChecklistArgs),
}

/// How a release is read.
#[derive(Clone, Debug, Args)]
pub(super) struct ReleaseArgs {
    /// The repository's id on the Hub (OWNER/NAME), where the folder does not show it
    ///
    /// Without it the id comes from a git remote on the Hub or from a download cache folder.
    #[arg(long, value_name = "ID", help_heading = "Input")]
    pub(super) repo_id: Option<String>,
}

/// Which rules run.
#[derive(Clone, Debug, Args)]
pub(super) struct SelectArgs {
    /// Run only these rules or sections (comma-separated, repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(super) select: Vec<String>,

    /// Leave out these rules or sections (comma-separated, repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(super) ignore: Vec<String>,
}

/// Where a result goes, and how it looks there.
#[derive(Clone, Debug, Args)]
pub(super) struct OutputArgs {
    /// The output format, and a file to write it to (repeatable; FILE `-` is stdout)
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(super) output: Vec<String>,

    /// When to use colors
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(super) color: ColorWhen,
}

/// What `check --help` says at the end.
const CHECK_HELP: &str = "\
Formats:
  human    the findings with the lines they are about, the worst last
  concise  one line for each finding
  json     for programs (schema hf-release/1)
  github   annotations of a GitHub workflow

Sections for --select and --ignore:
  metadata, card, weights, ready (`hf-release rules` lists their rules)

Exit codes:
  0  no finding at or above the level of --fail-on
  1  findings at or above it
  2  wrong usage
  3  not everything could be checked, and nothing else was found

Examples:
  hf-release check models/* --output concise
  hf-release check . --select metadata,missing-usage --output json=report.json";

/// The formats of commands whose result is for people or for programs.
const TWO_FORMATS: &str = "Formats: human, json";

/// `check`
#[derive(Debug, Args)]
#[command(after_help = CHECK_HELP)]
pub(super) struct CheckArgs {
    /// The model repositories: folders as they would be pushed
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// Input options.
    #[command(flatten)]
    pub(super) release: ReleaseArgs,

    /// Rule options.
    #[command(flatten)]
    pub(super) rules: SelectArgs,

    /// Write what the files prove, and placeholders for the rest; then report what remains
    #[arg(long, help_heading = "Fixes")]
    pub(super) fix: bool,

    /// Also apply fixes that you must review (implies --fix)
    #[arg(long, help_heading = "Fixes")]
    pub(super) unsafe_fixes: bool,

    /// Print what --fix would change as a unified diff, and write nothing
    #[arg(long, help_heading = "Fixes")]
    pub(super) diff: bool,

    /// Output options.
    #[command(flatten)]
    pub(super) output: OutputArgs,

    /// The lowest level that makes the exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "warning", help_heading = "Output")]
    pub(super) fail_on: FailOn,

    /// Print the findings without the summary; print nothing where there are none
    #[arg(long, short, help_heading = "Output")]
    pub(super) quiet: bool,

    /// Count the findings of each rule instead of showing them (human and concise)
    #[arg(long, help_heading = "Output")]
    pub(super) statistics: bool,
}

/// `init`
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The model repository: a folder as it would be pushed
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) path: PathBuf,

    /// Input options.
    #[command(flatten)]
    pub(super) release: ReleaseArgs,

    /// Write README.md, instead of showing the change as a unified diff
    #[arg(long, short = 'y')]
    pub(super) yes: bool,

    /// Output options.
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// `preview`
#[derive(Debug, Args)]
#[command(after_help = TWO_FORMATS)]
pub(super) struct PreviewArgs {
    /// The model repository: a folder as it would be pushed
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) path: PathBuf,

    /// Input options.
    #[command(flatten)]
    pub(super) release: ReleaseArgs,

    /// With --diff: compare with the page after `check --fix`
    #[arg(long, help_heading = "Fixes", requires = "diff")]
    pub(super) fix: bool,

    /// With --diff: compare with the page after `check --unsafe-fixes`
    #[arg(long, help_heading = "Fixes", requires = "diff")]
    pub(super) unsafe_fixes: bool,

    /// Show the page before and after the fixes, side by side; nothing is written
    #[arg(long, help_heading = "Fixes")]
    pub(super) diff: bool,

    /// Output options.
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// `inspect`
#[derive(Debug, Args)]
#[command(after_help = TWO_FORMATS)]
pub(super) struct InspectArgs {
    /// Weight files, or folders of repositories
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// List every tensor: name, type, shape, and its bytes in the file
    #[arg(long)]
    pub(super) tensors: bool,

    /// List everything that pickles import and call, with the byte where they do
    #[arg(long)]
    pub(super) pickle: bool,

    /// List the opcodes of pickles
    #[arg(long)]
    pub(super) disassemble: bool,

    /// Output options.
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// `explain`
#[derive(Debug, Args)]
#[command(after_help = "Formats: human, markdown")]
pub(super) struct ExplainArgs {
    /// The rule's name, as findings show it
    #[arg(value_name = "RULE", required = true)]
    pub(super) rules: Vec<String>,

    /// Output options.
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// `rules`
#[derive(Debug, Args)]
#[command(after_help = TWO_FORMATS)]
pub(super) struct RulesArgs {
    /// Output options.
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// `checklist`
#[derive(Debug, Args)]
#[command(after_help = TWO_FORMATS)]
pub(super) struct ChecklistArgs {
    /// The model repository
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) path: PathBuf,

    /// Input options.
    #[command(flatten)]
    pub(super) release: ReleaseArgs,

    /// Output options.
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// The lowest level that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Only errors
    Error,
    /// Errors and warnings
    Warning,
    /// Every finding, notes included
    #[value(alias = "note")]
    Info,
    /// Nothing: report only
    Never,
}

impl FailOn {
    /// The level; nothing where no finding fails the run.
    pub(super) fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Info => Some(Level::Info),
            Self::Never => None,
        }
    }
}

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWhen {
    /// On a terminal that shows them, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
