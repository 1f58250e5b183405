//! What stdout is, and what may be sent to it.

use std::borrow::Cow;
use std::io::IsTerminal;

use super::args::ColorWhen;
use crate::report::{ColorChoice, Paint, Style, Terminal};

/// How to write for people on stdout.
pub(super) fn style(color: ColorWhen) -> Style {
    let choice = match color {
        ColorWhen::Auto => ColorChoice::Auto,
        ColorWhen::Always => ColorChoice::Always,
        ColorWhen::Never => ColorChoice::Never,
    };
    let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let terminal = Terminal { is_tty: std::io::stdout().is_terminal(), width };
    Style::detect(choice, terminal, |name| std::env::var(name).ok())
}

/// A diff for stdout: exact for a pipe, so that `git apply` works; in color and without escape sequences of the repository's
/// for a terminal.
pub(super) fn diff(bytes: &[u8], color: ColorWhen) -> Cow<'_, [u8]> {
    if !std::io::stdout().is_terminal() && color != ColorWhen::Always {
        return Cow::Borrowed(bytes);
    }
    let style = style(color);
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<_> = text.split('\n').map(|line| painted(&visible(line.trim_end_matches('\r')), style)).collect();
    Cow::Owned(lines.join("\n").into_bytes())
}

/// A line of a diff in the colors of git.
fn painted(line: &str, style: Style) -> String {
    match line.as_bytes() {
        [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => style.paint(Paint::Strong, line),
        [b'-', ..] => style.paint(Paint::Error, line),
        [b'+', ..] => style.paint(Paint::Good, line),
        [b'@', b'@', ..] => style.paint(Paint::Info, line),
        _ => line.to_owned(),
    }
}

/// The same for several lines.
pub(super) fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// Text of a repository or of the command line, with control characters written out.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    crate::report::visible(text)
}
