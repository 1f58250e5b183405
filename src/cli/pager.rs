//! A long text on a terminal, one screen after the other. The only place that starts a program: the one that the user chose.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};

/// Shows the text in `PAGER`, or in `less`. Gives `false` where there is no terminal, the text fits, or no pager starts: then
/// nothing was printed.
pub(super) fn show(text: &[u8]) -> bool {
    let height = terminal_size::terminal_size().map_or(0, |(_, height)| usize::from(height.0));
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    if !std::io::stdout().is_terminal() || lines < height {
        return false;
    }
    let chosen = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let mut words = chosen.split_whitespace();
    let Some(program) = words.next() else { return false };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Colors are shown, and the text stays on the screen: what git sets, too.
        command.env("LESS", "FRX");
    }
    let Ok(mut pager) = command.spawn() else { return false };
    if let Some(mut input) = pager.stdin.take() {
        // A reader who leaves before the end closes the pipe, and has seen enough.
        let _ = input.write_all(text);
    }
    pager.wait().is_ok()
}
