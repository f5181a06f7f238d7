"""Runs a model that is a graph of ONNX, with the tokenizer that lies beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vigie.annotate.folders import Folder
from vigie.errors import ModelError
from vigie.words import _

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

AT_ONCE = 64
"""Texts run at once, those of like length together."""
MOST_TOKENS = 128
"""Pieces of a text that are read: posts are short."""

Numbers = npt.NDArray[np.float32]
Mask = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A graph that is open, and how texts are cut for it."""

    folder: Folder
    session: InferenceSession
    tokenizer: Tokenizer

    def run(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Numbers, Mask]]:
        """Return what comes out for some texts at a time: which they are, numbers, which count."""
        cut = self.tokenizer.encode_batch(list(texts), add_special_tokens=True)
        order = sorted(range(len(texts)), key=lambda place: len(cut[place].ids))
        for start in range(0, len(order), AT_ONCE):
            places = order[start : start + AT_ONCE]
            longest = max(1, *(len(cut[place].ids) for place in places))
            pieces, mask, kinds = np.zeros((3, len(places), longest), dtype=np.int64)
            for row, place in enumerate(places):
                count = len(cut[place].ids)
                pieces[row, :count] = cut[place].ids
                mask[row, :count] = 1
                kinds[row, :count] = cut[place].type_ids
            yield places, self._out(pieces, mask, kinds), mask

    def _out(self, pieces: Mask, mask: Mask, kinds: Mask) -> Numbers:
        known = {"input_ids": pieces, "attention_mask": mask, "token_type_ids": kinds}
        wanted = [one.name for one in self.session.get_inputs()]
        odd = [name for name in wanted if name not in known]
        if odd:
            raise self.folder.wrong(_("it wants {name}, which is no part of a text.", name=odd[0]))
        names = [one.name for one in self.session.get_outputs()]
        # An export of sentence-transformers has the vector of the whole text as an output.
        chosen = next((one for one in ("sentence_embedding", "logits") if one in names), names[0])
        try:
            (found,) = self.session.run([chosen], {name: known[name] for name in wanted})
        except _faults() as error:
            raise self.folder.wrong(
                _("it broke while it ran: {error}", error=str(error)[:200])
            ) from error
        return np.asarray(found, dtype=np.float32)


def open_graph(folder: Folder, *, threads: int) -> Graph:
    """Open the graph of a folder; refuse with what is to be done where it cannot be."""
    if folder.graph is None:
        raise folder.wrong(
            _(
                "it holds no model.onnx. Export it once, on any machine: pip install "
                "'optimum[exporters]' and optimum-cli export onnx --model THE-FOLDER OUT; then "
                "put {card} into OUT.",
                card="model.toml",
            )
        )
    try:
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise ModelError(
            _(
                "Models in folders need onnxruntime and tokenizers. Install them: pip install "
                "--require-hashes --requirement requirements-models.lock"
            )
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(folder.graph), options, providers=["CPUExecutionProvider"]
        )
    except _faults() as error:
        raise folder.wrong(
            _("{file} cannot be opened: {error}", file=folder.graph.name, error=str(error)[:200])
        ) from error
    cutter = _tokenizer(folder, tokenizers.Tokenizer.from_str)
    cutter.no_padding()
    cutter.enable_truncation(max_length=_most_tokens(folder))
    return Graph(folder=folder, session=session, tokenizer=cutter)


def _tokenizer(folder: Folder, read: object) -> Tokenizer:
    file: Path = folder.path / "tokenizer.json"
    if not file.is_file():
        raise folder.wrong(
            _(
                "it holds no tokenizer.json. Save it with: "
                "AutoTokenizer.from_pretrained('THE-FOLDER').save_pretrained('THE-FOLDER')"
            )
        )
    try:
        return read(file.read_text("utf-8"))  # type: ignore[operator,no-any-return]  # untyped library
    except Exception as error:  # the library raises nothing narrower
        raise folder.wrong(
            _("tokenizer.json cannot be read: {error}", error=str(error)[:200])
        ) from error


def _most_tokens(folder: Folder) -> int:
    said = folder.told("sentence_bert_config.json").get("max_seq_length")
    return min(said, MOST_TOKENS) if isinstance(said, int) and said > 0 else MOST_TOKENS


def _faults() -> tuple[type[Exception], ...]:
    """Return what onnxruntime raises: classes of its own with no common parent."""
    from onnxruntime.capi import onnxruntime_pybind11_state as native

    own = [one for one in vars(native).values() if isinstance(one, type)]
    return (RuntimeError, ValueError, *(one for one in own if issubclass(one, Exception)))
