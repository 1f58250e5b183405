//! One attempt: the fixes of a pass, and the texts that they make.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::fix::edits::apply;
use crate::fix::plan::plan;
use crate::fix::verify::{verify, verify_new};
use crate::fix::write::is_inside;
use crate::fix::{Refusal, Texts};
use crate::source::{FileId, RepoPath, SourceFile};

use super::{Linted, Name, State};

/// Fixes that are tried together.
pub(super) struct Attempt {
    /// The numbers of their findings.
    pub(super) chosen: Vec<usize>,
    /// Their edits by file, sorted by place.
    pub(super) edits: BTreeMap<FileId, Vec<Edit>>,
}

impl Attempt {
    /// The findings and fixes of this attempt.
    pub(super) fn fixes<'l, L: Linted>(&self, linted: &'l L) -> impl Iterator<Item = (&'l Diagnostic, &'l Fix)> {
        self.chosen.iter().filter_map(|finding| fix_of(linted, *finding))
    }

    /// The texts after the fixes, each one proven to be sound.
    pub(super) fn apply(&self, linted: &impl Linted, texts: &Texts) -> Result<Texts, Refusal> {
        let mut after = texts.clone();
        for (id, edits) in &self.edits {
            let before = linted.source(*id).ok_or(Refusal::Misfit)?;
            // Editing anything but the newest text would silently take back earlier fixes.
            if texts.get(before.path()).is_some_and(|newest| newest != before.bytes()) {
                return Err(Refusal::Misfit);
            }
            let bytes = apply(before, edits)?;
            let changed = SourceFile::new(*id, before.path().clone(), bytes);
            let fixes: Vec<&Fix> = self.fixes(linted).map(|(_, fix)| fix).filter(|fix| edits_file(fix, *id)).collect();
            verify(before, &changed, &fixes)?;
            after.set(before.path(), Some(before.bytes()), changed.bytes().to_vec());
        }
        for new in self.fixes(linted).flat_map(|(_, fix)| &fix.new_files) {
            verify_new(&SourceFile::new(FileId(u32::MAX), new.path.clone(), new.text.clone().into_bytes()))?;
            after.set(&new.path, None, new.text.clone().into_bytes());
        }
        Ok(after)
    }
}

fn edits_file(fix: &Fix, file: FileId) -> bool {
    fix.edits.first().is_some_and(|edit| edit.at.file == file)
}

pub(super) fn fix_of<L: Linted>(linted: &L, finding: usize) -> Option<(&Diagnostic, &Fix)> {
    let finding = linted.findings().get(finding)?;
    Some((finding, finding.fix.as_ref()?))
}

/// Chooses the next fixes, and refuses those that could never be applied.
pub(super) fn choose(
    linted: &impl Linted,
    allowed: Safety,
    may_write: impl Fn(&RepoPath, bool) -> Result<(), Refusal>,
    state: &mut State,
) -> Attempt {
    let mut by_file: BTreeMap<Option<FileId>, Vec<(usize, &Fix)>> = BTreeMap::new();
    let mut claimed: BTreeSet<&RepoPath> = BTreeSet::new();
    let mut taken = 0;
    for (index, finding) in linted.findings().iter().enumerate() {
        let Some(fix) = finding.fix.as_ref().filter(|fix| is_allowed(fix, allowed)) else { continue };
        let name = Name::of(linted, finding, fix);
        if taken >= state.limit || state.banned.contains_key(&name) {
            continue;
        }
        match writable(linted, fix, &may_write, &state.texts) {
            Err(reason) => state.ban(name, reason),
            // Two fixes that create the same file: the second waits, and is gone when the first was enough.
            Ok(()) if fix.new_files.iter().any(|new| claimed.contains(&new.path)) => {}
            Ok(()) => {
                claimed.extend(fix.new_files.iter().map(|new| &new.path));
                by_file.entry(fix.edits.first().map(|edit| edit.at.file)).or_default().push((index, fix));
                taken += 1;
            }
        }
    }
    let mut attempt = Attempt { chosen: Vec::new(), edits: BTreeMap::new() };
    for (file, fixes) in by_file {
        let Some(file) = file else {
            attempt.chosen.extend(fixes.iter().map(|(finding, _)| *finding));
            continue;
        };
        let Some(source) = linted.source(file) else { continue };
        let planned = plan(source, &fixes);
        for (finding, refusal) in planned.refused {
            state.refuse(linted, finding, refusal);
        }
        attempt.chosen.extend(planned.chosen);
        attempt.edits.insert(file, planned.edits);
    }
    attempt.chosen.sort_unstable();
    attempt
}

/// `--fix` allows what is safe, `--unsafe-fixes` what needs a person's judgement as well; nothing allows the rest.
pub(super) fn is_allowed(fix: &Fix, allowed: Safety) -> bool {
    fix.safety <= allowed && fix.safety != Safety::DisplayOnly && !(fix.edits.is_empty() && fix.new_files.is_empty())
}

/// Whether every file of a fix may be written.
fn writable(
    linted: &impl Linted,
    fix: &Fix,
    may_write: impl Fn(&RepoPath, bool) -> Result<(), Refusal>,
    texts: &Texts,
) -> Result<(), Refusal> {
    if let Some(edit) = fix.edits.first() {
        let source = linted.source(edit.at.file).ok_or(Refusal::Misfit)?;
        // A file that an earlier fix created is not on disk yet.
        if !texts.new_files().any(|new| new == source.path()) {
            may_write(source.path(), true)?;
        }
    }
    for new in &fix.new_files {
        if !is_inside(&new.path) {
            return Err(Refusal::Path(new.path.to_string()));
        }
        if texts.get(&new.path).is_some() {
            return Err(Refusal::Exists(new.path.to_string()));
        }
        may_write(&new.path, false)?;
    }
    let mut paths: Vec<&RepoPath> = fix.new_files.iter().map(|new| &new.path).collect();
    paths.sort_unstable();
    if paths.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(Refusal::Misfit);
    }
    Ok(())
}
