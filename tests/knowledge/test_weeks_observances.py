"""The weeks and days of others: what the real base says of them, and what a broken entry is told."""

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.load import inspect
from bot.knowledge.model import Knowledge, Status
from tests.minds import real_mind

IDS = {
    "baby-loss-awareness-week",
    "breathing-space-day",
    "child-abuse-prevention-month",
    "childrens-mental-health-week",
    "childrens-mental-health-week-us",
    "fathers-mental-health-day",
    "maternal-mental-health-week",
    "mental-health-awareness-week",
    "national-baby-day",
    "pandas-awareness-week",
    "safer-sleep-week",
    "sands-awareness-month",
    "time-to-talk-day",
    "world-infant-mental-health-day",
    "world-maternal-mental-health-day",
    "world-prematurity-day",
}
FIXED = {
    "baby-loss-awareness-week",
    "breathing-space-day",
    "child-abuse-prevention-month",
    "world-infant-mental-health-day",
    "world-prematurity-day",
}
DAYS = {
    "childrens-mental-health-week": {2024: (date(2024, 2, 5), date(2024, 2, 11))},
    "childrens-mental-health-week-us": {2024: (date(2024, 5, 7), date(2024, 5, 13))},
    "fathers-mental-health-day": {2016: (date(2016, 6, 20), None)},
    "maternal-mental-health-week": {
        2018: (date(2018, 4, 30), date(2018, 5, 6)),
        2019: (date(2019, 4, 29), date(2019, 5, 5)),
        2020: (date(2020, 5, 4), date(2020, 5, 10)),
        2025: (date(2025, 5, 5), date(2025, 5, 11)),
    },
    "mental-health-awareness-week": {2025: (date(2025, 5, 12), date(2025, 5, 18))},
    "pandas-awareness-week": {2022: (date(2022, 10, 10), date(2022, 10, 15))},
    "safer-sleep-week": {2025: (date(2025, 3, 10), date(2025, 3, 16))},
    "sands-awareness-month": {2018: (date(2018, 6, 1), date(2018, 6, 30))},
    "world-maternal-mental-health-day": {
        2017: (date(2017, 5, 3), None),
        2018: (date(2018, 5, 2), None),
        2019: (date(2019, 5, 1), None),
        2022: (date(2022, 5, 4), None),
        2025: (date(2025, 5, 7), None),
    },
}
"""Every day that a source gives: nothing more may stand in the base without one."""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return real_mind().knowledge


def test_every_one_is_there_and_is_listed(knowledge: Knowledge) -> None:
    assert set(knowledge.observances) >= IDS
    assert set(knowledge.words["en"].topics["related-weeks"].observances) == set(knowledge.observances)


def test_its_days_are_those_that_a_source_gives(knowledge: Knowledge) -> None:
    found = {
        one.id: {held.year: (held.starts, held.ends) for held in one.held if held.starts}
        for one in knowledge.observances.values()
    }
    assert {id: days for id, days in found.items() if days} == DAYS
    assert {one.id for one in knowledge.observances.values() if one.fixed} == FIXED


def test_what_is_only_general_knowledge_is_marked(knowledge: Knowledge) -> None:
    of = knowledge.observances
    assert of["world-prematurity-day"].when.status is Status.GK
    assert not of["world-prematurity-day"].when.is_confirmed
    for id in ("baby-loss-awareness-week", "mental-health-awareness-week", "time-to-talk-day"):
        assert of[id].organiser.status is Status.GK
        assert of[id].when.is_confirmed
    assert of["world-infant-mental-health-day"].when.status is Status.OFFICIAL


ENTRY = """\
observances:
  - id: example-day
    name: {{en: Example Day}}
    also_called: {{en: [{called}]}}
    about: {{en: A day.}}
    organiser: {{says: {{en: Somebody.}}, status: OFFICIAL}}
    when: {{says: {{en: In March.}}, status: OFFICIAL}}
    month: 3
    topic: {topic}
    regions: [{region}]
    resources: [{resource}]
    held:
{held}
    sources: [{{name: Example}}]
    review: {{gathered_on: 2026-11-20}}
"""
RIGHT = {
    "called": "day of examples",
    "topic": "sleep",
    "region": "elsewhere",
    "resource": "",
    "held": "      - {year: 2026, starts: 2026-03-04}\n      - {year: 2025, note: {en: a theme}}",
}


def problems(root: Path, **wrong: str) -> list[str]:
    text = ENTRY.format(**(RIGHT | wrong))
    (root / "observances.yaml").write_text(text, "utf-8")
    return [problem.message for problem in inspect(root)[1]]


def test_a_right_entry_has_no_problem(sample: Path) -> None:
    assert problems(sample) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"topic": "slep"}, 'topic "slep" does not exist. Nearest: sleep'),
        ({"region": "nowhere"}, 'region "nowhere" does not exist'),
        ({"resource": "no.thing"}, 'resource "no.thing" does not exist'),
        ({"called": "IMHAW"}, 'series "imhaw" is called "IMHAW" already'),
        ({"held": "      - {year: 2026, starts: 2025-03-04}"}, "2025-03-04 is not in 2026"),
        ({"held": "      - {year: 2026, starts: 2026-03-04, ends: 2026-03-03}"}, "2026 ends before it starts"),
        ({"held": "      - {year: 2026}"}, "2026 needs its first day, or a note alone"),
        (
            {"held": "      - {year: 2026, ends: 2026-03-03, note: {en: x}}"},
            "2026 needs its first day, or a note alone",
        ),
        (
            {"held": "      - {year: 2026, note: {en: x}}\n      - {year: 2026, note: {en: y}}"},
            '2026 stands twice in observance "example-day"',
        ),
    ],
)
def test_what_is_wrong_is_named(sample: Path, wrong: dict[str, str], said: str) -> None:
    assert any(said in message for message in problems(sample, **wrong)), problems(sample, **wrong)


def test_a_topic_lists_only_what_exists(sample: Path) -> None:
    path = sample / "en/topics/sleep.yaml"
    path.write_text(path.read_text("utf-8") + "observances: [no-such-day]\n", "utf-8")
    assert any('observance "no-such-day" does not exist' in problem.message for problem in inspect(sample)[1])
