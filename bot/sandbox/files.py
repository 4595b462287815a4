"""Files that people sent and the bot uploaded, by file id. Used by the sending methods, `getFile` and `/file/…`."""

import hashlib
from dataclasses import dataclass

from bot.sandbox.refusals import bad_request

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Largest file that `getFile` offers, in bytes."""
UPLOAD_LIMIT = 50 * 1024 * 1024
"""Largest upload, in bytes; photos have their own."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The contents of one multipart part."""

    content: bytes
    filename: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`kind` is the Bot API's name of what it was sent as (`photo` …); one kind cannot be sent as another."""

    id: str
    kind: str
    content: bytes
    filename: str
    path: str
    width: int = 0
    height: int = 0

    @property
    def unique_id(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]


class FileStore:
    """Everything uploaded so far."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}

    def add(self, kind: str, upload: Upload, *, width: int = 0, height: int = 0) -> StoredFile:
        number = len(self._files) + 1
        name = upload.filename.rpartition("/")[2] or f"file_{number}"
        file_id = f"SANDBOX-{kind}-{number:06d}"
        file = StoredFile(file_id, kind, upload.content, name, f"{kind}s/file_{number}", width, height)
        self._files[file_id] = file
        return file

    def get(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def describe(self, file_id: str) -> dict[str, object]:
        """The Bot API's `File`; 400 for an unknown id or one too big to download."""
        file = self._files.get(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.content) > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        return {
            "file_id": file.id,
            "file_unique_id": file.unique_id,
            "file_size": len(file.content),
            "file_path": file.path,
        }

    def at_path(self, path: str) -> bytes | None:
        """The bytes behind `/file/bot<token>/<path>`, None when nothing lies there."""
        return next((file.content for file in self._files.values() if file.path == path), None)
