"""Settings, read once at the door from the environment and `.env`. Only `cli` and `assembly` import this module.

Every name begins with `IMH_`; an unknown `IMH_` name is refused with the nearest known one, so that a misspelt setting
cannot pass unseen. An empty value counts as none. Secrets never show in a repr or an error.
"""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

PREFIX = "IMH_"
TOKEN = re.compile(r"^\d{1,20}:[A-Za-z0-9_-]{20,}$")
"""The form BotFather's tokens have: the bot's id, a colon, a secret."""

_PREPARATION = frozenset({"IMH_PREPARED", "IMH_TESTS_INNER"})
"""Set by the preparation of a checkout for the processes it starts; no settings."""


class Permission(StrEnum):
    COMPOSE = "compose"
    APPROVE = "approve"
    MANAGE = "manage"


class Settings(BaseSettings):
    """What can be set. Units stand in the names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    token: SecretStr | None = Field(None, description="The bot's token from BotFather. Without one the try-out starts.")
    token_file: Path | None = Field(None, description="A file that holds the token, instead of `IMH_TOKEN`.")
    api_base_url: str = Field(
        "https://api.telegram.org", description="Root of the Bot API server; `/bot<token>/` is appended."
    )
    database_url: str = Field(
        "sqlite:///data/imh-bot.db", description="SQLite file or PostgreSQL, as an SQLAlchemy URL."
    )
    secret_key_file: Path | None = Field(
        None,
        description="The key that hides chat numbers; made at first start. Default: `secret.key` beside a SQLite file, "
        "else `data/secret.key`.",
    )
    knowledge: Path | None = Field(
        None, description="Folder of the knowledge base. Default: the one that ships with the bot."
    )
    cache_dir: Path | None = Field(
        None,
        description="Folder for vectors of new phrasings. Default: `data/cache`; in memory when it cannot be written.",
    )
    language: str = Field("en", description="Language of the answers.")
    organisers: Annotated[Mapping[int, frozenset[Permission]], NoDecode] = Field(
        default_factory=dict,
        description="Who may announce: `123:compose+approve,456:manage`, by numeric Telegram user id. Where one person "
        "alone is named, a delay of ten minutes stands in for the second one. Without any, nothing is announced.",
    )
    sends_per_second: float = Field(
        25.0, gt=0, le=1000, description="Most messages of announcements a second; replies are not counted in it."
    )
    reload_knowledge: bool = Field(True, description="Take up changed knowledge files while running.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")

    @field_validator("api_base_url")
    @classmethod
    def _root(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", url):
            raise ValueError("must be the http(s) address of a server, such as http://127.0.0.1:8081")
        return url.rstrip("/")

    @field_validator("organisers", mode="before")
    @classmethod
    def _organisers(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return {int(id): permissions for id, permissions in _organiser_pairs(value)}

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        if "://" not in url:
            raise ValueError("must be a database URL, such as sqlite:///data/imh-bot.db or postgresql://host/name")
        return url

    def secret_token(self) -> str | None:
        """The token, from its file when one is named. Raises `SettingsError` without quoting it."""
        token = self.token.get_secret_value().strip() if self.token else None
        if self.token_file is not None:
            if token:
                raise SettingsError("IMH_TOKEN and IMH_TOKEN_FILE are both set; keep one of them.")
            try:
                token = self.token_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise SettingsError("The file named in IMH_TOKEN_FILE cannot be read.") from None
        if token and not TOKEN.fullmatch(token):
            raise SettingsError("The token does not look like one from BotFather (digits, a colon, a long word).")
        return token or None

    def key_file(self) -> Path:
        """Where the secret key lies."""
        if self.secret_key_file is not None:
            return self.secret_key_file
        scheme, _, rest = self.database_url.partition(":///")
        path = rest.partition("?")[0]
        if scheme.startswith("sqlite") and path and path != ":memory:":
            return Path(path).parent / "secret.key"
        return Path("data") / "secret.key"


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment and `.env`. Raises `SettingsError` with one sentence a problem."""
    problems = list(_unknown_names())
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        problems += [_sentence(detail) for detail in error.errors(include_url=False, include_input=False)]
    except UnicodeDecodeError:
        problems.append(".env is not UTF-8 text.")
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def described() -> Iterator[tuple[str, str, str]]:
    """(name, default, description) of every setting, in order: what the README's table is made of."""
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=False)
        shown = "" if default is None or not isinstance(default, str | int | float | bool) else str(default)
        yield f"{PREFIX}{name.upper()}", shown.lower() if isinstance(default, bool) else shown, field.description or ""


def _sentence(detail: Any) -> str:
    where = str(detail["loc"][0]) if detail["loc"] else ""
    return f"{PREFIX}{where.upper()}: {detail['msg'].removeprefix('Value error, ')}."


def _unknown_names() -> Iterator[str]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in sorted({*os.environ, *_names_in_env_file()}):
        if name.upper().startswith(PREFIX) and name.upper() not in known | _PREPARATION:
            close = get_close_matches(name.upper(), sorted(known), n=1)
            yield f"{name} is not a setting." + (f" Nearest: {close[0]}." if close else "")


def _names_in_env_file() -> Iterator[str]:
    try:
        lines = Path(".env").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        name = line.strip().removeprefix("export ").partition("=")[0].strip()
        if name and not name.startswith("#"):
            yield name


def _organiser_pairs(text: str) -> Iterator[tuple[str, frozenset[Permission]]]:
    for part in filter(None, (part.strip() for part in text.split(","))):
        id, _, listed = part.partition(":")
        names = listed.split("+")
        if not id.isdecimal() or not set(names) <= set(Permission):
            raise ValueError("must be like 123:compose+approve,456:manage")
        yield id, frozenset(Permission(name) for name in names)
