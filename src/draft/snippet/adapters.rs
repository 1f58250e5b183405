//! Adapters: PEFT's and AdapterHub's, on the model that they were made for.

use super::{Material, Snippet, diffusers, is_plain};
use crate::draft::material::UNKNOWN_BASE;

/// PEFT's task types with PEFT's class and transformers' class of the base.
const TASKS: &[(&str, &str, &str)] = &[
    ("CAUSAL_LM", "AutoPeftModelForCausalLM", "AutoModelForCausalLM"),
    ("SEQ_2_SEQ_LM", "AutoPeftModelForSeq2SeqLM", "AutoModelForSeq2SeqLM"),
    ("SEQ_CLS", "AutoPeftModelForSequenceClassification", "AutoModelForSequenceClassification"),
    ("TOKEN_CLS", "AutoPeftModelForTokenClassification", "AutoModelForTokenClassification"),
    ("QUESTION_ANS", "AutoPeftModelForQuestionAnswering", "AutoModelForQuestionAnswering"),
    ("FEATURE_EXTRACTION", "AutoPeftModelForFeatureExtraction", "AutoModel"),
];

pub(super) fn peft(material: &Material<'_>, id: &str) -> Snippet {
    let adapter = material.configs.adapter();
    let parent = adapter.and_then(|adapter| adapter.parent_library());
    if parent.is_some_and(|(module, _)| module.starts_with("diffusers.")) {
        return diffusers::of(material, id);
    }
    let task = adapter.and_then(|adapter| adapter.task_type()).map_or("", |(task, _)| task);
    let known = TASKS.iter().find(|(name, ..)| *name == task);
    let (class, base_class) = known.map_or(("AutoPeftModel", "AutoModel"), |(_, class, base)| (*class, *base));
    let base = material.base_id();
    // AutoPeftModel loads the base that adapter_config.json names, which may be a path on another machine.
    let named = adapter.and_then(|adapter| adapter.base_model()).map_or("", |(name, _)| name);
    let found = named.is_empty() || named == base;
    let call = call(task);
    let is_text = !call.is_empty();
    let has_tokenizer = material.facts.contents.has_tokenizer;
    let tokenizer = if has_tokenizer { id } else { base };
    let tokenizer = is_text.then(|| format!("tokenizer = AutoTokenizer.from_pretrained(\"{tokenizer}\")\n"));
    let tokenizer = tokenizer.unwrap_or_default();
    if found && base != UNKNOWN_BASE {
        let mut imports = vec![format!("from peft import {class}")];
        if is_text {
            imports.push("from transformers import AutoTokenizer".to_owned());
        }
        return python(&imports, format!("model = {class}.from_pretrained(\"{id}\")\n{tokenizer}"), call);
    }
    let auto = if is_text { ", AutoTokenizer" } else { "" };
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
fn call(task: &str) -> String {
    let inputs = "inputs = tokenizer(\"Please turn on the lamp.\", return_tensors=\"pt\")";
    match task {
        "CAUSAL_LM" | "SEQ_2_SEQ_LM" => format!(
            "{inputs}\noutputs = model.generate(**inputs, max_new_tokens=64)\nprint(tokenizer.decode(outputs[0], skip_special_tokens=True))"
        ),
        "SEQ_CLS" | "TOKEN_CLS" => format!("{inputs}\nprint(model(**inputs).logits.argmax(-1))"),
        _ => String::new(),
    }
}

pub(super) fn adapters(material: &Material<'_>, id: &str) -> Snippet {
    let config = material.configs.adapter();
    let named = config.and_then(|adapter| adapter.config().string("model_name")).map(|(name, _)| name);
    let base = named.filter(|name| is_plain(name) && !name.starts_with(['/', '.'])).unwrap_or(material.base_id());
    Snippet::python(
        "adapters transformers torch",
        &["from adapters import AutoAdapterModel", "from transformers import AutoTokenizer"],
        format!(
            "model = AutoAdapterModel.from_pretrained(\"{base}\")\nmodel.load_adapter(\"{id}\", set_active=True)\ntokenizer = AutoTokenizer.from_pretrained(\"{base}\")\n"
        ),
        "inputs = tokenizer(\"Please turn on the lamp.\", return_tensors=\"pt\")\nprint(model(**inputs))".to_owned(),
    )
}
