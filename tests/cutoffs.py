"""`python -m tests.cutoffs [ARTEFACT]`: what the calibrators and every cut-off of answers, roles and alarms rest on.

Fits the calibrators and shows what each cut-off would bring, on messages that nothing was learned from: those of the
writers held apart (`Words.watched`) and `tests/questions/en`, the latter two also with one and two slips of the
keyboard. They choose, so they cannot judge: that is what `python -m tests.goals` does, on others.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.assembly import Library, shipped_knowledge
from bot.conversation.scene import Mind
from bot.language.artefact import FOLDER, open_artefact
from bot.language.encoder import Encoder, Heads
from bot.matching import calibration, decision
from bot.matching.encoder_matcher import EncoderMatcher
from bot.matching.matcher import Decision, DeclineKind
from bot.matching.speaker import HEARD, NOBODY, Speaker
from bot.review.slips import slipped
from bot.safety import screening

Floats = NDArray[np.float64]

QUESTIONS = Path(__file__).parent / "questions" / "en"
SLIPS = (0, 1, 2)
RIGHT_PENALTY, OURS_PENALTY = 1.0, 5.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A labelled message; nothing accepted means that it is not ours."""

    text: str
    accept: frozenset[str]
    slips: int


@dataclass(frozen=True, slots=True)
class Signalled:
    """What the matcher makes of one, before anything is decided."""

    asked: Asked
    signals: calibration.Signals
    scores: Sequence[tuple[str, float]]

    @property
    def ours(self) -> bool:
        return bool(self.asked.accept)

    @property
    def right(self) -> bool:
        return self.scores[0][0] in self.asked.accept


def messages(mind: Mind) -> Iterator[Asked]:
    watched = mind.words.watched
    plain: list[tuple[str, Iterable[str]]] = [(one.text, (one.topic, *one.also)) for one in watched.topics]
    plain += [(one.text, ()) for one in watched.scope]
    for path in sorted(QUESTIONS.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                plain.append((row["text"], {one.partition(":")[2] or one for one in row["accept"].split(",")}))
    for text, accepted in plain:
        accept = frozenset(accepted) - {"", "-"}
        yield from (Asked(slipped(text, slips), accept, slips) for slips in SLIPS)


def signalled(mind: Mind) -> Iterator[Signalled]:
    matcher = mind.matcher
    assert isinstance(matcher, EncoderMatcher)
    for asked in messages(mind):
        reading = mind.read(asked.text)
        if reading.own:
            said = bool(matcher.speaker.said_roles(reading))
            scores, signals, _ = matcher.weigh(reading, said=said)
            yield Signalled(asked, signals, scores[:10])


def fitted(features: Floats, right: Floats, weights: Floats, penalty: float) -> Floats:
    """Bias and weights of a logistic regression by Newton's method; the bias goes unpenalised."""
    columns = np.column_stack([np.ones(len(features)), features])
    found = np.zeros(columns.shape[1])
    ridge = penalty * np.eye(len(found))
    ridge[0, 0] = 0
    for _ in range(50):
        chances = 1 / (1 + np.exp(-columns @ found))
        curve = (columns * (weights * chances * (1 - chances))[:, None]).T @ columns + ridge
        step = np.linalg.solve(curve, columns.T @ (weights * (chances - right)) + ridge @ found)
        found = found - step
        if np.abs(step).max() < 1e-9:
            break
    return found


def calibrators(cases: Sequence[Signalled]) -> tuple[calibration.Calibrator, calibration.Calibrator]:
    """`OURS`, for which those out of scope count as much as the others, and `RIGHT`, on those in scope."""
    reach = calibration.SCOPE_REACH
    ours = np.array([one.ours for one in cases], float)
    outside = np.array(
        [(min(reach, max(-reach, s.scope)), s.inside, s.outside) for s in (one.signals for one in cases)], float
    )
    balance = np.where(ours > 0, 1.0, ours.sum() / (1 - ours).sum())
    inside = [one for one in cases if one.ours]
    margins = np.array([(one.signals.top, one.signals.top - one.signals.second) for one in inside], float)
    right = np.array([one.right for one in inside], float)
    found = (fitted(outside, ours, balance, OURS_PENALTY), fitted(margins, right, np.ones(len(right)), RIGHT_PENALTY))
    bias_ours, *weights_ours = (round(float(each), 2) for each in found[0])
    bias_right, *weights_right = (round(float(each), 2) for each in found[1])
    return calibration.Calibrator(bias_ours, tuple(weights_ours)), calibration.Calibrator(
        bias_right, tuple(weights_right)
    )


def outcome(cases: Sequence[Signalled], entries: dict[str, bool], cut: decision.CutOffs) -> str:
    """Percent: in scope answered, wrong, right or right among the offered, declined; out of scope answered, offered."""
    counted = dict.fromkeys(("answered", "wrong", "found", "declined", "strange", "offered"), 0)
    inside = [one for one in cases if one.ours]
    for one in cases:
        ranked = decision.Ranked(
            one.scores,
            entries,
            calibration.chance_ours(one.signals),
            calibration.chance_right(one.signals),
            DeclineKind.UNKNOWN,
        )
        verdict = decision.decide(ranked, cut)
        answered = verdict.decision is Decision.ANSWER
        if not one.ours:
            counted["strange"] += answered
            counted["offered"] += verdict.decision is Decision.OFFER
            continue
        counted["answered"] += answered
        first = verdict.labels[0] if verdict.labels else ""
        counted["wrong"] += answered and first not in one.asked.accept
        counted["found"] += not one.asked.accept.isdisjoint(verdict.labels)
        counted["declined"] += verdict.decision is Decision.DECLINE
    of = {name: len(cases) - len(inside) if name in ("strange", "offered") else len(inside) for name in counted}
    return "".join(f"{100 * hits / of[name]:9.1f}" for name, hits in counted.items())


def answers(mind: Mind) -> Iterator[str]:
    cases = list(signalled(mind))
    ours, right = calibrators(cases)
    yield f"OURS  runs {calibration.OURS}\n      fits {ours}"
    yield f"RIGHT runs {calibration.RIGHT}\n      fits {right}"
    topics = mind.words.topics.values()
    entries = {topic.id: topic.review.clinical != "not-applicable" for topic in topics}
    entries |= dict.fromkeys(mind.words.capabilities, False)
    plain = [one for one in cases if not one.asked.slips]
    yield f"answers: {len(cases)} messages, without slips {len(plain)}; percent"
    yield f"{'':28}{'answered':>9}{'wrong':>9}{'found':>9}{'declined':>9}{'strange':>9}{'offered':>9}"
    tried: Sequence[tuple[str, Sequence[float]]] = (
        ("answer_right", (0.7, 0.75, 0.8, 0.82, 0.85, 0.9)),
        ("clinical_right", (0.75, 0.8, 0.82, 0.85, 0.9)),
        ("answer_ours", (0.4, 0.5, 0.6, 0.7)),
        ("offer_ours", (0.02, 0.04, 0.06, 0.08, 0.1, 0.15)),
        ("offer_share", (0.05, 0.1, 0.2, 0.3)),
        ("behind_rival_share", (0.2, 0.35, 0.5)),
        ("mention_share", (0.05, 0.1, 0.25, 0.4)),
    )
    for name, values in tried:
        for value in values:
            cut = replace(decision.CUT_OFFS, **{name: value})
            yield row(f"{name} {value:g}", value == getattr(decision.CUT_OFFS, name), outcome(plain, entries, cut))


def row(name: str, runs: bool, figures: str) -> str:
    return f"{'*' if runs else ' '} {name:26}{figures}"


def alarms(mind: Mind) -> Iterator[str]:
    screen, watched = mind.screen, mind.words.watched
    light = [one for one in watched.topics if not mind.words.topics[one.topic].heavy]
    parts = {
        "danger": [one.text for one in watched.alarms if one.label == "CARD"],
        "scary": [one.text for one in watched.alarms if one.label != "CARD"],
        "low": [one.text for one in watched.alarms if one.label == "SUPPORT"],
        "ordinary": [one.text for one in watched.topics],
        "light": [one.text for one in light],
    }
    weighed = {name: [screen.weigh(mind.read(text)) for text in texts] for name, texts in parts.items()}
    counts = ", ".join(f"{len(texts)} {name}" for name, texts in parts.items())
    yield f"alarms: percent with a card, and with a card or a support line; {counts}"
    yield f"{'':28}" + "".join(f"{name:>15}" for name in parts)
    tried: Sequence[tuple[str, Sequence[float]]] = (
        ("unsure", (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)),
        ("card", (0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)),
        ("support", (0.15, 0.2, 0.25, 0.27, 0.3, 0.35, 0.4)),
    )
    for name, values in tried:
        for value in values:
            cut = replace(screening.CUT_OFFS, **{name: value})
            figures = "".join(tiers([screen.decide(one, cut) for one in some]) for some in weighed.values())
            yield row(f"{name} {value:g}", value == getattr(screening.CUT_OFFS, name), figures)


def tiers(found: Sequence[screening.Alarm | None]) -> str:
    cards = sum(one is not None and one.tier < 3 for one in found)
    return f"{100 * cards / len(found):8.1f}{100 * sum(one is not None for one in found) / len(found):7.1f}"


def roles(mind: Mind, heads: Heads) -> Iterator[str]:
    """By the chance from which a role is heard that no rule finds.

    Right and wrong of those who say their role; wrong of those who only mention one; and of the messages about topics,
    of which nobody noted the role, those that are given one.
    """
    watched = mind.words.watched.roles
    readings = [(one, mind.read(one.text)) for one in watched]
    topics = [mind.read(one.text) for one in mind.words.watched.topics]
    yield f"roles: percent of {len(watched)} messages about roles and {len(topics)} about topics"
    yield f"{'':28}{'right':>9}{'wrong':>9}{'mention':>9}{'topics':>9}"
    for heard in (0.8, 0.85, 0.88, 0.9, 0.93, 0.95, 0.97, 1.01):
        speaker = Speaker(mind.words, mind.knowledge, heads, heard_from=heard)
        said = [(one.role, (*speaker.said_roles(reading), NOBODY)[0]) for one, reading in readings]
        told = [pair for pair in said if pair[0] != NOBODY]
        mentioned = [pair for pair in said if pair[0] == NOBODY]
        shares = (
            sum(is_ == was for was, is_ in told) / len(told),
            sum(is_ not in (was, NOBODY) for was, is_ in told) / len(told),
            sum(is_ != NOBODY for _, is_ in mentioned) / max(1, len(mentioned)),
            sum(bool(speaker.said_roles(reading)) for reading in topics) / len(topics),
        )
        yield row(f"heard {heard:g}", heard == HEARD, "".join(f"{100 * x:9.1f}" for x in shares))


def main() -> None:
    artefact = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    mind = Library(shipped_knowledge(), None, "en", artefact).mind()
    heads = Encoder(open_artefact(artefact)).heads
    for line in chain(answers(mind), roles(mind, heads), alarms(mind)):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
