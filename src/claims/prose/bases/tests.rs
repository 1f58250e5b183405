use super::*;
use crate::source::{FileId, RepoPath, SourceFile};

fn source(text: &str) -> SourceFile {
    SourceFile::new(FileId(0), RepoPath::new("README.md"), text.as_bytes().to_vec())
}

fn bases(text: &str) -> Vec<String> {
    let source = source(text);
    let found = base_models(&Card::parse(&source), Some("Own/Model"));
    assert!(found.iter().all(|base| !base.is_strong()), "prose never proves");
    found.into_iter().map(|base| base.value).collect()
}

#[test]
fn bases_that_a_text_names() {
    for text in [
        "This model is a fine-tuned version of [a/b-1](https://huggingface.co/a/b-1) on x.",
        "# T\n\nFine-tuned from [the base](https://huggingface.co/a/b-1/tree/main).",
        "- **Base model:** [b](https://huggingface.co/a/b-1)",
        "- **Finetuned from model [optional]:** `a/b-1`",
        "- **Finetuned from model [optional]:** a/b-1",
        "- **Finetuned from model :** a/b-1\n- **License:** mit",
        "Base model: a/b-1, of course",
        "It was converted to GGUF format from [`a/b-1`](https://huggingface.co/a/b-1) using x.",
        "Quantized version of `a/b-1`, made with love.",
        "GGUF version of [`a/b-1`](https://huggingface.co/a/b-1)",
        "The base model is [b](https://huggingface.co/a/b-1).",
        "The base language model [(b)](https://huggingface.co/a/b-1) is a fine-tuned version of [c](https://huggingface.co/c/d).",
        "[`own/model`](https://huggingface.co/own/model) is fine-tuned from `a/b-1`, which is based on `c/d`.",
        "These files are GPTQ model files for [B 1](https://huggingface.co/a/b-1).",
        "We trained an encoder. It was fine-tuned from the checkpoint `a/b-1` on `c/d`.",
        "Text.\n\nIt is based on <https://huggingface.co/a/b-1>.",
        "# Lamp-7B\n\nlamp-7b is fine-tuned from `a/b-1`.",
        "# Lamp v2-1\n\nThis `lamp-2-1` model is fine-tuned from [b](https://huggingface.co/a/b-1).",
        "Quantized version of `a/b-1`.\n\n# B 1\n\nIt was fine-tuned from `c/d` on lamps.",
        "Fine-tuned from `a/b-1`.\n\nIt is based on `a/b-1`.",
    ] {
        assert_eq!(bases(text), ["a/b-1"], "{text}");
    }
    for text in [
        "- **Parent Model:** [b](https://huggingface.co/a/b-1)",
        "Parent model: a/b-1",
        "This is the [b](https://huggingface.co/a/b-1) model fine-tuned on lamps.",
        "**Model Description:** Lamp is the [b](https://huggingface.co/a/b-1) fine-tuned on lamps.",
        "`a/b-1` fine-tuned on lamps.",
        "[b](https://huggingface.co/a/b-1) fine-tuned for lamps.",
        "Lamp is a [b](https://huggingface.co/a/b-1) model that was fine-tuned on lamps.",
        "This model is a version of [b](https://huggingface.co/a/b-1) fine-tuned for lamps.",
        "This Model2Vec model is pre-trained using Tokenlearn. It is a distilled version of the a/b-1 Sentence Transformer.",
        "It was distilled from the sentence transformer a/b-1.",
        "Fine-tuned from a/b-1 on lamps.",
        "Based on [b](https://huggingface.co/a/b-1), which was pretrained on lamps.",
        "It is based on `a/b-1` and was further pre-trained on lamps.",
    ] {
        assert_eq!(bases(text), ["a/b-1"], "{text}");
    }
    assert_eq!(bases("It is fine-tuned from `gpt2`."), ["openai-community/gpt2"]);
    assert_eq!(bases("Fine-tuned from [gpt2](https://huggingface.co/gpt2)."), ["openai-community/gpt2"]);
    assert_eq!(bases("A merge of `a/b` and others. Based on `c/d`."), ["a/b", "c/d"]);
    let list = "A merge of [a](https://huggingface.co/a/b), `c/d` and <https://huggingface.co/e/f>, made on `g/h`.";
    assert_eq!(bases(list), ["a/b", "c/d", "e/f"]);
}

#[test]
fn a_place_is_shown_once() {
    let source = source("- **Finetuned from model:** [a](https://huggingface.co/a/b)\n\nBased on `a/b`.");
    let found = base_models(&Card::parse(&source), None);
    assert_eq!(found.iter().map(|base| base.proof.len()).collect::<Vec<_>>(), [2]);
}

#[test]
fn texts_that_name_no_base() {
    for text in [
        "",
        "See also [a/b](https://huggingface.co/a/b).",
        "It is based on ideas. See [a/b](https://huggingface.co/a/b).",
        "Fine-tuned from [a paper](https://example.com/a/b).",
        "Fine-tuned version of [](https://huggingface.co/) on the None dataset.",
        "Fine-tuned version of [None](https://huggingface.co/None).",
        "Fine-tuned from `output/checkpoint-500`.",
        "Based on [data](https://huggingface.co/datasets/a/b).",
        "```\nfine-tuned from `a/b`\n```",
        "<!-- fine-tuned from `a/b` -->",
        "Not unbased on `a/b`",
        "Based on trial and/or error",
        "Base model: [More Information Needed]",
        "*This model card was written by: A and is based on the [B model card](https://huggingface.co/a/b).*",
        "This card is based on [that](https://huggingface.co/a/b).",
        "The base model makes latents, which a second model refines (here: https://huggingface.co/a/b).",
        "The question_encoder and retriever are based on `a/b` and `c/d`.",
        "The tokenizer was converted from `a/b`.",
        "It is based on the `a/b` architecture.",
        "It uses a vocabulary derived from the tokenizer of `a/b`.",
        "The model is not fine-tuned from `a/b`, and wasn't based on `c/d`.",
        "Other models: [x](https://huggingface.co/x/y) is fine-tuned from [a](https://huggingface.co/a/b).",
        "It was made by fine tuning on the `a/b` data.",
        "We have also released a distilled version of this model called [b](https://huggingface.co/a/b).",
        "# Big-R1\n\n**Big-R1-Distill-8B** is derived from [b](https://huggingface.co/a/b).",
        "The models are based on the BERT framework and offer three sizes, including [b](https://huggingface.co/a/b).",
        "Base models differ: a/b is one",
        "Our lamps are initialized from [b](https://huggingface.co/a/b) (for small ones) and others.",
        "For some tests, we fine-tune the tasks based on [b](https://huggingface.co/a/b).",
        "The license is derived from `a/b`.",
        "Results of the model finetuned from [b](https://huggingface.co/a/b).",
        "A lamp based on stable diffusion can be found [here](https://huggingface.co/a/b).",
        "It is based on [Somebody's work](https://huggingface.co/a/b).",
        "- Finetuned from: [b](https://huggingface.co/a/b)\n\n- Finetuned from: [c](https://huggingface.co/c/d)",
        "Lamp is based on the `t5-3b` model and was pretrained on a corpus.",
        "It is based on [b](https://huggingface.co/a/b) and trained from scratch.",
        "- [c](https://huggingface.co/c/d) fine-tuned on lamps",
        "[c](https://huggingface.co/c/d) is fine-tuned on lamps.",
        "[c](https://huggingface.co/c/d) was fine-tuned with lamps.",
        "Its talk comes from Maker's [c](https://huggingface.co/c/d) fine-tuned on lamps.",
        "We compare it with the [c](https://huggingface.co/c/d) fine-tuned on lamps.",
        "See [this](https://huggingface.co/c/d). It was fine-tuned on lamps.",
        "[Own](https://huggingface.co/own/model) fine-tuned on lamps.",
        "[a demo](https://huggingface.co/spaces/c/d) fine-tuned on lamps.",
        "- **Parent Model:** See the [b](https://huggingface.co/a/b-1) for more about such models.",
        "Fine-tuned on train/test-1 splits.",
        "Based on input/output pairs, distilled from client/server logs.",
    ] {
        assert_eq!(bases(text), [""; 0], "{text}");
    }
}
