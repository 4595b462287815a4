import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage import ProcessLock, Store
from tests.storage.chats import NOW

HOLDS = """
import sys
from bot.storage import ProcessLock
with ProcessLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_server_is_refused_until_the_first_is_gone_even_killed(sqlite_url: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDS, sqlite_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StorageError, match=r"already serving from .*/imh\.db: stop it first"):
            ProcessLock(sqlite_url).acquire()
        child.kill()
    with ProcessLock(sqlite_url):
        pass


def test_one_process_cannot_hold_it_twice_and_may_take_it_again(sqlite_url: str) -> None:
    first, second = ProcessLock(sqlite_url), ProcessLock(sqlite_url)
    with first, pytest.raises(StorageError, match="already serving"):
        second.acquire()
    with second:
        second.release()
        first.acquire()
    first.release()
    first.release()


def test_the_lock_does_not_stand_in_the_way_of_commands(sqlite_store: Store, sqlite_url: str) -> None:
    with ProcessLock(sqlite_url):
        sqlite_store.ping()
        sqlite_store.forget("telegram", "7700900123", NOW)


@pytest.mark.parametrize("url", ["sqlite://", "postgresql://imh@localhost/imh"])
def test_where_nothing_is_shared_or_all_may_share_nothing_is_locked(url: str) -> None:
    with ProcessLock(url), ProcessLock(url):
        pass


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be made"):
        ProcessLock("sqlite:////proc/imh/imh.db").acquire()
    (tmp_path / "imh.db.lock").mkdir()
    with pytest.raises(StorageError, match="cannot be made"):
        ProcessLock(f"sqlite:///{tmp_path}/imh.db").acquire()
