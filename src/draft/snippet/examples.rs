//! Inputs for examples: what the card and the files show of the model, else sentences that say nothing about it.

use super::Material;

/// Two sentences of one meaning and one of another, as a list in Python.
pub(super) const SENTENCES: &str =
    "[\"The train leaves at noon.\", \"The train departs at 12 o'clock.\", \"My sister plays the violin.\"]";

/// A question that any model of a dialogue can answer.
pub(super) const QUESTION: &str = "Why is the sky blue?";

/// A sentence that names things.
pub(super) const NAMES: &str = "The Eiffel Tower stands in Paris.";

/// One neutral sentence in the languages that most cards name.
const SENTENCE: &[(&str, &str)] = &[
    ("ar", "الطقس جميل اليوم."),
    ("de", "Das Wetter ist heute schön."),
    ("es", "Hoy hace buen tiempo."),
    ("fr", "Il fait beau aujourd'hui."),
    ("hi", "आज मौसम अच्छा है।"),
    ("id", "Cuaca hari ini bagus."),
    ("it", "Oggi il tempo è bello."),
    ("ja", "今日は天気がいいです。"),
    ("ko", "오늘은 날씨가 좋습니다."),
    ("nl", "Het weer is mooi vandaag."),
    ("pl", "Dziś jest ładna pogoda."),
    ("pt", "O tempo está bom hoje."),
    ("ru", "Сегодня хорошая погода."),
    ("sv", "Vädret är fint idag."),
    ("tr", "Bugün hava güzel."),
    ("uk", "Сьогодні гарна погода."),
    ("vi", "Hôm nay thời tiết đẹp."),
    ("zh", "今天天气很好。"),
];

/// The longest example that is taken from a card, in characters.
const MAX_EXAMPLE: usize = 120;

/// How many labels are worth a comment.
const MAX_LABELS: usize = 6;

/// A text that the model reads: the widget's, else a sentence in the language of the model.
pub(super) fn text<'m>(material: &Material<'m>) -> &'m str {
    widget(material).or_else(|| sentence(material)).unwrap_or("The weather is nice today.")
}

/// The beginning of a text that the model continues.
pub(super) fn beginning<'m>(material: &Material<'m>) -> &'m str {
    widget(material).or_else(|| sentence(material)).unwrap_or("Once upon a time")
}

/// What a user says to the model.
pub(super) fn question<'m>(material: &Material<'m>) -> &'m str {
    widget(material).unwrap_or(QUESTION)
}

/// A text in which the model finds names.
pub(super) fn names<'m>(material: &Material<'m>) -> &'m str {
    widget(material).unwrap_or(NAMES)
}

/// The widget's text with a masked word, where it has one.
pub(super) fn masked<'m>(material: &Material<'m>) -> Option<&'m str> {
    widget(material).filter(|text| text.contains("[MASK]") || text.contains("<mask>"))
}

/// `  # labels: negative, positive`: what a classifier answers with; nothing where config.json has numbers for names.
pub(super) fn labels(material: &Material<'_>) -> String {
    let named = material.configs().model().and_then(|model| model.get("id2label"));
    let labels: Vec<&str> = named.into_iter().flat_map(|map| map.pairs()).filter_map(|(_, name)| name.text()).collect();
    if labels.is_empty() || labels.len() > MAX_LABELS || !labels.iter().all(is_short_name) {
        return String::new();
    }
    format!("  # labels: {}", labels.join(", "))
}

fn is_short_name(label: &&str) -> bool {
    is_harmless(label) && !label.starts_with("LABEL_") && label.len() <= 24
}

fn widget<'m>(material: &Material<'m>) -> Option<&'m str> {
    material.example.map(str::trim).filter(|text| is_harmless(text))
}

fn sentence(material: &Material<'_>) -> Option<&'static str> {
    let code = material.language?.split(['-', '_']).next()?;
    SENTENCE.iter().find(|(known, _)| *known == code).map(|(_, sentence)| *sentence)
}

/// Whether a text can stand between quotes in Python and JavaScript, inside a fence, and looks like what it is.
fn is_harmless(text: &str) -> bool {
    let is_hostile = |c: char| {
        c.is_control()
            || "\"\\`$".contains(c)
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    !text.is_empty() && text.chars().count() <= MAX_EXAMPLE && !text.contains(is_hostile)
}
