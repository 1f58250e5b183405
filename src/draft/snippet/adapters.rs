//! Adapters: PEFT's and AdapterHub's, on the model that they were made for.

use super::{Material, Snippet, diffusers, examples, is_plain};
use crate::claims::placeholders::UNKNOWN_BASE;
use crate::configs::AdapterConfig;
use crate::hub::architectures;

/// PEFT's task types with PEFT's class and transformers' class of the base.
const TASKS: &[(&str, &str, &str)] = &[
    ("CAUSAL_LM", "AutoPeftModelForCausalLM", "AutoModelForCausalLM"),
    ("SEQ_2_SEQ_LM", "AutoPeftModelForSeq2SeqLM", "AutoModelForSeq2SeqLM"),
    ("SEQ_CLS", "AutoPeftModelForSequenceClassification", "AutoModelForSequenceClassification"),
    ("TOKEN_CLS", "AutoPeftModelForTokenClassification", "AutoModelForTokenClassification"),
    ("QUESTION_ANS", "AutoPeftModelForQuestionAnswering", "AutoModelForQuestionAnswering"),
    ("FEATURE_EXTRACTION", "AutoPeftModelForFeatureExtraction", "AutoModel"),
];

/// Nothing where no file and no task says which class the base has.
pub(super) fn peft(material: &Material<'_>, id: &str) -> Option<Snippet> {
    let adapter = material.configs().adapter();
    let parent = adapter.and_then(|adapter| adapter.parent_library());
    if parent.is_some_and(|(module, _)| module.starts_with("diffusers.")) {
        return diffusers::of(material, id);
    }
    let base = material.base_id();
    let task = adapter.and_then(|adapter| adapter.task_type()).map_or("", |(task, _)| task);
    let is_named = task.is_empty() && adapter.is_some_and(|adapter| adapter.base_model_class().is_some());
    if !is_named && (material.task == Some("image-text-to-text") || names(base, SEEING)) {
        let writes = matches!(task, "" | "CAUSAL_LM") && !names(base, SEEING_BY_OWN_CODE);
        return writes.then(|| on_base(id, base, "AutoModelForImageTextToText", String::new(), String::new()));
    }
    let call = call(material, task);
    let tokenizer = if material.facts().contents.has_tokenizer { id } else { base };
    let tokenizer = format!("tokenizer = AutoTokenizer.from_pretrained(\"{tokenizer}\")\n");
    let tokenizer = if call.is_empty() { String::new() } else { tokenizer };
    let (class, base_class) = classes(adapter, task)?;
    // AutoPeftModel loads the base that adapter_config.json names, which may be a path on another machine.
    let named = adapter.and_then(|adapter| adapter.base_model()).map_or("", |(name, _)| name);
    if (named.is_empty() || named == base) && base != UNKNOWN_BASE {
        let mut imports = vec![format!("from peft import {class}")];
        if !call.is_empty() {
            imports.push("from transformers import AutoTokenizer".to_owned());
        }
        return Some(python(&imports, format!("model = {class}.from_pretrained(\"{id}\")\n{tokenizer}"), call));
    }
    Some(on_base(id, base, base_class, tokenizer, call))
}

/// PEFT's class and that of the base: by the task type, or else by the class that the adapter was made on.
fn classes<'m>(adapter: Option<AdapterConfig<'m>>, task: &str) -> Option<(&'static str, &'m str)> {
    if let Some((_, class, base)) = TASKS.iter().find(|(name, ..)| *name == task) {
        return Some((class, base));
    }
    let Some(adapter) = adapter else { return Some(("AutoPeftModel", "AutoModel")) };
    let (base, _) = adapter.base_model_class().filter(|(class, _)| architectures::get(class).is_some())?;
    task.is_empty().then_some(("AutoPeftModel", base))
}

/// Words in the ids of models that read images beside text: `AutoModelForCausalLM` knows few of these.
const SEEING: &[&str] = &[
    "-vl-",
    "idefics",
    "internvl",
    "llava",
    "minicpm-v",
    "mistral3",
    "moondream",
    "paligemma",
    "pixtral",
    "smolvlm",
    "-vision-",
];

/// Those that bring code of their own, each with an auto class of its own.
const SEEING_BY_OWN_CODE: &[&str] = &["internvl", "minicpm-v", "moondream"];

/// Whether an id has one of these words in it.
fn names(id: &str, words: &[&str]) -> bool {
    let id = format!("{}-", id.to_ascii_lowercase().replace('_', "-"));
    words.iter().any(|word| id.contains(word))
}

/// The adapter on a base that is loaded first.
fn on_base(id: &str, base: &str, base_class: &str, tokenizer: String, call: String) -> Snippet {
    let auto = if call.is_empty() { "" } else { ", AutoTokenizer" };
    let imports = ["from peft import PeftModel".to_owned(), format!("from transformers import {base_class}{auto}")];
    let load = format!(
        "base = {base_class}.from_pretrained(\"{base}\")\nmodel = PeftModel.from_pretrained(base, \"{id}\")\n{tokenizer}"
    );
    python(&imports, load, call)
}

fn python(imports: &[String], load: String, call: String) -> Snippet {
    let imports: Vec<&str> = imports.iter().map(String::as_str).collect();
    let call = if call.is_empty() { "model.print_trainable_parameters()".to_owned() } else { call };
    Snippet::python("peft transformers torch", &imports, load, call)
}

/// Calls a model of text; nothing for tasks that may be about something else.
fn call(material: &Material<'_>, task: &str) -> String {
    let inputs = format!("inputs = tokenizer(\"{}\", return_tensors=\"pt\")", examples::text(material));
    match task {
        "CAUSAL_LM" | "SEQ_2_SEQ_LM" => format!(
            "{inputs}\noutputs = model.generate(**inputs, max_new_tokens=64)\nprint(tokenizer.decode(outputs[0], skip_special_tokens=True))"
        ),
        "SEQ_CLS" | "TOKEN_CLS" => format!("{inputs}\nprint(model(**inputs).logits.argmax(-1))"),
        _ => String::new(),
    }
}

pub(super) fn adapters(material: &Material<'_>, id: &str) -> Snippet {
    let config = material.configs().adapter();
    let named = config.and_then(|adapter| adapter.config().string("model_name")).map(|(name, _)| name);
    let base = named.filter(|name| is_plain(name) && !name.starts_with(['/', '.'])).unwrap_or(material.base_id());
    Snippet::python(
        "adapters transformers torch",
        &["from adapters import AutoAdapterModel", "from transformers import AutoTokenizer"],
        format!(
            "model = AutoAdapterModel.from_pretrained(\"{base}\")\nmodel.load_adapter(\"{id}\", set_active=True)\ntokenizer = AutoTokenizer.from_pretrained(\"{base}\")\n"
        ),
        format!("inputs = tokenizer(\"{}\", return_tensors=\"pt\")\nprint(model(**inputs))", examples::text(material)),
    )
}
