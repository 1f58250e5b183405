"""Reads blocks with PyYAML and cards with huggingface_hub: JSON in, JSON out; see tests/oracles/mod.rs."""

import json
import logging
import sys
import tempfile
from pathlib import Path

import yaml
from huggingface_hub import ModelCard

logging.disable(logging.CRITICAL)


def block(text):
    """The values by key, each as one text that is equal only for equal values; or why there are none."""
    try:
        values = yaml.safe_load(text)
        if values is None:
            return {"values": {}}
        return {"values": {repr(key): repr(value) for key, value in values.items()}} if isinstance(values, dict) else {"values": {"": repr(values)}}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def card(text):
    """Why ModelCard does not load the card; nothing when it does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "README.md")
        path.write_bytes(text.encode("utf-8"))
        try:
            ModelCard.load(path)
        except Exception as error:
            return f"{type(error).__name__}: {error}"


asked = json.load(sys.stdin)
json.dump({"blocks": [block(text) for text in asked["blocks"]], "cards": [card(text) for text in asked["cards"]]}, sys.stdout)
