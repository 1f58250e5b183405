//! `--output FORMAT[=FILE]`.

use std::path::PathBuf;

use super::Failure;
use crate::report::findings::Format;

/// One output: a format, and a file unless it goes to stdout.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

/// Reads the options. When all of them go to files, people still get the human form on stdout: a failing run must
/// show why.
pub(super) fn targets(options: &[String]) -> Result<Vec<Target>, Failure> {
    let mut targets = options.iter().map(|option| target(option)).collect::<Result<Vec<_>, _>>()?;
    match targets.iter().filter(|target| target.file.is_none()).count() {
        0 => targets.insert(0, Target { format: Format::default(), file: None }),
        1 => {}
        _ => {
            return Err(Failure::usage(
                "two outputs cannot share stdout",
                "give all but one a file: `--output human --output json=report.json`",
            ));
        }
    }
    Ok(targets)
}

fn target(option: &str) -> Result<Target, Failure> {
    let (name, file) = match option.split_once('=') {
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (option, None),
    };
    let names = || Format::ALL.map(Format::as_str).join(", ");
    let format = name.parse().map_err(|_| {
        Failure::usage(format!("`{name}` is not an output format"), format!("choose one of {}", names()))
    })?;
    if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
        return Err(Failure::usage(
            format!("`--output {option}` names no file"),
            "write the file's name after the `=`",
        ));
    }
    Ok(Target { format, file })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(words: &[&str]) -> Result<Vec<Target>, Failure> {
        targets(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn people_see_why_a_run_fails_when_the_report_goes_to_a_file() {
        let targets = options(&["json=report.json"]).unwrap();
        assert_eq!(targets[0], Target { format: Format::Human, file: None });
        assert_eq!(targets[1], Target { format: Format::Json, file: Some("report.json".into()) });
    }

    #[test]
    fn stdout_takes_one_format() {
        assert!(options(&["json", "github"]).is_err());
        assert!(options(&["json", "github=x"]).is_ok());
        assert!(options(&["jsn"]).is_err());
        assert!(options(&["json="]).is_err());
    }
}
