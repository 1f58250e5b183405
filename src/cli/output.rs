//! `--output FORMAT[=FILE]`, the same for every command.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::args::{ColorWhen, OutputArgs};
use super::{Failure, stdout, terminal};
use crate::report::Style;
use crate::report::findings;

/// The formats of a command. The first one is for people, and every command calls it `human`.
pub(super) trait Format: Copy + 'static {
    /// All of them, in the order in which help lists them.
    const ALL: &'static [Self];

    /// The word that names it.
    fn name(self) -> &'static str;
}

impl Format for findings::Format {
    const ALL: &'static [Self] = &findings::Format::ALL;

    fn name(self) -> &'static str {
        self.as_str()
    }
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Human,
    Json,
}

impl Format for Plain {
    const ALL: &'static [Self] = &[Self::Human, Self::Json];

    fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
        }
    }
}

/// For a terminal, or as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manual {
    Human,
    Markdown,
}

impl Format for Manual {
    const ALL: &'static [Self] = &[Self::Human, Self::Markdown];

    fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Markdown => "markdown",
        }
    }
}

/// The only format of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Human;

impl Format for Human {
    const ALL: &'static [Self] = &[Self];

    fn name(self) -> &'static str {
        "human"
    }
}

/// One output: a format, and a file unless it goes to stdout.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target<F> {
    pub(super) format: F,
    pub(super) file: Option<PathBuf>,
}

impl<F> Target<F> {
    /// Writes to the file or to stdout.
    pub(super) fn write(
        &self,
        color: ColorWhen,
        write: impl FnOnce(Style, &mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(), Failure> {
        match &self.file {
            None => {
                let mut out = stdout();
                write(terminal::style(color), &mut out)?;
                Ok(out.flush()?)
            }
            Some(path) => {
                let cannot = |error| not_written(path, &error);
                let mut out = BufWriter::new(File::create(path).map_err(cannot)?);
                write(Style::PLAIN, &mut out).and_then(|()| out.flush()).map_err(cannot)
            }
        }
    }
}

fn not_written(path: &Path, error: &std::io::Error) -> Failure {
    Failure::incomplete(
        format!("the report could not be written to {}: {error}", path.display()),
        "Name a file in a folder that exists and that you can write to.",
    )
}

/// Reads the options. When all of them go to files, people still get the human form on stdout: a failing run must
/// show why.
pub(super) fn targets<F: Format>(args: &OutputArgs) -> Result<Vec<Target<F>>, Failure> {
    let mut targets = args.output.iter().map(|option| target(option)).collect::<Result<Vec<Target<F>>, _>>()?;
    match (targets.iter().filter(|target| target.file.is_none()).count(), F::ALL.first()) {
        (0, Some(human)) => targets.insert(0, Target { format: *human, file: None }),
        (0 | 1, _) => {}
        _ => {
            return Err(Failure::usage(
                "two outputs cannot share stdout",
                "Give all but one a file: `--output human --output json=report.json`.",
            ));
        }
    }
    Ok(targets)
}

fn target<F: Format>(option: &str) -> Result<Target<F>, Failure> {
    let (name, file) = match option.split_once('=') {
        Some((name, file)) => (name, Some(file)),
        None => (option, None),
    };
    if file == Some("") {
        return Err(Failure::usage(
            format!("`--output {option}` names no file"),
            "Write the name of the file after the `=`.",
        ));
    }
    let file = file.filter(|file| *file != "-").map(PathBuf::from);
    match F::ALL.iter().find(|format| format.name() == name) {
        Some(format) => Ok(Target { format: *format, file }),
        None => Err(unknown::<F>(name)),
    }
}

fn unknown<F: Format>(name: &str) -> Failure {
    let names: Vec<&str> = F::ALL.iter().map(|format| format.name()).collect();
    let near = names.iter().map(|known| (strsim::jaro_winkler(&name.to_lowercase(), known), known));
    let near = near.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
    let help = match near {
        Some((_, known)) => format!("Did you mean `{known}`? Choose one of {}.", names.join(", ")),
        None => format!("Choose one of {}.", names.join(", ")),
    };
    Failure::usage(format!("`{name}` is not an output format of this command"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(words: &[&str]) -> Result<Vec<Target<findings::Format>>, Failure> {
        let output = words.iter().map(|word| (*word).to_owned()).collect();
        targets(&OutputArgs { output, color: ColorWhen::Auto })
    }

    #[test]
    fn people_see_why_a_run_fails_when_the_report_goes_to_a_file() {
        let targets = options(&["json=report.json"]).unwrap();
        assert_eq!(targets[0], Target { format: findings::Format::Human, file: None });
        assert_eq!(targets[1], Target { format: findings::Format::Json, file: Some("report.json".into()) });
    }

    #[test]
    fn stdout_takes_one_format() {
        assert!(options(&["json", "github"]).is_err());
        assert!(options(&["json", "github=-"]).is_err());
        assert!(options(&["json", "github=x"]).is_ok());
        assert_eq!(options(&["json=-"]).unwrap(), [Target { format: findings::Format::Json, file: None }]);
        assert!(options(&["jsn"]).is_err());
        assert!(options(&["json="]).is_err());
    }
}
