"""Answers and alarms on messages kept apart do not get worse. How good they are, `python -m tests.goals` shows."""

import pytest

from bot.conversation.scene import Mind
from tests.goals import GOALS, Goal, Judged, alarms, judge, rows, table

MESSAGES = ("en/topics-a.tsv", "en/topics-b.tsv", "en/ordinary.tsv", "en/scope.tsv", "en/roles.tsv")
LEAST_A_FAMILY = 100
LEAST_A_TOPIC = 10


@pytest.fixture(scope="module")
def judged(real_mind: Mind) -> Judged:
    found = judge(real_mind)
    print("\n" + table(found))  # noqa: T201
    return found


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.name)
def test_no_figure_gets_worse(judged: Judged, goal: Goal) -> None:
    reached = goal.reached(judged)
    assert goal.meets(reached, goal.guard), f"{reached:.1f} %"


def test_nothing_that_judges_is_learned_from(real_mind: Mind) -> None:
    examples = real_mind.words.examples
    listed = (examples.topics, examples.alarms, examples.scope, examples.roles)
    learned = {one.text.casefold().strip() for some in listed for one in some}
    asked = [row["text"] for name in MESSAGES for row in rows(name)] + [row["text"] for row in alarms()]
    assert not [text for text in asked if text.casefold().strip() in learned]


def test_every_topic_and_family_is_judged_by_enough_messages(real_mind: Mind) -> None:
    best = [row["accept"].partition(",")[0] for name in MESSAGES[:2] for row in rows(name)]
    few = {topic for topic in real_mind.words.topics if best.count(topic) < LEAST_A_TOPIC}
    assert few <= {"related-weeks"}, "written after the messages"
    danger = [row["family"] for row in alarms() if row["label"] == "CARD"]
    assert all(danger.count(family) >= LEAST_A_FAMILY for family in set(danger))
    assert len(danger) >= 1000
    assert sum(row["label"] != "CARD" for row in alarms()) >= 1000
