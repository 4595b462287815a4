"""A broken edit never takes the running bot down; a good one is taken up whole."""

import asyncio
from asyncio import FIRST_COMPLETED
from pathlib import Path

import pytest

from bot.assembly import Library
from bot.errors import BotError
from bot.operations.reloading import Current, watch
from tests.minds import sample_mind
from tests.sample_base import copy_sample
from tests.talk import town


class Builder:
    """Builds 1, 2, 3 … or fails as told."""

    def __init__(self) -> None:
        self.count = 0
        self.failure: Exception | None = None

    def __call__(self) -> int:
        if self.failure:
            raise self.failure
        self.count += 1
        return self.count


def test_the_first_value_must_be_good() -> None:
    builder = Builder()
    builder.failure = BotError("topics/sleep.yaml:3: wrong")
    with pytest.raises(BotError):
        Current(builder)


@pytest.mark.parametrize(
    ("failure", "why"), [(BotError("topics/sleep.yaml:3: wrong"), "sleep.yaml:3"), (ValueError("secret"), "ValueError")]
)
def test_a_failure_keeps_the_last_good_value_and_says_why(
    failure: Exception, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    builder = Builder()
    current = Current(builder)
    builder.failure = failure
    assert current.reload() is False
    assert current() == 1
    assert why in str(current.problem)
    assert why in caplog.text
    assert "secret" not in caplog.text
    builder.failure = None
    assert current.reload() is True
    assert current() == 2
    assert current.problem is None


async def test_a_change_of_a_file_reloads_and_stop_ends_the_watch(tmp_path: Path) -> None:
    loaded = asyncio.Event()
    loop = asyncio.get_running_loop()
    builder = Builder()
    current = Current(builder)
    build = current.reload

    def reload() -> bool:
        done = build()
        loop.call_soon_threadsafe(loaded.set)
        return done

    current.reload = reload  # type: ignore[method-assign]
    stop = asyncio.Event()
    watching = asyncio.create_task(watch(tmp_path, current, stop))
    async with asyncio.timeout(30):
        number = 0
        while not loaded.is_set():  # the watcher starts to look at some moment; from then on each change counts
            number += 1
            (tmp_path / "topic.yaml").write_text(f"title: {number}\n", encoding="utf-8")
            await asyncio.wait({watching, asyncio.ensure_future(loaded.wait())}, timeout=1, return_when=FIRST_COMPLETED)
            assert not watching.done()
        stop.set()
        await watching
    assert current() >= 2


async def test_a_folder_that_cannot_be_watched_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await watch(tmp_path / "gone", Current(Builder()), asyncio.Event())
    assert "cannot be watched" in caplog.text


async def test_a_running_bot_answers_before_during_and_after_an_edit(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = copy_sample(tmp_path)
    library = Library(root, None, "en")
    library.vectors  # noqa: B018 - the encoder is loaded once, before anybody waits
    topic = root / "en" / "topics" / "sleep.yaml"
    good = topic.read_text(encoding="utf-8")
    async with town(library.mind, tmp_path) as one:
        talk = one.talk()
        first = one.house.minds()
        await talk.says("/start")
        await talk.presses_forged("topic:sleep")
        assert talk.target == "topic:sleep"

        topic.write_text(good.replace("title:", "titel:"), encoding="utf-8")
        assert one.house.minds.reload() is False
        assert "topics/sleep.yaml:" in str(one.house.minds.problem)
        assert one.house.minds() is first
        await talk.presses_forged("topic:sleep")
        assert talk.target == "topic:sleep"

        changed = good.replace(sample_mind().words.topics["sleep"].title, "A new title", 1)
        topic.write_text(changed, encoding="utf-8")
        reloading = asyncio.create_task(asyncio.to_thread(one.house.minds.reload))
        await talk.presses_forged("topic:sleep")
        assert talk.target == "topic:sleep"
        assert await reloading
        await talk.presses_forged("topic:sleep")
        assert "A new title" in talk.sees()
    assert "last good one" in caplog.text
