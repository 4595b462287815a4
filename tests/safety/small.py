"""A small set of rules, cards, examples and heads with vectors made by hand, for the tests of this room."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from bot.knowledge.model import AlarmCard, AlarmExample, AlarmWords, Rule
from bot.language.encoder import DIMENSIONS, Heads, Vectors
from bot.language.reading import Reading
from bot.safety.patterns import Grammar
from bot.safety.screening import Screen
from bot.safety.tape import Lexicon, Tape

CLASSES: Mapping[str, tuple[str, ...]] = {
    "NOT": ("never", "not", "didnt"),
    "BABY": ("baby", "my son", "wee one"),
    "HURT": ("hit", "slapped hard", "BEAT"),
    "BEAT": ("beat",),
}


def finds(pattern: str, text: str, classes: Mapping[str, Sequence[str]] = CLASSES) -> bool:
    """Whether the pattern stands in the text, read in any of the ways it may be read."""
    grammar = Grammar(classes)
    part = grammar.pattern(pattern)
    lexicon = Lexicon(grammar.vocabulary)
    tapes = [Tape(row, lexicon) for row in lexicon.rows(text)]
    forwards = any(part.onward(tape, tape.cursors) for tape in tapes)
    backwards = any(part.back(tape, tape.cursors) for tape in tapes)
    assert forwards == backwards
    return forwards


def words(
    *rules: tuple[str, str] | tuple[str, str, Literal["1", "2"]],
    unsure: tuple[tuple[str, str], ...] = (),
    softeners: tuple[str, ...] = (),
    first_line: str = "Help is near.",
) -> AlarmWords:
    """Rules as (family, pattern) or (family, pattern, tier)."""
    made = tuple(Rule(family=rule[0], patterns=(rule[1],), tier=rule[2] if len(rule) == 3 else None) for rule in rules)
    made += tuple(Rule(family=family, patterns=(pattern,), sure=False) for family, pattern in unsure)
    return AlarmWords(first_line=first_line, words=CLASSES, rules=made, softeners=softeners)


def card(family: str, tier: Literal["1", "2"]) -> AlarmCard:
    said = dict.fromkeys(("opening", "what_i_am", "act", "keep_safe", "ask", "support_line"), "Words.")
    return AlarmCard.model_validate(
        {"id": family, "tier": tier, "contacts": "crisis", "support_contacts": "listening", **said}
    )


CARDS = {
    "suicide": card("suicide", "2"),
    "shaking": card("shaking", "1"),
    "self-harm": card("self-harm", "2"),
    "general": card("general", "2"),
}


def towards(*shares: float) -> Vectors:
    """(1, 384): a unit vector with these first coordinates."""
    vector = np.zeros((1, DIMENSIONS), np.float32)
    vector[0, : len(shares)] = shares
    rest = 1.0 - float((vector**2).sum())
    vector[0, -1] = np.sqrt(max(0.0, rest))
    return vector


EXAMPLES = (
    AlarmExample("CARD", "shaking", "first axis"),
    AlarmExample("SUPPORT", "exhausted", "second axis"),
    AlarmExample("NONE", "idiom", "third axis"),
    AlarmExample("CARD", "suicide", "fourth axis"),
)
EXAMPLE_VECTORS = np.concatenate([towards(1), towards(0, 1), towards(0, 0, 1), towards(0, 0, 0, 1)])


def heads(strength: float = 1.0) -> Heads:
    """The alarm head sees CARD along axes 1, 4 and 5, SUPPORT along axis 2, NONE everywhere else."""
    weights = np.zeros((3, DIMENSIONS), np.float32)
    weights[2, [0, 3, 4]] = weights[1, 1] = weights[0, 2] = strength
    nothing = np.zeros((1, DIMENSIONS), np.float32)
    bias = np.array([4.0, 0.0, 0.0], np.float32)
    return Heads(("only",), nothing, np.zeros(1, np.float32), weights, bias, nothing, np.zeros(1, np.float32))


def screen(alarms: Mapping[str, AlarmWords], *, examples: bool = True) -> Screen:
    shown, vectors = (EXAMPLES, EXAMPLE_VECTORS) if examples else ((), EXAMPLE_VECTORS[:0])
    return Screen(alarms, CARDS, shown, vectors, heads())


def reading(
    raw: str, vectors: Vectors | None = None, cleaned: str | None = None, corrected: str | None = None
) -> Reading:
    seen = towards() if vectors is None else vectors
    cleaned = raw.lower() if cleaned is None else cleaned
    return Reading(raw, cleaned, cleaned if corrected is None else corrected, seen, len(seen))
