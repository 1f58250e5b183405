//! The table.

use std::io;

use super::blocks::{Row, rows};
use crate::bytes::{FaultKind, Format};
use crate::inspect::{Imported, Inspected, Verdict, Wanted};
use crate::pickle::{Reach, Trust, effect};
use crate::report::{Paint, Style, visible, width, wrap};
use crate::weights::{Danger, Tensor, Unseen};
use crate::words::{grouped, size};

/// How many lines of metadata of one file are shown; JSON has all.
const MAX_METADATA: usize = 24;

/// How many doubtful imports of one file are shown unless all are listed.
const MAX_IMPORTS: usize = 8;

/// How much of one value is shown, in characters; JSON has more.
const MAX_VALUE: usize = 200;

/// Writes what files are: a table where it fits, else a few lines for each; then what their writers say and what is wrong.
///
/// # Errors
/// What the writer reports.
pub fn write_human(files: &[Inspected], wanted: Wanted, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let rows = rows(files, wanted.tensors || wanted.imports || wanted.opcodes);
    overview(&rows, style, out)?;
    for row in &rows {
        details(row, style, out)?;
        if wanted.tensors && !row.first.tensors.is_empty() {
            list(&row.first.path, &row.first.tensors, style, out)?;
        } else if wanted.tensors && row.first.is_silent_of_tensors() {
            let (path, format) = (visible(&row.first.path), row.first.format.name());
            writeln!(out, "\n{}", style.paint(Paint::Strong, &format!("tensors of {path}")))?;
            writeln!(out, "  not listed: tensors of this format are not read ({format})")?;
        }
        if let Some(imports) = row.first.imports.as_ref().filter(|imports| wanted.imports && !imports.is_empty()) {
            list_imports(&row.first.path, imports, style, out)?;
        }
        if wanted.opcodes && !row.first.opcodes.is_empty() {
            list_opcodes(row.first, style, out)?;
        }
    }
    if !rows.is_empty() {
        writeln!(out)?;
    }
    for line in wrap(&total(files), style.columns()) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The columns between which there are two spaces; true for numbers, which stand to the right.
const COLUMNS: [(&str, bool); 7] = [
    ("file", false),
    ("format", false),
    ("size", true),
    ("tensors", true),
    ("parameters", true),
    ("types", false),
    ("verdict", false),
];

/// The columns that a table has, by its width: all, or without what is missed least.
const CHOICES: [&[usize]; 4] = [&[0, 1, 2, 3, 4, 5, 6], &[0, 1, 2, 4, 5, 6], &[0, 1, 2, 4, 6], &[0, 1, 2, 6]];

fn overview(rows: &[Row<'_>], style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let cells: Vec<[String; 7]> = rows.iter().map(cells).collect();
    let mut widths = COLUMNS.map(|(name, _)| name.len());
    for row in &cells {
        for (wide, cell) in widths.iter_mut().zip(row) {
            *wide = (*wide).max(width(cell));
        }
    }
    let needed = |columns: &[usize]| {
        let wide = columns.iter().filter_map(|column| widths.get(*column)).sum::<usize>();
        wide + 2 * columns.len().saturating_sub(1)
    };
    let choice = CHOICES.into_iter().find(|columns| needed(columns) <= style.columns());
    let Some(columns) = choice else { return blocks(rows, &cells, style, out) };
    if rows.is_empty() {
        return Ok(());
    }
    let header = line(&COLUMNS.map(|(name, _)| name.to_owned()), &widths, columns);
    writeln!(out, "{}", style.paint(Paint::Strong, header.trim_end()))?;
    for (row, cells) in rows.iter().zip(&cells) {
        let text = line(cells, &widths, columns);
        let text = text.trim_end();
        // The verdict is the last column.
        let verdict = words(row.verdict());
        let start = text.strip_suffix(verdict).unwrap_or(text);
        writeln!(out, "{start}{}", painted(row.verdict(), verdict, style))?;
    }
    Ok(())
}

fn line(cells: &[String; 7], widths: &[usize; 7], columns: &[usize]) -> String {
    let mut text = String::new();
    for (number, ((cell, wide), (_, right))) in cells.iter().zip(widths).zip(COLUMNS).enumerate() {
        if !columns.contains(&number) {
            continue;
        }
        let gap = " ".repeat(wide.saturating_sub(width(cell)));
        let padded = if right { format!("{gap}{cell}") } else { format!("{cell}{gap}") };
        text.push_str(&padded);
        text.push_str("  ");
    }
    text
}

/// The same where a table is too wide: the name, and the rest below it.
fn blocks(rows: &[Row<'_>], cells: &[[String; 7]], style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    for (row, [name, format, size, tensors, parameters, types, verdict]) in rows.iter().zip(cells) {
        writeln!(out, "{}", style.paint(Paint::Strong, name))?;
        let mut parts = vec![verdict.clone(), format.clone(), size.clone()];
        if row.tensor_count.is_some() {
            parts.push(if tensors == "1" { "1 tensor".to_owned() } else { format!("{tensors} tensors") });
            parts.push(format!("{parameters} parameters"));
            parts.push(types.clone());
        }
        parts.retain(|part| !part.is_empty());
        for (index, text) in wrap(&parts.join(", "), style.columns().saturating_sub(2)).iter().enumerate() {
            match text.strip_prefix(verdict.as_str()).filter(|_| index == 0) {
                Some(rest) => writeln!(out, "  {}{rest}", painted(row.verdict(), verdict, style))?,
                None => writeln!(out, "  {text}")?,
            }
        }
    }
    Ok(())
}

fn cells(row: &Row<'_>) -> [String; 7] {
    let name = match row.files {
        1 => visible(&row.name).into_owned(),
        many => format!("{} ({many} files)", visible(&row.name)),
    };
    let types = row.dtypes.iter().take(3).map(|(dtype, _)| visible(dtype).chars().take(20).collect::<String>());
    let mut types = types.collect::<Vec<_>>().join(", ");
    if row.dtypes.len() > 3 {
        types.push_str(", …");
    }
    let [tensors, parameters] =
        [row.tensor_count, row.parameters].map(|number| number.map(grouped).unwrap_or_default());
    let format = format(row.first).to_owned();
    let verdict = words(row.verdict()).to_owned();
    [name, format, size(row.size), tensors, parameters, types, verdict]
}

/// What a file is, in a word or two.
fn format(file: &Inspected) -> &'static str {
    match file.named {
        Some(named) => named.name.trim_start_matches("a ").trim_start_matches("an "),
        None => short(file.format),
    }
}

/// A format in a word or two.
fn short(format: Format) -> &'static str {
    match format {
        Format::LfsPointer => "LFS pointer",
        Format::TorchZip => "torch (zip)",
        Format::TorchScript => "TorchScript",
        Format::TorchLegacy => "torch (legacy)",
        Format::TorchTar => "torch (tar)",
        Format::Pickle => "pickle",
        Format::Npy => "numpy",
        Format::Npz => "numpy (zip)",
        Format::KerasHdf5 => "Keras (HDF5)",
        Format::KerasZip => "Keras (zip)",
        Format::Ggml => "GGML",
        Format::Dduf => "DDUF",
        Format::Flax => "Flax",
        Format::TfLite => "TFLite",
        Format::Zip => "zip",
        Format::Tar => "tar",
        Format::WebPage => "web page",
        Format::ErrorMessage => "error message",
        Format::Unknown => "unknown",
        format => format.name().trim_start_matches("a ").trim_end_matches(" archive").trim_end_matches("-compressed"),
    }
}

fn details(row: &Row<'_>, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let lines = notes(row);
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", style.paint(Paint::Strong, &visible(&row.name)))?;
    for (word, paint, text) in lines {
        let indent = if word.is_empty() { 2 } else { word.len() + 4 };
        let text = visible(&text).into_owned();
        for (index, text) in wrap(&text, style.columns().saturating_sub(indent)).iter().enumerate() {
            match (index, word) {
                (0, "") => writeln!(out, "  {text}")?,
                (0, word) => writeln!(out, "  {}: {text}", style.paint(paint, word))?,
                _ => writeln!(out, "{:indent$}{text}", "")?,
            }
        }
    }
    Ok(())
}

/// What there is to say of a row beyond the table: a word, its color and the text.
fn notes(row: &Row<'_>) -> Vec<(&'static str, Paint, String)> {
    let file = row.first;
    let mut lines: Vec<(&'static str, Paint, String)> = Vec::new();
    match row.verdict() {
        Verdict::Dangerous if file.promised.is_some() => lines.push(("danger", Paint::Error, danger(file))),
        _ if file.is_misnamed => lines.push(("warning", Paint::Warning, danger(file))),
        Verdict::NotFetched => {
            let (sha256, bytes) = file.pointer.clone().unwrap_or_default();
            let text = format!("{} with SHA-256 {sha256}. Run `git lfs pull` to fetch the file", size(bytes));
            lines.push(("pointer", Paint::Info, text));
        }
        _ => {}
    }
    lines.extend(imports(file));
    for why in file.unread.iter().take(MAX_IMPORTS) {
        lines.push(("not read", Paint::Warning, why.clone()));
    }
    lines.extend(unseen(file));
    for other in &file.also {
        lines.push(("also", Paint::Warning, format!("other readers see {} in the same bytes", other.name())));
    }
    for active in &file.active {
        let (word, paint) = match active.danger {
            Danger::Attack => ("danger", Paint::Error),
            Danger::MayRun => ("warning", Paint::Warning),
            Danger::NeedsCode => ("note", Paint::Info),
        };
        lines.push((word, paint, active.message.clone()));
        lines.push(("help", Paint::Info, active.help.to_owned()));
    }
    for fault in &file.faults {
        let (word, paint) = if fault.breaks { ("error", Paint::Error) } else { ("note", Paint::Warning) };
        let place = fault.offset.map(|offset| format!(" (byte {})", grouped(offset))).unwrap_or_default();
        let example = if row.files > 1 { format!("for example in {}: ", file.path) } else { String::new() };
        lines.push((word, paint, format!("{example}{}{place}", fault.message)));
        lines.push(("help", Paint::Info, fault.help.to_owned()));
    }
    // What every library writes says nothing.
    let told = file.metadata.iter().filter(|(key, value)| !(key == "format" && value == "pt"));
    let told: Vec<String> = told.map(|(key, value)| format!("{key}: {}", shortened(value))).collect();
    let more = told.len().saturating_sub(MAX_METADATA);
    lines.extend(told.into_iter().take(MAX_METADATA).map(|text| ("", Paint::Info, text)));
    if more > 0 {
        lines.push(("", Paint::Info, format!("{more} more entries: `--output json` has them")));
    }
    lines
}

/// Why nothing is said of the content, where neither an unread part nor a limit says it.
fn unseen(file: &Inspected) -> Option<(&'static str, Paint, String)> {
    let is_said = !file.unread.is_empty() || file.faults.iter().any(|fault| fault.kind == FaultKind::Limit);
    match file.unseen.as_ref().filter(|_| !is_said)? {
        Unseen::Part(why) => Some(("not read", Paint::Warning, why.clone())),
        Unseen::Format => {
            Some(("not read", Paint::Info, format!("the content of this format is not read ({})", file.format.name())))
        }
    }
}

/// What the pickles import that is not known to be harmless, the worst first; of the rest, how many.
fn imports(file: &Inspected) -> Vec<(&'static str, Paint, String)> {
    let Some(all) = &file.imports else { return Vec::new() };
    let mut doubtful: Vec<&Imported> = all.iter().filter(|imported| imported.trust() > Trust::Known).collect();
    doubtful.sort_by_key(|imported| std::cmp::Reverse(imported.trust()));
    let mut lines: Vec<(&'static str, Paint, String)> = Vec::new();
    for imported in doubtful.iter().take(MAX_IMPORTS) {
        let place = place(imported);
        let (word, paint, says) = match (&imported.import.reach, imported.trust()) {
            (Reach::Named { module, name }, Trust::Dangerous) => ("danger", Paint::Error, effect(module, name)),
            (_, Trust::Dangerous) => ("danger", Paint::Error, "can run code"),
            _ => ("warning", Paint::Warning, "is not known to be harmless"),
        };
        let call = imported.import.call.as_ref().filter(|call| call.arguments != "()");
        let call = call.map(|call| format!(", called with {}", call.arguments));
        lines.push((
            word,
            paint,
            format!("imports {}, which {says} ({place}){}", imported.import.reach, call.unwrap_or_default()),
        ));
    }
    let more = doubtful.len().saturating_sub(MAX_IMPORTS);
    if more > 0 {
        lines.push(("warning", Paint::Warning, format!("{more} more imports like these: `--pickle` lists all")));
    }
    if doubtful.is_empty() && file.unread.is_empty() && !file.is_misnamed {
        let text = match all.len() {
            0 => "imports nothing".to_owned(),
            1 => "imports 1 name, which is known to be harmless".to_owned(),
            many => format!("imports {many} names, all known to be harmless"),
        };
        lines.push(("pickle", Paint::Good, text));
    }
    lines
}

fn place(imported: &Imported) -> String {
    let at = grouped(imported.import.at);
    match (&imported.member, imported.in_file) {
        (Some(member), false) => format!("byte {at} of {member}"),
        _ => format!("byte {at}"),
    }
}

/// Every import with its calls.
fn list_imports(path: &str, imports: &[Imported], style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint(Paint::Strong, &format!("imports of {}", visible(path))))?;
    for imported in imports {
        let import = &imported.import;
        let (word, paint) = match imported.trust() {
            Trust::Known => ("known", Paint::Good),
            Trust::Dangerous => ("dangerous", Paint::Error),
            _ => ("unknown", Paint::Warning),
        };
        let times = if import.count > 1 { format!(", {} times", grouped(import.count)) } else { String::new() };
        let written = import.written.as_ref().map(|written| format!(" (written {written})")).unwrap_or_default();
        let nested = if import.is_nested { ", in a pickle inside a string" } else { "" };
        writeln!(out, "  {}  {}{}", style.paint(paint, word), visible(&import.reach.to_string()), visible(&written))?;
        let mut lines = vec![format!("{} at {}{times}{nested}", import.opcode, place(imported))];
        if let Some(call) = &import.call {
            let times =
                if import.calls > 1 { format!(", {} times, first", grouped(import.calls)) } else { String::new() };
            lines.push(format!("{} at byte {}{times} with {}", call.opcode, grouped(call.at), call.arguments));
        }
        for line in lines {
            for (index, text) in wrap(&visible(&line), style.columns().saturating_sub(6)).iter().enumerate() {
                writeln!(out, "{}{text}", if index == 0 { "    " } else { "      " })?;
            }
        }
    }
    Ok(())
}

/// The opcodes, as `pickletools.dis` has them: byte, name, argument.
fn list_opcodes(file: &Inspected, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint(Paint::Strong, &format!("opcodes of {}", visible(&file.path))))?;
    let wide = file.opcodes.last().map_or(1, |line| line.at.to_string().len()).max(6);
    for line in &file.opcodes {
        let text = format!("  {:>wide$}  {:16}  {}", line.at, line.opcode, visible(&line.argument));
        writeln!(out, "{}", text.trim_end())?;
    }
    if let Some(why) = file.opcodes_left_out {
        writeln!(out, "  {why}")?;
    }
    Ok(())
}

fn danger(file: &Inspected) -> String {
    let format = file.format.name();
    match file.promised.map(Format::name) {
        Some(promised) if file.verdict() == Verdict::Dangerous => {
            format!("this is {format}, and its name promises {promised}, which contains no code: do not load it")
        }
        Some(promised) => format!("this is {format}, and its name promises {promised}"),
        None => format!("this is {format}, and loaders look for it under another extension"),
    }
}

fn list(path: &str, tensors: &[Tensor], style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint(Paint::Strong, &format!("tensors of {}", visible(path))))?;
    let rows: Vec<[String; 4]> = tensors
        .iter()
        .map(|tensor| {
            let shape = tensor.shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            let range = tensor.range.as_ref().map(|range| format!("{}..{}", range.start, range.end));
            let dtype = if tensor.dtype.is_empty() { "?".to_owned() } else { visible(&tensor.dtype).into_owned() };
            [visible(&tensor.name).into_owned(), dtype, format!("[{shape}]"), range.unwrap_or_default()]
        })
        .collect();
    let mut widths = [0; 4];
    for row in &rows {
        for (wide, cell) in widths.iter_mut().zip(row) {
            *wide = (*wide).max(width(cell));
        }
    }
    let fits = widths.iter().sum::<usize>() + 8 <= style.columns();
    let [names, dtypes, shapes, _] = widths;
    for [name, dtype, shape, range] in &rows {
        let rest = format!("{}  {}  {range}", pad(dtype, dtypes), pad(shape, shapes));
        if fits {
            writeln!(out, "  {}  {}", pad(name, names), rest.trim_end())?;
        } else {
            writeln!(out, "  {name}\n    {}", rest.trim_end())?;
        }
    }
    Ok(())
}

fn pad(text: &str, wide: usize) -> String {
    format!("{text}{}", " ".repeat(wide.saturating_sub(width(text))))
}

/// `4 files, 9.3 GB: 1 malformed, 3 ok`.
fn total(files: &[Inspected]) -> String {
    if files.is_empty() {
        return "no weight files".to_owned();
    }
    let bytes = files.iter().fold(0_u64, |sum, file| sum.saturating_add(super::blocks::size(file)));
    let mut verdicts: Vec<Verdict> = files.iter().map(Inspected::verdict).collect();
    verdicts.sort_by(|a, b| b.cmp(a));
    let mut counts: Vec<(Verdict, usize)> = Vec::new();
    for verdict in verdicts {
        match counts.last_mut().filter(|(known, _)| *known == verdict) {
            Some((_, count)) => *count += 1,
            None => counts.push((verdict, 1)),
        }
    }
    let counts: Vec<String> = counts.iter().map(|(verdict, count)| format!("{count} {}", words(*verdict))).collect();
    let noun = if files.len() == 1 { "file" } else { "files" };
    format!("{} {noun}, {}: {}", files.len(), size(bytes), counts.join(", "))
}

/// A verdict for people.
fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::NotFetched => "not fetched",
        Verdict::MayRunCode => "may run code",
        Verdict::NotRead => "not read",
        Verdict::Irregular => "irregular",
        Verdict::NotChecked => "not checked",
        Verdict::Disguised => "disguised",
        Verdict::Malformed => "malformed",
        Verdict::Dangerous => "dangerous",
    }
}

fn painted(verdict: Verdict, text: &str, style: Style) -> String {
    let paint = match verdict {
        Verdict::Ok => Paint::Good,
        Verdict::NotFetched | Verdict::NotRead => Paint::Info,
        Verdict::Irregular | Verdict::MayRunCode | Verdict::NotChecked | Verdict::Disguised => Paint::Warning,
        Verdict::Malformed | Verdict::Dangerous => Paint::Error,
    };
    style.paint(paint, text)
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(MAX_VALUE) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
    }
}
