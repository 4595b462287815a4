"""Which messages change their answer between two states of the knowledge base: `check --against REVISION`.

Both states are asked with the present code and artefact, so that only the words make the difference.
"""

import subprocess
import tarfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from bot.conversation.scene import Mind
from bot.errors import KnowledgeError, UsageError
from bot.review import evaluation
from bot.review.asked import ask
from bot.review.evaluation import Labelled

TEST_MESSAGES = Path(__file__).parents[2] / "tests" / "questions"
"""By language; in a checkout alone."""
PHRASEBOOK = "phrasebook.yaml"
OUT_OF_SCOPE = "-"
"""In a table's `accept`: must not be answered from the base."""
STANDINGS = ("wrong", "not found", "among the offered", "offered first", "right")
"""What an answer is by the message's accepted ids, worst first. Out of scope, only the ends and the middle are used."""


VERDICTS = ("worse", "better", "as good as before", "not judged")
"""In the order in which an editor wants to see them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A message whose answer is another than before."""

    labelled: Labelled
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    """Objects of `ask --json`."""

    @property
    def verdict(self) -> str:
        was, now = standing(self.labelled, self.before), standing(self.labelled, self.after)
        if was is None or now is None:
            return "not judged"
        return "better" if now > was else "worse" if now < was else "as good as before"

    def __str__(self) -> str:
        told = [f'{self.verdict}: "{self.labelled.text}"' + (f" ({self.labelled.role})" if self.labelled.role else "")]
        for when, result in (("was", self.before), ("now", self.after)):
            place = standing(self.labelled, result)
            told.append(f"    {when}  {shown(result)}" + ("" if place is None else f"  [{STANDINGS[place]}]"))
        return "\n".join(told)


def shown(result: Mapping[str, Any]) -> str:
    """What a person gets to see, in one line: the outcome, the entries, and the alarm if there is one."""
    alarm = f" with a support line ({result['alarm']['id']})" if result["alarm"] else ""
    if result["outcome"] == "alarm":
        return f"alarm {result['alarm']['id']}"
    targets = [result["target"]] if result["outcome"] == "answer" else result["offered"]
    return " ".join([result["outcome"], ", ".join(filter(None, targets))]).rstrip() + alarm


def standing(labelled: Labelled, result: Mapping[str, Any]) -> int | None:
    """Place in `STANDINGS`; None where no label judges the answer."""
    answered = result["outcome"] == "answer"
    if not labelled.in_scope:
        return STANDINGS.index("wrong" if answered else "among the offered" if result["offered"] else "right")
    if not labelled.accept:
        return None
    named = evaluation.named(labelled, result)
    if named and named[0] in labelled.accept:
        return STANDINGS.index("right" if answered else "offered first")
    if not labelled.accept.isdisjoint(named):
        return STANDINGS.index("among the offered")
    return STANDINGS.index("wrong" if answered else "not found")


def compare(before: Mind, after: Mind, messages: Iterable[Labelled], now: datetime) -> Iterator[Change]:
    """The messages that are answered otherwise; the second and third of an offer may change places.

    A role or region that a mind does not know is left away for it.
    """
    for labelled in messages:
        was, now_is = (_asked(mind, labelled, now) for mind in (before, after))
        if _told(was) != _told(now_is):
            yield Change(labelled, was, now_is)


def _told(result: Mapping[str, Any]) -> tuple[object, ...]:
    offered = result["offered"] if result["outcome"] == "offer" else []
    return result["outcome"], result["target"], offered[:1], set(offered), result["alarm"]


def _asked(mind: Mind, labelled: Labelled, now: datetime) -> Mapping[str, Any]:
    role = labelled.role if labelled.role in mind.words.roles else None
    region = labelled.region if labelled.region in mind.knowledge.regions else None
    return ask(mind, labelled.text, now, role=role, region=region)


def report(
    mind_of: Callable[[Path], Mind], folder: Path, revision: str, messages: Sequence[Labelled], now: datetime
) -> str:
    """What `check --against` prints. Raises `UsageError` where that state of `folder` cannot be had or read."""
    with TemporaryDirectory(prefix="imh-bot-") as temporary:
        past = check_out(folder, revision, Path(temporary))
        _speak_alike(folder, past)
        try:
            before = mind_of(past)
        except KnowledgeError as error:
            first, *others = str(error).splitlines()
            more = f" (and {len(others)} more)" if others else ""
            raise UsageError(
                f"The knowledge base of {revision} cannot be read by this version: {first}{more}"
            ) from None
        changes = list(compare(before, mind_of(folder), messages, now))
    changes.sort(key=lambda change: VERDICTS.index(change.verdict))
    counted = Counter(change.verdict for change in changes)
    counts = ", ".join(f"{counted[verdict]} {verdict}" for verdict in VERDICTS if counted[verdict])
    told = f"{len(changes)} of {len(messages)} messages change their answer since {revision}"
    return "\n".join([*map(str, changes), f"{told}{': ' if counts else ''}{counts}."])


def check_out(folder: Path, revision: str, into: Path) -> Path:
    """The state of `folder` in a revision of its git repository, put into `into`. Raises `UsageError`."""
    prefix = _git(folder, "rev-parse", "--show-prefix", or_else=f"{folder} is not inside a git repository").decode()
    unknown = f'There is no revision "{revision}" in the git repository of {folder}'
    if revision.startswith("-"):
        raise UsageError(f"{unknown}.")
    wanted = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", or_else=unknown)
    tree, absent = f"{wanted.decode().strip()}:{prefix.strip()}", f"{folder} is not kept in revision {revision}"
    top = Path(_git(folder, "rev-parse", "--show-toplevel", or_else=absent).decode().rstrip("\n"))
    packed = _git(
        top, "archive", "--format=tar", tree, or_else=absent
    )  # below the top git would take the tree for less
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                (into / member.name).parent.mkdir(parents=True, exist_ok=True)
                (into / member.name).write_bytes(content.read())
    return into


def _speak_alike(folder: Path, past: Path) -> None:
    """Gives the past the present phrasebooks: the code names their sentences one by one, and they decide no answer."""
    for phrasebook in folder.glob(f"*/{PHRASEBOOK}"):
        language = past / phrasebook.parent.name
        if language.is_dir():
            copyfile(phrasebook, language / PHRASEBOOK)


def _git(folder: Path, *arguments: str, or_else: str) -> bytes:
    """What git prints. Raises `UsageError` with the sentence `or_else` when git refuses."""
    try:
        command = ["git", "-C", str(folder), *arguments]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell, and no option of theirs
    except FileNotFoundError:
        raise UsageError("--against needs git, which is not installed here.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"{or_else}{f' (git: {said[0]})' if said else ''}.")
    return done.stdout


def test_messages(language: str) -> list[Path]:
    """The tables of the tests. Raises `UsageError` where the bot stands without its tests."""
    found = sorted((TEST_MESSAGES / language).glob("*.tsv"))
    if not found:
        raise UsageError("No test messages stand beside this bot; name some with --messages FILE.")
    return found


def read_messages(paths: Sequence[Path]) -> list[Labelled]:
    """Labelled messages of tables (`.tsv` with a header: text, and if need be accept and role) or JSON lines as
    `evaluate` takes them. Raises `UsageError` with file and line.
    """
    messages: list[Labelled] = []
    for path in paths:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path} cannot be read ({(error.strerror or 'no file').lower()}).") from None
        lines = data.split(b"\n")
        messages += _table(str(path), lines) if path.suffix == ".tsv" else evaluation.read(str(path), lines)
    return messages


def _table(name: str, lines: Sequence[bytes]) -> Iterator[Labelled]:
    columns: list[str] = []
    for number, raw in enumerate(lines, start=1):
        try:
            cells = raw.decode("utf-8-sig").rstrip("\r").split("\t")
        except UnicodeDecodeError:
            raise UsageError(f"{name}:{number}: is not UTF-8 text") from None
        if not columns:
            columns = cells
            if "text" not in columns:
                raise UsageError(f'{name}:1: needs a header with a column "text"')
        elif cells != [""]:
            if len(cells) != len(columns):
                raise UsageError(f"{name}:{number}: needs {len(columns)} columns")
            yield _labelled(dict(zip(columns, cells, strict=True)))


def _labelled(row: Mapping[str, str]) -> Labelled:
    """Of a target such as "role:parent" the id counts, as everywhere in evaluation."""
    accept = [part.strip().rpartition(":")[2] for part in row.get("accept", "").split(",") if part.strip()]
    in_scope = accept != [OUT_OF_SCOPE]
    ids = accept if in_scope else []
    first = ids[0] if ids else None
    return Labelled(row["text"], row.get("role") or None, None, frozenset(ids), None, in_scope, first)
