"""The terminal face: what a person reads when they type, or pipe lines in."""

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import terminal
from bot.sandbox.chats import Person
from bot.sandbox.world import World
from tests.sandbox.scripted_bot import ScriptedBot, scripted


class Screen(io.StringIO):
    """Standing in for a terminal."""

    def isatty(self) -> bool:
        return True


async def given(lines: Iterable[bytes]) -> AsyncIterator[bytes]:
    for line in lines:
        yield line


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def person(world: World) -> Person:
    return world.add_person("Robin Pretend")


@pytest.fixture
async def bot(world: World) -> AsyncIterator[ScriptedBot]:
    async with scripted(world) as running:
        yield running


async def transcript(world: World, person: Person, *lines: bytes, out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    settle = terminal.until_confirmed(world)
    await terminal.chat(world, person, lines=given(lines), out=out, settle=settle)
    return out.getvalue()


async def test_each_answer_stands_under_its_line(world: World, person: Person, bot: ScriptedBot) -> None:
    shown = await transcript(world, person, b"hello\n", b"and more\n")
    first, second = shown.index("> hello"), shown.index("> and more")
    assert first < shown.index("Card for 😀 hello") < second < shown.index("Card for 😀 and more")


async def test_a_number_presses_the_button_of_the_newest_card(world: World, person: Person, bot: ScriptedBot) -> None:
    shown = await transcript(world, person, b"hello\n", b"again\n", b"2\n")
    assert "[1] More" in shown
    assert "[2] Less" in shown
    assert "(Less)" in shown
    assert "You chose less" in shown
    assert "* Noted: less" in shown
    first, second = [message.text for message in world.sees(person) if message.from_bot]
    assert first.startswith("Card")
    assert second == "You chose less"


async def test_a_changed_card_offers_its_new_buttons(world: World, person: Person, bot: ScriptedBot) -> None:
    shown = await transcript(world, person, b"hello\n", b"1\n", b"1\n")
    assert "[1] Back" in shown
    assert "You chose back" in shown


async def test_buttons_of_messages_that_come_together_are_numbered_on(
    world: World, person: Person, bot: ScriptedBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = bot.on_message

    async def twice(message: dict[str, Any]) -> None:
        await once(message)
        await once(message)

    monkeypatch.setattr(bot, "on_message", twice)
    shown = await transcript(world, person, b"hello\n", b"2\n", b"1\n")
    assert "[3] More" in shown
    assert "[4] Less" in shown
    first, second = [message.text for message in world.sees(person) if message.from_bot]
    assert first == "You chose back", "the first card changed, and its new button is number 1"
    assert second.startswith("Card")


@pytest.mark.parametrize("line", [b"9\n", b"0\n", "２\n".encode(), b"99999999999999999999999\n"])
async def test_a_number_without_a_button_is_said(world: World, person: Person, bot: ScriptedBot, line: bytes) -> None:
    await transcript(world, person, b"hello\n", line)
    assert [update["message"]["text"] for update in bot.heard] == ["hello", line.decode().strip()]


async def test_a_number_before_any_button_is_said(world: World, person: Person, bot: ScriptedBot) -> None:
    await transcript(world, person, b"1\n")
    assert bot.heard[0]["message"]["text"] == "1"


async def test_commands_reach_the_bot_as_commands(world: World, person: Person, bot: ScriptedBot) -> None:
    await transcript(world, person, b"/start\n")
    assert bot.heard[0]["message"]["entities"][0]["type"] == "bot_command"


async def test_websites_are_shown_and_not_numbered(world: World, person: Person, bot: ScriptedBot) -> None:
    shown = await transcript(world, person, b"hello\n")
    assert "-> A website: https://example.org/page" in shown
    assert "[3]" not in shown


@pytest.mark.parametrize("line", [b"\n", b"", b"   \t\r\n", "\ufeff\n".encode(), b"\x1b\n"])
async def test_an_empty_line_does_nothing(world: World, person: Person, bot: ScriptedBot, line: bytes) -> None:
    shown = await transcript(world, person, line)
    assert bot.heard == []
    assert shown == terminal.GREETING + "\n"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"caf\xe9\n", terminal.NOT_TEXT),
        (b"\xed\xa0\x80\n", terminal.NOT_TEXT),
        (b"a" * 4097, terminal.TOO_LONG),
        ("😀".encode() * 2049, terminal.TOO_LONG),
        (b"a" * (terminal.LINE_BYTES + 1), terminal.TOO_LONG),
    ],
)
async def test_unfit_lines_get_one_sentence_and_the_talk_goes_on(
    world: World, person: Person, bot: ScriptedBot, line: bytes, sentence: str
) -> None:
    shown = await transcript(world, person, line, b"hello\n")
    assert shown.count(sentence) == 1
    assert [update["message"]["text"] for update in bot.heard] == ["hello"]


async def test_the_longest_message_still_goes_out(world: World, person: Person, bot: ScriptedBot) -> None:
    await transcript(world, person, b"/" + b"a" * 4000 + b"\r\n")
    assert len(bot.heard[0]["message"]["text"]) == 4001


async def test_control_characters_do_not_reach_the_bot(world: World, person: Person, bot: ScriptedBot) -> None:
    shown = await transcript(world, person, b"he\x1b[31mllo\x00\tyou\n")
    assert bot.heard[0]["message"]["text"] == "he[31mllo\tyou"
    assert "\x1b" not in shown


async def test_bold_only_on_a_terminal(world: World, person: Person, bot: ScriptedBot) -> None:
    assert terminal.BOLD not in await transcript(world, person, b"hello\n")
    shown = await transcript(world, person, b"hello\n", out=Screen())
    assert f"Card for {terminal.BOLD}😀 hello{terminal.NORMAL}" in shown


async def test_somebody_typing_gets_a_prompt_and_no_echo(world: World, person: Person, bot: ScriptedBot) -> None:
    out = Screen()
    settle = terminal.until_confirmed(world)
    await terminal.chat(world, person, lines=given([b"hello\n"]), out=out, settle=settle, typed=True)
    assert "> hello" not in out.getvalue()
    assert out.getvalue().count("\n> ") == 2


async def test_a_bot_that_does_not_finish_ends_no_talk(world: World, person: Person) -> None:
    out = io.StringIO()
    settle = terminal.until_confirmed(world, patience_s=0)
    await terminal.chat(world, person, lines=given([b"hello\n", b"still there\n"]), out=out, settle=settle)
    assert out.getvalue().count(terminal.NO_ANSWER) == 2


async def test_other_peoples_talk_is_not_shown(world: World, person: Person, bot: ScriptedBot) -> None:
    other = world.add_person("Ash Pretend")

    async def settle() -> None:
        await world.says(other, "not for Robin")
        await terminal.until_confirmed(world)()

    out = io.StringIO()
    await terminal.chat(world, person, lines=given([b"hello\n"]), out=out, settle=settle)
    assert "Card for 😀 hello" in out.getvalue()
    assert "not for Robin" not in out.getvalue()


async def test_the_sample_talk_is_really_held(world: World, person: Person, bot: ScriptedBot) -> None:
    out = io.StringIO()
    await terminal.sample_talk(world, out, terminal.until_confirmed(world))
    assert [update["message"]["text"] for update in bot.heard] == list(terminal.SAMPLE)
    for words in terminal.SAMPLE:
        assert out.getvalue().index(f"> {words}") < out.getvalue().index(f"Card for 😀 {words}")
    assert world.sees(person) == []


async def test_what_is_taken_back_or_blocked_is_not_shown(world: World, person: Person) -> None:
    async def settle() -> None:
        await world.call("sendMessage", {"chat_id": person.id, "text": "gone soon"})
        await world.call("deleteMessage", {"chat_id": person.id, "message_id": world.sees(person)[-1].id})
        button = {"text": "In Telegram", "switch_inline_query": "x"}
        markup = {"inline_keyboard": [[button]]}
        await world.call("sendMessage", {"chat_id": person.id, "text": "stays", "reply_markup": markup})

    out = io.StringIO()
    await terminal.chat(world, person, lines=given([b"hello\n", b"1\n"]), out=out, settle=settle)
    assert "gone soon" not in out.getvalue()
    assert out.getvalue().count("  stays\n\n  -> In Telegram: in Telegram only\n") == 2


async def test_media_and_links_are_named(world: World, person: Person) -> None:
    photo = await world.sends(person, "photo", "Look")
    assert terminal.drawn(photo, bold=False) == "  (photo)\n  Look\n"
    link = {"type": "text_link", "offset": 3, "length": 4, "url": "https://example.org/"}
    assert terminal.plain("😀 page!", [link], bold=True) == "😀 page (https://example.org/)!"


async def chunks_of(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_lines_are_put_together_across_chunks() -> None:
    lines = [line async for line in terminal.split(chunks_of(b"he", b"llo\nyo", b"u\n\nlast"))]
    assert lines == [b"hello", b"you", b"", b"last"]


async def test_an_endless_line_takes_bounded_memory() -> None:
    chunk = b"a" * 4096
    lines = [line async for line in terminal.split(chunks_of(*[chunk] * 100, b"\nnext\n"))]
    assert [len(line) for line in lines] == [terminal.LINE_BYTES + 1, 4]


async def test_standard_input_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"x" * 40_000)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        assert sum([len(chunk) async for chunk in terminal.read_chunks(descriptor)]) == 40_000
    finally:
        os.close(descriptor)


async def test_a_closed_input_is_an_end(tmp_path: Path) -> None:
    assert [chunk async for chunk in terminal.read_chunks(10_000)] == []


class Pipes:
    """Standard input and output as pipes, the way a shell gives them."""

    def __init__(self) -> None:
        in_r, self.feed = os.pipe()
        self.seen, out_w = os.pipe()
        self.stdin, self.stdout = os.fdopen(in_r), os.fdopen(out_w, "w", encoding="utf-8")

    async def talk(self, world: World, person: Person, settle: terminal.Settle) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", self.stdin)
            patch.setattr(sys, "stdout", self.stdout)
            await terminal.chat_here(world, person, settle)

    def close(self) -> None:
        self.stdin.close()
        self.stdout.close()


@pytest.fixture
def pipes() -> Iterable[Pipes]:
    pipes = Pipes()
    yield pipes
    pipes.close()


async def test_piped_from_start_to_end(world: World, person: Person, bot: ScriptedBot, pipes: Pipes) -> None:
    os.write(pipes.feed, b"hello\n1\n")
    os.close(pipes.feed)
    await pipes.talk(world, person, terminal.until_confirmed(world))
    shown = os.read(pipes.seen, 65_536).decode()
    os.close(pipes.seen)
    assert shown.index("> hello") < shown.index("Card for") < shown.index("> 1") < shown.index("You chose more")


async def test_without_any_standard_input(world: World, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stdout", out)
    await terminal.chat_here(world, person, terminal.until_confirmed(world))
    assert out.getvalue() == terminal.GREETING + "\n"


async def test_ctrl_c_ends_politely(world: World, person: Person, bot: ScriptedBot, pipes: Pipes) -> None:
    async def settle() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

    os.write(pipes.feed, b"hello\n")
    await pipes.talk(world, person, settle)
    os.close(pipes.feed)
    pipes.stdout.flush()
    assert os.read(pipes.seen, 65_536).decode().endswith("> hello\n\n")
    os.close(pipes.seen)


async def test_a_reader_that_goes_away_ends_politely(
    world: World, person: Person, bot: ScriptedBot, pipes: Pipes
) -> None:
    os.write(pipes.feed, b"hello\n")
    os.close(pipes.feed)
    os.close(pipes.seen)
    await pipes.talk(world, person, terminal.until_confirmed(world))
    pipes.stdout.write("nobody reads this")
    pipes.stdout.flush()
