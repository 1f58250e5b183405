//! The page for people: an area a paragraph; two pages side by side, or one below the other where the terminal is narrow.

use std::io;

use super::{After, Preview, changed};
use crate::preview::{Area, Origin, Page, Rejection, State};
use crate::report::style::Paint;
use crate::report::visible::{columns_of, width, wrap};
use crate::report::{Graphics, Style, visible};

/// Columns of an area's name.
const LABEL: usize = 15;

/// Below this many columns a name stands above its area.
const MIN_BESIDE: usize = 48;

/// Below this many columns two pages do not stand side by side.
const MIN_TWO: usize = 76;

/// So many reasons of a rejection are shown; `check` shows all.
const MAX_REASONS: usize = 5;

/// What is said of an area of which nothing is known.
const NOT_KNOWN: &str = "not known before the push";

/// What is said before what is known of an area that is not known.
const NOT_KNOWN_BUT: &str = "not known before the push: ";

/// Writes the preview.
pub fn write(preview: &Preview<'_>, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let page = Printer { style };
    let name = preview.repo_id.as_deref().unwrap_or(preview.path);
    page.line(&format!("the page of {} after the push", visible(name)), Some(Paint::Strong), out)?;
    if preview.repo_id.is_none() {
        page.line("its id on the Hub is not known; name it with `--repo-id OWNER/NAME`", None, out)?;
    }
    page.refused(preview.now.refused, "the Hub would reject this push", out)?;
    writeln!(out)?;
    match &preview.after {
        None => {
            page.areas(preview.now.page, out)?;
        }
        Some(after) => page.compare(preview, after, out)?,
    }
    for problem in preview.problems {
        let path = problem.path.as_ref().map_or_else(String::new, |path| format!("{path}: "));
        let text = format!("not everything could be read: {path}{}", problem.message);
        page.line(&visible(&text), Some(Paint::Error), out)?;
    }
    Ok(())
}

struct Printer {
    style: Style,
}

impl Printer {
    fn line(&self, text: &str, paint: Option<Paint>, out: &mut dyn io::Write) -> io::Result<()> {
        for line in folded(text, self.style.columns()) {
            let line = paint.map_or_else(|| line.clone(), |paint| self.style.paint(paint, &line));
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    fn refused(&self, reasons: &[Rejection], what: &str, out: &mut dyn io::Write) -> io::Result<()> {
        if reasons.is_empty() {
            return Ok(());
        }
        let text = format!("{what}; `hf-release check` says what to do:");
        self.line(&text, Some(Paint::Error), out)?;
        for reason in reasons.iter().take(MAX_REASONS) {
            let file = reason.file.as_deref().unwrap_or_default();
            let line = reason.line.map_or_else(String::new, |line| format!(":{line}"));
            let text = format!("{file}{line}: {}", reason.message);
            self.indented(&visible(&text), out)?;
        }
        match reasons.len().saturating_sub(MAX_REASONS) {
            0 => Ok(()),
            more => self.indented(&format!("and {more} more"), out),
        }
    }

    fn indented(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        for line in folded(text, self.style.columns() - 2) {
            writeln!(out, "  {line}")?;
        }
        Ok(())
    }

    /// What is there and what might be, then what is not, then what cannot be known.
    fn areas(&self, page: &Page, out: &mut dyn io::Write) -> io::Result<()> {
        let areas = page.areas();
        let (unknown, known): (Vec<&Area<'_>>, Vec<_>) = areas.iter().partition(|area| area.state == State::Unknown);
        let (nothing, said): (Vec<&Area<'_>>, Vec<_>) =
            known.into_iter().partition(|area| area.state == State::Absent && area.note.is_none());
        for area in said {
            self.area(area, out)?;
        }
        if !nothing.is_empty() {
            let titles: Vec<&str> = nothing.iter().map(|area| area.title).collect();
            writeln!(out)?;
            self.line(&format!("not on the page: {}", titles.join("; ")), None, out)?;
        }
        if !unknown.is_empty() {
            writeln!(out)?;
            self.line("not known before the push:", Some(Paint::Strong), out)?;
        }
        for area in unknown {
            self.area(area, out)?;
        }
        Ok(())
    }

    fn area(&self, area: &Area<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let columns = self.style.columns();
        let beside = columns >= MIN_BESIDE;
        let indent = if beside { LABEL } else { 2 };
        let mut lines = Vec::new();
        let texts = texts(area);
        // The heading above says already that it is not known.
        let texts =
            texts.iter().filter(|text| *text != NOT_KNOWN).map(|text| text.strip_prefix(NOT_KNOWN_BUT).unwrap_or(text));
        for text in texts {
            lines.extend(folded(text, columns - indent));
        }
        if !beside {
            writeln!(out, "{}", self.style.paint(Paint::Strong, area.title))?;
        }
        for (number, line) in lines.iter().enumerate() {
            let label = if number == 0 && beside { area.title } else { "" };
            let gap = " ".repeat(indent.saturating_sub(width(label)));
            writeln!(out, "{}{gap}{line}", self.painted(label))?;
        }
        if area.code.is_some() {
            for line in folded("the Hub's own wording may differ from this:", columns - indent) {
                writeln!(out, "{}{line}", " ".repeat(indent))?;
            }
        }
        for line in area.code.into_iter().flat_map(str::lines) {
            let line = format!("{}  {}", " ".repeat(indent), visible(line));
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn painted(&self, label: &str) -> String {
        if label.is_empty() { String::new() } else { self.style.paint(Paint::Strong, label) }
    }

    fn compare(&self, preview: &Preview<'_>, after: &After<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let option = after.option;
        let changes = changed(preview.now.page, after.look.page);
        if after.fixes.is_empty() {
            self.line(&format!("`hf-release check {option}` has nothing to write"), None, out)?;
        } else {
            self.line(&format!("`hf-release check {option}` would:"), None, out)?;
            for fix in after.fixes {
                self.indented(&visible(fix), out)?;
            }
        }
        let refused = format!("the Hub would reject the push after `{option}`, too");
        if !preview.now.refused.is_empty() && after.look.refused.is_empty() {
            self.line("then nothing is known for which the Hub would reject the push", Some(Paint::Good), out)?;
        }
        self.refused(after.look.refused, &refused, out)?;
        writeln!(out)?;
        if changes.is_empty() {
            return self.line("the page stays the same", None, out);
        }
        let columns = self.style.columns();
        if columns >= MIN_TWO && self.style.graphics != Graphics::None {
            self.side_by_side(&changes, option, columns, out)?;
        } else {
            self.stacked(&changes, out)?;
        }
        let same =
            preview.now.page.areas().into_iter().filter(|area| changes.iter().all(|(now, _)| now.key != area.key));
        let same: Vec<&str> = same.map(|area| area.title).collect();
        writeln!(out)?;
        self.line(&format!("the same in both: {}", same.join("; ")), None, out)
    }

    fn side_by_side(
        &self,
        changes: &[(Area<'_>, Area<'_>)],
        option: &str,
        columns: usize,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let (bar, rule, cross) = match self.style.graphics {
            Graphics::Unicode => (" │ ", "─", "─┼─"),
            Graphics::Ascii | Graphics::None => (" | ", "-", "-+-"),
        };
        let half = (columns - LABEL - 3) / 2;
        let mut row = |label: &str, left: &str, right: &str| -> io::Result<()> {
            let gap = " ".repeat(LABEL.saturating_sub(width(label)));
            let pad = " ".repeat(half.saturating_sub(width(left)));
            let text = format!("{}{gap}{left}{pad}{bar}{right}", self.painted(label));
            writeln!(out, "{}", text.trim_end())
        };
        row("", "now", &format!("after `{option}`"))?;
        for (now, after) in changes {
            row("", "", "")?;
            let code = now.words == after.words;
            let (left, right) = (cell(now, half, code), cell(after, half, code));
            for number in 0..left.len().max(right.len()) {
                let label = if number == 0 { now.title } else { "" };
                let line = |cell: &[String]| cell.get(number).cloned().unwrap_or_default();
                row(label, &line(&left), &line(&right))?;
            }
        }
        writeln!(out, "{}{}{}", rule.repeat(LABEL + half), cross, rule.repeat(half))
    }

    fn stacked(&self, changes: &[(Area<'_>, Area<'_>)], out: &mut dyn io::Write) -> io::Result<()> {
        for (now, after) in changes {
            writeln!(out, "{}", self.painted(now.title))?;
            for (name, area) in [("now", now), ("after", after)] {
                let code = now.words == after.words;
                let mut lines = cell(area, self.style.columns() - 9, code).into_iter();
                writeln!(out, "  {name:5}  {}", lines.next().unwrap_or_default())?;
                for line in lines {
                    writeln!(out, "         {line}")?;
                }
            }
        }
        Ok(())
    }
}

/// An area in lines of a width; its code only where that is what differs.
fn cell(area: &Area<'_>, columns: usize, with_code: bool) -> Vec<String> {
    let mut lines: Vec<String> = texts(area).iter().flat_map(|text| folded(text, columns)).collect();
    for line in area.code.filter(|_| with_code).into_iter().flat_map(str::lines) {
        lines.extend(chunks(&visible(line), columns));
    }
    lines
}

/// What is said of an area: the value with its origin, then the note. Visible text.
fn texts(area: &Area<'_>) -> Vec<String> {
    let words = area.words.as_deref().map(visible);
    let first = match (area.state, &words) {
        (State::Absent, _) => absent(area.key).to_owned(),
        (State::Shown, Some(words)) => words.to_string(),
        (State::Likely, Some(words)) => format!("likely: {words}"),
        (State::Unknown, Some(words)) => format!("{NOT_KNOWN_BUT}{words}"),
        (_, None) => NOT_KNOWN.to_owned(),
    };
    // A file that is named already needs no second mention.
    let is_said = |origin: &&Origin| match origin {
        Origin::File(path) => words.as_ref().is_some_and(|words| words.contains(&*visible(path))),
        _ => false,
    };
    // Where nothing is known the note tells why, and names what there is.
    let said = area.from.iter().filter(|_| area.state != State::Unknown || words.is_some());
    let from: Vec<String> = said.filter(|origin| !is_said(origin)).map(Origin::words).collect();
    let from = visible(&from.join(" and ")).into_owned();
    let first = match from.is_empty() {
        true => first,
        false => format!("{first}, from {from}"),
    };
    std::iter::once(first).chain(area.note.map(|note| visible(note).into_owned())).collect()
}

/// What is said where there is nothing.
fn absent(area: &str) -> &'static str {
    match area {
        "downloads" => "not counted",
        "widget" => "off",
        _ => "none",
    }
}

/// Visible text in lines of at most `columns`; a longer word is cut, so that columns keep their width.
fn folded(text: &str, columns: usize) -> Vec<String> {
    wrap(text, columns).into_iter().flat_map(|line| chunks(&line, columns)).collect()
}

/// A line cut after so many columns.
fn chunks(line: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut filled = 0;
    for letter in line.chars() {
        let wide = columns_of(letter);
        if filled + wide > columns && filled > 0 {
            lines.push(String::new());
            filled = 0;
        }
        if let Some(last) = lines.last_mut() {
            last.push(letter);
        }
        filled += wide;
    }
    lines
}
