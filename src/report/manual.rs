//! A rule's manual for a terminal: headings in bold, paragraphs in the terminal's width, examples as a reader has them.
//!
//! The manuals are also tests. What only a test reads is left out: the path in a fence's first line becomes a label, and the
//! lines of carets under an example and the fences of expected findings are not shown.

use std::io;

use super::visible::wrap;
use super::{Paint, Style};

/// Longer examples, such as the text of a license, are cut.
const MAX_EXAMPLE_LINES: usize = 24;

/// Writes a manual.
pub fn write(manual: &str, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut printer = Printer { style, paragraph: String::new() };
    let mut lines = manual.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            printer.flush(out)?;
            let fence: String = line.chars().take_while(|c| *c == '`').collect();
            let example: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
            printer.example(line.trim_start_matches('`'), &example, out)?;
        } else if let Some(heading) = line.strip_prefix("# ").or_else(|| line.strip_prefix("## ")) {
            printer.flush(out)?;
            for line in wrap(heading, style.columns()) {
                writeln!(out, "{}", style.paint(Paint::Strong, &line))?;
            }
        } else if line.trim().is_empty() {
            printer.flush(out)?;
            writeln!(out)?;
        } else {
            if line.starts_with("- ") {
                printer.flush(out)?;
            }
            printer.add(line.trim());
        }
    }
    printer.flush(out)
}

struct Printer {
    style: Style,
    /// The lines of a paragraph or of one item of a list, joined.
    paragraph: String,
}

impl Printer {
    fn add(&mut self, line: &str) {
        if !self.paragraph.is_empty() {
            self.paragraph.push(' ');
        }
        self.paragraph.push_str(line);
    }

    fn flush(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        let paragraph = std::mem::take(&mut self.paragraph);
        if paragraph.is_empty() {
            return Ok(());
        }
        let indent = if paragraph.starts_with("- ") { "  " } else { "" };
        let mut in_code = false;
        for (number, line) in wrap(&paragraph, self.style.columns().saturating_sub(2)).iter().enumerate() {
            let indent = if number == 0 { "" } else { indent };
            writeln!(out, "{indent}{}", self.with_code(line, &mut in_code))?;
        }
        Ok(())
    }

    /// A line with its code in color. A span of code may go on in the next line.
    fn with_code(&self, line: &str, in_code: &mut bool) -> String {
        let mut text = String::new();
        for (number, part) in line.split('`').enumerate() {
            if number > 0 {
                *in_code = !*in_code;
            }
            match *in_code {
                true => text.push_str(&self.style.paint(Paint::Info, &format!("`{part}"))),
                false if number > 0 => {
                    text.push_str(&self.style.paint(Paint::Info, "`"));
                    text.push_str(part);
                }
                false => text.push_str(part),
            }
        }
        text
    }

    fn example(&self, info: &str, lines: &[&str], out: &mut dyn io::Write) -> io::Result<()> {
        if info.starts_with("findings") {
            return Ok(());
        }
        if let Some(path) = info.split_whitespace().find_map(|word| word.strip_prefix("path=")) {
            writeln!(out, "  {}", self.style.paint(Paint::Strong, path))?;
        }
        let shown: Vec<&str> = lines.iter().copied().filter(|line| !is_mark(line)).collect();
        for line in shown.iter().take(MAX_EXAMPLE_LINES) {
            writeln!(out, "{}", format!("    {}", super::visible(line)).trim_end())?;
        }
        match shown.len().saturating_sub(MAX_EXAMPLE_LINES) {
            0 => Ok(()),
            more => writeln!(out, "    {} {}", self.style.ellipsis(), crate::words::count(more, "more line")),
        }
    }
}

/// Whether a line of an example marks the line above: `#   ^^^^ unknown-license`.
fn is_mark(line: &str) -> bool {
    let text = line.trim_start_matches([' ', '#']);
    let rest = text.trim_start_matches('^');
    let name = rest.trim_start().split(' ').next().unwrap_or_default();
    rest.len() < text.len() && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Graphics;
    use crate::rules::RULES;

    fn printed(manual: &str, width: usize, color: bool) -> String {
        let mut out = Vec::new();
        write(manual, Style { color, graphics: Graphics::Unicode, width }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_manual_is_printed_without_what_only_tests_read() {
        let manual = "# a-rule\n\nLevel error\n\n## Example\nOne\ntwo `three`.\n```markdown path=README.md\n---\n\
                      license: x\n#        ^ a-rule (error)\n---\n```\n\n```findings\nREADME.md a-rule\n```\n\n- first\n  goes on\n- second\n";
        let plain = "a-rule\n\nLevel error\n\nExample\nOne two `three`.\n  README.md\n    ---\n    license: x\n    ---\n\n\n\
                     - first goes on\n- second\n";
        assert_eq!(printed(manual, 80, false), plain);
        assert!(printed(manual, 80, true).contains("\u{1b}[1;36m`three\u{1b}[0m"));
    }

    #[test]
    fn every_manual_fits_a_terminal() {
        for rule in RULES {
            let text = printed(rule.meta().docs, 60, false);
            assert!(text.lines().all(|line| !line.starts_with("```") && !is_mark(line)), "{text}");
            let prose = text.lines().filter(|line| !line.starts_with("  ") && line.contains(' '));
            for line in prose {
                assert!(line.chars().count() <= 60 || !line.trim_start().contains(' '), "{line}");
            }
        }
    }
}
