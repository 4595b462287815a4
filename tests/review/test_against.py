"""Two states of a base in a git repository of its own, asked the same messages."""

import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.assembly import Library
from bot.errors import UsageError
from bot.review import against
from bot.review.against import Change, compare, read_messages, report, shown, standing
from bot.review.evaluation import Labelled
from tests.minds import sample_mind
from tests.sample_base import copy_sample

GIT = ("git", "-c", "user.name=Robin Pretend", "-c", "user.email=robin@pretend.example", "-c", "commit.gpgsign=false")
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def git(folder: Path, *arguments: str) -> None:
    subprocess.run([*GIT, "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample base, committed in a repository above it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("IMH_KNOWLEDGE", str(tmp_path / "knowledge"))
    monkeypatch.chdir(tmp_path)
    knowledge = copy_sample(tmp_path)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    return knowledge


def labelled(text: str, *accept: str, in_scope: bool = True, role: str | None = None) -> Labelled:
    return Labelled(text, role, None, frozenset(accept), None, in_scope, accept[0] if accept else None)


def result(outcome: str, *targets: str, alarm: Mapping[str, Any] | None = None) -> dict[str, Any]:
    answered = outcome == "answer"
    return {
        "outcome": outcome,
        "target": targets[0] if answered else None,
        "offered": list(targets[1:] if answered else targets),
        "part_of": None,
        "alarm": alarm,
    }


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli.app, list(arguments))


MESSAGES = [
    labelled("how do I get him to nap", "sleep"),
    labelled("does white noise help a newborn settle at night", "sleep", role="astronaut"),
    labelled("she has been crying since five", "crying-colic"),
]


def test_a_new_question_moves_the_message_that_it_was_written_for(root: Path) -> None:
    topic = root / "en/topics/sleep.yaml"
    text = topic.read_text(encoding="utf-8")
    added = "questions:\n  - does white noise help a newborn settle at night\n"
    topic.write_text(text.replace("questions:\n", added), encoding="utf-8")
    library = Library(root, None, "en")
    told = report(library.mind, root, "HEAD", MESSAGES, NOW)
    assert "white noise" in told
    assert "better" in told
    assert "how do I get him to nap" not in told
    assert told.splitlines()[-1].startswith("1 of 3 messages")


def test_nothing_changes_where_nothing_was_changed(root: Path) -> None:
    told = report(Library(root, None, "en").mind, root, "HEAD", MESSAGES, NOW)
    assert told == "0 of 3 messages change their answer since HEAD."


def test_sentences_of_then_are_not_needed(root: Path, tmp_path: Path) -> None:
    """A phrase that the code has come to need since then must not keep the past from being read."""
    book = root / "en/phrasebook.yaml"
    whole = book.read_text(encoding="utf-8")
    book.write_text("phrases: {}\n", encoding="utf-8")
    (tmp_path / "knowledge/cy").mkdir()
    git(tmp_path, "commit", "--quiet", "-a", "-m", "without sentences")
    book.write_text(whole, encoding="utf-8")
    (tmp_path / "knowledge/cy/phrasebook.yaml").write_text("phrases: {}\n", encoding="utf-8")
    past = against.check_out(root, "HEAD", tmp_path / "past")
    against._speak_alike(root, past)
    assert (past / "en/phrasebook.yaml").read_text(encoding="utf-8") == whole
    assert not (past / "cy").exists()


def test_a_past_that_cannot_be_read_is_told_in_one_sentence(root: Path, tmp_path: Path) -> None:
    topic = root / "en/topics/sleep.yaml"
    whole = topic.read_text(encoding="utf-8")
    topic.write_text(whole.replace("title:", "titel:"), encoding="utf-8")
    git(tmp_path, "commit", "--quiet", "-a", "-m", "broken")
    topic.write_text(whole, encoding="utf-8")
    with pytest.raises(UsageError, match=r"HEAD.*sleep\.yaml") as told:
        report(Library(root, None, "en").mind, root, "HEAD", MESSAGES, NOW)
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize("revision", ["no-such-revision", "--output=taken", "HEAD~9", ""])
def test_an_unknown_revision_is_one_sentence(root: Path, tmp_path: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="no revision"):
        against.check_out(root, revision, tmp_path / "past")
    assert not (tmp_path / "taken").exists()


def test_a_folder_that_the_revision_does_not_have_is_one_sentence(root: Path, tmp_path: Path) -> None:
    (tmp_path / "later").mkdir()
    with pytest.raises(UsageError, match="not kept in revision HEAD"):
        against.check_out(tmp_path / "later", "HEAD", tmp_path / "past")


def test_no_repository_and_no_git_are_one_sentence_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="not inside a git repository"):
        against.check_out(tmp_path, "HEAD", tmp_path / "past")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="needs git"):
        against.check_out(tmp_path, "HEAD", tmp_path / "past")


def test_the_root_of_a_repository_can_be_the_base(root: Path, tmp_path: Path) -> None:
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "on its own")
    past = against.check_out(root, "HEAD", tmp_path / "past")
    assert {path.relative_to(past) for path in past.rglob("*.yaml")} == {
        path.relative_to(root) for path in root.rglob("*.yaml")
    }


SLEEP = labelled("up again", "sleep")
NOT_OURS = labelled("best pizza", in_scope=False)


@pytest.mark.parametrize(
    ("message", "given", "place"),
    [
        (SLEEP, result("answer", "topic:sleep", "topic:bonding"), "right"),
        (SLEEP, result("offer", "topic:sleep", "topic:bonding"), "offered first"),
        (SLEEP, result("offer", "topic:bonding", "topic:sleep"), "among the offered"),
        (SLEEP, result("answer", "topic:bonding", "topic:sleep"), "among the offered"),
        (SLEEP, result("answer", "topic:bonding"), "wrong"),
        (SLEEP, result("offer", "topic:bonding"), "not found"),
        (SLEEP, result("decline"), "not found"),
        (NOT_OURS, result("answer", "topic:sleep"), "wrong"),
        (NOT_OURS, result("offer", "topic:sleep"), "among the offered"),
        (NOT_OURS, result("decline"), "right"),
    ],
)
def test_where_an_answer_stands(message: Labelled, given: dict[str, Any], place: str) -> None:
    found = standing(message, given)
    assert found is not None
    assert against.STANDINGS[found] == place


def test_a_change_is_judged_by_its_label() -> None:
    wrong, right = result("answer", "topic:bonding"), result("answer", "topic:sleep")
    assert Change(SLEEP, wrong, right).verdict == "better"
    assert Change(SLEEP, right, wrong).verdict == "worse"
    assert Change(SLEEP, wrong, result("answer", "topic:siblings")).verdict == "as good as before"
    unjudged = Change(labelled("hm", role="parent"), wrong, right)
    assert unjudged.verdict == "not judged"
    assert "(parent)" in str(unjudged)
    assert "[" not in str(unjudged)


def test_alarms_and_support_lines_are_shown() -> None:
    assert shown(result("alarm", alarm={"id": "shaking", "tier": 1})) == "alarm shaking"
    assert "support line" in shown(result("decline", alarm={"id": "general", "tier": 3}))
    assert shown(result("decline")) == "decline"


def test_one_mind_changes_nothing_against_itself() -> None:
    assert list(compare(sample_mind(), sample_mind(), MESSAGES, NOW)) == []


def test_tables_and_json_lines_are_read(tmp_path: Path) -> None:
    tsv, lines = tmp_path / "a.tsv", tmp_path / "b.jsonl"
    tsv.write_text("accept\trole\ttext\r\nrole:parent,sleep\tparent\tup again\r\n-\t\tbest pizza\n\n", encoding="utf-8")
    lines.write_text(json.dumps({"text": "he howls", "accept": ["crying-colic"]}), encoding="utf-8")
    first, second, third = read_messages([tsv, lines])
    assert (first.accept, first.role, first.topic) == (frozenset({"parent", "sleep"}), "parent", "parent")
    assert (second.accept, second.role, second.in_scope) == (frozenset(), None, False)
    assert third.accept == {"crying-colic"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"accept\tsaid\nx\ty\n", "a.tsv:1"),
        (b"accept\ttext\nx\n", "a.tsv:2"),
        (b"text\n\xff\n", "a.tsv:2"),
        (b"", "a.tsv:1"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_by_file_and_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.tsv").write_bytes(content)
    with pytest.raises(UsageError, match=said):
        read_messages([tmp_path / "a.tsv"])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.tsv"):
        read_messages([tmp_path / "gone.tsv"])


def test_without_its_tests_the_bot_asks_for_messages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    listed = against.test_messages("en")
    assert read_messages(listed)
    monkeypatch.setattr(against, "TEST_MESSAGES", tmp_path)
    with pytest.raises(UsageError, match="--messages"):
        against.test_messages("en")


def test_the_command_compares_and_ends_well(root: Path, tmp_path: Path) -> None:
    (tmp_path / "asked.tsv").write_text("accept\ttext\nsleep\thow do I get him to nap\n", encoding="utf-8")
    ended = run("check", "--against", "HEAD", "--messages", "asked.tsv")
    assert ended.exit_code == 0
    assert ended.output == "0 of 1 messages change their answer since HEAD.\n"
    assert isinstance(run("check", "--messages", "asked.tsv").exception, UsageError)
    assert isinstance(run("check", "--against", "no-such-revision").exception, UsageError)


def test_the_command_shows_what_is_confused_where_asked(root: Path) -> None:
    told = run("check", "--pairs").output
    assert "most often confused" in told
    assert "topic:sleep" in told
    assert "The artefact of" in told
