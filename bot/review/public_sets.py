"""How the bot's ranking does on public sets of intents, beside its peers in the same run: `evaluate --public DIR`.

The sets (short, clean, one intent a message: they flatter): BANKING77 (Casanueva et al. 2020), CLINC150 without what is
out of its scope (Larson et al. 2019), HWU64 (Liu et al. 2019), each a table `split label text` separated by tabs. Ten
phrasings of each entry are learned from: the published draw (split `train10`), or a draw of our own from `train`. The
ranking is that of `bot.matching.ranking` with no learned head, over vectors of any encoder; the speller knows the
phrasings' own words and the commonest English ones.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bot.errors import UsageError
from bot.language.artefact import FOLDER
from bot.language.artefact import sha256 as digest_of
from bot.language.cleaning import clean
from bot.language.encoder import DIMENSIONS, SentenceEncoder
from bot.language.spelling import Speller, common_words
from bot.matching.ranking import Phrasing, Phrasings, combine
from bot.review.evaluation import Share
from bot.review.peers import FIRST, Learn, Named, Peer, Rank
from bot.review.slips import slipped

SHOTS = 10
SLIPS = (0, 1, 2)
COLUMNS = ("as written", "one slip", "two slips")

GOALS: Mapping[str, float] = {"banking77": 86.5, "clinc150": 89.5, "hwu64": 82.0}
"""Percent right first that this ranking must reach over the encoder that was never tuned."""
SLIP_COST = 2.5
"""Points that one slip a message may cost."""


@dataclass(frozen=True, slots=True)
class PublicSet:
    name: str
    phrasings: Sequence[Phrasing]
    messages: Sequence[Phrasing]
    """Of the split `test`, each with its right label."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way to find entries, on one set."""

    name: str
    figures: tuple[tuple[Share, Share], ...] = ()
    """Right first and right among three, for each of `SLIPS`; none when `missing`."""
    missing: str | None = None
    """The package that was not there."""


def read_set(folder: Path, name: str, seed: int | None = None) -> PublicSet:
    """A set of `folder`; with a seed, its phrasings are drawn by it. Raises `UsageError`."""
    path = folder / f"{name}.tsv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["split"], row["label"], row["text"]) for row in csv.DictReader(file, delimiter="\t")]
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except (KeyError, ValueError, csv.Error):
        raise UsageError(f"{path} is not a table of split, label and text, separated by tabs.") from None
    published = [Phrasing(label, text) for split, label, text in rows if split == f"train{SHOTS}"]
    whole = [Phrasing(label, text) for split, label, text in rows if split == "train"]
    messages = [Phrasing(label, text) for split, label, text in rows if split == "test"]
    phrasings = published if published and seed is None else list(_drawn(whole, seed or 0))
    if not phrasings or not messages:
        raise UsageError(f'{path} needs rows of the splits "train{SHOTS}" or "train", and "test".')
    return PublicSet(name, phrasings, messages)


def _drawn(whole: Sequence[Phrasing], seed: int) -> Iterator[Phrasing]:
    random = Random(seed)  # noqa: S311 - a repeatable draw, no secret
    for label in sorted({one.label for one in whole}):
        own = [one for one in whole if one.label == label]
        yield from random.sample(own, min(SHOTS, len(own)))


@dataclass(frozen=True, slots=True)
class NamedEncoder:
    name: str
    """File, and the first digits of its SHA-256."""
    encoder: SentenceEncoder


def open_encoder(path: Path | None) -> NamedEncoder:
    """An ONNX file with `tokenizer.json` beside it, a folder that holds `encoder.onnx` and that, or the shipped one.

    Raises `UsageError` for anything else.
    """
    model = path or FOLDER
    if model.is_dir():
        model /= "encoder.onnx"
    tokenizer = model.parent / "tokenizer.json"
    for file in (model, tokenizer):
        if not file.is_file():
            raise UsageError(f"{file} is missing: an encoder is an ONNX file with tokenizer.json beside it.")
    try:
        encoder = SentenceEncoder(model, tokenizer)
        shape = encoder.encode(["words"]).shape
    except Exception as error:  # noqa: BLE001 - onnxruntime and tokenizers raise bare Exceptions
        raise UsageError(f"{model} cannot be run as a sentence encoder ({type(error).__name__}).") from None
    if shape != (1, DIMENSIONS):
        raise UsageError(f"{model} does not give vectors of {DIMENSIONS} numbers.")
    whose = "the bot's own" if path is None else model.name
    return NamedEncoder(f"{whose} ({digest_of(model)[:12]})", encoder)


def ranking(encoder: SentenceEncoder, *, spelling: bool = True) -> Learn:
    """The bot's own ranking over an encoder, with or without putting misspelt words right."""

    def learn(phrasings: Sequence[Phrasing]) -> Rank:
        speller = Speller([one.text for one in phrasings], (), common_words("en"))

        def read(text: str) -> str:
            return speller.correct(clean(text))[0] if spelling else clean(text)

        base = Phrasings(phrasings, encoder.encode([read(one.text) for one in phrasings]))

        def named(text: str) -> list[str]:
            scores = combine({}, base.ridge(encoder.encode([read(text)])[0]).scores, {})
            return sorted(scores, key=lambda label: (-scores[label], label))[:FIRST]

        return lambda texts: [named(text) for text in texts]

    return learn


def rows(one_set: PublicSet, encoder: SentenceEncoder, peers: Sequence[Peer]) -> Iterator[Row]:
    """The bot's ranking with and without its speller, then every peer."""
    yield Row("this bot", _figures(one_set, ranking(encoder)))
    yield Row("this bot without spelling", _figures(one_set, ranking(encoder, spelling=False)))
    for peer in peers:
        try:
            yield Row(peer.name, _figures(one_set, peer.learn))
        except ModuleNotFoundError:
            yield Row(peer.name, missing=peer.package)


def _figures(one_set: PublicSet, learn: Learn) -> tuple[tuple[Share, Share], ...]:
    rank = learn(one_set.phrasings)
    texts = ([slipped(one.text, slips) for one in one_set.messages] for slips in SLIPS)
    return tuple(_shares(one_set.messages, rank(each)) for each in texts)


def _shares(messages: Sequence[Phrasing], named: Named) -> tuple[Share, Share]:
    first, among = Share(), Share()
    for message, labels in zip(messages, named, strict=True):
        first.add(labels[:1] == [message.label])
        among.add(message.label in labels)
    return first, among


def table(one_set: PublicSet, listed: Sequence[Row]) -> str:
    """Percent right first / right among three, and the goal for the bot's own row."""
    entries = len({one.label for one in one_set.phrasings})
    heading = f"{one_set.name}: {entries} entries, {len(one_set.phrasings)} phrasings, {len(one_set.messages)} messages"
    lines = [f"{heading:64s}{'   '.join(f'{column:>13s}' for column in COLUMNS)}"]
    for row in listed:
        cells = [f"{_percent(first):6.1f} /{_percent(among):5.1f}" for first, among in row.figures]
        lines.append(f"  {row.name:62s}{'   '.join(cells)}" if cells else f"  {row.name:62s}needs {row.missing}")
    return "\n".join([*lines, f"  {_against_goal(one_set, listed[0])}"])


def _against_goal(one_set: PublicSet, own: Row) -> str:
    reached, cost = _percent(own.figures[0][0]), _percent(own.figures[0][0]) - _percent(own.figures[1][0])
    goal = GOALS.get(one_set.name)
    wanted = f"goal {goal}: {'reached' if reached >= goal else 'missed'}; " if goal else ""
    return (
        f"{wanted}one slip costs {cost:.1f} points (at most {SLIP_COST}): {'kept' if cost <= SLIP_COST else 'missed'}"
    )


def as_json(listed: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {"name": row.name, "missing": row.missing}
        | {
            column: {"right first": _percent(first), "among three": _percent(among), "of": first.of}
            for column, (first, among) in zip(COLUMNS, row.figures, strict=False)
        }
        for row in listed
    ]


def _percent(share: Share) -> float:
    return round(100 * share.hits / share.of, 2)
