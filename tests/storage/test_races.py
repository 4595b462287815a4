import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation.model import Feedback, Verdict
from bot.storage import Store, VersionConflict
from tests.storage.chats import ADDRESS, ANNA, CHANNEL, NOW, contact_of, conversation_of, save, save_with


def until_saved(attempt: Callable[[], None]) -> int:
    """Rerun as long as somebody else was first; returns the number of conflicts."""
    conflicts = 0
    while True:
        try:
            attempt()
        except VersionConflict:
            conflicts += 1
        else:
            return conflicts


def test_two_turns_at_once_lose_no_change(store: Store) -> None:
    loaded = threading.Barrier(2)

    def ask(update: str) -> int:
        first = True

        def attempt() -> None:
            nonlocal first
            with store.turn(CHANNEL, ADDRESS, NOW) as turn:
                if first:
                    first = False
                    loaded.wait(timeout=10)
                turn.save(conversation=turn.conversation.with_incoming(update))

        return until_saved(attempt)

    for round_number in range(3):
        with ThreadPoolExecutor(2) as pool:
            conflicts = sum(pool.map(ask, (f"{round_number}a", f"{round_number}b")))
        assert conflicts == 1
    assert {update for update, _ in conversation_of(store).recent_incoming} == {"0a", "0b", "1a", "1b", "2a", "2b"}


def test_many_threads_counting_on_one_conversation_arrive_at_the_sum(store: Store) -> None:
    def count() -> None:
        with store.turn(CHANNEL, ADDRESS, NOW) as turn:
            page = turn.conversation.last_page + 1
            turn.save(
                conversation=replace(turn.conversation, last_page=page), feedback=Feedback("sleep", Verdict.HELPFUL)
            )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: until_saved(count), range(36)))
    assert conversation_of(store).last_page == 36
    assert store.feedback_counts() == {("sleep", Verdict.HELPFUL): 36}


def test_an_answered_mark_between_load_and_save_is_not_overwritten(store: Store) -> None:
    with store.turn(CHANNEL, ADDRESS, NOW) as turn:
        turn.save(conversation=turn.conversation.with_incoming("81"))
    with pytest.raises(VersionConflict):
        save_with(store, lambda: store.mark_answered(CHANNEL, ADDRESS, "81"))
    assert conversation_of(store).recent_incoming == (("81", True),)


def test_a_contact_changed_elsewhere_is_not_overwritten(store: Store) -> None:
    save(store, contact=ANNA)

    def mark(reachable: bool) -> None:
        store.mark_reachable(CHANNEL, ADDRESS, reachable=reachable, now=NOW)

    with pytest.raises(VersionConflict):
        save_with(store, lambda: mark(False), replace(ANNA, region="england"))
    assert contact_of(store) == replace(ANNA, unreachable_since=NOW)
    assert conversation_of(store).remembers("82") is None
    with pytest.raises(VersionConflict):
        save_with(store, lambda: mark(True), replace(ANNA, consents=()))
    assert contact_of(store) == ANNA


def test_a_conversation_swept_under_a_turn_is_a_conflict_and_the_rerun_saves(store: Store) -> None:
    save(store)
    later = NOW.replace(year=2027)

    def attempt() -> None:
        with store.turn(CHANNEL, ADDRESS, later) as turn:
            store.sweep(later)
            turn.save(conversation=turn.conversation.with_incoming("82"))

    assert until_saved(attempt) == 1
    assert conversation_of(store, later).remembers("82") is False


def test_reading_does_not_wait_for_a_writer(store: Store) -> None:
    save(store, step="asking-region")
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE conversation SET step = 'changed'")
        assert conversation_of(store).step == "asking-region"
    assert conversation_of(store).step == "changed"


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from bot.conversation.model import Feedback, Verdict
from bot.storage import open_store

url, key, now, address, when = sys.argv[1:]
store = open_store(url, Path(key))
with store.turn("telegram", address, datetime.fromisoformat(now)) as turn:
    turn.save(conversation=turn.conversation.with_incoming("81"), feedback=Feedback("sleep", Verdict.HELPFUL))
    if when == "before the commit":
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("when", "remembered"), [("before the commit", None), ("between commit and answer", False)])
def test_a_killed_turn_is_either_whole_or_not_there(
    when: str, remembered: bool | None, tmp_path: Path, sqlite_url: str, opened: Callable[[str], Store]
) -> None:
    store = opened(sqlite_url)
    key = str(tmp_path / "secret" / "key")
    child = subprocess.run([sys.executable, "-c", KILLED, sqlite_url, key, NOW.isoformat(), ADDRESS, when], check=False)
    assert child.returncode == -signal.SIGKILL
    assert conversation_of(store).remembers("81") is remembered
    # The repeat: whatever was applied is not applied again, and the second commit ends it.
    with store.turn(CHANNEL, ADDRESS, NOW) as turn:
        if turn.conversation.remembers("81") is None:
            turn.save(conversation=turn.conversation.with_incoming("81"), feedback=Feedback("sleep", Verdict.HELPFUL))
    store.mark_answered(CHANNEL, ADDRESS, "81")
    assert conversation_of(store).remembers("81") is True
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count FROM feedback").scalars().all() == [1]
