import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StorageError
from bot.storage import SecretKey

KEY = SecretKey(bytes(range(32)))
OTHER = SecretKey(bytes(32))


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"
    made = SecretKey.at(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes()) == 32
    assert SecretKey.at(path) == made
    assert SecretKey.at(tmp_path / "another") != made
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: SecretKey.at(tmp_path / "key"), range(8)))
    assert all(key == keys[0] for key in keys)


def test_a_key_that_appears_while_ours_is_made_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    path.write_bytes(OTHER.material)
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert SecretKey.at(path) == OTHER


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_damaged_key_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(StorageError, match="32 bytes"):
        SecretKey.at(path)
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        SecretKey.at(tmp_path)
    with pytest.raises(StorageError, match="/proc/imh/key"):
        SecretKey.at(Path("/proc/imh/key"))


def test_material_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SecretKey(b"short")


def test_the_key_is_never_shown() -> None:
    shown = repr(KEY)
    assert "\\x01" not in shown
    assert KEY.material.hex() not in shown


@given(st.text(), st.text())
def test_hashes_differ_by_purpose_and_key_and_never_by_chance(channel: str, address: str) -> None:
    if "\ud800" <= max(channel + address, default="") <= "\udfff":
        return
    assert KEY.conversation(channel, address) == KEY.conversation(channel, address)
    assert KEY.conversation(channel, address) != KEY.erasure(channel, address)
    assert KEY.conversation(channel, address) != OTHER.conversation(channel, address)
    assert len(KEY.erasure(channel, address)) == 64


def test_hashes_differ_by_chat() -> None:
    assert KEY.conversation("telegram", "1234567") != KEY.conversation("telegram1", "234567")
    assert KEY.erasure("telegram", "1234567") != KEY.erasure("telegram", "1234568")
