//! Libraries for speech: SpeechBrain, NeMo, ESPnet.

use super::{Material, Snippet, examples};

/// SpeechBrain's classes that load a model, each with its module and the method that reads a recording.
const INTERFACES: [(&str, &str, &str); 5] = [
    ("EncoderASR", "ASR", "transcribe_file"),
    ("EncoderClassifier", "classifiers", "classify_file"),
    ("EncoderDecoderASR", "ASR", "transcribe_file"),
    ("SepformerSeparation", "separation", "separate_file"),
    ("SpectralMaskEnhancement", "enhancement", "enhance_file"),
];

/// The class that config.json names is the one that loads the model; without it none is known.
pub(super) fn speechbrain(material: &Material<'_>, id: &str) -> Option<Snippet> {
    let (named, _) = material.configs().model()?.config().string("speechbrain_interface")?;
    let (class, module, method) = INTERFACES.iter().find(|(class, ..)| *class == named)?;
    Some(Snippet::python(
        "speechbrain",
        &[&format!("from speechbrain.inference.{module} import {class}")],
        format!("model = {class}.from_hparams(source=\"{id}\")"),
        format!("print(model.{method}(\"speech.wav\"))  # your own recording"),
    ))
}

pub(super) fn nemo(material: &Material<'_>, id: &str) -> Option<Snippet> {
    (material.task? == "automatic-speech-recognition").then(|| {
        Snippet::python(
            "\"nemo_toolkit[asr]\"",
            &["from nemo.collections.asr.models import ASRModel"],
            format!("model = ASRModel.from_pretrained(\"{id}\")"),
            "print(model.transcribe([\"speech.wav\"]))  # your own recording".to_owned(),
        )
    })
}

pub(super) fn espnet(material: &Material<'_>, id: &str) -> Option<Snippet> {
    const PACKAGES: &str = "espnet espnet_model_zoo soundfile";
    Some(match material.task? {
        "automatic-speech-recognition" => Snippet::python(
            PACKAGES,
            &["import soundfile", "from espnet2.bin.asr_inference import Speech2Text"],
            format!("model = Speech2Text.from_pretrained(\"{id}\")"),
            "speech, rate = soundfile.read(\"speech.wav\")  # your own recording\ntext, *_ = model(speech)[0]\nprint(text)"
                .to_owned(),
        ),
        "text-to-speech" => Snippet::python(
            PACKAGES,
            &["import soundfile", "from espnet2.bin.tts_inference import Text2Speech"],
            format!("model = Text2Speech.from_pretrained(\"{id}\")"),
            format!(
                "audio = model(\"{}\")[\"wav\"]\nsoundfile.write(\"audio.wav\", audio.numpy(), model.fs)",
                examples::text(material)
            ),
        ),
        _ => return None,
    })
}
