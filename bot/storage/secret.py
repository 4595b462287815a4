"""The secret under which chats are hashed. Made at the first start, kept out of every backup; `opening` loads it.

Without it nobody who holds the database can try chat ids until one fits.
"""

import os
import secrets
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from bot.errors import StorageError

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SecretKey:
    """32 bytes and the keyed hashes made with them (BLAKE2b, RFC 7693, one `person` for each purpose)."""

    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.material) != KEY_BYTES:
            raise ValueError(f"a secret key is {KEY_BYTES} bytes")

    @classmethod
    def at(cls, path: Path) -> "SecretKey":
        """Read the key, or make it (mode 0600) when the file is not there yet.

        Raises StorageError when the file cannot be read or made, or is not a key.
        """
        try:
            if not path.exists():
                _make(path)
            material = path.read_bytes()
        except OSError as error:
            raise StorageError(f"The secret key {path} cannot be read or made: {error.strerror}.") from None
        if len(material) != KEY_BYTES:
            raise StorageError(f"The secret key {path} is not {KEY_BYTES} bytes long; put the original file back.")
        return cls(material)

    def conversation(self, channel: str, address: str) -> str:
        """The name of a chat's conversation row, 64 hexadecimal digits."""
        return self._hash(b"conversation", channel, address)

    def erasure(self, channel: str, address: str) -> str:
        """The name of a chat's erasure row; nobody can tell from it which conversation it was."""
        return self._hash(b"erasure", channel, address)

    def _hash(self, purpose: bytes, channel: str, address: str) -> str:
        return blake2b(f"{channel}\0{address}".encode(), key=self.material, digest_size=32, person=purpose).hexdigest()


def _make(path: Path) -> None:
    """Write a new key whole or not at all; where two processes start together, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)
    except FileExistsError:
        return
    finally:
        unfinished.unlink(missing_ok=True)
