//! The task of GGUF files: by the architecture, by how they pool, and by the file that lets them see.

use super::{Task, senses};
use crate::diagnostic::Label;
use crate::evidence::Weights;
use crate::hub::readings;
use crate::release::File;
use crate::weights::gguf::{Gguf, Value};

/// The architecture of a projector, which goes with a text model (`mmproj-….gguf`).
const PROJECTOR: &str = "clip";

/// `…pooling_type` of a reranker in llama.cpp; 0 is none, and the others are encoders.
const POOLING_RANK: u64 = 4;

pub(super) fn gather(weights: &Weights<'_>) -> Option<Task> {
    let mut text: Option<Task> = None;
    let mut projector: Option<Task> = None;
    let mut sees = weights.files().any(|found| is_called_projector(found.file.path.name()));
    for (file, gguf) in weights.gguf() {
        let Some(architecture) = gguf.get("general.architecture").and_then(Value::as_str) else { continue };
        let is_projector = architecture == PROJECTOR || says(gguf, "general.type", "mmproj");
        sees |= is_projector || gguf.tensors.iter().any(|tensor| is_of_senses(&tensor.name));
        let slot = if is_projector { &mut projector } else { &mut text };
        if slot.is_none() {
            *slot = if is_projector { of_projector(file, gguf) } else { of_model(file, gguf, architecture) };
        }
    }
    // A projector alone belongs to a text model of another repository: the pair's task all the same, but not sure.
    match (text, projector) {
        (Some(_), Some(task)) => Some(task),
        (None, Some(mut task)) => {
            task.weaken();
            Some(task)
        }
        (Some(mut task), None) if !sees => {
            task.without_projector =
                task.proof.first().cloned().filter(|_| task.plausible.contains(&"text-generation"));
            Some(task)
        }
        // A projector that was not fetched, or one in the model's own file.
        (Some(mut task), None) => {
            senses::weaken(&mut task);
            Some(task)
        }
        (None, None) => None,
    }
}

/// Words in the names of projectors, for files whose header is not at hand.
const PROJECTOR_NAMES: [&str; 5] = ["mmproj", "projector", "vision", "visual", "clip"];

fn is_called_projector(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".gguf") && PROJECTOR_NAMES.iter().any(|word| name.contains(word))
}

/// Whether a tensor belongs to a part for images or sound that was written into the model's own file.
fn is_of_senses(tensor: &str) -> bool {
    ["v.", "a.", "mm.", "vision", "visual", "audio"].iter().any(|start| tensor.starts_with(start))
}

fn of_projector(file: &File, gguf: &Gguf) -> Option<Task> {
    let has = |key: &str| matches!(gguf.get(key), Some(Value::Bool(true)));
    // Before these keys, projectors were for images only.
    let kind = match (has("clip.has_vision_encoder"), has("clip.has_audio_encoder")) {
        (true, true) => "gguf-any",
        (false, true) => "gguf-audio",
        _ => "gguf-vision",
    };
    Some(Task::of_kind(kind, Label::file(file.id, "a projector (mmproj) gives the text model images or sound")))
}

fn of_model(file: &File, gguf: &Gguf, architecture: &str) -> Option<Task> {
    if !["general.type"].iter().all(|key| gguf.get(key).is_none() || says(gguf, key, "model")) {
        return None;
    }
    let label = |text: String| Label::file(file.id, text);
    let pooling = gguf.get(&format!("{architecture}.pooling_type")).and_then(Value::as_u64).unwrap_or(0);
    let reading = readings::gguf(architecture);
    let is_encoder = reading.is_some_and(|reading| reading.tags.contains("sentence-similarity"));
    if pooling == POOLING_RANK {
        return Some(Task::of_kind(
            "gguf-reranker",
            label("the header's pooling type is that of a reranker".to_owned()),
        ));
    }
    if pooling > 0 && !is_encoder {
        return Some(Task::of_kind("gguf-encoder", label("the header says how to pool to one embedding".to_owned())));
    }
    let proof = label(format!("the header's `general.architecture` is {architecture}"));
    match reading {
        Some(reading) => {
            let mut task = Task::of(reading, proof);
            if let Some(sign) = senses::of_gguf(file, gguf) {
                senses::weaken(&mut task);
                task.proof.push(sign);
            }
            Some(task)
        }
        // An architecture that is newer than the list: a text model when it has words and a context.
        None => {
            let writes = gguf.get("tokenizer.ggml.model").is_some()
                && gguf.get(&format!("{architecture}.context_length")).is_some();
            writes.then(|| {
                let mut task = Task::of_kind("gguf-text", proof);
                task.plausible.clear();
                task
            })
        }
    }
}

fn says(gguf: &Gguf, key: &str, text: &str) -> bool {
    gguf.get(key).and_then(Value::as_str) == Some(text)
}
