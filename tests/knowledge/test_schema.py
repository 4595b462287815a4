"""The JSON Schema that editors' programs use: it takes every real file, in both ways of reading its plain values."""

import json
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.knowledge.files import SHAPES
from bot.knowledge.schema import PLACES, schema, schema_for
from bot.knowledge.yaml_reader import read
from tests.sample_base import KNOWLEDGE, TESTS

FILES = sorted(path for root in (KNOWLEDGE, TESTS / "sample") for path in root.rglob("*.yaml"))


def pattern(path: Path) -> str:
    name = path.relative_to(KNOWLEDGE if path.is_relative_to(KNOWLEDGE) else TESTS / "sample").as_posix()
    return next(one for one in SHAPES if one.count("/") == name.count("/") and fnmatchcase(name, one))


VALIDATORS = {one: Draft202012Validator(schema_for(one)) for one in SHAPES}


class Typing(yaml.SafeLoader):
    """Reads truths as YAML 1.2 has them, and editing programs with it: `on` and `no` are words."""


Typing.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if first in "tTfF" or not tag.endswith(":bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def typed(path: Path) -> Any:
    """A file as an editing program reads it: truths, numbers and days typed, days then written out."""
    return json.loads(json.dumps(yaml.load(path.read_text("utf-8"), Loader=Typing), default=date.isoformat))


def test_it_is_a_schema_and_can_be_printed() -> None:
    whole = schema()
    Draft202012Validator.check_schema(whole)
    assert json.loads(json.dumps(whole)) == whole
    assert set(whole[PLACES]) == set(SHAPES)
    assert all(reference["$ref"].removeprefix("#/$defs/") in whole["$defs"] for reference in whole[PLACES].values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TESTS.parent).as_posix())
def test_every_file_fits_it(path: Path) -> None:
    validator = VALIDATORS[pattern(path)]
    assert [error.message for error in validator.iter_errors(read(path.read_bytes()).value)] == []
    assert [error.message for error in validator.iter_errors(typed(path))] == []


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("en/topics/sleep.yaml", {"titel": "Nap"}),
        ("en/topics/sleep.yaml", {"questions": ["one"]}),
        ("en/topics/sleep.yaml", {"services": "base"}),
        ("en/topics/sleep.yaml", {"review": {"gathered_on": "20 November"}}),
        ("en/topics/sleep.yaml", {"near": ["Crying Colic"]}),
        ("en/topics/sleep.yaml", {"part_of": None}),
        ("weeks/imhaw-2025.yaml", {"status": "SURE"}),
        ("weeks/imhaw-2025.yaml", {"year": "soon"}),
        ("weeks/imhaw-2025.yaml", {"theme": {"English": "words"}}),
        ("en/roles/parent.yaml", {"actions": {"sometimes": []}}),
    ],
)
def test_what_the_loader_refuses_it_refuses(file: str, change: dict[str, Any]) -> None:
    path = TESTS / "sample" / file
    value = typed(path)
    assert VALIDATORS[pattern(path)].is_valid(value)
    assert not VALIDATORS[pattern(path)].is_valid({**value, **change})


def test_fields_bring_their_descriptions() -> None:
    definitions = schema()["$defs"]
    assert "IANA" in definitions["Region"]["properties"]["zones"]["description"]
    assert "live site" in definitions["Source"]["properties"]["checked_on"]["description"]
    assert definitions["AlarmCard"]["properties"]["tier"]["enum"] == ["1", "2", 1, 2]
    assert definitions["Topic"]["properties"]["title"]


def test_a_kind_of_file_that_there_is_none_of() -> None:
    with pytest.raises(KeyError):
        schema_for("poems/*.yaml")
