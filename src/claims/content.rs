//! Which parts of a body say something: prose that is more than placeholders, code, images. Read once; to ask about a
//! section then costs a search, however many headings are nested.

use super::placeholders::{filled_words, says_nothing};
use crate::card::body::{Body, Heading, Prose};
use crate::source::Span;

/// Elements that show something without words.
const MEDIA: [&str; 10] = ["img", "video", "audio", "iframe", "embed", "object", "svg", "picture", "gallery", "source"];

/// Whether the language of a fence is YAML.
pub(super) fn is_yaml(language: &str) -> bool {
    matches!(language, "yaml" | "yml")
}

/// What of a body says something.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// For each run of prose the words that say something.
    words: Vec<u32>,
    /// Where something stands that says something, in the order of the text.
    places: Vec<u32>,
}

impl Content {
    /// Reads a body.
    pub(super) fn of(body: &Body) -> Self {
        let words: Vec<u32> = body.prose.iter().map(|prose| filled_words(&prose.text)).collect();
        let prose = body.prose.iter().zip(&words).filter(|(_, words)| **words > 0).map(|(prose, _)| prose.span);
        let code = body.code_blocks.iter().filter(|code| !says_nothing(&code.text)).map(|code| code.span);
        let images = body.images.iter().map(|image| image.span);
        let html = body.html.iter().filter(|element| MEDIA.contains(&element.name.as_str()));
        let spans = prose.chain(code).chain(images).chain(html.map(|element| element.span));
        let mut places: Vec<u32> = spans.map(|span| span.start).collect();
        places.sort_unstable();
        Self { words, places }
    }

    /// Whether a section has nothing but placeholders, comments and headings whose sections are as empty.
    pub(crate) fn is_empty(&self, heading: &Heading) -> bool {
        let Span { start, end, .. } = heading.section;
        let next = self.places.partition_point(|at| *at < start);
        self.places.get(next).is_none_or(|at| *at >= end)
    }

    /// The runs of prose of the same body, each with the number of its words that say something.
    pub(super) fn prose<'b>(&'b self, body: &'b Body) -> impl Iterator<Item = (&'b Prose, u32)> + Clone {
        body.prose.iter().zip(self.words.iter().copied())
    }

    /// The same of a section.
    pub(super) fn prose_in<'b>(&'b self, body: &'b Body, section: Span) -> impl Iterator<Item = (&'b Prose, u32)> {
        let from = body.prose.partition_point(|prose| prose.span.start < section.start);
        self.prose(body).skip(from).take_while(move |(prose, _)| prose.span.start < section.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::Card;
    use crate::source::{FileId, RepoPath, SourceFile};

    fn with(text: &str, look: impl FnOnce(&Body, &Content)) {
        let source = SourceFile::new(FileId(0), RepoPath::new("README.md"), text.as_bytes().to_vec());
        let card = Card::parse(&source);
        look(card.body(), &Content::of(card.body()));
    }

    #[test]
    fn words_are_counted_where_a_reader_sees_them() {
        let text = "one two\n\n# head ing\n\nthree `four` [five](x) ![not](y)\n<!-- not -->\n\n```\nnot\n```\n- six\n- seven\n\n## sub\n<b>eight</b> \u{1f600} -- 9\n\n你好世界\n";
        with(text, |body, content| {
            let words = |heading: usize| {
                content.prose_in(body, body.headings[heading].section).map(|(_, words)| words).sum::<u32>()
            };
            assert_eq!((words(0), words(1)), (9, 4));
            assert_eq!(content.prose(body).map(|(_, words)| words).sum::<u32>(), 11);
        });
    }

    #[test]
    fn a_section_of_placeholders_is_empty() {
        let empty = [
            "",
            "[More Information Needed]\n",
            "More information needed\n",
            "<!-- Provide a quick summary. -->\n",
            "<!-- a -->\n\n[More Information Needed]\n\n### Sub\n\n<!-- b -->\n\nmore information needed.\n",
            "- **Developed by:** [More Information Needed]\n- **Shared by [optional]:** [More Information Needed]\n- **License:**\n",
            "### Recommendations\n\nUsers (both direct and downstream) should be made aware of the risks, biases and limitations of the model. More information needed for further recommendations.\n",
            "Use the code below to get started with the model.\n\n[More Information Needed]\n",
            "{{ bias_risks | default('[More Information Needed]') }}\n",
            "[TODO: describe the limits]\n",
            "TBD\n",
            "N/A\n",
            "待补充\n",
            "---\n",
            "```\n```\n",
            "| a: |\n|---|\n",
        ];
        for section in empty {
            with(&format!("## Bias\n{section}\n## Next\ntext\n"), |body, content| {
                assert!(content.is_empty(&body.headings[0]), "{section:?} {:?}", body.prose);
                assert!(!content.is_empty(body.headings.last().unwrap()));
            });
        }
        let filled = [
            "It may fail.\n",
            "- **Developed by:** Someone\n- **License:** [More Information Needed]\n",
            "### Sub\n\nwords\n",
            "```python\nx = 1\n```\n",
            "![plot](a.png)\n",
            "<img src=\"a.png\">\n",
            "| a | b |\n|---|---|\n| 0.5 | 1 |\n",
            "[More Information Needed]\n\nBut there is some: the data is biased.\n",
            "See https://x.y\n",
        ];
        for section in filled {
            with(&format!("## Bias\n{section}\n## Next\n"), |body, content| {
                assert!(!content.is_empty(&body.headings[0]), "{section:?}");
            });
        }
    }
}
