"""Reading a knowledge folder: which files count, which are refused, and that every problem is named at once."""

import os
from collections.abc import Iterator
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.errors import KnowledgeError
from bot.knowledge import files
from bot.knowledge.load import inspect, load
from bot.knowledge.sentences import explain
from bot.knowledge.yaml_reader import LARGEST_BYTES, Steps, Value
from tests.knowledge.test_yaml_reader import YAMLISH

DAY = date(2026, 11, 20)


def problems(root: Path) -> list[str]:
    return [str(problem) for problem in inspect(root, DAY)[1]]


def test_the_sample_base_is_whole(sample: Path) -> None:
    knowledge = load(sample)
    words = knowledge.words["en"]
    assert set(words.roles) == {"parent", "childcare"}
    assert set(knowledge.regions) == {"gb", "us", "elsewhere"}
    assert words.topics["crying-colic"].answers["childcare"].pointers
    assert [example.topic for example in words.examples.topics][-1] == "a-topic-to-come"
    assert knowledge.words.keys() == {"en"}
    assert problems(sample) == []


def test_the_digest_changes_with_any_file(sample: Path) -> None:
    before = load(sample).digest
    assert load(sample).digest == before
    table = sample / "en/examples/scope.tsv"
    table.write_text(table.read_text() + "sport\ta\twho won the match\n")
    assert load(sample).digest != before


def test_every_problem_of_every_file_is_named_at_once(sample: Path) -> None:
    (sample / "roles.yaml").write_text("roles: [")
    (sample / "en/topics/sleep.yaml").write_text("id: sleep\ntitle: Sleep\n")
    said = problems(sample)
    assert [one.split(":")[0] for one in said] == ["en/topics/sleep.yaml"] * 4 + ["roles.yaml"]
    with pytest.raises(KnowledgeError) as refusal:
        load(sample)
    assert str(refusal.value).splitlines() == said


@pytest.mark.parametrize("data", [b"- a\n- b\n", b"just words\n", b"7\n"])
def test_a_file_that_holds_something_else_altogether(sample: Path, data: bytes) -> None:
    (sample / "en/topics/sleep.yaml").write_bytes(data)
    assert problems(sample) == ['en/topics/sleep.yaml:1: must be a group of lines such as "name: words"']


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("topics/nap.yaml", "topics/nap.yaml:1: is no file of the knowledge base"),
        ("en/phrasebok.yaml", "en/phrasebok.yaml:1: is no file of the knowledge base. Nearest: */phrasebook.yaml"),
        ("en/topics/nap.yml", "en/topics/nap.yml:1: must end in .yaml"),
        (
            "en/examples/topic.tsv",
            "en/examples/topic.tsv:1: is no table of example messages. Nearest: en/examples/topics.tsv",
        ),
        ("en/topics.tsv", "en/topics.tsv:1: is no table of example messages. Nearest: en/examples/topics.tsv"),
    ],
)
def test_a_file_in_the_wrong_place_is_not_passed_over(sample: Path, name: str, said: str) -> None:
    (sample / name).parent.mkdir(exist_ok=True)
    (sample / name).write_text("x: 1\n")
    found = problems(sample)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_words_of_a_language_that_is_not_listed(sample: Path) -> None:
    (sample / "eng").mkdir()
    (sample / "eng/alarms.yaml").write_bytes((sample / "en/alarms.yaml").read_bytes())
    assert problems(sample) == ['eng/alarms.yaml:1: language "eng" is not in languages.yaml. Nearest: en']


@pytest.mark.parametrize(
    "name",
    [
        "languages.yaml",
        "regions.yaml",
        "roles.yaml",
        "series.yaml",
        "en/safety.yaml",
        "en/phrasebook.yaml",
        "en/services.yaml",
    ],
)
def test_a_file_that_must_be_there(sample: Path, name: str) -> None:
    (sample / name).unlink()
    assert f"{name}:1: is missing" in problems(sample)
    assert inspect(sample)[0] is None


def test_hidden_files_and_other_kinds_are_left_alone(sample: Path) -> None:
    (sample / ".#roles.yaml").symlink_to("nobody@nowhere")
    (sample / ".git").mkdir()
    (sample / ".git/x.yaml").write_text("{")
    (sample / "en/notes.txt").write_text("{")
    assert problems(sample) == []


def test_links(sample: Path, tmp_path: Path) -> None:
    """Links inside the folder are as good as files (mounted configuration comes so); none may lead out of it."""
    outside = tmp_path / "outside.yaml"
    (sample / "en/topics/sleep.yaml").rename(outside)
    (sample / "en/topics/sleep.yaml").symlink_to(outside)
    (sample / "en/topics/gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (sample / "cy").symlink_to(sample / "en", target_is_directory=True)
    (sample / "weeks/imhaw-2030.yaml").mkdir()
    assert problems(sample) == [
        "cy:1: is a link to a folder: put the files themselves here",
        "en/topics/gone.yaml:1: is a link that leads nowhere",
        "en/topics/sleep.yaml:1: is a link that leads out of the knowledge base",
        "weeks/imhaw-2030.yaml:1: is not a file",
    ]


def test_links_within_and_a_linked_folder(sample: Path, tmp_path: Path) -> None:
    (sample / "roles.yaml").rename(sample / "..roles")
    (sample / "roles.yaml").symlink_to("..roles")
    (tmp_path / "link").symlink_to(sample, target_is_directory=True)
    assert problems(tmp_path / "link") == []


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("en/topics/sleep.yaml", LARGEST_BYTES + 1, "is larger than 512 KiB"),
        ("en/examples/scope.tsv", files.LARGEST_TABLE_BYTES + 1, "is larger than 16384 KiB"),
    ],
)
def test_a_huge_file_is_not_read(sample: Path, name: str, size: int, said: str) -> None:
    with (sample / name).open("wb") as file:
        file.truncate(size)
    assert problems(sample) == [f"{name}:1: {said}"]


def test_too_many_files(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 3)
    assert problems(sample)[0] == "knowledge:1: holds more than 3 files"


def test_no_folder_at_all(tmp_path: Path) -> None:
    assert problems(tmp_path / "absent")[0] == "absent:1: is not a folder: the knowledge base is missing"


def test_a_file_that_cannot_be_read(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, *args: object, **more: object) -> object:
        if path.name == "roles.yaml":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    assert "roles.yaml:1: cannot be read: Permission denied" in problems(sample)


def test_a_name_that_no_screen_can_show(sample: Path) -> None:
    try:
        (sample / os.fsdecode(b"en/topics/\xff.yaml")).write_text("x: 1\n")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    said = problems(sample)
    assert said
    assert all(one.encode() for one in said)


def test_tables_of_other_systems(sample: Path) -> None:
    table = sample / "en/examples/roles.tsv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert problems(sample) == []
    assert load(sample).words["en"].examples.roles[0].text == "mum of two"


def test_a_table_that_is_not_utf8(sample: Path) -> None:
    table = sample / "en/examples/roles.tsv"
    table.write_bytes(table.read_bytes() + b"parent\tbare\ta\tm\xe4dchen\n")
    assert problems(sample) == ["en/examples/roles.tsv:4: is not UTF-8 text"]


def test_two_editions_of_one_year(sample: Path) -> None:
    text = (sample / "weeks/imhaw-2024.yaml").read_text().replace("id: imhaw-2024", "id: again-2024")
    (sample / "weeks/again-2024.yaml").write_text(text)
    assert problems(sample) == ['weeks/imhaw-2024.yaml:3: week "again-2024" is the edition of 2024 already']


def test_what_the_code_names_must_be_there(sample: Path) -> None:
    (sample / "en/topics/week-previous.yaml").unlink()
    services = sample / "en/services.yaml"
    services.write_text(services.read_text().replace("id: base", "id: basis"))
    said = problems(sample)
    assert 'en/topics/week-previous.yaml:1: topic "week-previous" is missing: a button of the menu leads to it' in said
    assert 'en/services.yaml:1: service block "base" is missing: it is shown when somebody asks for a person' in said


def test_cards_and_capabilities_are_complete_and_none_is_invented(sample: Path) -> None:
    for name, old, new in [("safety", "id: shaking", "id: shakes"), ("capabilities", "id: opt-out", "id: opt-outs")]:
        path = sample / f"en/{name}.yaml"
        path.write_text(path.read_text().replace(old, new))
    said = "\n".join(problems(sample))
    assert 'en/safety.yaml:1: alarm family "shaking" has no card' in said
    assert 'alarm family "shakes" does not exist. Nearest: shaking' in said
    assert 'en/capabilities.yaml:1: capability "opt-out" is missing' in said
    assert 'the bot has no capability "opt-outs". Nearest: opt-out' in said


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("I show {place}.", 'phrase "region.noted" has a gap nobody fills: place. Filled here: region'),
        ("I show {}.", 'phrase "region.noted" has a gap nobody fills: . Filled here: region'),
        ("I show {region.", 'phrase "region.noted": a brace without its other half; gaps are written {name}'),
        ("I show {region!r}.", 'phrase "region.noted": gaps are written {name}, without : or !'),
        ("I show {region:>9999999}.", 'phrase "region.noted": gaps are written {name}, without : or !'),
        ("I show {region.name}.", 'phrase "region.noted" has a gap nobody fills: region.name. Filled here: region'),
    ],
)
def test_gaps_that_the_code_does_not_fill(sample: Path, sentence: str, said: str) -> None:
    path = sample / "en/phrasebook.yaml"
    lines = path.read_text().splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("  region.noted:"))
    lines[at] = f'  region.noted: "{sentence}"'
    path.write_text("\n".join(lines) + "\n")
    assert problems(sample) == [f"en/phrasebook.yaml:{at + 1}: {said}"]


def test_phrases_that_are_missing_or_never_said(sample: Path) -> None:
    path = sample / "en/phrasebook.yaml"
    path.write_text(path.read_text().replace("  region.noted:", "  region.notd:"))
    said = problems(sample)
    assert any(one.endswith('phrase "region.noted" is missing') for one in said)
    assert any(one.endswith('phrase "region.notd" is never said. Nearest: region.noted') for one in said)


def test_no_offered_language(sample: Path) -> None:
    path = sample / "languages.yaml"
    path.write_text(path.read_text().replace("offered: true", "offered: false"))
    assert problems(sample) == ["languages.yaml:1: no language is offered"]


def test_a_line_that_nobody_would_see(sample: Path) -> None:
    path = sample / "regions.yaml"
    path.write_text(path.read_text().replace("  - id: gb\n", "  - id: gb\n    offered: false\n"))
    assert problems(sample) == [
        'en/topics/crying-colic.yaml:27: helpline "UK-LISTEN" serves no region that readers can choose'
    ]


def test_an_emergency_number_that_may_not_be_shown(sample: Path) -> None:
    path = sample / "helplines/gb.yaml"
    path.write_text(path.read_text().replace("status: OFFICIAL", "status: GK", 1))
    assert problems(sample) == ['regions.yaml:5: helpline "UK-999" has no number that may be shown']


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["languages.yaml", "en/topics/sleep.yaml", "weeks/imhaw-2025.yaml", "en/alarms.yaml"]),
    text=YAMLISH,
)
def test_any_text_in_place_of_a_file_is_a_sentence_and_never_a_crash(sample: Path, name: str, text: str) -> None:
    path = sample / name
    before = path.read_bytes()
    try:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(KnowledgeError) as refusal:
            load(sample)
        assert name in str(refusal.value)
    finally:
        path.write_bytes(before)


WRONG: tuple[object, ...] = (
    [],
    {},
    ["a"],
    {"a": "b"},
    "",
    "two\nlines",
    "x" * 5000,
    " ",
    "☃",
    "99999999999999999999",
    "1.5",
)
JARGON = {"input", "pydantic", "pattern", "tuple", "str", "validation", "dictionary", "instance", "literal", "parse"}


def places(value: Value, path: Steps = ()) -> Iterator[Steps]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def put(value: Any, path: Steps, wrong: object) -> object:
    """The value with something else at `path`."""
    if not path:
        return wrong
    changed = copy(value)
    changed[path[0]] = put(changed[path[0]], path[1:], wrong)
    return changed


def test_no_error_speaks_the_schema_checkers_language(sample: Path) -> None:
    """Every place of every file of the sample base, with each kind of wrong value in it."""
    told = 0
    for parsed in files.read_folder(sample).files:
        shape = type(parsed.value)
        for path in places(parsed.document.value):
            for wrong in WRONG:
                try:
                    shape.model_validate(put(parsed.document.value, path, wrong))
                except ValidationError as error:
                    for problem in explain(parsed.name, parsed.document, error, shape, files.suggestion):
                        told += 1
                        words = set(problem.message.casefold().replace("'", " ").split())
                        assert not JARGON & words, problem.message
                        assert problem.line <= max(parsed.document.lines.values())
    assert told > 1000
