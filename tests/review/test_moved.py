"""How far a base is from its artefact, and when that is a warning."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.assembly import Library
from bot.knowledge.load import load
from bot.language.artefact import FILES, Artefact
from bot.review.checking import check
from bot.review.moved import MOST_UNSHIPPED, Moved, Taught, moved
from tests.language.opened import vectors
from tests.matching.base_of_entries import topic, words
from tests.review.rendered import TODAY
from tests.sample_base import copy_sample

SAME = Taught(1000, "a")
NEAR = Moved("2026-11-20", (), 80, SAME, SAME, 0, 1000)


def artefact(folder: Path, **card: object) -> Artefact:
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return Artefact(folder, dict.fromkeys(FILES, ""))


def test_entries_and_phrasings_that_the_artefact_lacks_are_counted(tmp_path: Path) -> None:
    listed = words([topic("sleep"), topic("white-noise", *(f"hum of the fan {at}" for at in range(5)))])
    columns = [*listed.capabilities, "sleep"]
    found = moved(listed, artefact(tmp_path, date="2026-10-01"), columns, vectors(), SAME)
    assert found.without_column == ["topic:white-noise"]
    assert found.entries == len(listed.capabilities) + 2
    assert found.unshipped >= 5
    assert found.phrasings > found.unshipped
    assert "topic:white-noise" in str(found)
    assert "2026-10-01" in str(found)


def test_what_was_learned_from_is_told_where_the_card_says(tmp_path: Path) -> None:
    def told(**card: object) -> Moved:
        return moved(words([topic("sleep")]), artefact(tmp_path, **card), [], vectors(), SAME)

    assert told(date="2026-10-01").learned is None
    assert "unknown what it learned from" in str(told(date="2026-10-01"))
    assert told(learned_from={"examples": "many"}).learned is None
    assert told(learned_from={"examples": 900, "sha256": "b"}).learned == Taught(900, "b")


def test_the_same_lessons_and_others_are_told_apart() -> None:
    assert "all that the base holds" in str(NEAR)
    other = replace(NEAR, teaches=Taught(1010, "b"))
    assert "1000" in str(other)
    assert "1010" in str(other)


@pytest.mark.parametrize(
    ("found", "remedy"),
    [
        (NEAR, None),
        (replace(NEAR, learned=None), None),
        (replace(NEAR, without_column=tuple("abcdefgh")), None),
        (replace(NEAR, without_column=tuple("abcdefghi")), "learn"),
        (replace(NEAR, teaches=Taught(1100, "b")), None),
        (replace(NEAR, teaches=Taught(1101, "b")), "learn"),
        (replace(NEAR, teaches=Taught(899, "b")), "learn"),
        (replace(NEAR, unshipped=MOST_UNSHIPPED), None),
        (replace(NEAR, unshipped=MOST_UNSHIPPED + 1), "vectors"),
    ],
)
def test_far_apart_is_a_warning_with_its_remedy(found: Moved, remedy: str | None, tmp_path: Path) -> None:
    assert found.far == (remedy is not None)
    if remedy:
        assert f"run `{remedy}`" in str(found)
    plain = check(copy_sample(tmp_path), TODAY)
    report = check(tmp_path / "knowledge", TODAY, moved=lambda _: found)
    assert len(report.warnings) == len(plain.warnings) + found.far
    assert report.text().count(str(found)) == 1
    assert report.text().splitlines()[-1].startswith("0 errors")


def test_the_artefact_that_ships_is_compared_with_a_folder(tmp_path: Path) -> None:
    root = copy_sample(tmp_path)
    library = Library(root, None, "en")
    found = library.moved(load(root))
    assert found is not None
    assert "topic:sleep" not in found.without_column
    assert 0 < found.unshipped <= found.phrasings
    assert found.teaches.examples > 0
    assert Library(root, None, "xx").moved(load(root)) is None
