"""Figures on messages that stand in no example (tests/questions/en/fresh.tsv), with made-up entries, as floors.

`accept` holds the right ids, comma separated; "-" marks what must not be answered from the knowledge base.
The cut-offs were set on the same messages: these floors guard against getting worse, they do not say how good it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from bot.matching.encoder_matcher import EncoderMatcher
from bot.matching.matcher import Decision, Match
from tests.language.opened import ROOT, reader, rows
from tests.matching.base_of_entries import CAPABILITIES, ROLES, SOME, small, whole

FRESH = ROOT / "tests" / "questions" / "en" / "fresh.tsv"


@dataclass(frozen=True)
class Asked:
    accept: frozenset[str]
    role: str | None
    match: Match

    @property
    def ids(self) -> list[str]:
        return [target.partition(":")[2] for target in self.match.targets]

    @property
    def right_first(self) -> bool:
        return bool(self.ids) and self.ids[0] in self.accept

    @property
    def right_or_offered(self) -> bool:
        return not self.accept.isdisjoint(self.ids)

    @property
    def answered(self) -> bool:
        return self.match.decision is Decision.ANSWER


@cache
def asked(matcher: EncoderMatcher) -> tuple[Asked, ...]:
    results = []
    for line in FRESH.read_text(encoding="utf-8").splitlines()[1:]:
        accept, role, text = line.split("\t")
        ids = frozenset(accept.split(",")) | ({role} if role and "role-actions" in accept else set())
        results.append(Asked(ids, role or None, matcher.match(reader().read(text), role=role or None)))
    return tuple(results)


def share(kept: list[bool]) -> float:
    return sum(kept) / len(kept)


@pytest.mark.parametrize("matcher", [small, whole], ids=["some", "all"])
def test_in_scope(matcher: Callable[[], EncoderMatcher]) -> None:
    entries = {*SOME, *CAPABILITIES, *ROLES} if matcher is small else None
    ours = [one for one in asked(matcher()) if one.accept != {"-"} and (entries is None or one.accept & entries)]
    assert len(ours) >= 90
    assert share([one.right_first for one in ours]) >= 0.86
    assert share([one.right_or_offered for one in ours]) >= 0.95
    assert share([one.answered and not one.right_first for one in ours]) <= 0.03
    assert share([one.answered for one in ours]) >= 0.6


@pytest.mark.parametrize("matcher", [small, whole], ids=["some", "all"])
def test_out_of_scope(matcher: Callable[[], EncoderMatcher]) -> None:
    others = [one for one in asked(matcher()) if one.accept == {"-"}]
    assert len(others) >= 60
    assert share([one.answered for one in others]) <= 0.05
    assert share([one.match.decision is Decision.OFFER for one in others]) <= 0.25


def test_a_topic_without_an_entry_is_never_answered_as_another() -> None:
    entries = {*SOME, *CAPABILITIES, *ROLES}
    missing = [one for one in asked(small()) if one.accept != {"-"} and not one.accept & entries]
    assert len(missing) >= 30
    assert share([one.answered for one in missing]) <= 0.05


def test_fresh_messages_are_not_among_the_examples() -> None:
    learned = {row[-1].lower() for name in ("topics", "alarms", "scope", "roles") for row in rows(name)}
    fresh = [line.split("\t")[2].lower() for line in FRESH.read_text(encoding="utf-8").splitlines()[1:]]
    assert len(fresh) == len(set(fresh))
    assert learned.isdisjoint(fresh)
