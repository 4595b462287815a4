"""Every topic and every role is asked about in enough wordings that stand nowhere in the base."""

import csv
from collections import Counter

from bot.conversation.scene import Mind
from tests.sample_base import TESTS

FEWEST = 5


def asked() -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted((TESTS / "questions" / "en").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return found


def test_every_topic_is_asked_about(real_mind: Mind) -> None:
    times = Counter(row["accept"].partition(",")[0] for row in asked())
    assert not [topic for topic in real_mind.words.topics if times[topic] < FEWEST]


def test_every_role_asks(real_mind: Mind) -> None:
    times = Counter(row["role"] for row in asked())
    assert not [role for role in real_mind.words.roles if times[role] < FEWEST]
