"""The learned files that the encoder runs on, and the check that they are the ones `card.json` names.

`encoder` and `vectors` open them; `learn` writes a new set. A file whose SHA-256 differs from the card is refused.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from bot.errors import KnowledgeError

FOLDER = Path(__file__).parent
"""The artefact that ships with the project."""
CARD = "card.json"
FILES = ("encoder.onnx", "tokenizer.json", "heads.npz", "vectors.npz", "LICENSE", "NOTICE")
"""Every file the card must name."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A folder of learned files whose digests were checked."""

    folder: Path
    digests: dict[str, str]
    """SHA-256 in hex by file name."""

    @property
    def model(self) -> str:
        """Names encoder and tokenizer together: what a cached vector depends on."""
        return f"{self.digests['encoder.onnx']}:{self.digests['tokenizer.json']}"

    def path(self, name: str) -> Path:
        return self.folder / name


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_artefact(folder: Path = FOLDER) -> Artefact:
    """Reads the card and checks every file against it. Raises KnowledgeError with one sentence a problem."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        digests = {name: str(card["files"][name]) for name in FILES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnowledgeError(f"The language artefact's {CARD} cannot be read: {error!r}. Reinstall the bot.") from error
    problems = [problem for name in FILES if (problem := _problem(folder / name, digests[name]))]
    if problems:
        raise KnowledgeError("\n".join(problems))
    return Artefact(folder, digests)


def record(folder: Path, name: str) -> None:
    """Write the present digest of one file into the card, after the file was made anew."""
    path = folder / CARD
    card = json.loads(path.read_text(encoding="utf-8"))
    card["files"][name] = sha256(folder / name)
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _problem(path: Path, expected: str) -> str | None:
    if not path.is_file():
        return f"The language artefact lacks {path.name}. Reinstall the bot, or run `learn` again."
    if sha256(path) != expected:
        return f"The language artefact's {path.name} is not the file that {CARD} names. Reinstall the bot."
    return None
