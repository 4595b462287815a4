"""The knowledge base that ships: whole, quick to read, and true to a few rules that no schema can hold."""

import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import findings
from bot.knowledge.files import nearest
from bot.knowledge.load import inspect, load
from bot.knowledge.model import Knowledge
from tests.sample_base import KNOWLEDGE

SOON_S = 1.0
"""Longest time to read the base, without its example messages: what a restart may cost."""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(KNOWLEDGE)


def test_it_has_no_errors() -> None:
    assert [str(problem) for problem in inspect(KNOWLEDGE)[1]] == []


def test_it_is_read_quickly(tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, root, ignore=shutil.ignore_patterns("*.tsv"))
    started = time.process_time()
    load(root)
    assert time.process_time() - started < SOON_S


def test_reading_it_twice_gives_the_same(knowledge: Knowledge) -> None:
    assert load(KNOWLEDGE) == knowledge


def test_every_offered_region_but_elsewhere_has_an_emergency_number(knowledge: Knowledge) -> None:
    for region in knowledge.regions.values():
        emergency = knowledge.helplines[region.emergency]
        assert region.id == "elsewhere" or (emergency.phone and emergency.steady), region.id


def test_every_service_block_names_somebody_in_every_offered_region(knowledge: Knowledge) -> None:
    """Nobody who asks where to turn gets an empty answer."""
    for words in knowledge.words.values():
        for block in words.services.values():
            for region in knowledge.regions.values():
                help = knowledge.help_in(block, region.id)
                assert help.say or help.helplines, (block.id, region.id)


def test_help_reaches_a_region_from_its_own_words_its_parents_and_everybodys(knowledge: Knowledge) -> None:
    block = knowledge.words["en"].services["base"]
    assert knowledge.help_in(block, "gb-sct") == block.by_region["gb-sct"]
    assert knowledge.help_in(block, None) == knowledge.help_in(block, "nowhere") == block.by_region["elsewhere"]


def test_no_placeholder_of_a_skeleton_is_left() -> None:
    assert [path for path in KNOWLEDGE.rglob("*.yaml") if "✎" in path.read_text("utf-8")] == []


@pytest.mark.parametrize(
    ("day", "running", "over"),
    [
        (date(2025, 6, 8), False, False),
        (date(2025, 6, 9), True, False),
        (date(2025, 6, 15), True, False),
        (date(2025, 6, 16), False, True),
    ],
)
def test_a_week_runs_from_its_first_to_its_last_day(knowledge: Knowledge, day: date, running: bool, over: bool) -> None:
    week = knowledge.weeks["imhaw-2025"]
    assert (week.is_running(day), week.is_over(day)) == (running, over)


def test_a_machine_without_time_zone_data_refuses_no_zone(knowledge: Knowledge) -> None:
    assert list(findings(knowledge, nearest, zones=())) == []
