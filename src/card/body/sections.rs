//! What a section holds, as sums over sorted offsets: asking costs a search, however many headings are nested.

use crate::source::Span;

/// Running sums of words and of things that count as content.
#[derive(Debug, Default)]
pub(super) struct Marks {
    marks: Vec<Mark>,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    at: u32,
    words: u64,
    content: u64,
}

impl Marks {
    /// Adds words at an offset; words are content.
    pub(super) fn prose(&mut self, at: u32, words: u32) {
        self.push(at, u64::from(words), u64::from(words > 0));
    }

    /// Adds something that is content without having words: code, an image.
    pub(super) fn thing(&mut self, at: u32) {
        self.push(at, 0, 1);
    }

    fn push(&mut self, at: u32, words: u64, content: u64) {
        self.marks.push(Mark { at, words, content });
    }

    /// Sorts the offsets and sums up; to be called once, after the last addition.
    pub(super) fn sum(&mut self) {
        self.marks.sort_by_key(|mark| mark.at);
        let (mut words, mut content) = (0, 0);
        for mark in &mut self.marks {
            words += mark.words;
            content += mark.content;
            (mark.words, mark.content) = (words, content);
        }
    }

    pub(super) fn words(&self, span: Span) -> usize {
        (self.before(span.end).0 - self.before(span.start).0) as usize
    }

    pub(super) fn content(&self, span: Span) -> usize {
        (self.before(span.end).1 - self.before(span.start).1) as usize
    }

    fn before(&self, at: u32) -> (u64, u64) {
        let index = self.marks.partition_point(|mark| mark.at < at);
        index.checked_sub(1).and_then(|last| self.marks.get(last)).map_or((0, 0), |mark| (mark.words, mark.content))
    }
}
