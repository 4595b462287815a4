"""Numbers: withdrawn ones are found however they are spaced, and those long unseen bring a warning."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.checks.numbers import OVERDUE_AFTER, digits_of, numbers_in
from bot.knowledge.load import inspect

DAY = date(2026, 11, 20)


def said(root: Path, today: date | None = None) -> list[str]:
    return [str(problem) for problem in inspect(root, today)[1]]


def write_pointer(root: Path, words: str) -> None:
    path = root / "en/topics/sleep.yaml"
    path.write_text(path.read_text().replace("Keep nights dark and quiet.", f'"{words}"'), "utf-8")


@pytest.mark.parametrize(
    "written",
    [
        "01632960999",
        "01632 960 999",
        "01632-960-999",
        "(01632) 960999",
        "01632.960.999",
        "0 1 6 3 2 9 6 0 9 9 9",
        "01632\u00a0960\u2011999",
        "+44 1632 960999",
        "+44 (0)1632 960 999",
        "0044 1632 960 999",
        "1632 960 999",
        "01632/960999",
        "01632 – 960 999",
        "０１６３２ ９６０ ９９９",
        "24/7 01632 960999",
        "ring 999 01632 960 999 5",
        "tel:+441632960999",
    ],
)
def test_a_withdrawn_number_is_found_in_any_spacing(sample: Path, written: str) -> None:
    write_pointer(sample, f"Call {written} today.")
    assert said(sample) == ["en/topics/sleep.yaml:13: shows a number of Example Closed Line that must not be used"]


@pytest.mark.parametrize(
    "written",
    ["01632 960 998", "101632 960 9990", "01632 960 9999", "201632960999", "01632 and then 960 999", "1632960"],
)
def test_other_numbers_are_left_alone(sample: Path, written: str) -> None:
    write_pointer(sample, f"Call {written} today.")
    assert said(sample) == []


@pytest.mark.parametrize(
    ("file", "old", "line"),
    [
        ("helplines/gb.yaml", "Example Listening Line", 15),
        ("regions.yaml", "United Kingdom", 7),
        ("resources/example.yaml", "The week's page", 3),
        ("series.yaml", "Share one thing with a friend.", 13),
        ("en/roles/parent.yaml", "Your baby feels safe with you.", 5),
        ("en/services.yaml", "Ask your pediatrician.", 8),
        ("en/safety.yaml", "your baby is hard to wake", 116),
        ("en/alarms.yaml", "This sounds serious.", 1),
    ],
)
def test_it_is_found_wherever_it_stands(sample: Path, file: str, old: str, line: int) -> None:
    path = sample / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, "Call 01632 960 999", 1))
    assert said(sample) == [f"{file}:{line}: shows a number of Example Closed Line that must not be used"]


def test_it_is_found_in_a_phrase(sample: Path) -> None:
    path = sample / "en/phrasebook.yaml"
    lines = path.read_text().splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("  stop.done:"))
    lines[at] = "  stop.done: Call 01632 960999"
    path.write_text("\n".join(lines))
    assert said(sample) == [f"en/phrasebook.yaml:{at + 1}: shows a number of Example Closed Line that must not be used"]


@given(
    st.text(alphabet="0123456789", min_size=3, max_size=12), st.lists(st.sampled_from(["", " ", "-", ") ", " / ", "."]))
)
def test_any_spacing_of_any_number_is_found(digits: str, gaps: list[str]) -> None:
    spaced = "".join(digit + gap for digit, gap in zip(digits, [*gaps, *[""] * len(digits)], strict=False))
    assert digits in set(numbers_in(f"call {spaced} now", {digits}))


@given(st.text(max_size=40))
def test_looking_for_numbers_never_fails(text: str) -> None:
    assert list(numbers_in(text, {"12345"})) in ([], ["12345"], ["12345"] * 2)
    assert digits_of(text).isascii()


def test_no_withdrawn_numbers_at_all(sample: Path) -> None:
    (sample / "withdrawn-numbers.yaml").unlink()
    assert said(sample) == []


LAST_SEEN = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("today", "ends"),
    [
        (None, None),
        (LAST_SEEN + OVERDUE_AFTER, None),
        (
            LAST_SEEN + OVERDUE_AFTER + timedelta(days=1),
            "was last seen on 2026-10-01, 91 days ago: check it on the live site",
        ),
        (LAST_SEEN - timedelta(days=1), "was seen on 2026-10-01, a day still to come"),
    ],
)
def test_a_number_is_overdue_after_ninety_days(sample: Path, today: date | None, ends: str | None) -> None:
    (sample / "helplines/us.yaml").write_text(
        (sample / "helplines/us.yaml").read_text().replace("2026-11-01", "2026-12-31")
    )
    knowledge, problems = inspect(sample, today)
    listening = [str(problem) for problem in problems if "UK-LISTEN" in problem.message]
    assert knowledge is not None
    assert listening == ([] if ends is None else [f'helplines/gb.yaml:14: warning: helpline "UK-LISTEN" {ends}'])


def test_what_a_person_checked_counts_as_the_last_look(sample: Path) -> None:
    """The warm line was seen in September and checked in November."""
    later = date(2026, 11, 1) + OVERDUE_AFTER + timedelta(days=1)
    assert any('"US-LISTEN" was last checked on 2026-11-01, 91 days ago' in one for one in said(sample, later))


def test_a_number_without_any_day(sample: Path) -> None:
    path = sample / "helplines/gb.yaml"
    path.write_text(path.read_text().replace("    seen_on: 2026-10-01\n", ""))
    assert said(sample, DAY) == [
        'helplines/gb.yaml:14: warning: helpline "UK-LISTEN" has no day on which its number was seen: '
        "look it up and write seen_on or checked_on"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("status: OFFICIAL\n    sources", "status: GK\n    sources"),
        ("hours_confirmed", "steady: true\n    hours_confirmed"),
    ],
)
def test_steady_numbers_and_hidden_ones_are_never_overdue(sample: Path, old: str, new: str) -> None:
    path = sample / "helplines/gb.yaml"
    path.write_text(path.read_text().replace(old, new))
    assert [one for one in said(sample, date(2031, 1, 1)) if "UK-LISTEN" in one] == []
