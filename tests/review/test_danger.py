"""Patterns of danger that the screen could not read are errors, each with its file and line."""

from pathlib import Path

import pytest

from bot.review.checking import check
from tests.review.rendered import TODAY
from tests.sample_base import copy_sample

ALARMS = "en/alarms.yaml"


@pytest.mark.parametrize(
    ("words", "pattern", "softener", "line"),
    [
        ("BABY: [baby]", "(hurt the BABY", "would never HIT", 7),
        ("BABY: [baby]", "hurt the INFANT", "would never HIT", 7),
        ("BABY: [baby]", "hurt the BABY", "(would never HIT", 9),
    ],
)
def test_one_sentence_with_its_line(tmp_path: Path, words: str, pattern: str, softener: str, line: int) -> None:
    root = copy_sample(tmp_path)
    (root / ALARMS).write_text(
        f'first_line: Help.\nwords:\n  {words}\nrules:\n  - family: shaking\n    patterns:\n      - "{pattern}"\n'
        f'softeners:\n  - "{softener}"\n',
        "utf-8",
    )
    errors = check(root, TODAY).errors
    assert [error.split(": ")[0] for error in errors] == [f"{ALARMS}:{line}"]


def test_a_class_that_cannot_be_read_is_an_error_too(tmp_path: Path) -> None:
    root = copy_sample(tmp_path)
    (root / ALARMS).write_text(
        'first_line: Help.\nwords:\n  BABY: ["(baby"]\nrules:\n  - family: shaking\n    patterns: [hurt the BABY]\n',
        "utf-8",
    )
    errors = check(root, TODAY).errors
    assert [error.split(":")[0] for error in errors] == [ALARMS]


def test_the_patterns_of_the_sample_can_be_read(tmp_path: Path) -> None:
    assert check(copy_sample(tmp_path), TODAY).errors == []
