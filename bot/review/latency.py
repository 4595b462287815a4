"""How long a message takes from its text to its match: `evaluate --latency`, whose other half is `growth`.

Reading (clean-up, spelling, encoding), screening and matching of one message, one after the other on one thread, with
every example loaded. The messages are the base's own examples, none twice in a round; a second set of them has a slip
of the keyboard in each, which no cache of the speller answers and for which the raw text is encoded as well. Figures
are medians over the rounds; the processor time beside each says what the work costs where nothing else runs.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from statistics import median, quantiles
from typing import TypeVar

from bot.conversation.scene import Mind
from bot.review.slips import slipped

Work = TypeVar("Work")

ROUNDS = 3
WARM_UP = 20
SHORT_WORDS = 25
LONG_WORDS = 60
MOST_CHARACTERS = 4096
SHORT, SLIPPED, LONG, LONGEST = "up to 25 words", "up to 25 words, one slip", "60 words", "4,096 characters"
COUNTS: Mapping[str, int] = {SHORT: 500, SLIPPED: 500, LONG: 200, LONGEST: 50}
"""Messages a round of each kind."""
ODD: Mapping[str, str] = {
    "nothing but spaces": "   ",
    "1,000,000 characters": "she will not settle unless i hold her " * 26_316,
    "only emoji": "😭🍼" * 200,
    "control characters": "".join(map(chr, range(1, 32))) * 30,
    "right-to-left marks": "\u202e\u200f\u2067" * 300 + "she wont sleep",
}
"""What nobody means to send; each is met as often as `ODD_TIMES`."""
ODD_TIMES = 10


@dataclass(frozen=True, slots=True)
class Goal:
    """Milliseconds by the wall clock."""

    p50_ms: float | None
    p99_ms: float


GOALS: Mapping[str, Goal] = {
    SHORT: Goal(5.0, 12.0),
    SLIPPED: Goal(5.0, 12.0),
    LONG: Goal(None, 20.0),
    LONGEST: Goal(None, 80.0),
    **dict.fromkeys(ODD, Goal(None, 50.0)),
}


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds a piece of work, medians of the rounds."""

    p50_ms: float
    p99_ms: float
    p50_processor_ms: float
    p99_processor_ms: float

    def cells(self) -> str:
        figures = (self.p50_ms, self.p99_ms, self.p50_processor_ms, self.p99_processor_ms)
        return "".join(f"{figure:10.2f}" for figure in figures)

    def as_json(self) -> dict[str, float]:
        return {
            "p50_ms": round(self.p50_ms, 3),
            "p99_ms": round(self.p99_ms, 3),
            "p50_processor_ms": round(self.p50_processor_ms, 3),
            "p99_processor_ms": round(self.p99_processor_ms, 3),
        }


HEADING = "".join(f"{name:>10s}" for name in ("p50 ms", "p99 ms", "p50 CPU", "p99 CPU"))


def timed(act: Callable[[Work], object], rounds: Sequence[Sequence[Work]]) -> Times:
    """Each piece of work once; at least two a round."""
    per_round = [_round(act, work) for work in rounds]
    return Times(*(median(figures) for figures in zip(*per_round, strict=True)))


def _round(act: Callable[[Work], object], work: Sequence[Work]) -> tuple[float, float, float, float]:
    wall_ms, processor_ms = [], []
    for one in work:
        begun, spent = time.perf_counter_ns(), time.process_time_ns()
        act(one)
        processor_ms.append((time.process_time_ns() - spent) / 1e6)
        wall_ms.append((time.perf_counter_ns() - begun) / 1e6)
    wall, processor = quantiles(wall_ms, n=100), quantiles(processor_ms, n=100)
    return wall[49], wall[98], processor[49], processor[98]


def messages(examples: Sequence[str], kind: str, count: int, seed: int) -> list[str]:
    """That many messages of a kind in `COUNTS`, or fewer; made of examples in an order that the seed decides."""
    random = Random(seed)  # noqa: S311 - a repeatable order, no secret
    order = random.sample(list(examples), len(examples))
    if kind == LONG:
        made = _joined(order, lambda text: len(text.split()) >= LONG_WORDS, _first_words)
    elif kind == LONGEST:
        made = _joined(order, lambda text: len(text) >= MOST_CHARACTERS, _first_characters)
    else:
        short = (text for text in order if len(text.split()) <= SHORT_WORDS)
        made = (slipped(text, 1, seed) for text in short) if kind == SLIPPED else short
    return list(islice(made, count))


def _joined(texts: Sequence[str], enough: Callable[[str], bool], cut: Callable[[str], str]) -> Iterator[str]:
    parts: list[str] = []
    for text in cycle(texts):
        parts.append(text)
        whole = " ".join(parts)
        if enough(whole):
            yield cut(whole)
            parts = []


def _first_words(text: str) -> str:
    return " ".join(text.split()[:LONG_WORDS])


def _first_characters(text: str) -> str:
    return text[:MOST_CHARACTERS]


def answer(mind: Mind, text: str) -> None:
    """What a message costs before anything is worded."""
    reading = mind.read(text)
    mind.screen.screen(reading)
    mind.matcher.match(reading)


def by_length(mind: Mind, examples: Sequence[str], counts: Mapping[str, int] = COUNTS) -> dict[str, Times]:
    """Times by the lengths of `COUNTS`, then of what is `ODD`."""
    for text in messages(examples, SHORT, WARM_UP, ROUNDS):
        answer(mind, text)
    rounds = {kind: [messages(examples, kind, count, seed) for seed in range(ROUNDS)] for kind, count in counts.items()}
    rounds |= {kind: [[text] * ODD_TIMES] * ROUNDS for kind, text in ODD.items()}
    return {kind: timed(lambda text: answer(mind, text), work) for kind, work in rounds.items()}


def table(times: Mapping[str, Times]) -> str:
    lines = [f"{'read, screen and match a message':42s}{HEADING}"]
    for kind, reached in times.items():
        goal = GOALS[kind]
        kept = reached.p99_ms <= goal.p99_ms and (goal.p50_ms is None or reached.p50_ms <= goal.p50_ms)
        wanted = (f"p50 {goal.p50_ms:g}, " if goal.p50_ms else "") + f"p99 {goal.p99_ms:g}"
        lines += [f"{kind:42s}{reached.cells()}   goal {wanted}: {'reached' if kept else 'missed'}"]
    return "\n".join(lines)
