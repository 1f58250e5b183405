//! What a user can say.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic::Level;

/// Checks a model repository before it is pushed to the Hugging Face Hub.
///
/// Reads the model card and the weight files together, without executing anything and without a network, and reports
/// what the Hub would refuse, what breaks whoever downloads the model, and what makes it harder to find.
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
    /// Begin the model card, or complete it, from what the files show
    Init(InitArgs),
    /// Show what the model's page on the Hub will have after the push
    Preview(PreviewArgs),
    /// Show what weight files are, without loading them
    Inspect(InspectArgs),
    /// Show a rule's manual: what it reports, why it matters, how to mend it
    Explain(ExplainArgs),
    /// List every rule
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

/// `check`
#[derive(Debug, Args)]
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

    /// Write what the files prove, and stubs for what they do not; then report what remains
    #[arg(long, help_heading = "Fixes")]
    pub(super) fix: bool,

    /// Also apply fixes that need a person's judgement (implies --fix)
    #[arg(long, help_heading = "Fixes")]
    pub(super) unsafe_fixes: bool,

    /// Print what --fix would change as a unified diff, and write nothing
    #[arg(long, help_heading = "Fixes")]
    pub(super) diff: bool,

    /// The output format, with a file to write it to if wanted (repeatable)
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(super) output: Vec<String>,

    /// The lowest level that makes the exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "warning", help_heading = "Output")]
    pub(super) fail_on: FailOn,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(super) color: ColorWhen,
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
}

/// `preview`
#[derive(Debug, Args)]
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

    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(super) output: PreviewFormat,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(super) color: ColorWhen,
}

/// `inspect`
#[derive(Debug, Args)]
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

    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "human", help_heading = "Output")]
    pub(super) output: InspectFormat,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(super) color: ColorWhen,
}

/// `explain`
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule's name, as findings show it
    #[arg(value_name = "RULE", required = true)]
    pub(super) rules: Vec<String>,
}

/// `rules`
#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) output: ListFormat,
}

/// `checklist`
#[derive(Debug, Args)]
pub(super) struct ChecklistArgs {
    /// The model repository
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) path: PathBuf,

    /// Input options.
    #[command(flatten)]
    pub(super) release: ReleaseArgs,

    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) output: ListFormat,
}

/// The lowest level that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Only errors
    Error,
    /// Errors and warnings
    Warning,
    /// Every finding
    Info,
    /// Nothing: report only
    Never,
}

impl FailOn {
    /// Whether a finding of this level fails the run.
    pub(super) fn includes(self, level: Level) -> bool {
        match self {
            Self::Error => level >= Level::Error,
            Self::Warning => level >= Level::Warning,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWhen {
    /// On a terminal that shows them, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Formats of `preview`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PreviewFormat {
    /// For people
    Text,
    /// For programs: `hf-release-preview/1`
    Json,
}

/// Formats of inspections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InspectFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

/// Formats of listings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// For people
    Table,
    /// For programs
    Json,
}
