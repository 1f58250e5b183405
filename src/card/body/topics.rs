//! The words that people use as headings, in several languages, by what a reader looks for. Taken from headings of
//! published cards; the rare ones are there because a section that exists must not be called missing.

use super::plain_forms::plain_forms;
use crate::source::{List, word_senses};

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// What the model is and does.
    Description,
    /// How to use it, and for what.
    Usage,
    /// How it was made: training, data, hardware, software.
    Technical,
    /// How good it is.
    Evaluation,
    /// What it cannot or must not do.
    Limitations,
    /// How to cite it, and what it builds on.
    Citation,
    /// Its license.
    License,
    /// Energy and emissions.
    Environment,
    /// Who made it, and how to reach them.
    Contact,
}

use Topic::{Citation, Contact, Description, Environment, Evaluation, License, Limitations, Technical, Usage};

/// Headings that mean exactly this, and nothing that their words would suggest besides.
static WHOLE: List<(&str, &[Topic])> = word_senses!("headings_whole");

/// Runs of words that say so wherever they stand in a heading.
const WITHIN: &[(&str, Topic)] = &[
    ("model description", Description),
    ("model details", Description),
    ("model overview", Description),
    ("model summary", Description),
    ("model info", Description),
    ("model information", Description),
    ("model introduction", Description),
    ("model card for", Description),
    ("model card of", Description),
    ("details of", Description),
    ("description of", Description),
    ("introduction to", Description),
    ("about the model", Description),
    ("about this model", Description),
    ("what is", Description),
    ("what does", Description),
    ("key features", Description),
    ("descripción", Description),
    ("descrição", Description),
    ("modellbeschreibung", Description),
    ("beschreibung", Description),
    ("présentation", Description),
    ("описание модели", Description),
    ("о модели", Description),
    ("모델 설명", Description),
    ("대회 소개", Description),
    ("usage", Usage),
    ("how to use", Usage),
    ("how to run", Usage),
    ("how to load", Usage),
    ("how to get started", Usage),
    ("getting started", Usage),
    ("get started", Usage),
    ("quickstart", Usage),
    ("quick start", Usage),
    ("quick use", Usage),
    ("intended use", Usage),
    ("intended uses", Usage),
    ("direct use", Usage),
    ("downstream use", Usage),
    ("use case", Usage),
    ("use cases", Usage),
    ("use with", Usage),
    ("use in", Usage),
    ("using", Usage),
    ("in action", Usage),
    ("run with", Usage),
    ("running", Usage),
    ("inference with", Usage),
    ("inference code", Usage),
    ("code example", Usage),
    ("code examples", Usage),
    ("example code", Usage),
    ("sample code", Usage),
    ("load model", Usage),
    ("load the model", Usage),
    ("deployment", Usage),
    ("verwendung", Usage),
    ("nutzung", Usage),
    ("utilisation", Usage),
    ("instalación", Usage),
    ("uso", Usage),
    ("utilização", Usage),
    ("быстрый старт", Usage),
    ("установка", Usage),
    ("как использовать", Usage),
    ("사용 방법", Usage),
    ("사용법", Usage),
    ("training", Technical),
    ("pretraining", Technical),
    ("pre training", Technical),
    ("finetuning", Technical),
    ("fine tuning", Technical),
    ("technical", Technical),
    ("hyperparameters", Technical),
    ("hyper parameters", Technical),
    ("what was done", Technical),
    ("config", Technical),
    ("configuration", Technical),
    ("compute infrastructure", Technical),
    ("framework versions", Technical),
    ("speeds sizes times", Technical),
    ("dataset specs", Technical),
    ("environmental specs", Technical),
    ("quantization", Technical),
    ("quantisation", Technical),
    ("data preprocessing", Technical),
    ("architecture", Technical),
    ("entrenamiento", Technical),
    ("entraînement", Technical),
    ("treinamento", Technical),
    ("конфигурация обучения", Technical),
    ("обучение", Technical),
    ("обучения", Technical),
    ("архитектура", Technical),
    ("학습 설정", Technical),
    ("학습", Technical),
    ("데이터 전처리", Technical),
    ("사용 데이터", Technical),
    ("처리 방식", Technical),
    ("evaluation", Evaluation),
    ("evaluations", Evaluation),
    ("eval results", Evaluation),
    ("results", Evaluation),
    ("benchmark", Evaluation),
    ("benchmarks", Evaluation),
    ("benchmarking", Evaluation),
    ("performance", Evaluation),
    ("metrics", Evaluation),
    ("test set", Evaluation),
    ("testing data", Evaluation),
    ("resultados", Evaluation),
    ("résultats", Evaluation),
    ("ergebnisse", Evaluation),
    ("evaluación", Evaluation),
    ("évaluation", Evaluation),
    ("평가", Evaluation),
    ("оценка", Evaluation),
    ("limitation", Limitations),
    ("limitations", Limitations),
    ("limits", Limitations),
    ("bias", Limitations),
    ("biases", Limitations),
    ("misuse", Limitations),
    ("prohibited use", Limitations),
    ("prohibited uses", Limitations),
    ("out of scope", Limitations),
    ("disclaimer", Limitations),
    ("known issues", Limitations),
    ("ethical", Limitations),
    ("ethics", Limitations),
    ("responsible", Limitations),
    ("risks and", Limitations),
    ("safety considerations", Limitations),
    ("limitaciones", Limitations),
    ("limitações", Limitations),
    ("sesgos", Limitations),
    ("einschränkungen", Limitations),
    ("ограничения", Limitations),
    ("제한 사항", Limitations),
    ("citation", Citation),
    ("citations", Citation),
    ("citing", Citation),
    ("how to cite", Citation),
    ("cite this", Citation),
    ("bibtex", Citation),
    ("acknowledgment", Citation),
    ("acknowledgments", Citation),
    ("acknowledgement", Citation),
    ("acknowledgements", Citation),
    ("our paper", Citation),
    ("créditos", Citation),
    ("zitat", Citation),
    ("цитирование", Citation),
    ("license", License),
    ("licence", License),
    ("licencia", License),
    ("licencias", License),
    ("licença", License),
    ("lizenz", License),
    ("лицензия", License),
    ("라이선스", License),
    ("environmental impact", Environment),
    ("carbon", Environment),
    ("co2", Environment),
    ("model card authors", Contact),
    ("model card contact", Contact),
    ("contact", Contact),
    ("authors", Contact),
];

/// Signs that say so inside a heading of a script without spaces.
static SIGNS: List<(&str, Topic)> = word_senses!("heading_signs");

/// The topics of a heading, in the order of [`Topic`], each once.
pub(super) fn of(text: &str) -> Vec<Topic> {
    let mut found = Vec::new();
    for form in plain_forms(text) {
        if let Some((_, topics)) = WHOLE.iter().find(|(whole, _)| *whole == form) {
            found.extend_from_slice(topics);
            continue;
        }
        for text in word_starts(&form).filter_map(|at| form.get(at..)) {
            found.extend(WITHIN.iter().filter(|(words, _)| begins_with(text, words)).map(|(_, topic)| *topic));
        }
        if form.is_ascii() {
            continue;
        }
        if form.starts_with("使用") && !form.contains("协议") {
            found.push(Usage);
        }
        found.extend(SIGNS.iter().filter(|(signs, _)| form.contains(signs)).map(|(_, topic)| *topic));
    }
    found.sort();
    found.dedup();
    // "News | Models | Usage | Evaluation | License" leads to sections, and is none.
    if found.len() > MOST_TOPICS { Vec::new() } else { found }
}

/// What a section may be about at once.
const MOST_TOPICS: usize = 3;

/// Where the words of a plain form start.
fn word_starts(form: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(form.match_indices(' ').map(|(at, _)| at + 1))
}

/// Whether a text begins with these words, and not only with letters of a longer one.
fn begins_with(text: &str, words: &str) -> bool {
    // Hardly any does: the first bytes spare the call that compares the rest.
    text.as_bytes().get(..2) == words.as_bytes().get(..2)
        && text.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
