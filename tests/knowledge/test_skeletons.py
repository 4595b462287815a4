"""`new`: skeletons of the right shape in the right place, never over anything, and never taken for finished."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.files import read_folder
from bot.knowledge.load import inspect
from bot.knowledge.skeletons import Kind, write_skeleton

DAY = date(2026, 11, 20)
LEFT = "still holds the skeleton's words: write your own"
NEW = {
    Kind.ROLE: ("librarian", ["roles.yaml", "en/roles/librarian.yaml"]),
    Kind.TOPIC: ("night-lights", ["en/topics/night-lights.yaml"]),
    Kind.WEEK: ("imhaw-2031", ["weeks/imhaw-2031.yaml"]),
    Kind.REGION: ("fr", ["regions.yaml", "helplines/fr.yaml"]),
    Kind.LANGUAGE: ("fr", ["languages.yaml", "fr/alarms.yaml", "fr/phrasebook.yaml"]),
}


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", Kind)
def test_a_skeleton_has_its_shape_and_is_refused_until_it_is_written(sample: Path, kind: Kind) -> None:
    id, names = NEW[kind]
    assert write_skeleton(sample, kind, id, DAY) == names
    assert read_folder(sample).problems == []
    knowledge, problems = inspect(sample, DAY)
    assert knowledge is not None
    left = [problem for problem in problems if problem.message == LEFT and not problem.warning]
    assert {problem.file for problem in left} >= set(names) - {"roles.yaml", "fr/phrasebook.yaml"}
    for problem in left:
        line = (sample / problem.file).read_text("utf-8").splitlines()[problem.line - 1]
        assert "✎" in line or "0001-01-01" in line


@pytest.mark.parametrize("kind", Kind)
def test_every_pencil_is_counted(sample: Path, kind: Kind) -> None:
    before = "".join(text.decode() for text in snapshot(sample).values())
    id, _ = NEW[kind]
    write_skeleton(sample, kind, id, DAY)
    if kind is Kind.LANGUAGE:
        path = sample / "languages.yaml"
        path.write_text(path.read_text("utf-8").replace("offered: false", "offered: true"), "utf-8")
        for name in ("safety.yaml", "services.yaml", "capabilities.yaml"):
            (sample / id / name).write_bytes((sample / "en" / name).read_bytes())
    marked = sum(
        "✎" in line or "0001-01-01" in line.split("#")[0]
        for text in snapshot(sample).values()
        for line in text.decode().splitlines()
        if not line.lstrip().startswith("#")
    )
    found = {(one.file, one.line) for one in inspect(sample)[1] if one.message == LEFT}
    assert "✎" not in before
    assert len(found) == marked > 0


def test_nothing_but_placeholders_stands_between_a_topic_and_being_done(sample: Path) -> None:
    write_skeleton(sample, Kind.TOPIC, "night-lights", DAY)
    path = sample / "en/topics/night-lights.yaml"
    path.write_text(path.read_text("utf-8").replace("✎ Write", "These are words of mine for"), "utf-8")
    knowledge, problems = inspect(sample, DAY)
    assert (knowledge is not None, [str(problem) for problem in problems]) == (True, [])


def test_comments_of_a_list_are_kept(sample: Path) -> None:
    path = sample / "roles.yaml"
    before = path.read_text() + "# The end of the list.\n\n\n"
    path.write_text(before)
    write_skeleton(sample, Kind.ROLE, "librarian", DAY)
    assert path.read_text().startswith(before.rstrip("\n"))


def test_lists_with_other_indents_and_line_ends(sample: Path) -> None:
    (sample / "roles.yaml").write_bytes(
        b"\xef\xbb\xbfroles:\r\n- id: parent\r\n  group: family\r\n- id: childcare\r\n  group: practice\r\n"
    )
    write_skeleton(sample, Kind.ROLE, "librarian", DAY)
    assert read_folder(sample).problems == []
    assert b"\r" not in (sample / "roles.yaml").read_bytes()


@pytest.mark.parametrize(
    ("kind", "id", "said"),
    [
        (Kind.TOPIC, "Night Lights", "cannot be the id of a topic: it must be small letters"),
        (Kind.TOPIC, "../../etc/passwd", "cannot be the id of a topic"),
        (Kind.TOPIC, "", "cannot be the id of a topic"),
        (Kind.TOPIC, "a" * 41, "cannot be the id of a topic"),
        (Kind.TOPIC, "nap\n", "cannot be the id of a topic"),
        (Kind.ROLE, "mp/candidate", "cannot be the id of a role"),
        (Kind.WEEK, "imhaw", "cannot be the id of a week: it must be its series and its year, such as imhaw-2031"),
        (Kind.WEEK, "imwah-2031", 'series "imwah" does not exist in series.yaml. Nearest: imhaw'),
        (Kind.WEEK, "imhaw-2025", 'week "imhaw-2025" is the edition of 2025 already'),
        (Kind.REGION, "france", "cannot be the id of a region"),
        (Kind.REGION, "gb", "helplines/gb.yaml exists already and was left as it is"),
        (Kind.LANGUAGE, "english", "cannot be the id of a language"),
        (Kind.LANGUAGE, "cy", 'languages.yaml has "cy" already'),
        (Kind.LANGUAGE, "en", "en/alarms.yaml exists already"),
        (Kind.ROLE, "parent", "en/roles/parent.yaml exists already"),
        (Kind.TOPIC, "sleep", "en/topics/sleep.yaml exists already"),
    ],
)
def test_what_cannot_be_new_is_said_and_nothing_is_written(sample: Path, kind: Kind, id: str, said: str) -> None:
    before = snapshot(sample)
    with pytest.raises(KnowledgeError) as refusal:
        write_skeleton(sample, kind, id, DAY)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert snapshot(sample) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("roles: [{id: parent, group: family}]\n", 'roles.yaml is laid out so that "librarian" must be added by hand'),
        ("roles:\n  - id: parent\n    group: family\n...\n", "must be added by hand"),
        ("roles: [\n", "roles.yaml cannot be added to: check the knowledge base first"),
        ("roles: none\n", "roles.yaml cannot be added to"),
        (None, "roles.yaml cannot be added to"),
    ],
)
def test_a_list_that_cannot_be_added_to(sample: Path, text: str | None, said: str) -> None:
    path = sample / "roles.yaml"
    path.unlink() if text is None else path.write_text(text)
    before = snapshot(sample)
    with pytest.raises(KnowledgeError, match="added") as refusal:
        write_skeleton(sample, Kind.ROLE, "librarian", DAY)
    assert said in str(refusal.value)
    assert snapshot(sample) == before


def test_no_language_to_write_in(sample: Path) -> None:
    (sample / "languages.yaml").write_text("languages: []\n")
    with pytest.raises(KnowledgeError, match="must name an offered language"):
        write_skeleton(sample, Kind.TOPIC, "night-lights", DAY)
