"""What `check` warns an editor of: each fault written into the sample gives its warning, and good text gives none."""

from pathlib import Path

import pytest

from bot.review.checking import check
from tests.review.rendered import TODAY
from tests.sample_base import copy_sample

SLEEP = "en/topics/sleep.yaml"
STYLE = """
words:
  - avoid: [commence*, e.g.]
    write: start
    unless: [commencement day]
names: [Wonderfully Complicated Organisation]
"""
LONG = "Hold " + "and hold " * 13
HARD = "Psychological containment facilitates intergenerational responsiveness"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = copy_sample(tmp_path)
    (found / "en" / "style.yaml").write_text(STYLE, "utf-8")
    return found


def changed(root: Path, file: str, old: str, new: str) -> list[str]:
    """The warnings that a change brings."""
    path = root / file
    before = set(check(root, TODAY).warnings)
    text = path.read_text("utf-8")
    assert old in text, "the sample base has changed"
    path.write_text(text.replace(old, new, 1), "utf-8")
    report = check(root, TODAY)
    assert report.errors == []
    return [one for one in report.warnings if one not in before]


FAULTS = [
    (
        "Keep nights dark and quiet.",
        "Commence the night.",
        f'{SLEEP}:13: warning: "Commence" is not how we write: start',
    ),
    ("Keep nights dark and quiet.", "Sing, e.g. softly.", f'{SLEEP}:13: warning: "e.g." is not how we write: start'),
    ("Keep nights dark and quiet.", f"{LONG}it.", f"{SLEEP}:13: warning: a sentence has 28 words; the most is 25"),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_a_fault_is_named_with_its_line_and_what_to_do(root: Path, old: str, new: str, said: str) -> None:
    assert changed(root, SLEEP, old, new) == [said]


@pytest.mark.parametrize("new", ["Wait for commencement day.", "Recommence softly, with no rush."])
def test_a_word_that_is_right_where_it_stands_is_let_be(root: Path, new: str) -> None:
    assert changed(root, SLEEP, "Keep nights dark and quiet.", new) == []


def test_a_hard_page_and_its_entry_are_named(root: Path) -> None:
    text = (root / SLEEP).read_text("utf-8")
    for line in ("Keep nights dark and quiet", "Rest when your baby rests", "Ask for help with the mornings"):
        text = text.replace(line, HARD)
    (root / SLEEP).write_text(text, "utf-8")
    said = [one for one in check(root, TODAY).warnings if SLEEP in one]
    assert [one.split(": ")[0] for one in said] == [f"{SLEEP}:1", f"{SLEEP}:11"]
    assert "on average" in said[0]
    assert "this page has reading grade" in said[1]


def test_what_only_professionals_read_may_be_hard(root: Path) -> None:
    assert changed(root, "en/roles/childcare.yaml", "why: ", f"why: {HARD}. ") == []


def test_names_are_not_held_against_a_text(root: Path) -> None:
    many = "Ask the Wonderfully Complicated Organisation. " * 3
    assert changed(root, SLEEP, "Keep nights dark and quiet.", many.strip()) == []


def test_the_grade_is_that_of_english_and_a_language_without_a_style_is_let_be(root: Path) -> None:
    (root / "en" / "style.yaml").unlink()
    assert changed(root, SLEEP, "Keep nights dark and quiet.", f"{LONG}it, e.g. now.") == []


def test_a_style_that_has_not_its_shape_is_refused(root: Path) -> None:
    (root / "en" / "style.yaml").write_text("limits:\n  words_of_sentence: many\n", "utf-8")
    assert check(root, TODAY).errors == ["en/style.yaml:2: limits.words_of_sentence: must be a whole number"]
    (root / "en" / "style.yaml").write_text("limits:\n  grade_of_page: hard\n", "utf-8")
    assert check(root, TODAY).errors == ["en/style.yaml:2: limits.grade_of_page: must be a number such as 6 or 7.5"]
    (root / "en" / "style.yaml").write_text("words:\n  - avoid: [x]\n", "utf-8")
    assert check(root, TODAY).errors == ["en/style.yaml:2: words.1: write is missing"]


def test_phrasings_that_are_nearly_the_same_are_named_with_both_places(root: Path) -> None:
    said = changed(
        root, SLEEP, "  - she wakes up all night\n", "  - she wakes up all night\n  - She wakes up all night?!\n"
    )
    assert said == [
        f'{SLEEP}:7: warning: "She wakes up all night?!" is nearly "she wakes up all night" above: word it differently'
    ]
    crying = (root / "en/topics/crying-colic.yaml").read_text("utf-8").split("questions:\n  - ")[1].split("\n")[0]
    said = changed(root, SLEEP, "  - my baby will not sleep\n", f"  - {crying}\n")
    assert len(said) == 1
    assert "in topic:crying-colic" in said[0]


def test_what_no_entry_names_and_no_card_shows_is_named(root: Path) -> None:
    with (root / "resources" / "example.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  - id: example.lonely\n    title: Lonely page\n    kind: page\n    url: https://lonely.example/\n"
            "    about:\n      en: Nobody leads here.\n    status: OFFICIAL\n"
        )
    with (root / "en" / "services.yaml").open("a", encoding="utf-8") as file:
        file.write("  - id: lonely\n    by_region:\n      elsewhere:\n        say: Nobody leads here.\n")
    helpline = (
        "  - id: UK-LONELY\n    name: Lonely Line\n    serves: [gb]\n    for_what:\n      en: Nobody leads here\n"
    )
    with (root / "helplines" / "gb.yaml").open("a", encoding="utf-8") as file:
        file.write(
            f"{helpline}    website: https://lonely.example/\n    status: CODE\n    sources:\n      - name: Example\n"
        )
    said = " ".join(check(root, TODAY).warnings)
    for wanted in (
        'no card shows resource "example.lonely"',
        'no entry names service block "lonely"',
        'no card shows helpline "UK-LONELY"',
    ):
        assert wanted in said


def test_an_urgent_block_without_a_topic_is_named(root: Path) -> None:
    said = changed(root, "en/topics/crying-colic.yaml", "urgent: baby-unwell\n", "")
    assert any('no topic names urgent block "baby-unwell"' in one for one in said)


def test_a_role_that_has_nothing_to_do_in_a_phase_is_named(root: Path) -> None:
    path = root / "en/roles/parent.yaml"
    text = path.read_text("utf-8")
    missing = [phase for phase in ("before", "during", "after", "all_year") if f"  {phase}:\n" not in text]
    said = [one for one in check(root, TODAY).warnings if "roles/parent.yaml" in one]
    assert sorted(one.split('"')[3] for one in said) == sorted(missing)
    assert missing


def test_a_topic_that_leaves_a_region_without_help_is_named(root: Path) -> None:
    said = changed(root, SLEEP, "services: [base]", "helplines: [UK-LISTEN]")
    assert {one.split('region "')[1] for one in said} == {'us"', 'elsewhere"'}


def test_a_button_that_a_telephone_cuts_off_is_named_where_it_stands(root: Path) -> None:
    title = "Sleep, and all that can be said of it at night"
    said = changed(root, SLEEP, "title: Sleep", f'title: "{title}"')
    assert said == [f'{SLEEP}:2: warning: the button "{title}" has {len(title)} characters; a small telephone shows 38']
