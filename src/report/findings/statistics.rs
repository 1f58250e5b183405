//! How many findings each rule has: for a run over many repositories.

use std::collections::BTreeMap;
use std::io;

use crate::diagnostic::Level;
use crate::report::Style;

use super::{Run, level_word};

/// Writes a line for each rule, the most findings last.
pub(super) fn write(run: &Run<'_>, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut counts: BTreeMap<(&str, Level), usize> = BTreeMap::new();
    for finding in run.repositories.iter().flat_map(|repository| repository.findings) {
        *counts.entry((finding.rule, finding.level)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| *count);
    let width = counts.last().map_or(1, |(_, count)| count.to_string().len());
    for ((rule, level), count) in counts {
        let name = style.paint(level.into(), &format!("{}[{rule}]", level_word(level)));
        writeln!(out, "{count:width$}  {name}")?;
    }
    Ok(())
}
