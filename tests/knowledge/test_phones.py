"""Both forms of a number are one number, made as its country's are; a wrong digit is found before anybody dials it."""

from pathlib import Path

import pytest

from bot.knowledge.load import inspect, load
from bot.knowledge.model import Phone
from tests.sample_base import KNOWLEDGE, copy_sample

SAID = 'helplines/us.yaml:21: helpline "US-LISTEN": 202-555-0100 is +1 2025550100 from abroad, not '


def problems(root: Path, spoken: str, international: str) -> list[str]:
    path = root / "helplines" / "us.yaml"
    text = path.read_text("utf-8")
    text = text.replace("spoken: 202-555-0100", f'spoken: "{spoken}"')
    path.write_text(text.replace("international: +1 202 555 0100", f'international: "{international}"'), "utf-8")
    return [str(problem) for problem in inspect(root)[1]]


@pytest.mark.parametrize(
    ("spoken", "international"),
    [("202-555-0100", "+1 202 555 0100"), ("1-202-555-0100", "+1 202 555 0100"), ("(202) 555 0100", "+1 202 5550100")],
)
def test_forms_that_agree(tmp_path: Path, spoken: str, international: str) -> None:
    assert problems(copy_sample(tmp_path), spoken, international) == []


@pytest.mark.parametrize("international", ["+1 202 555 0101", "+44 202 555 0100", "+1 202 555 010"])
def test_a_form_that_is_another_number(tmp_path: Path, international: str) -> None:
    assert problems(copy_sample(tmp_path), "202-555-0100", international) == [SAID + international]


def test_a_digit_too_many_in_both(tmp_path: Path) -> None:
    said = problems(copy_sample(tmp_path), "202-555-01000", "+1 202 555 01000")
    assert said == ['helplines/us.yaml:20: helpline "US-LISTEN": 202-555-01000 has a digit too many or too few']


def test_a_number_without_spaces(tmp_path: Path) -> None:
    said = problems(copy_sample(tmp_path), "2025550100", "+1 202 555 0100")
    assert said == ['helplines/us.yaml:20: "2025550100" needs spaces: at most 6 digits in a row']


def test_a_region_of_which_nobody_has_said_how_its_numbers_are_made_is_let_be(tmp_path: Path) -> None:
    root = copy_sample(tmp_path)
    path = root / "helplines" / "gb.yaml"
    path.write_text(path.read_text("utf-8").replace("+44 1632 960001", "+44 1632 960002"), "utf-8")
    assert [str(problem) for problem in inspect(root)[1]] == []


def test_every_region_of_the_real_base_has_its_way_of_making_numbers() -> None:
    knowledge = load(KNOWLEDGE)
    regions = [region for region in knowledge.regions if region != "elsewhere"]
    assert all(any(knowledge.regions[at].calling for at in knowledge.lineage(region)) for region in regions)
    abroad = [line.phone for line in knowledge.helplines.values() if line.phone and line.phone.international]
    assert len(abroad) > 40
    assert all(isinstance(phone, Phone) for phone in abroad)
