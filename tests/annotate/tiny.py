"""Models of a few numbers, made where a test needs them: no file of weights is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

UNKNOWN = "[UNK]"


def encoder_in(
    folder: Path, words: Mapping[str, Sequence[float]], *, languages: Sequence[str] = ("fr",)
) -> Path:
    """Make an encoder: each word has its own numbers, a text the mean of those of its words."""
    names = [UNKNOWN, *words]
    width = len(next(iter(words.values())))
    table = np.array([[0.0] * width, *words.values()], dtype=np.float32)
    lookup = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
    outputs = [
        helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["n", "t", width])
    ]
    _write(folder / "onnx", [lookup], outputs, {"table": table})
    _tokenizer(folder, names)
    _card(folder, f"languages = {json.dumps(list(languages))}\n")
    return folder


def classifier_in(
    folder: Path,
    words: Mapping[str, Sequence[float]],
    labels: Sequence[str],
    *,
    question: str,
    answers: Mapping[str, str],
    languages: Sequence[str] = ("fr",),
    is_multiple: bool = False,
) -> Path:
    """Make a classifier: each word adds its own numbers to those of each label."""
    names = [UNKNOWN, *words]
    table = np.array([[0.0] * len(labels), *words.values()], dtype=np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["each"]),
        helper.make_node("ReduceSum", ["each", "axes"], ["logits"], keepdims=0),
    ]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", len(labels)])]
    _write(folder, nodes, outputs, {"table": table, "axes": np.array([1], dtype=np.int64)})
    _tokenizer(folder, names)
    config: dict[str, object] = {"id2label": {str(row): one for row, one in enumerate(labels)}}
    if is_multiple:
        config["problem_type"] = "multi_label_classification"
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    said = "".join(f"{json.dumps(label)} = {json.dumps(one)}\n" for label, one in answers.items())
    _card(folder, f"languages = {json.dumps(list(languages))}\nquestion = {json.dumps(question)}\n"
                  f"[answers]\n{said}")  # fmt: skip
    return folder


def _write(
    folder: Path,
    nodes: Sequence[onnx.NodeProto],
    outputs: Sequence[onnx.ValueInfoProto],
    numbers: Mapping[str, object],
) -> None:
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
        for name in ("input_ids", "attention_mask")
    ]
    held = [numpy_helper.from_array(np.asarray(one), name) for name, one in numbers.items()]
    graph = helper.make_graph(list(nodes), "tiny", inputs, list(outputs), held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString())


def _tokenizer(folder: Path, names: Sequence[str]) -> None:
    known = {name: place for place, name in enumerate(names)}
    tokenizer = Tokenizer(WordLevel(known, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))


def _card(folder: Path, written: str) -> None:
    (folder / "model.toml").write_text(written, "utf-8")
