"""Settings from the environment and `.env`: units, secrets, names that do not exist, and the README's table."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Permission, Settings, described, load_settings
from tests import settings_table

TOKEN = "7654321:pretend-token-of-thirty-five-chars-x"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(**overrides: object) -> str:
    with pytest.raises(SettingsError) as error:
        load_settings(**overrides)
    assert TOKEN not in str(error.value)
    return str(error.value)


def test_without_anything_the_try_out_is_ready() -> None:
    settings = load_settings()
    assert settings.secret_token() is None
    assert settings.language == "en"
    assert settings.key_file() == Path("data/secret.key")
    assert settings.organisers == {}


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMH_TOKEN", f" {TOKEN}\n")
    monkeypatch.setenv("IMH_SENDS_PER_SECOND", "3.5")
    monkeypatch.setenv("IMH_ORGANISERS", "123:compose+approve, 456:manage,")
    monkeypatch.setenv("IMH_API_BASE_URL", "http://127.0.0.1:8081/")
    monkeypatch.setenv("IMH_DATABASE_URL", "sqlite:////var/lib/imh/bot.db?timeout=3")
    monkeypatch.setenv("IMH_RELOAD_KNOWLEDGE", "false")
    monkeypatch.setenv("imh_log_level", "debug")
    settings = load_settings()
    assert settings.secret_token() == TOKEN
    assert settings.sends_per_second == 3.5
    assert settings.organisers == {
        123: frozenset({Permission.COMPOSE, Permission.APPROVE}),
        456: frozenset({Permission.MANAGE}),
    }
    assert settings.api_base_url == "http://127.0.0.1:8081"
    assert settings.key_file() == Path("/var/lib/imh/secret.key")
    assert settings.reload_knowledge is False
    assert settings.log_level == "debug"


def test_the_env_file_is_read_and_the_environment_outdoes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(
        f'# a comment\n\nexport IMH_TOKEN="{TOKEN}"\nIMH_LANGUAGE=cy\nOTHER_THING=1\n', encoding="utf-8"
    )
    monkeypatch.setenv("IMH_LANGUAGE", "en")
    settings = load_settings()
    assert settings.secret_token() == TOKEN
    assert settings.language == "en"


def test_an_empty_value_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _, _ in described():
        monkeypatch.setenv(name, "")
    assert load_settings() == Settings()
    assert load_settings().knowledge is None


def test_secrets_never_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMH_TOKEN", TOKEN)
    settings = load_settings()
    for shown in (repr(settings), str(settings), f"{settings.model_dump()}", settings.model_dump_json()):
        assert TOKEN not in shown
        assert TOKEN.partition(":")[2] not in shown


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("IMH_TOKEM", "IMH_TOKEN"),
        ("IMH_DATABSE_URL", "IMH_DATABASE_URL"),
        ("IMH_ZZZZZZ", None),
        ("imh_langauge", "IMH_LANGUAGE"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(
    name: str, near: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, TOKEN)
    said = refused()
    assert name in said
    assert (near is None) == ("Nearest" not in said)
    assert near is None or near in said


def test_an_unknown_name_in_the_env_file_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("IMH_TOKN=1\n", encoding="utf-8")
    assert "IMH_TOKN" in refused()


def test_the_preparations_own_names_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMH_PREPARED", "1")
    assert load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IMH_SENDS_PER_SECOND", "0"),
        ("IMH_SENDS_PER_SECOND", "fast"),
        ("IMH_API_BASE_URL", "api.telegram.org"),
        ("IMH_API_BASE_URL", "ftp://api.telegram.org"),
        ("IMH_DATABASE_URL", "bot.db"),
        ("IMH_ORGANISERS", "me:compose"),
        ("IMH_ORGANISERS", "123:rule"),
        ("IMH_ORGANISERS", "123"),
        ("IMH_LOG_LEVEL", "loud"),
        ("IMH_RELOAD_KNOWLEDGE", "perhaps"),
    ],
)
def test_a_bad_value_is_one_sentence_with_its_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    said = refused()
    assert len(said.splitlines()) == 1
    assert said.startswith(f"{name}: ")


def test_several_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMH_LOG_LEVEL", "loud")
    monkeypatch.setenv("IMH_NOSUCH", "1")
    assert len(refused().splitlines()) == 2


def test_a_token_that_is_none_is_refused_without_being_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMH_TOKEN", "s3cret-nonsense")
    with pytest.raises(SettingsError) as error:
        load_settings().secret_token()
    assert "s3cret" not in str(error.value)


def test_a_token_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    monkeypatch.setenv("IMH_TOKEN_FILE", str(file))
    with pytest.raises(SettingsError, match="IMH_TOKEN_FILE"):
        load_settings().secret_token()
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="IMH_TOKEN_FILE"):
        load_settings().secret_token()
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    assert load_settings().secret_token() == TOKEN
    monkeypatch.setenv("IMH_TOKEN", TOKEN)
    with pytest.raises(SettingsError, match="both"):
        load_settings().secret_token()


def test_an_env_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"IMH_LANGUAGE=\xff\xfe")
    assert refused() == ".env is not UTF-8 text."


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("sqlite:///:memory:", "data/secret.key"),
        ("postgresql://host/name", "data/secret.key"),
        ("sqlite:///here/bot.db", "here/secret.key"),
    ],
)
def test_the_key_lies_beside_a_sqlite_file(url: str, key: str) -> None:
    assert Settings(database_url=url).key_file() == Path(key)
    assert Settings(database_url=url, secret_key_file=Path("k")).key_file() == Path("k")


def test_every_setting_is_described() -> None:
    for name, _, description in described():
        assert name.startswith("IMH_")
        assert description.endswith(".")


def test_the_readme_has_the_table() -> None:
    assert settings_table.README.read_text(encoding="utf-8") == settings_table.written()
