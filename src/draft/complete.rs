//! What is added to a card that is there: code below a heading that has none, and sections at the end, before those that close a
//! card, such as the citation. Nothing that stands is changed.

use super::lacking::Lacking;
use super::sections::{title, usage};
use super::{Material, Section, specs};
use crate::card::Card;
use crate::card::body::{Body, Heading, Topic};
use crate::claims::sections;
use crate::diagnostic::{Edit, Fix, Safety};
use crate::source::{LineEnds, SourceFile};

/// The change that adds what is lacking and can be added; nothing when there is nothing.
pub(super) fn complete(card: &Card<'_>, lacking: &Lacking<'_>, material: &Material<'_>) -> Option<Fix> {
    let source = card.source();
    let end = source.text().len();
    let closing = closing(card).unwrap_or(end);
    let mut added: Vec<&str> = Vec::new();
    let mut edits = Vec::new();
    let mut tail = String::new();
    let code = lacking.code_below.and_then(|heading| Some((place(card, heading)?, usage(material)?)));
    let table = lacking.specs_below.and_then(|heading| Some((place(card, heading)?, specs::table(material)?)));
    let begun = |section: &Section, heading: &str| section.text(heading, material);
    // A description stands right below the title, above what is said already.
    let below = sections::title(card.body()).and_then(|title| place(card, title)).filter(|at| *at < closing);
    let is_first = |section: &Section| section.topic == Topic::Description && below.is_some();
    let first = lacking.sections.iter().find(|(section, _)| is_first(section));
    if let Some((at, (section, heading))) = below.zip(first) {
        edits.push(inserted(source, at, &begun(section, heading)));
    }
    for (name, below) in [("usage code", code), ("technical facts", table)] {
        let Some((at, text)) = below else { continue };
        added.push(name);
        if at == closing {
            tail.push_str(&text);
        } else {
            edits.push(inserted(source, at, &text));
        }
    }
    let is_bare = card.body().headings.is_empty() && card.body().prose.is_empty();
    let title = (is_bare && !lacking.sections.is_empty()).then(|| title(material));
    let others = lacking.sections.iter().filter(|(section, _)| !is_first(section));
    for text in title.into_iter().chain(others.map(|(section, heading)| begun(section, heading))) {
        if !tail.is_empty() {
            tail.push('\n');
        }
        tail.push_str(&text);
    }
    added.extend(lacking.sections.iter().map(|(_, heading)| *heading));
    if !tail.is_empty() {
        edits.push(inserted(source, closing, &tail));
    }
    edits.sort_by_key(|edit| edit.at.start);
    if edits.is_empty() {
        return None;
    }
    let mut fix = Fix::new(format!("add {}", added.join(", ")), Safety::Safe).placeholder();
    fix.edits = edits;
    Some(fix)
}

/// Where the sections begin that close a card: how to cite it, its license, its authors. Nothing when it ends otherwise.
fn closing(card: &Card<'_>) -> Option<usize> {
    let body = card.body();
    let mut start = body.span.end;
    // The first heading names the model, whatever its words.
    for heading in body.headings.iter().skip(1).rev().filter(|heading| heading.level <= 2) {
        let topics = heading.topics();
        if heading.section.end == start && !topics.is_empty() && topics.iter().all(|topic| CLOSING.contains(topic)) {
            start = heading.span.start;
        }
    }
    let at = start as usize;
    (start < body.span.end && is_own_block(card.source().text(), at)).then_some(at)
}

/// What the sections are about that stand at the end.
const CLOSING: [Topic; 4] = [Topic::Citation, Topic::License, Topic::Environment, Topic::Contact];

/// Adds lines at a place, with an empty line around them.
fn inserted(source: &SourceFile, at: usize, text: &str) -> Edit {
    let text = if at < source.text().len() { format!("{text}\n") } else { format!("{}{text}", gap(source)) };
    edit(source, at, text)
}

fn edit(source: &SourceFile, at: usize, text: String) -> Edit {
    let text = if source.line_ends() == LineEnds::CrLf { text.replace('\n', "\r\n") } else { text };
    Edit { at: source.span(at, at), text }
}

/// What makes one empty line of the end of a text.
fn gap(source: &SourceFile) -> &'static str {
    let text = source.text().trim_start_matches('\u{feff}');
    let breaks = text.bytes().rev().filter(|byte| *byte != b'\r').take_while(|byte| *byte == b'\n').count();
    match breaks {
        _ if text.is_empty() => "",
        0 => "\n\n",
        1 => "\n",
        _ => "",
    }
}

/// The end of what stands directly below a heading: before the next one, where a Markdown heading follows an empty line, or
/// the end of the text.
fn place(card: &Card<'_>, heading: &Heading) -> Option<usize> {
    let text = card.source().text();
    let Some(next) = card.body().headings.iter().find(|next| next.span.start > heading.span.start) else {
        return Some(text.len());
    };
    let at = next.span.start as usize;
    is_own_block(text, at).then_some(at)
}

/// Whether a Markdown heading after an empty line starts at a place.
fn is_own_block(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(..at), text.get(at..)) else { return false };
    after.starts_with('#') && (before.ends_with("\n\n") || before.ends_with("\n\r\n"))
}

/// Whether a completed card still says everything that it said, and the sections are read as sections: after a code
/// block that is not closed they would be part of it. The metadata must be the same in both.
pub fn keeps(before: &Card<'_>, after: &SourceFile, lacking: usize) -> bool {
    let (old, new) = (before.body(), &Body::parse(after, before.front_matter.body_start() as usize));
    let texts = |body: &Body| body.prose.iter().map(|prose| prose.text.clone()).collect::<Vec<_>>();
    let titles = |body: &Body| body.headings.iter().map(|heading| heading.text.clone()).collect::<Vec<_>>();
    is_within(&texts(old), &texts(new))
        && is_within(&titles(old), &titles(new))
        && new.headings.len() >= old.headings.len() + lacking
        && new.code_blocks.len() >= old.code_blocks.len()
}

/// Whether all of a list stands in another one, in order.
fn is_within(part: &[String], whole: &[String]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|text| rest.any(|other| other == text))
}

#[cfg(test)]
mod tests {
    use crate::claims::Context;
    use crate::draft::{addition, testing};
    use crate::source::{RepoPath, SourceFile};

    /// The headings of a card after `init`.
    fn completed(card: &str) -> Vec<String> {
        testing::with(&[("README.md", card.as_bytes())], |material| {
            let id = Context::id_for_new_readme(material.release());
            let source = SourceFile::new(id, RepoPath::new("README.md"), card.as_bytes().to_vec());
            let mut text = card.to_owned();
            for edit in addition(&Context::with_readme(material.subject, Some(&source)))
                .into_iter()
                .flat_map(|(_, fix)| fix.edits)
                .rev()
            {
                text.replace_range(edit.at.start as usize..edit.at.end as usize, &edit.text);
            }
            let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
            headings.map(|line| line.trim_start_matches('#').trim().to_owned()).collect()
        })
    }

    #[test]
    fn a_description_goes_below_the_title() {
        let card = "# Lamp\n\n## Results\n\nAccuracy is 0.97.\n\n## Citation\n\nA.\n";
        let found = completed(card);
        assert_eq!(
            found,
            ["Lamp", "Description", "Results", "Usage", "Technical specifications", "Limitations", "Citation"]
        );
        for card in ["## Lamp authors\n", "# License plates\n"] {
            let found = completed(card);
            assert_eq!(
                (found.first().map(String::as_str), found.get(1).map(String::as_str)),
                (card.trim_start_matches('#').split('\n').next().map(str::trim), Some("Description")),
                "{found:?}"
            );
        }
    }

    #[test]
    fn headings_are_of_the_cards_language() {
        let text = "这个模型可以听懂人们对灯说的话，并且把它们分为打开、关闭和调暗三类。它适合放在家里的每一个房间，也可以在没有网络的时候工作。我们希望它能够帮助老人和孩子，让他们在晚上不用起床就能打开或者关闭灯光。";
        assert_eq!(completed(&format!("# 灯\n\n{text}\n")), ["灯", "使用方法", "训练细节", "评测结果", "局限性"]);
        assert_eq!(completed("# 灯\n\n一盏灯。\n"), ["灯"], "too short to tell");
        assert_eq!(completed("# โคมไฟ\n\nโคมไฟ\n"), ["โคมไฟ"]);
        let english = completed(&format!("# 灯\n\n{text}\n\n## Training\n\n三天。\n"));
        assert_eq!(english, ["灯", "Training", "Usage", "Evaluation", "Limitations"]);
    }
}
