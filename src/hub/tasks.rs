//! The Hub's tasks: the values that `pipeline_tag` can have.

use super::nearest::{compact, nearest};
use super::table::{Row, Table, Words};

const TASKS: &str = include_str!("tables/tasks.tsv");
const RETIRED: &str = include_str!("tables/tasks-retired.tsv");
const SUBTASKS: &str = include_str!("tables/subtasks.tsv");
const ALIASES: &str = include_str!("tables/task-aliases.tsv");

/// A task of the Hub's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// The value of `pipeline_tag`, e.g. `text-generation`.
    pub id: &'static str,
    /// The name on the Hub's pages, e.g. `Text Generation`.
    pub name: &'static str,
    /// The Hub's group: `multimodal`, `nlp`, `audio`, `cv`, `rl`, `tabular` or `other`.
    pub modality: &'static str,
    /// Whether the models page offers it as a filter. A hidden task is still a legal value.
    pub listed: bool,
    traits: &'static str,
}

/// What a model of a task makes that a reader of its card wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Pictures.
    Image,
    /// Moving pictures.
    Video,
    /// Shapes in three dimensions.
    ThreeD,
}

impl Task {
    /// Whether a model of this task reads, hears, writes or speaks a human language, so that its card should name it.
    /// Our own reading: embeddings of unknown kind, prompts of image models and music do not count.
    #[must_use]
    pub fn is_about_language(&self) -> bool {
        self.traits == "language"
    }

    /// What the task generates, for images, video and 3D. Our own reading of the list.
    #[must_use]
    pub fn generates(&self) -> Option<Output> {
        match self.traits {
            "image" => Some(Output::Image),
            "video" => Some(Output::Video),
            "3d" => Some(Output::ThreeD),
            _ => None,
        }
    }

    fn of(row: Row) -> Self {
        Self {
            id: row.key(),
            name: row.column(1),
            modality: row.column(2),
            listed: row.column(3) == "listed",
            traits: row.column(4),
        }
    }
}

/// A task that the Hub had and no longer lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retired {
    /// The retired value.
    pub id: &'static str,
    /// The tasks that took its place, the most likely first; at least one.
    pub successors: Words,
    /// A tag to add beside the successor, e.g. `conversational`.
    pub tag: Option<&'static str>,
    /// When it was removed, as year-month, where known.
    pub removed: Option<&'static str>,
}

/// The task with this id, compared exactly.
#[must_use]
pub fn get(id: &str) -> Option<Task> {
    Table::new(TASKS).find(id).map(Task::of)
}

/// The task that the Hub takes from the tags of a card without `pipeline_tag`: of several the first of its own list, which
/// goes from the particular to the general.
#[must_use]
pub fn of_tags<'t>(tags: impl IntoIterator<Item = &'t str>) -> Option<Task> {
    let found = tags.into_iter().filter_map(|tag| Table::new(TASKS).find(tag));
    found.min_by_key(|row| row.column(5).parse().unwrap_or(usize::MAX)).map(Task::of)
}

/// Every task, in alphabetical order.
pub fn all() -> impl Iterator<Item = Task> {
    Table::new(TASKS).rows().map(Task::of)
}

/// What replaced a task that the Hub no longer lists; `None` for current and unknown ids.
#[must_use]
pub fn retired(id: &str) -> Option<Retired> {
    Table::new(RETIRED).find(id).map(|row| Retired {
        id: row.key(),
        successors: row.words(1),
        tag: row.optional(2),
        removed: row.optional(3),
    })
}

/// The tasks that have this subtask, e.g. `sentiment-analysis` → `text-classification`; empty for other words. A subtask is a legal
/// `model-index` task type, and no legal `pipeline_tag`.
#[must_use]
pub fn parents_of_subtask(id: &str) -> Words {
    Table::new(SUBTASKS).find(id).map_or_else(Words::default, |row| row.words(1))
}

/// The task that was probably meant by a wrong value: an alias (`tts`), a subtask with one parent, another spelling
/// (`Text_Generation`), a slip (`text-clasification`). `None` for current and retired ids, and where a guess is unsafe.
#[must_use]
pub fn suggest(text: &str) -> Option<&'static str> {
    if get(text).is_some() || retired(text).is_some() {
        return None;
    }
    let spelled = text.trim().to_lowercase().replace(['_', ' '], "-");
    alias(&spelled)
        .or_else(|| get(&spelled).map(|task| task.id))
        .or_else(|| {
            let mut parents = parents_of_subtask(&spelled).into_iter();
            parents.next().filter(|_| parents.next().is_none())
        })
        // transformers writes `translation_en_to_fr`.
        .or_else(|| {
            (spelled.starts_with("translation-") && spelled.contains("-to-"))
                .then(|| get("translation"))
                .flatten()
                .map(|task| task.id)
        })
        .or_else(|| nearest(text, all().map(|task| task.id)))
}

fn alias(spelled: &str) -> Option<&'static str> {
    let table = Table::new(ALIASES);
    let row = table.find(spelled).or_else(|| {
        let meant = compact(spelled);
        table.rows().find(|row| compact(row.key()) == meant)
    })?;
    Some(row.column(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_tags_the_particular_one_counts() {
        let task = |tags: &[&str]| of_tags(tags.iter().copied()).map(|task| task.id);
        assert_eq!(task(&["feature-extraction", "sentence-similarity"]), Some("feature-extraction"));
        assert_eq!(task(&["image-to-image", "text-to-image"]), Some("text-to-image"));
        assert_eq!(task(&["lamps", "fill-mask"]), Some("fill-mask"));
        assert_eq!(task(&["lamps", "Fill-Mask"]), None);
    }

    #[test]
    fn known_ids_are_exact() {
        let task = get("text-to-image").unwrap();
        assert_eq!((task.name, task.modality, task.listed), ("Text-to-Image", "cv", true));
        assert!(!get("multiple-choice").unwrap().listed);
        for id in
            ["Text-Generation", "text_generation", "text-generation ", "", "keypoint-matching", "text2text-generation"]
        {
            assert_eq!(get(id), None, "{id}");
        }
        assert_eq!(all().count(), 57);
    }

    #[test]
    fn retired_ids_name_their_successors() {
        let old = retired("text2text-generation").unwrap();
        assert!(old.successors.iter().eq(["text-generation", "summarization", "translation"]));
        assert_eq!((old.tag, old.removed), (None, Some("2025-07")));
        let old = retired("conversational").unwrap();
        assert!(old.successors.iter().eq(["text-generation"]));
        assert_eq!(old.tag, Some("conversational"));
        assert_eq!(retired("text-generation"), None);
    }

    #[test]
    fn what_was_meant() {
        for (text, id) in [
            ("tts", "text-to-speech"),
            ("TTS", "text-to-speech"),
            ("ner", "token-classification"),
            ("sentiment-analysis", "text-classification"),
            ("Sentiment Analysis", "text-classification"),
            ("super-resolution", "image-to-image"),
            ("text-to-3D", "text-to-3d"),
            ("text_generation", "text-generation"),
            ("TextGeneration", "text-generation"),
            ("text-clasification", "text-classification"),
            ("imge-to-text", "image-to-text"),
            ("translation_xx_to_yy", "translation"),
            ("zero_shot_classification", "zero-shot-classification"),
        ] {
            assert_eq!(suggest(text), Some(id), "{text}");
        }
    }

    #[test]
    fn near_misses_that_stay_unanswered() {
        for text in [
            "text-generation",      // right
            "text2text-generation", // retired: that answer is better
            "conversational",
            "keypoint-matching", // a task of transformers, not of the Hub; keypoint-detection is another one
            "closed-domain-qa",  // a subtask of two tasks
            "speech-to-speech",
            "text-to-sql",
            "text-to-md",
            "test-generation",
            "image-to-test",
            "text-generation-inference",
            "video-to-audio",
            "image-generation",
            "embeddings",
            "normal-estimation",
            "generation",
            "text",
            "",
        ] {
            assert_eq!(suggest(text), None, "{text}");
        }
    }

    #[test]
    fn language_and_pictures() {
        for id in
            ["text-generation", "automatic-speech-recognition", "image-text-to-text", "text-to-speech", "translation"]
        {
            assert!(get(id).unwrap().is_about_language(), "{id}");
        }
        for id in
            ["feature-extraction", "text-to-image", "image-classification", "graph-ml", "text-to-audio", "robotics"]
        {
            assert!(!get(id).unwrap().is_about_language(), "{id}");
        }
        let generates = |id| get(id).unwrap().generates();
        assert_eq!(generates("unconditional-image-generation"), Some(Output::Image));
        assert_eq!(generates("image-to-video"), Some(Output::Video));
        assert_eq!(generates("image-to-3d"), Some(Output::ThreeD));
        assert_eq!(generates("image-to-text"), None);
        assert_eq!(generates("image-segmentation"), None);
    }

    #[test]
    fn every_alias_leads_to_a_task_and_is_none() {
        for row in Table::new(ALIASES).rows() {
            assert!(get(row.column(1)).is_some(), "{row:?}");
            assert!(get(row.key()).is_none() && retired(row.key()).is_none(), "{row:?}");
            assert_eq!(suggest(row.key()), Some(row.column(1)));
        }
    }
}
