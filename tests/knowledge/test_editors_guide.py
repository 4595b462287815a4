"""Performs the how-tos of `knowledge/README.md` on a copy of the knowledge base: they work as they stand."""

import re
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.files import SHAPES
from bot.knowledge.load import inspect, load
from bot.knowledge.model import Status
from bot.knowledge.skeletons import Kind, write_skeleton
from tests.sample_base import KNOWLEDGE

DAY = date(2026, 11, 20)
GUIDE = (KNOWLEDGE / "README.md").read_text("utf-8")
STEP = re.compile(r"^(?P<said>[^\n]*)\n```(?P<kind>\w+)\n(?P<text>.*?)```$", re.MULTILINE | re.DOTALL)
WHOLE = re.compile(r"The whole of `(?P<file>[^`]+)`:$")
END = re.compile(r"At the end of `(?P<file>[^`]+)`(?P<again>, in place of what `new` wrote)?:$")
UNDER = re.compile(r"Under `(?P<key>[^`]+)` in `(?P<file>[^`]+)`:$")


@dataclass
class Steps:
    """Does what a how-to says, in a copy of the knowledge base."""

    root: Path
    before: dict[str, str] = field(default_factory=dict)

    def perform(self, said: str, kind: str, text: str) -> None:
        if kind == "sh":
            self.command(text.split())
        elif match := WHOLE.search(said):
            (self.root / match["file"]).write_text(text, "utf-8")
        elif match := END.search(said):
            path = self.root / match["file"]
            start = self.before[match["file"]] if match["again"] else path.read_text("utf-8")
            path.write_text(start.rstrip("\n") + "\n" + text, "utf-8")
        else:
            match = UNDER.search(said)
            assert match, f"nobody can tell what to do with the lines after: {said}"
            path = self.root / match["file"]
            above, below = path.read_text("utf-8").split(f"\n{match['key']}\n", 1)
            path.write_text(f"{above}\n{match['key']}\n{text}{below}", "utf-8")

    def command(self, words: list[str]) -> None:
        assert words[:4] == ["python3", "-m", "bot", "new"]
        for name in ("roles.yaml", "regions.yaml", "languages.yaml"):
            self.before[name] = (self.root / name).read_text("utf-8")
        write_skeleton(self.root, Kind(words[4]), words[5], DAY)


def how_tos() -> dict[str, str]:
    parts = re.split(r"^### (.+)$", GUIDE.split("## How to …", 1)[1], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def steps(text: str) -> list[tuple[str, str, str]]:
    """Each fenced block, with the line above it."""
    return [(match["said"], match["kind"], match["text"]) for match in STEP.finditer(text)]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    root = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, root, ignore=shutil.ignore_patterns("*.tsv"))
    return root


@pytest.mark.parametrize("title", how_tos())
def test_a_how_to_works_as_it_stands(base: Path, title: str) -> None:
    copy = Steps(base)
    before = load(base).digest
    todo = steps(how_tos()[title])
    for said, kind, text in todo:
        copy.perform(said, kind, text)
    assert [str(problem) for problem in inspect(base)[1]] == []
    assert (load(base).digest != before) is bool(todo)


def test_what_was_added_is_there(base: Path) -> None:
    copy = Steps(base)
    for text in how_tos().values():
        for step in steps(text):
            copy.perform(*step)
    knowledge = load(base)
    words = knowledge.words["en"]
    assert "night-lights" in words.topics
    assert "swimming-teacher" in words.roles
    assert "swimming-teacher" in knowledge.roles
    assert "imhaw-2031" in knowledge.weeks
    assert "example-day" in knowledge.observances
    assert "example-day" in words.topics["related-weeks"].observances
    assert knowledge.helplines["UK-EXAMPLE"].status is Status.OFFICIAL
    assert knowledge.regions["fr"].emergency == "FR-EMERGENCY"
    assert "fr" in knowledge.alarms
    assert any("little one up at 4" in question for question in words.topics["sleep"].questions)
    assert knowledge.help_in(words.services["base"], "fr") == words.services["base"].by_region["elsewhere"]


def test_a_language_becomes_offered_with_a_folder_of_its_own(base: Path) -> None:
    """The last row of the table: words in another language need `languages.yaml` and a folder, and no Python."""
    shutil.copytree(base / "en", base / "fr")
    path = base / "languages.yaml"
    path.write_text(path.read_text("utf-8") + "  - id: fr\n    name: Français\n    offered: true\n", "utf-8")
    knowledge = load(base)
    assert set(knowledge.words) == {"en", "fr"}
    assert knowledge.words["fr"].topics.keys() == knowledge.words["en"].topics.keys()
    assert knowledge.words["fr"].pick(knowledge.regions["gb"].name) == "United Kingdom"


def test_a_withdrawn_number_is_found_from_then_on(base: Path) -> None:
    number = next(line.phone.spoken for line in load(base).helplines.values() if line.phone and not line.steady)
    path = base / "withdrawn-numbers.yaml"
    path.write_text(
        path.read_text("utf-8") + f'  - number: "{number}"\n    service: Example\n    why: Example.\n', "utf-8"
    )
    assert any("shows a number of Example" in problem.message for problem in inspect(base)[1])


def test_the_guide_names_every_kind_of_file_and_every_mark() -> None:
    for pattern in SHAPES:
        last = pattern.removeprefix("*/").split("/")[0].removesuffix("*.yaml")
        assert last in GUIDE, pattern
    for mark in (*Status, "seen_on", "checked_on", "gathered_on", "steady", "clinical: needed", "clinical: done"):
        assert mark in GUIDE, mark
