//! transformers: `pipeline()` for the tasks that version 5 has, model classes for the others.

use super::{IMAGE, Material, SPEECH, Snippet, adapters, examples, loading};
use crate::hub::architectures::{self, PipelineTask};
use crate::hub::tasks;

const PACKAGES: &str = "transformers torch";

/// A scan for examples, from the documentation of transformers.
const INVOICE: &str = "https://huggingface.co/datasets/hf-internal-testing/transformers-synthetic-assets/resolve/main/images/invoice_docquery_a.png";

/// Nothing where transformers cannot load what the release contains.
pub(super) fn of(material: &Material<'_>, id: &str) -> Option<Snippet> {
    if material.facts().contents.adapter.is_some() {
        return adapters::peft(material, id);
    }
    let packages = loading::packages(material)?;
    Some(of_task(material, id).with_packages(packages))
}

fn of_task(material: &Material<'_>, id: &str) -> Snippet {
    let task = material.task.unwrap_or_default();
    let reads = loading::reads_text(material);
    let opens = |auto_classes: &[&str]| loading::opens(material, auto_classes);
    match task {
        "text-generation" if material.has_chat_template() && opens(&["AutoModelForCausalLM"]) => chat(material, id),
        "text-generation" if reads && loading::is_seq2seq(material) => seq2seq(material, id, examples::text(material)),
        "summarization" | "translation" | "text2text-generation" if reads && opens(WRITERS) => {
            seq2seq(material, id, examples::text(material))
        }
        "question-answering" if reads && opens(&["AutoModelForQuestionAnswering"]) => question_answering(material, id),
        _ => pipeline(material, id, task).unwrap_or_else(|| model_class(material, id)),
    }
}

/// The auto classes of models that write text.
const WRITERS: &[&str] = &["AutoModelForSeq2SeqLM", "AutoModelForCausalLM"];

/// A dialogue, as the chat template wants it.
fn chat(material: &Material<'_>, id: &str) -> Snippet {
    let remote = material.remote_code();
    Snippet::python(
        "transformers torch accelerate",
        &["from transformers import AutoModelForCausalLM, AutoTokenizer"],
        format!(
            "model_id = \"{id}\"\ntokenizer = AutoTokenizer.from_pretrained(model_id{remote})\nmodel = AutoModelForCausalLM.from_pretrained(model_id, dtype=\"auto\", device_map=\"auto\"{remote})\n"
        ),
        format!(
            "messages = [{{\"role\": \"user\", \"content\": \"{}\"}}]\n\
             inputs = tokenizer.apply_chat_template(\n    messages, add_generation_prompt=True, return_tensors=\"pt\", return_dict=True\n).to(model.device)\n\
             outputs = model.generate(**inputs, max_new_tokens=256)\n\
             print(tokenizer.decode(outputs[0][inputs[\"input_ids\"].shape[-1] :], skip_special_tokens=True))",
            examples::question(material)
        ),
    )
}

fn pipeline(material: &Material<'_>, id: &str, task: &str) -> Option<Snippet> {
    if !matches!(architectures::pipeline_task(task), Some(PipelineTask::Current | PipelineTask::Alias(_))) {
        return None;
    }
    if !is_prepared(material, task) || !loading::opens(material, openers(task)?) {
        return None;
    }
    let (packages, import, call) = call(material, task)?;
    let packages = format!("{PACKAGES}{packages}");
    let load = format!("pipe = pipeline(\"{task}\", model=\"{id}\"{})", material.remote_code());
    let own = "from transformers import pipeline";
    let imports: &[&str] = if import.is_empty() { &[own] } else { &[own, import] };
    Some(Snippet::python(&packages, imports, load, call))
}

/// The auto classes that a task's pipeline loads a model with (`SUPPORTED_TASKS` in transformers, and the class checks of the
/// pipelines).
fn openers(task: &str) -> Option<&'static [&'static str]> {
    Some(match task {
        "text-generation" => &["AutoModelForCausalLM"],
        "text-classification" | "zero-shot-classification" => &["AutoModelForSequenceClassification"],
        "token-classification" => &["AutoModelForTokenClassification"],
        "fill-mask" => &["AutoModelForMaskedLM"],
        "feature-extraction" | "image-feature-extraction" | "zero-shot-audio-classification" => &["AutoModel"],
        "table-question-answering" => &["AutoModelForTableQuestionAnswering"],
        "document-question-answering" => &["AutoModelForDocumentQuestionAnswering"],
        "image-classification" => &["AutoModelForImageClassification"],
        "image-segmentation" => &[
            "AutoModelForImageSegmentation",
            "AutoModelForSemanticSegmentation",
            "AutoModelForInstanceSegmentation",
            "AutoModelForUniversalSegmentation",
        ],
        "object-detection" => &["AutoModelForObjectDetection"],
        "depth-estimation" => &["AutoModelForDepthEstimation"],
        "mask-generation" => &["AutoModelForMaskGeneration"],
        "zero-shot-image-classification" => &["AutoModelForZeroShotImageClassification"],
        "zero-shot-object-detection" => &["AutoModelForZeroShotObjectDetection"],
        "image-text-to-text" => &["AutoModelForImageTextToText"],
        "any-to-any" => &["AutoModelForMultimodalLM"],
        "audio-classification" => &["AutoModelForAudioClassification"],
        "automatic-speech-recognition" => &["AutoModelForCTC", "AutoModelForTDT", "AutoModelForSpeechSeq2Seq"],
        "video-classification" => &["AutoModelForVideoClassification"],
        "text-to-speech" | "text-to-audio" => &["AutoModelForTextToWaveform", "AutoModelForTextToSpectrogram"],
        _ => return None,
    })
}

/// Whether the release contains what turns the input of a task into numbers.
fn is_prepared(material: &Material<'_>, task: &str) -> bool {
    match task {
        "text-generation"
        | "text-classification"
        | "zero-shot-classification"
        | "token-classification"
        | "fill-mask"
        | "table-question-answering" => loading::reads_text(material),
        // A decoder of its own asks for more than the text.
        "feature-extraction" => loading::reads_text(material) && !loading::is_encoder_decoder(material),
        "text-to-speech" | "text-to-audio" => loading::has_tokenizer(material),
        _ => loading::has_processor(material),
    }
}

/// More packages, one more import, and the call of a task's pipeline.
fn call(material: &Material<'_>, task: &str) -> Option<(&'static str, &'static str, String)> {
    let sees = " pillow";
    Some(match task {
        "text-generation" => {
            let text = examples::beginning(material);
            ("", "", format!("print(pipe(\"{text}\", max_new_tokens=50)[0][\"generated_text\"])"))
        }
        "text-classification" => {
            ("", "", printed_call(&format!("\"{}\"", examples::text(material))) + &examples::labels(material))
        }
        "token-classification" => {
            let text = examples::names(material);
            ("", "", printed_call(&format!("\"{text}\", aggregation_strategy=\"simple\"")))
        }
        "fill-mask" => match examples::masked(material) {
            Some(text) => ("", "", printed_call(&format!("\"{text}\""))),
            None => ("", "", printed_call("f\"The capital of France is {pipe.tokenizer.mask_token}.\"")),
        },
        "zero-shot-classification" => {
            let labels = "candidate_labels=[\"travel\", \"cooking\", \"sports\"]";
            ("", "", printed_call(&format!("\"The train to Lyon was two hours late.\", {labels}")))
        }
        "feature-extraction" => {
            let text = examples::text(material);
            ("", "", format!("features = pipe(\"{text}\", return_tensors=True)\nprint(features.shape)"))
        }
        "table-question-answering" => (
            " pandas",
            "",
            "table = {\"City\": [\"Lyon\", \"Nice\"], \"Residents\": [\"520000\", \"350000\"]}\nprint(pipe(table=table, query=\"How many residents does Nice have?\"))"
                .to_owned(),
        ),
        "image-classification" => (sees, "", printed_call(&format!("\"{IMAGE}\"")) + &examples::labels(material)),
        "image-segmentation" | "object-detection" | "depth-estimation" | "mask-generation"
        | "image-feature-extraction" => (sees, "", printed_call(&format!("\"{IMAGE}\""))),
        "zero-shot-image-classification" | "zero-shot-object-detection" => {
            (sees, "", printed_call(&format!("\n    \"{IMAGE}\",\n    candidate_labels=[\"a cat\", \"a dog\"],\n")))
        }
        "document-question-answering" => {
            (sees, "", format!("image = \"{INVOICE}\"\nprint(pipe(image=image, question=\"What is the total?\"))"))
        }
        "image-text-to-text" | "any-to-any" if material.has_chat_template() => (sees, "", image_chat()),
        "any-to-any" => ("", "", printed_call(&format!("text=\"{}\", max_new_tokens=50", examples::beginning(material)))),
        "image-text-to-text" => (sees, "", printed_call(&format!("\"{IMAGE}\", text=\"This image shows\""))),
        "audio-classification" | "automatic-speech-recognition" => {
            ("", "", format!("# ffmpeg decodes the file\n{}", printed_call(&format!("\"{SPEECH}\""))))
        }
        "zero-shot-audio-classification" => (
            "",
            "",
            format!(
                "# ffmpeg decodes the file\n{}",
                printed_call(&format!("\"{SPEECH}\", candidate_labels=[\"speech\", \"music\"]"))
            ),
        ),
        "video-classification" => (" av", "", "print(pipe(\"video.mp4\"))  # your own video".to_owned()),
        "text-to-speech" | "text-to-audio" => (
            " scipy",
            "from scipy.io import wavfile",
            format!(
                "audio = pipe(\"{}\")\nwavfile.write(\"audio.wav\", rate=audio[\"sampling_rate\"], data=audio[\"audio\"].squeeze())",
                examples::text(material)
            ),
        ),
        _ => return None,
    })
}

fn printed_call(arguments: &str) -> String {
    format!("print(pipe({arguments}))")
}

/// A question about an image, as processors with a chat template want it.
fn image_chat() -> String {
    format!(
        "messages = [\n    {{\n        \"role\": \"user\",\n        \"content\": [\n            {{\"type\": \"image\", \"url\": \"{IMAGE}\"}},\n            {{\"type\": \"text\", \"text\": \"What is in this image?\"}},\n        ],\n    }}\n]\nprint(pipe(text=messages, max_new_tokens=64, return_full_text=False)[0][\"generated_text\"])"
    )
}

/// A text made of a text, which has no pipeline any more.
fn seq2seq(material: &Material<'_>, id: &str, text: &str) -> Snippet {
    let (import, load) = with_tokenizer(material, id, WRITERS);
    Snippet::python(
        PACKAGES,
        &[&import],
        load,
        format!(
            "inputs = tokenizer(\"{text}\", return_tensors=\"pt\")\noutputs = model.generate(**inputs, max_new_tokens=64)\nprint(tokenizer.decode(outputs[0], skip_special_tokens=True))"
        ),
    )
}

/// An answer found in a text, which has no pipeline any more.
fn question_answering(material: &Material<'_>, id: &str) -> Snippet {
    let (import, load) = with_tokenizer(material, id, &["AutoModelForQuestionAnswering"]);
    Snippet::python(
        PACKAGES,
        &[&import, "import torch"],
        load,
        "question, text = \"Where is the Eiffel Tower?\", \"The Eiffel Tower stands in Paris.\"\n\
         inputs = tokenizer(question, text, return_tensors=\"pt\")\n\
         with torch.no_grad():\n    outputs = model(**inputs)\n\
         start, end = outputs.start_logits.argmax(), outputs.end_logits.argmax()\n\
         print(tokenizer.decode(inputs[\"input_ids\"][0, start : end + 1]))"
            .to_owned(),
    )
}

/// The import, and the lines that load model and tokenizer.
fn with_tokenizer(material: &Material<'_>, id: &str, auto_classes: &[&str]) -> (String, String) {
    let own = loading::class(material).map(|class| class.class);
    let class = own.or_else(|| loading::brought(material, |class| auto_classes.contains(&class)));
    let class = class.or(auto_classes.first().copied()).unwrap_or("AutoModel");
    let remote = material.remote_code();
    let mut names = ["AutoTokenizer", class];
    names.sort_unstable();
    (
        format!("from transformers import {}", names.join(", ")),
        format!(
            "model = {class}.from_pretrained(\"{id}\"{remote})\ntokenizer = AutoTokenizer.from_pretrained(\"{id}\"{remote})\n"
        ),
    )
}

/// Any other task: at least the model is loaded.
fn model_class(material: &Material<'_>, id: &str) -> Snippet {
    let own = loading::class(material).map(|class| class.class);
    let class = own.or_else(|| loading::brought(material, |_| true)).unwrap_or("AutoModel");
    Snippet::python(
        PACKAGES,
        &[&format!("from transformers import {class}")],
        format!("model = {class}.from_pretrained(\"{id}\"{})", material.remote_code()),
        "print(f\"{model.num_parameters():,} parameters\")".to_owned(),
    )
}

/// transformers.js, for a task that the Hub lists.
pub(super) fn javascript(material: &Material<'_>, id: &str) -> Option<Snippet> {
    let task = material.task.filter(|task| tasks::get(task).is_some())?;
    let input = if task.starts_with("image") || task.contains("detection") || task.contains("depth") {
        IMAGE
    } else if task.contains("audio-class") || task.contains("speech-rec") {
        SPEECH
    } else {
        examples::text(material)
    };
    // Each tokenizer has a mask of its own.
    let input = match task {
        "fill-mask" => "`The capital of France is ${pipe.tokenizer.mask_token}.`".to_owned(),
        _ => format!("\"{input}\""),
    };
    Some(Snippet {
        language: "javascript",
        install: "// npm install @huggingface/transformers".to_owned(),
        imports: vec!["import { pipeline } from \"@huggingface/transformers\";".to_owned()],
        load: format!("const pipe = await pipeline(\"{task}\", \"{id}\");"),
        call: format!("console.log(await pipe({input}));"),
    })
}
