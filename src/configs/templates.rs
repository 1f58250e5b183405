//! The chat templates that stand in text files: inside of JSON, and as files of their own.

use std::ops::Range;

use super::{Configs, Spanned, string};
use crate::source::tree::NodeRef;
use crate::source::{FileId, Span, json};

/// A chat template.
#[derive(Clone, Debug)]
pub struct ChatTemplate<'c> {
    /// The file it stands in.
    pub file: FileId,
    /// Its name, where several stand beside each other: `default`, `tool_use`.
    pub name: Option<&'c str>,
    /// Its text, escapes of JSON undone.
    pub text: &'c str,
    /// The JSON string that contains it, quotes included; none where the file is the template.
    literal: Option<Spanned<'c>>,
}

impl ChatTemplate<'_> {
    /// Where bytes of the text stand in the file.
    pub fn place(&self, part: Range<usize>) -> Span {
        let (start, range) = match self.literal {
            Some((literal, span)) => (span.start, json::within(literal, part)),
            None => (0, part),
        };
        Span::new(self.file, start + range.start as u32..start + range.end as u32)
    }
}

/// The files whose `chat_template` transformers reads, in any folder of the release.
const HOLDERS: &[&str] = &["chat_template.json", "processor_config.json", "tokenizer_config.json"];

/// How many templates of one file are looked at. Real ones have up to three.
const MAX_TEMPLATES: usize = 100;

impl Configs<'_> {
    /// Every chat template of the release, in the order of the files: `chat_template` of a tokenizer or processor (a string,
    /// a list of `{name, template}`, or an object from name to template), and every file that ends with `.jinja`.
    pub fn chat_templates(&self) -> Vec<ChatTemplate<'_>> {
        let mut found = Vec::new();
        for file in self.release.files().iter().filter(|file| file.lfs.is_none()) {
            if HOLDERS.contains(&file.path.name()) {
                self.in_json(file.id, &mut found);
            } else if file.path.extension() == "jinja"
                && let Ok(source) = self.release.text(file.id)
            {
                found.push(ChatTemplate { file: file.id, name: None, text: source.text(), literal: None });
            }
        }
        found
    }

    fn in_json<'c>(&'c self, file: FileId, found: &mut Vec<ChatTemplate<'c>>) {
        let Some(value) = self.json(file).and_then(|config| config.get("chat_template")) else { return };
        let Ok(source) = self.release.text(file) else { return };
        let mut add = |name: Option<&'c str>, node: NodeRef<'c>| {
            if let Some((text, span)) = string(node) {
                found.push(ChatTemplate { file, name, text, literal: Some((source.slice(span), span)) });
            }
        };
        add(None, value);
        for item in value.items().take(MAX_TEMPLATES) {
            if let Some(template) = item.get("template") {
                add(item.get("name").and_then(NodeRef::text), template);
            }
        }
        for (name, template) in value.pairs().take(MAX_TEMPLATES) {
            add(name.text(), template);
        }
    }
}
