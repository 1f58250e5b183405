//! Reads a rule's manual as scenes: small repositories with the findings that are expected in them.

mod opcodes;

use std::collections::BTreeMap;

use hf_release::config::Selection;
use hf_release::diagnostic::{Diagnostic, Level, Place};
use hf_release::rules::Meta;

/// What a scene shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Example,
    Fixed,
    Fine,
}

/// One repository of a manual.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) heading: String,
    pub(crate) role: Role,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) repo_id: Option<String>,
    marks: Vec<Mark>,
}

#[derive(Debug)]
struct Mark {
    path: String,
    /// Line from 1, first column from 1, one past the last column.
    at: Option<(u32, u32, u32)>,
    level: Option<String>,
}

pub(crate) struct Manual {
    pub(crate) title: String,
    pub(crate) passport: String,
    pub(crate) headings: Vec<String>,
    pub(crate) scenes: Vec<Scene>,
}

/// `PATH[:LINE:COLUMN-COLUMN] LEVEL`, sorted.
pub(crate) type Findings = Vec<String>;

pub(crate) struct Outcome {
    pub(crate) findings: Findings,
}

impl Manual {
    pub(crate) fn parse(text: &str) -> Self {
        let mut manual = Manual { title: String::new(), passport: String::new(), headings: vec![], scenes: vec![] };
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(title) = line.strip_prefix("# ") {
                manual.title = title.to_owned();
            } else if line.starts_with("Level ") {
                manual.passport = line.to_owned();
            } else if let Some(heading) = line.strip_prefix("## ") {
                manual.headings.push(heading.to_owned());
                let role = match heading.split([':', ' ']).next() {
                    Some("Example") => Role::Example,
                    Some("Fixed") => Role::Fixed,
                    Some("Fine") => Role::Fine,
                    _ => continue,
                };
                let heading = heading.to_owned();
                manual.scenes.push(Scene { heading, role, files: BTreeMap::new(), repo_id: None, marks: vec![] });
            } else if let Some(info) = line.strip_prefix("```") {
                let fence: String = line.chars().take_while(|c| *c == '`').collect();
                let info = info.trim_start_matches('`');
                let content: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
                let scene = manual.scenes.last_mut().expect("a fence stands under Example, Fixed or Fine");
                scene.add(info, &content);
            }
        }
        manual
    }
}

impl Scene {
    fn add(&mut self, info: &str, content: &[&str]) {
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default();
        let attribute = |name: &str| {
            info.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
        };
        if let Some(id) = attribute("repo-id") {
            self.repo_id = Some(id);
        }
        if language == "findings" {
            for line in content.iter().filter(|line| !line.trim().is_empty()) {
                let mut words = line.split_whitespace();
                let path = words.next().unwrap().to_owned();
                let level = words.nth(1).map(|word| word.trim_matches(['(', ')']).to_owned());
                self.marks.push(Mark { path, at: None, level });
            }
            return;
        }
        let path = attribute("path").unwrap_or_else(|| panic!("a fence without a path: {info}"));
        let bytes = match language {
            "hex" => content
                .iter()
                .flat_map(|line| line.split(';').next().unwrap_or_default().split_whitespace())
                .map(|byte| u8::from_str_radix(byte, 16).unwrap())
                .collect(),
            "pickle" => opcodes::assemble(content),
            "safetensors" => {
                let header = content.join("\n");
                let data = attribute("data").map_or_else(|| promised_data(&header), |n| n.parse().unwrap());
                let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
                bytes.extend(header.bytes());
                bytes.extend(std::iter::repeat_n(0, data));
                bytes
            }
            _ => {
                let mut kept: Vec<&str> = Vec::new();
                for line in content {
                    match caret_line(line) {
                        Some((from, to, level)) => {
                            let at = Some((kept.len() as u32, from, to));
                            self.marks.push(Mark { path: path.clone(), at, level });
                        }
                        None => kept.push(line),
                    }
                }
                let mut text = kept.join("\n");
                if !kept.is_empty() {
                    text.push('\n');
                }
                let mut bytes = text.into_bytes();
                let size = attribute("size").map_or(bytes.len(), |n| n.parse().unwrap());
                bytes.resize(size, b'\n');
                bytes
            }
        };
        self.files.insert(path, bytes);
    }

    /// What the manual expects, in the form of [`Findings`].
    pub(crate) fn expected(&self, meta: &Meta) -> Findings {
        let mut all: Findings = self
            .marks
            .iter()
            .map(|mark| {
                let level = mark.level.as_deref().unwrap_or(meta.level.as_str());
                match mark.at {
                    Some((line, from, to)) => format!("{}:{line}:{from}-{to} {level}", mark.path),
                    None => format!("{} {level}", mark.path),
                }
            })
            .collect();
        all.sort();
        all
    }

    /// The repository as a folder.
    pub(crate) fn on_disk(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in &self.files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        folder
    }

    /// Runs one rule on the scene.
    pub(crate) fn check(&self, meta: &Meta) -> Outcome {
        let folder = self.on_disk();
        let checked = super::engine::check(folder.path(), self.repo_id.as_deref(), meta.name);
        let mut findings: Findings = checked.iter().map(|(text, diagnostic)| describe(text, diagnostic)).collect();
        findings.sort();
        Outcome { findings }
    }

    /// What other rules find where this one finds something, and what covers a finding of this one, as
    /// `PATH[:LINE:COLUMN-COLUMN] LEVEL RULE MESSAGE`. That several things are missing in one place is not an overlap.
    pub(crate) fn overlaps(&self, meta: &Meta) -> Vec<String> {
        let folder = self.on_disk();
        let all = super::engine::check_with(folder.path(), self.repo_id.as_deref(), &Selection::all());
        let own = super::engine::check(folder.path(), self.repo_id.as_deref(), meta.name);
        let touches = |other: &Place, own: &Place| match (other.span(), own.span()) {
            (Some(other), Some(own)) => other.file == own.file && other.start < own.end && own.start < other.end,
            (None, None) => other == own,
            _ => false,
        };
        let is_gap = |rule: &str| rule.starts_with("missing-");
        let is_overlap = |found: &Diagnostic| {
            found.rule != meta.name
                && !(is_gap(found.rule) && is_gap(meta.name))
                && own.iter().any(|(_, own)| touches(&found.primary.place, &own.primary.place))
        };
        let others = all.iter().filter(|(_, found)| is_overlap(found));
        let mut overlaps: Vec<_> =
            others.map(|(text, found)| format!("{} {} {}", describe(text, found), found.rule, found.message)).collect();
        let covered = all.iter().filter(|(_, found)| found.covers.iter().any(|covered| covered.rule == meta.name));
        overlaps.extend(covered.map(|(_, found)| format!("covered by {}", found.rule)));
        overlaps
    }

    /// Applies the rule's fixes and gives the files afterwards; nothing when it offers none.
    pub(crate) fn fixed(&self, meta: &Meta, unsafe_fixes: bool) -> Option<BTreeMap<String, Vec<u8>>> {
        let folder = self.on_disk();
        super::engine::fix(folder.path(), self.repo_id.as_deref(), meta.name, unsafe_fixes)
    }
}

fn describe(place: &super::engine::Shown, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    };
    match (&diagnostic.primary.place, place.at) {
        (Place::Bytes(_), Some((line, from, to))) => format!("{}:{line}:{from}-{to} {level}", place.path),
        _ => format!("{} {level}", place.path),
    }
}

/// `#   ^^^^ rule-name (level)`: first column, one past the last, level.
fn caret_line(line: &str) -> Option<(u32, u32, Option<String>)> {
    let start = line.find('^')?;
    if !line[..start].chars().all(|c| c == ' ' || c == '#') {
        return None;
    }
    let carets = line[start..].chars().take_while(|c| *c == '^').count();
    let rest = line[start + carets..].trim();
    let mut words = rest.split_whitespace();
    let name = words.next()?;
    if !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return None;
    }
    let level = words.next().map(|word| word.trim_matches(['(', ')']).to_owned());
    Some((start as u32 + 1, (start + carets) as u32 + 1, level))
}

fn promised_data(header: &str) -> usize {
    let header: serde_json::Value = serde_json::from_str(header).unwrap_or_default();
    let ends = header.as_object().into_iter().flatten().filter_map(|(_, tensor)| tensor["data_offsets"][1].as_u64());
    ends.max().unwrap_or(0) as usize
}
