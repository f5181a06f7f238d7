"""The slot for models: what settings name, and how each is opened. Empty by default."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.annotate.annotating import classifiers
from vigie.annotate.classifier import Graded
from vigie.annotate.encoder import Encoder, open_encoder
from vigie.annotate.endpoint import Endpoint
from vigie.annotate.finding import OURS
from vigie.annotate.folders import Folder, named_folders, read_folder
from vigie.annotate.models import ENDPOINT, Manifest, Models
from vigie.annotate.predictor import Predictor, open_predictor
from vigie.errors import ModelError
from vigie.settings import Settings
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Named:
    """A model that settings name: what it is, or why it cannot be used."""

    name: str
    kind: str = ""
    """encoder, classifier or endpoint."""
    languages: frozenset[str] = frozenset()
    question: str = ""
    """The only question it answers; empty: any that can be learned."""
    folder: Folder | None = None
    wrong: Words | None = None

    def answers(self, question: str) -> bool:
        """Whether it can be tried on a question."""
        return self.wrong is None and self.question in {"", question}


def graded() -> dict[str, type[Graded]]:
    """Return the questions that a model may answer."""
    return {name: one for name, one in classifiers().items() if issubclass(one, Graded)}


def named(settings: Settings) -> list[Named]:
    """Return every model that settings name."""
    found = []
    for path in named_folders(settings.model_folders):
        try:
            folder = read_folder(path, graded())
        except ModelError as error:
            found.append(Named(name=path.name, wrong=error.words))
            continue
        found.append(
            Named(name=folder.name, kind=folder.kind, languages=folder.languages,
                  question=folder.question, folder=folder)
        )  # fmt: skip
    if settings.model_endpoint and settings.model_name:
        languages = {one.strip() for one in settings.model_languages.split(",")}
        found.append(
            Named(name=settings.model_name, kind=ENDPOINT, languages=OURS.intersection(languages))
        )
    return found


def chosen(settings: Settings, question: str, name: str = "") -> Named:
    """Return the model with a name, or the only one there is; refuse with what there is."""
    known = named(settings)
    if not known:
        raise ModelError(
            _(
                "No model is named, and nothing is sent. To try a model of your own, set "
                "model_folders; to try one behind an address, set model_endpoint and "
                "model_name; one on this machine needs its address in private_addresses too."
            )
        )
    fitting = [one for one in known if one.name == name or (not name and one.answers(question))]
    if len(fitting) != 1:
        raise ModelError(
            _(
                "Say which model is to be tried on {question}. Settings name: {names}.",
                question=question,
                names=", ".join(one.name for one in known),
            )
        )
    (found,) = fitting
    if found.wrong is not None:
        raise ModelError(found.wrong)
    if not found.answers(question):
        raise ModelError(
            _("{name} answers {its}, and not {question}.", name=found.name, its=found.question,
              question=question)
        )  # fmt: skip
    return found


def encoder_of(settings: Settings, manifest: Manifest) -> Encoder | None:
    """Open the encoder a version was taught through; none: it was taught on words alone."""
    if not manifest.meanings:
        return None
    return open_encoder(
        _folder_of(settings, manifest), threads=settings.threads,
        cache=Models(settings.home).cache(),
    )  # fmt: skip


def predictor_of(settings: Settings, manifest: Manifest) -> Predictor:
    """Open the classifier a version is."""
    return open_predictor(
        _folder_of(settings, manifest), threads=settings.threads,
        cache=Models(settings.home).cache(),
    )  # fmt: skip


def endpoint_of(settings: Settings, manifest: Manifest) -> Endpoint:
    """Return the language model a version is; refuse another."""
    endpoint = Endpoint.of(settings)
    if endpoint.digest != manifest.source_digest:
        raise _other(manifest)
    return endpoint


def _folder_of(settings: Settings, manifest: Manifest) -> Folder:
    """Return the folder of a version, as it was; one that changed since is another model."""
    for one in named(settings):
        if one.folder is not None and one.name == manifest.source:
            if one.folder.digest != manifest.source_digest:
                raise _other(manifest)
            return one.folder
        if one.name == manifest.source and one.wrong is not None:
            raise ModelError(one.wrong)
    raise ModelError(
        _(
            "Version {version} needs the model {name}, which the setting model_folders names no "
            "more.",
            version=manifest.version,
            name=manifest.source,
        )
    )


def _other(manifest: Manifest) -> ModelError:
    return ModelError(
        _(
            "The model {name} is no more what version {version} is made of: it was replaced. Put "
            "the former one back, or try the new one, which makes a new version.",
            name=manifest.source,
            version=manifest.version,
        )
    )
