"""Renews `transformers.json`: `python3 src/hub/facts/renew_transformers.py [VERSION]`, without a version the newest.

It reads the wheel of transformers, of which it imports and runs nothing, and keeps what `architectures.json` does not have:
new and changed rows. Rows that a release drops stay, because published models still name them. Before that, it makes
the rows of the release that `architectures.json` is from, and stops where they differ.
"""

import ast
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LATER = HERE / "transformers.json"
AUTO = "transformers/models/auto/"
PIPELINES = "transformers/pipelines/__init__.py"

# The tag of each mapping, in the order in which transformers publishes them: the last tag of a class wins.
TAGS = {
    "MODEL_MAPPING_NAMES": "feature-extraction",
    "MODEL_FOR_IMAGE_MAPPING_NAMES": "image-feature-extraction",
    "MODEL_FOR_AUDIO_CLASSIFICATION_MAPPING_NAMES": "audio-classification",
    "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES": "text-generation",
    "MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES": "image-text-to-text",
    "MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES": "any-to-any",
    "MODEL_FOR_CTC_MAPPING_NAMES": "automatic-speech-recognition",
    "MODEL_FOR_RNNT_MAPPING_NAMES": "automatic-speech-recognition",
    "MODEL_FOR_TDT_MAPPING_NAMES": "automatic-speech-recognition",
    "MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING_NAMES": "automatic-speech-recognition",
    "MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES": "image-classification",
    "MODEL_FOR_IMAGE_SEGMENTATION_MAPPING_NAMES": "image-segmentation",
    "MODEL_FOR_INSTANCE_SEGMENTATION_MAPPING_NAMES": "image-segmentation",
    "MODEL_FOR_SEMANTIC_SEGMENTATION_MAPPING_NAMES": "image-segmentation",
    "MODEL_FOR_UNIVERSAL_SEGMENTATION_MAPPING_NAMES": "image-segmentation",
    "MODEL_FOR_MASKED_LM_MAPPING_NAMES": "fill-mask",
    "MODEL_FOR_OBJECT_DETECTION_MAPPING_NAMES": "object-detection",
    "MODEL_FOR_ZERO_SHOT_OBJECT_DETECTION_MAPPING_NAMES": "zero-shot-object-detection",
    "MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES": "question-answering",
    "MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES": "text-classification",
    "MODEL_FOR_TABLE_QUESTION_ANSWERING_MAPPING_NAMES": "table-question-answering",
    "MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES": "token-classification",
    "MODEL_FOR_MULTIPLE_CHOICE_MAPPING_NAMES": "multiple-choice",
    "MODEL_FOR_VIDEO_CLASSIFICATION_MAPPING_NAMES": "video-classification",
    "MODEL_FOR_VISUAL_QUESTION_ANSWERING_MAPPING_NAMES": "visual-question-answering",
    "MODEL_FOR_DOCUMENT_QUESTION_ANSWERING_MAPPING_NAMES": "document-question-answering",
    "MODEL_FOR_ZERO_SHOT_IMAGE_CLASSIFICATION_MAPPING_NAMES": "zero-shot-image-classification",
    "MODEL_FOR_DEPTH_ESTIMATION_MAPPING_NAMES": "depth-estimation",
    "MODEL_FOR_MASK_GENERATION_MAPPING_NAMES": "mask-generation",
    "MODEL_FOR_TEXT_TO_SPECTROGRAM_MAPPING_NAMES": "text-to-audio",
    "MODEL_FOR_TEXT_TO_WAVEFORM_MAPPING_NAMES": "text-to-audio",
    "MODEL_FOR_IMAGE_TO_IMAGE_MAPPING_NAMES": "image-to-image",
    "MODEL_FOR_KEYPOINT_DETECTION_MAPPING_NAMES": "keypoint-detection",
    "MODEL_FOR_TIME_SERIES_PREDICTION_MAPPING_NAMES": "time-series-forecasting",
}

# Tags that the Hub has retired or never had.
LEGACY_TAGS = {
    "MODEL_FOR_KEYPOINT_MATCHING_MAPPING_NAMES": "keypoint-matching",
    "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES": "text2text-generation",
}

# Mappings that no task of the Hub belongs to.
WITHOUT_TAG = {
    "MODEL_FOR_AUDIO_FRAME_CLASSIFICATION_MAPPING_NAMES",
    "MODEL_FOR_AUDIO_TOKENIZATION_NAMES",
    "MODEL_FOR_AUDIO_XVECTOR_MAPPING_NAMES",
    "MODEL_FOR_BACKBONE_MAPPING_NAMES",
    "MODEL_FOR_CAUSAL_IMAGE_MODELING_MAPPING_NAMES",
    "MODEL_FOR_DECISION_MAPPING_NAMES",
    "MODEL_FOR_IMAGE_MATTING_MAPPING_NAMES",
    "MODEL_FOR_MASKED_IMAGE_MODELING_MAPPING_NAMES",
    "MODEL_FOR_NEXT_SENTENCE_PREDICTION_MAPPING_NAMES",
    "MODEL_FOR_NORMAL_ESTIMATION_MAPPING_NAMES",
    "MODEL_FOR_POINTMAP_ESTIMATION_MAPPING_NAMES",
    "MODEL_FOR_POSE_ESTIMATION_MAPPING_NAMES",
    "MODEL_FOR_PRETRAINING_MAPPING_NAMES",
    "MODEL_FOR_RETRIEVAL_MAPPING_NAMES",
    "MODEL_FOR_TABLE_RECOGNITION_MAPPING_NAMES",
    "MODEL_FOR_TEXT_ENCODING_MAPPING_NAMES",
    "MODEL_FOR_TEXT_RECOGNITION_MAPPING_NAMES",
    "MODEL_FOR_TIME_SERIES_CLASSIFICATION_MAPPING_NAMES",
    "MODEL_FOR_TIME_SERIES_REGRESSION_MAPPING_NAMES",
}


class Wheel:
    """The wheel of one release, or of the newest where no version is given."""

    def __init__(self, version, folder):
        wanted = f"transformers=={version}" if version else "transformers"
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                        "--only-binary=:all:", "--dest", folder, wanted], check=True)
        [path] = Path(folder).glob("transformers-*.whl")
        self.archive = zipfile.ZipFile(path)
        self.version = path.name.split("-")[1]
        self.date = "{:04}-{:02}-{:02}".format(*self.archive.getinfo(PIPELINES).date_time)

    def module(self, path):
        return ast.parse(self.archive.read(path).decode()).body


def mapping(node, names):
    """What an expression of the modules stands for: an OrderedDict, a dict, or the name of a mapping read before."""
    match node:
        case ast.Name(id=name):
            return names[name]
        case ast.Dict():
            return ast.literal_eval(node)
        case ast.Call(func=ast.Name(id="OrderedDict"), args=arguments, keywords=keywords):
            found = {}
            for item in (item for argument in arguments for item in argument.elts):
                match item:
                    case ast.Starred(value=ast.Call(args=[ast.Call(func=ast.Attribute(value=other, attr="items"))])):
                        found |= mapping(other, names)
                    case _:
                        key, value = ast.literal_eval(item)
                        found[key] = value
            for keyword in keywords:
                assert keyword.arg is None, ast.unparse(node)
                found |= mapping(keyword.value, names)
            return found
    raise ValueError(f"a mapping of a form that is not understood: {ast.unparse(node)[:200]}")


def model_types(wheel):
    names = {}
    for statement in wheel.module(AUTO + "auto_mappings.py") + wheel.module(AUTO + "configuration_auto.py"):
        match statement:
            case ast.Assign(targets=[ast.Name(id="CONFIG_MAPPING_NAMES" as name)], value=value):
                names[name] = mapping(value, names)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="CONFIG_MAPPING_NAMES" as name), attr="update"), args=[more])):
                names[name] |= mapping(more, names)
    return [{"model_type": name, "config": config} for name, config in sorted(names["CONFIG_MAPPING_NAMES"].items())]


def read_mappings(wheel):
    """The mappings of model types to classes, and the auto class of each mapping that has one."""
    # No auto class reads the mapping of images: what transformers publishes names this one.
    mappings, lazy, auto_classes = {}, {}, {"MODEL_FOR_IMAGE_MAPPING_NAMES": "AutoModel"}
    for statement in wheel.module(AUTO + "modeling_auto.py"):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name.endswith("_NAMES"):
                mappings[name] = mapping(value, mappings)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="_LazyAutoMapping"), args=[_, names])):
                lazy[name] = names.id
            case ast.ClassDef(name=name, body=body):
                for line in body:
                    match line:
                        case ast.Assign(targets=[ast.Name(id="_model_mapping")], value=ast.Name(id=of)):
                            auto_classes[lazy[of]] = name
    unknown = mappings.keys() - TAGS.keys() - LEGACY_TAGS.keys() - WITHOUT_TAG
    if unknown:
        sys.exit(f"mappings without an entry in TAGS, LEGACY_TAGS or WITHOUT_TAG: {sorted(unknown)}")
    return mappings, auto_classes


def architectures(wheel):
    mappings, auto_classes = read_mappings(wheel)
    order = [*TAGS, *LEGACY_TAGS, *sorted(WITHOUT_TAG)]
    rows = {}
    for name in sorted(mappings, key=order.index):
        for model_type, classes in mappings[name].items():
            for arch in [classes] if isinstance(classes, str) else classes:
                row = rows.setdefault(arch, {"model_types": set(), "auto": set(), "tags": {}, "legacy_tags": {}})
                row["model_types"].add(model_type)
                row["auto"].update(auto_classes.get(name, "").split())
                row["tags"].update(dict.fromkeys(TAGS.get(name, "").split()))
                row["legacy_tags"].update(dict.fromkeys(LEGACY_TAGS.get(name, "").split()))
    return [finished(arch, row) for arch, row in sorted(rows.items())]


def finished(arch, row):
    made = {"arch": arch, "model_types": sorted(row["model_types"]), "auto": sorted(row["auto"]), "tags": list(row["tags"])}
    return made | ({"legacy_tags": list(row["legacy_tags"])} if row["legacy_tags"] else {})


def pipeline_tasks(wheel, old):
    """The three lists of names for `pipeline()`. What it has removed stays removed, unless it is a task again."""
    found = {}
    for statement in wheel.module(PIPELINES):
        match statement:
            case ast.Assign(targets=[ast.Name(id="SUPPORTED_TASKS" | "TASK_ALIASES" | "REMOVED_TASKS" as name)], value=ast.Dict() as value):
                found[name] = dict(zip(map(ast.literal_eval, value.keys), value.values))
    current, removed = found["SUPPORTED_TASKS"].keys(), found["REMOVED_TASKS"].keys()
    gone = set(old["transformers_pipeline_tasks"]) | set(old["transformers_pipeline_tasks_removed_in_v5"]) | removed
    aliases = old["transformers_pipeline_aliases"]
    aliases = aliases | {alias: ast.literal_eval(task) for alias, task in found["TASK_ALIASES"].items()}
    return {
        "transformers_pipeline_tasks": sorted(current),
        "transformers_pipeline_aliases": {alias: task for alias, task in aliases.items() if alias not in current | removed},
        "transformers_pipeline_tasks_removed_in_v5": sorted(gone - current),
    }


def made(wheel, old):
    return {"architectures": architectures(wheel), "model_types": model_types(wheel)} | pipeline_tasks(wheel, old)


def written(facts):
    """JSON with one row a line, so that a renewal is a diff of rows."""
    def rows(value):
        items = ",\n".join(json.dumps(item, separators=(",", ":")) for item in value)
        return f"[\n{items}\n]"
    parts = [f"{json.dumps(key)}:" + (rows(value) if value and isinstance(value, list) and isinstance(value[0], dict)
                                      else json.dumps(value, separators=(",", ":"))) for key, value in facts.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main(version=""):
    old = json.loads((HERE / "architectures.json").read_text())
    [before] = re.findall(r"transformers==(\S+)", old["source"][0])
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        for key, value in made(Wheel(before, first), old).items():
            if value != old[key]:
                sys.exit(f"{key} of transformers {before} is not what architectures.json has")
        print(f"transformers {before}: all {len(old['architectures'])} classes and {len(old['model_types'])} model types again")
        wheel = Wheel(version, second)
        new = made(wheel, old)
    later = json.loads(LATER.read_text()) if LATER.exists() else {}
    counts = {}
    for rows, key in [("architectures", "arch"), ("model_types", "model_type")]:
        first_rows = {row[key]: row for row in old[rows]}
        known = first_rows | {row[key]: row for row in later.get(rows, [])}
        now = {row[key]: row for row in new[rows]}
        new[rows] = [row for name, row in sorted((known | now).items()) if first_rows.get(name) != row]
        added = [row for row in new[rows] if row[key] not in first_rows]
        counts[rows] = {"added": len(added), "changed": len(new[rows]) - len(added), "dropped": len(known.keys() - now.keys())}
    print(f"transformers {wheel.version}: {counts}")
    source = [f"PyPI transformers=={wheel.version} models/auto, pipelines/__init__.py"]
    facts = {"source": source, "date": wheel.date, "counts": counts} | new
    LATER.write_text(written(facts))


if __name__ == "__main__":
    main(*sys.argv[1:])
