"""The shipped encoder and what stands on it, opened once for all tests of reading and matching."""

from functools import cache
from pathlib import Path

from bot.knowledge.examples import HELD_APART
from bot.language.artefact import open_artefact
from bot.language.encoder import Encoder
from bot.language.reading import Reader
from bot.language.spelling import Speller, common_words
from bot.language.vectors import PhrasingVectors

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "knowledge" / "en" / "examples"
ALARM_WORDS = ("suicide", "suicidal", "overdose", "unconscious", "bleeding", "strangle", "hospital")


def rows(name: str) -> list[list[str]]:
    """Lines of an example file, without its header and the writers who are held apart."""
    lines = (EXAMPLES / f"{name}.tsv").read_text(encoding="utf-8").split("\n")[1:]
    return [row for row in (line.split("\t") for line in lines if line) if row[-2] not in HELD_APART]


@cache
def encoder() -> Encoder:
    return Encoder(open_artefact())


@cache
def vectors() -> PhrasingVectors:
    return PhrasingVectors(encoder(), open_artefact())


@cache
def speller() -> Speller:
    examples = [row[-1] for name in ("topics", "alarms") for row in rows(name)]
    return Speller(ALARM_WORDS, examples, common_words("en"))


@cache
def reader() -> Reader:
    return Reader(encoder(), speller())
