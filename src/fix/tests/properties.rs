//! What holds for any text and any edits.

use std::fmt::Write;

use proptest::prelude::*;

use super::{source, span};
use crate::card::front_matter::{FrontMatter, edits as card_edits};
use crate::diagnostic::{Edit, Fix, Safety};
use crate::fix::edits::{moved, splice};
use crate::fix::{Change, Refusal, apply, diff, verify};
use crate::source::{RepoPath, SourceFile};

/// Bytes of files as they come: line ends of both kinds, letters of several bytes, marks, and bytes that are not text.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces: [&[u8]; 9] =
        [b"a", b"word ", b"\n", b"\r\n", "é".as_bytes(), "🤗".as_bytes(), b"\xef\xbb\xbf", b"\xff", b"\xe2\x82"];
    let piece =
        prop_oneof![3 => prop::sample::select(pieces[..4].to_vec()), 1 => prop::sample::select(pieces[4..].to_vec())];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Sorted, disjoint ranges of a text of some length, with texts to put there. Not all of them fit a given file.
fn edits() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    let text = prop_oneof![Just(""), Just("x"), Just("new\n"), Just("\r\n"), Just("ü")].prop_map(str::to_owned);
    prop::collection::vec((0_usize..12, 0_usize..5, text), 0..6)
}

/// Lays the edits out one after the other, and leaves out those that do not fit.
fn lay_out(file: &SourceFile, steps: Vec<(usize, usize, String)>) -> Vec<Edit> {
    let (mut edits, mut reached): (Vec<Edit>, usize) = (Vec::new(), 0);
    for (gap, length, text) in steps {
        let start = reached + gap;
        edits.push(Edit { at: span(start as u32..(start + length) as u32), text });
        if apply(file, &edits).is_ok() {
            reached = start + length;
        } else {
            edits.pop();
        }
    }
    edits
}

/// The edits that take these back.
fn inverse(file: &SourceFile, edits: &[Edit]) -> Vec<Edit> {
    let mut shift = 0_i64;
    let back = |edit: &Edit| {
        let start = (i64::from(edit.at.start) + shift) as u32;
        shift += edit.text.len() as i64 - i64::from(edit.at.end - edit.at.start);
        Edit { at: span(start..start + edit.text.len() as u32), text: file.slice(edit.at).to_owned() }
    };
    edits.iter().map(back).collect()
}

/// Reads a unified diff of one file as `patch` does, and applies it.
fn patched(before: &[u8], patch: &[u8]) -> Vec<u8> {
    let old: Vec<&[u8]> = before.split_inclusive(|byte| *byte == b'\n').collect();
    let mut rest = patch.split_inclusive(|byte| *byte == b'\n').peekable();
    let (mut out, mut at): (Vec<Vec<u8>>, usize) = (Vec::new(), 0);
    while let Some(line) = rest.next() {
        if let Some(header) = line.strip_prefix(b"@@ -") {
            let header = String::from_utf8(header.to_vec()).unwrap();
            let range = header.split(' ').next().unwrap();
            let (start, count) = range.split_once(',').unwrap_or((range, "1"));
            let start: usize = start.parse::<usize>().unwrap() - usize::from(count != "0");
            out.extend(old[at..start].iter().map(|line| line.to_vec()));
            at = start;
            continue;
        }
        if at == 0 && out.is_empty() && (line.starts_with(b"--- a/") || line.starts_with(b"+++ b/")) {
            continue;
        }
        let (sign, text) = line.split_first().unwrap();
        let mut text = text.to_vec();
        if rest.peek().is_some_and(|next| next.starts_with(b"\\ ")) {
            rest.next();
            text.pop();
        }
        if *sign != b'+' {
            assert_eq!(old[at], text, "a line of the old text is not where the diff says");
            at += 1;
        }
        if *sign != b'-' {
            out.push(text);
        }
    }
    out.extend(old[at..].iter().map(|line| line.to_vec()));
    out.concat()
}

/// A front matter of a few keys in several styles, with comments, and its key names.
fn front_matter() -> impl Strategy<Value = (String, Vec<String>)> {
    let value = prop_oneof![
        Just(" mit"),
        Just(""),
        Just(" no"),
        Just(" 'it''s'  # why"),
        Just(" \"q: \\\" # no comment\""),
        Just(" [a, b, 1.0]"),
        Just(" {x: 1, y: [2]}"),
        Just("\n- a # first\n- b"),
        Just("\n  - k: v\n    l: w"),
        Just(" |\n  text # kept\n\n  more"),
        Just(" |-\n  text\n"),
        Just(" |+\n  text\n"),
        Just(" >-\n  folded\n  text"),
        Just(" &anchor [1, 2]"),
        Just(" é 🤗"),
    ];
    prop::collection::vec((value, any::<bool>()), 1..7).prop_map(|fields| {
        let mut yaml = String::new();
        for (index, (value, comment)) in fields.iter().enumerate() {
            if *comment {
                yaml.push_str("# about the next\n");
            }
            writeln!(yaml, "key{index}:{value}").unwrap();
        }
        (yaml, (0..fields.len()).map(|index| format!("key{index}")).collect())
    })
}

fn card(yaml: &str, crlf: bool, mark: bool) -> String {
    let text = format!("{}---\n{yaml}---\n# Title\n\n--- no fence\n", if mark { "\u{feff}" } else { "" });
    if crlf { text.replace('\n', "\r\n") } else { text }
}

/// Values and body by the Hub's pattern, and a reader of YAML that has nothing in common with ours.
fn read(text: &str) -> Option<(serde_yaml::Mapping, &str)> {
    let block = text.trim_start().strip_prefix("---\n")?;
    let closing = |(at, _): &(usize, &str)| {
        let rest = block[at + 4..].trim_start_matches([' ', '\t']);
        rest.is_empty() || rest.starts_with('\n')
    };
    let (end, _) = block.match_indices("\n---").find(closing)?;
    Some((serde_yaml::from_str(&block[..=end]).ok()?, block[end + 4..].split_once('\n').map_or("", |(_, body)| body)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_change_only_what_they_name_and_can_be_taken_back(bytes in bytes(), steps in edits()) {
        let before = source("a.txt", &bytes);
        let edits = lay_out(&before, steps);
        let after = apply(&before, &edits).unwrap();
        let mut expected = after.as_slice();
        let mut reached = 0;
        for edit in &edits {
            let kept = &bytes[reached..edit.at.start as usize];
            expected = expected.strip_prefix(kept).unwrap().strip_prefix(edit.text.as_bytes()).unwrap();
            reached = edit.at.end as usize;
        }
        prop_assert_eq!(expected, &bytes[reached..]);
        let changed = source("a.txt", &after);
        // Not with `apply`: it refuses to part bytes that are not text, which a deletion may have brought together.
        prop_assert_eq!(splice(changed.bytes(), &inverse(&before, &edits)), bytes);
    }

    #[test]
    fn a_place_that_no_edit_touches_keeps_its_bytes(bytes in bytes(), steps in edits(), start in any::<prop::sample::Index>(), length in 1_usize..9) {
        let before = source("a.txt", &bytes);
        let edits = lay_out(&before, steps);
        let start = start.index(bytes.len() + 1);
        let place = span(start as u32..(start + length).min(bytes.len()) as u32);
        if edits.iter().any(|edit| edit.at.end > place.start && place.end > edit.at.start) || place.is_empty() {
            return Ok(());
        }
        let (from, to) = moved(place, &edits);
        prop_assert_eq!(&apply(&before, &edits).unwrap()[from as usize..to as usize], &bytes[place.range()]);
    }

    #[test]
    fn a_diff_leads_from_one_text_to_the_other(before in bytes(), steps in edits(), other in bytes(), far in any::<bool>()) {
        let file = source("a.txt", &before);
        let after = if far { other } else { apply(&file, &lay_out(&file, steps)).unwrap() };
        let change = Change { path: RepoPath::new("a.txt"), before: Some(before.clone().into()), after: after.clone().into() };
        let patch = diff::unified([&change]);
        prop_assert_eq!(patch.is_empty(), before == after);
        prop_assert_eq!(patched(&before, &patch), after);
    }

    #[test]
    fn a_declared_key_can_be_inserted_between_any_two(
        (yaml, keys) in front_matter(), place in any::<prop::sample::Index>(), crlf in any::<bool>(), mark in any::<bool>(),
    ) {
        let text = card(&yaml, crlf, mark);
        let before = source("README.md", &text);
        let starts: Vec<u32> = FrontMatter::parse(&before).fields().map(|field| field.key.span().start).collect();
        prop_assert_eq!(starts.len(), keys.len());
        let start = *place.get(&starts);
        let line = if crlf { "new: x  # TODO\r\n" } else { "new: x  # TODO\n" };
        let fix = Fix::new("insert", Safety::Safe).edit(span(start..start), line).key("new");
        let after = source("README.md", apply(&before, &fix.edits).unwrap());
        prop_assert_eq!(verify(&before, &after, &[&fix]), Ok(()));
        let undeclared = Fix { keys: Vec::new(), ..fix };
        prop_assert!(verify(&before, &after, &[&undeclared]).is_err());
    }

    #[test]
    fn a_key_can_be_renamed_when_both_names_are_declared((yaml, keys) in front_matter(), place in any::<prop::sample::Index>()) {
        let text = card(&yaml, false, false);
        let before = source("README.md", &text);
        let key = place.get(&keys);
        let at = FrontMatter::parse(&before).get(key).unwrap().key.span();
        let fix = Fix::new("rename", Safety::Safe).edit(at, "renamed").key(key.clone());
        let after = source("README.md", apply(&before, &fix.edits).unwrap());
        prop_assert!(verify(&before, &after, &[&fix]).is_err());
        prop_assert_eq!(verify(&before, &after, &[&fix.key("renamed")]), Ok(()));
    }

    #[test]
    fn what_is_let_through_harms_nothing(
        (yaml, keys) in front_matter(), declared in any::<prop::sample::Index>(),
        start in any::<prop::sample::Index>(), length in 0_usize..12,
        new in prop_oneof![Just(""), Just(" "), Just("\n"), Just("x"), Just("'"), Just("\""), Just("#"), Just(" # x\n"), Just(": "),
            Just("- "), Just("---\n"), Just("["), Just("  "), Just("|\n"), Just("key0: z\n"), Just("*anchor"), Just("...\n")],
    ) {
        let text = card(&yaml, false, false);
        let before = source("README.md", &text);
        let start = start.index(text.len());
        let at = span(start as u32..(start + length).min(text.len()) as u32);
        let key = declared.get(&keys);
        let fix = Fix::new("anything", Safety::Safe).edit(at, new).key(key.clone());
        let Ok(after) = apply(&before, &fix.edits) else { return Ok(()) };
        let after = source("README.md", after);
        if verify(&before, &after, &[&fix]).is_ok() {
            let ((mut old, old_body), (mut new, new_body)) = (read(&text).unwrap(), read(after.text()).unwrap());
            old.remove(key.as_str());
            new.remove(key.as_str());
            prop_assert_eq!(old, new);
            let border = text.len() - old_body.len();
            if (at.start as usize) < border {
                prop_assert_eq!(old_body, new_body);
            }
        }
    }

    #[test]
    fn every_edit_that_a_card_offers_is_proven_when_its_keys_are_declared(
        (yaml, keys) in front_matter(), place in any::<prop::sample::Index>(), crlf in any::<bool>(), mark in any::<bool>(),
    ) {
        let before = source("README.md", card(&yaml, crlf, mark));
        let matter = FrontMatter::parse(&before);
        let field = matter.get(place.get(&keys).as_str()).unwrap();
        let key = field.key.text().unwrap();
        let offers = [
            (card_edits::insert_key(&before, &matter, "new: x\nlist:\n- a\n- b"), vec!["new", "list"]),
            (card_edits::replace_value(&before, &matter, field.value, "[x, 'y']"), vec![key]),
            (card_edits::fill_empty(&before, &matter, field.value, "x"), vec![key]),
            (card_edits::rename_key(&matter, field, "renamed"), vec![key, "renamed"]),
            (card_edits::remove_pair(&before, &matter, field), vec![key]),
            (card_edits::quote(&matter, field.value), vec![key]),
        ];
        for (number, (edit, keys)) in offers.into_iter().enumerate() {
            let Some(Edit { at, text }) = edit else {
                prop_assert!(number > 0, "an insert is always possible");
                continue;
            };
            let fix = keys.into_iter().fold(Fix::new("offer", Safety::Safe).edit(at, text), |fix, key| fix.key(key));
            let after = source("README.md", apply(&before, &fix.edits).unwrap());
            let proof = verify(&before, &after, &[&fix]);
            // Taking a key out may cost its comment, or a line break of a `|+` that is now the last.
            if number == 4 && matches!(proof, Err(Refusal::Comment(_) | Refusal::Key(_))) && yaml.contains(['#', '+']) {
                continue;
            }
            prop_assert_eq!(proof, Ok(()), "offer {}: {}", number, after.text());
        }
    }
}
