"""The terminal face: one person's talk as lines of text, typed or piped. `assembly` runs it with `chat_here`.

A line is said to the bot; a bare number presses the button with that number under the newest message that has
buttons. After each line the talk waits until the bot has confirmed every update, so that a piped transcript shows
each answer under its question.
"""

import asyncio
import contextlib
import os
import signal
import sys
import threading
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from bot.sandbox.chats import Message, Person
from bot.sandbox.entities import TEXT_LIMIT, utf16_length
from bot.sandbox.world import World

LINE_BYTES = 4 * TEXT_LIMIT
"""What a line may take up in UTF-8 before it is certainly longer than one message."""
CHUNK_BYTES = 4096
CHUNKS_AHEAD = 4
PATIENCE_S = 30.0
"""How long a line waits for the bot before the talk goes on without an answer."""
LOOK_AGAIN_S = 0.01
BOLD, NORMAL = "\x1b[1m", "\x1b[0m"
GREETING = (
    "A try-out on this machine, with a pretend person: nothing you type leaves it.\n"
    "It is not an emergency service. Write anything, or the number of a button; Ctrl-D ends it.\n"
)
SAMPLE = ("/start", "my baby cries every evening")
TOO_LONG = f"That line is longer than the {TEXT_LIMIT:,} characters one message holds; it was not sent."
NOT_TEXT = "That line is not UTF-8 text; it was not sent."
NO_ANSWER = f"The bot has not finished within {PATIENCE_S:.0f} seconds; the talk goes on."

Settle = Callable[[], Awaitable[None]]
"""Returns once the bot has dealt with everything that was said; raises `TimeoutError` when it takes too long."""


class LineError(ValueError):
    """A line cannot be sent; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A numbered button that stands under a message now."""

    message_id: int
    label: str
    data: str


def until_confirmed(world: World, patience_s: float = PATIENCE_S) -> Settle:
    """A `Settle` for a bot that polls `world` and confirms an update only after it has tried to send its replies."""

    async def settle() -> None:
        async with asyncio.timeout(patience_s):
            while world.updates.pending():  # noqa: ASYNC110 - a confirmation raises no event
                await asyncio.sleep(LOOK_AGAIN_S)

    return settle


async def chat(
    world: World, person: Person, *, lines: AsyncIterator[bytes], out: TextIO, settle: Settle, typed: bool = False
) -> None:
    """Holds the talk until `lines` ends. Each item is one line as bytes, without or with its line end.

    `typed`: the lines come from somebody at a keyboard, who sees what they type and needs a prompt.
    """
    talk = _Talk(world, person, out, settle)
    talk.write(GREETING)
    talk.prompt(typed)
    async for raw in lines:
        try:
            words = readable(raw)
        except LineError as problem:
            talk.write(f"\n{problem}\n")
        else:
            if words and not typed:
                talk.write(f"\n> {words}\n")
            if words:
                await talk.hear(words)
        talk.prompt(typed)
    talk.write("\n")


async def sample_talk(world: World, out: TextIO, settle: Settle) -> None:
    """Holds a short talk with the bot behind `world`, as somebody who appears on no page, and writes it to `out`."""
    talk = _Talk(world, world.add_person("Sam Pretend"), out, settle)
    for words in SAMPLE:
        talk.write(f"\n> {words}\n")
        await talk.hear(words)


async def chat_here(world: World, person: Person, settle: Settle) -> None:
    """`chat` on this process's own standard input and output; Ctrl-C and a closed pipe end it like the end of input."""
    out = sys.stdout
    if hasattr(out, "reconfigure"):
        out.reconfigure(errors="replace")
    loop = asyncio.get_running_loop()
    # A process started with its standard input closed has none; a descriptor of -1 reads as its end.
    given, typed = (sys.stdin.fileno(), sys.stdin.isatty()) if sys.stdin else (-1, False)
    lines = split(read_chunks(given))
    talk = asyncio.ensure_future(chat(world, person, lines=lines, out=out, settle=settle, typed=typed))
    with contextlib.suppress(RuntimeError):
        loop.add_signal_handler(signal.SIGINT, talk.cancel)
    try:
        await asyncio.wait({talk})
    finally:
        talk.cancel()
        with contextlib.suppress(RuntimeError):
            loop.remove_signal_handler(signal.SIGINT)
    if talk.cancelled():
        out.write("\n")
        return
    try:
        talk.result()
    except BrokenPipeError:
        # The reader has gone; what is still in the buffer must not fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


class _Talk:
    """What has been shown so far, and how to show the rest."""

    def __init__(self, world: World, person: Person, out: TextIO, settle: Settle) -> None:
        self._world = world
        self._person = person
        self._out = out
        self._settle = settle
        self._bold = out.isatty()
        self._seen = world.stream.latest
        self._keys: list[_Key] = []
        """The numbered buttons of the last messages that had any, in the order shown."""

    def write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()

    def prompt(self, typed: bool) -> None:
        if typed:
            self.write("\n> ")

    async def hear(self, words: str) -> None:
        """Acts on one line, waits for the bot and shows what came of it."""
        key = self._key(words)
        if key is None:
            await self._world.says(self._person, words)
        else:
            self.write(f"  ({key.label})\n")
            self._world.press(self._person, key.message_id, key.data)
        try:
            await self._settle()
        except TimeoutError:
            self.write(f"{NO_ANSWER}\n")
        self._show_news()

    def _key(self, words: str) -> _Key | None:
        if not (words.isascii() and words.isdigit()):
            return None
        number = int(words[:9])
        return self._keys[number - 1] if 1 <= number <= len(self._keys) else None

    def _show_news(self) -> None:
        """Every message that is new or changed, once, as it stands now; and the short words that answer a press."""
        standing = {message.id: message for message in self._world.sees(self._person)}
        shown: set[int] = set()
        keys: list[_Key] = []
        for event in self._world.stream.kept(self._seen):
            self._seen = event["seq"]
            if event["chat_id"] != self._person.id:
                continue
            message = standing.get(event.get("message_id", 0))
            match event["type"]:
                case "answer" if event.get("text"):
                    self.write(f"\n  * {event['text']}\n")
                case "message" | "edit" if message is not None and message.from_bot and message.id not in shown:
                    shown.add(message.id)
                    self.write("\n" + drawn(message, bold=self._bold, after=len(keys)))
                    keys += _keys(message)
        self._keys = keys or self._keys


def drawn(message: Message, *, bold: bool, after: int = 0) -> str:
    """A message as indented lines: its words, then its buttons, numbered on from `after` where they can be pressed."""
    lines = [] if message.kind == "text" else [f"({message.kind.replace('_', ' ')})"]
    if message.text:
        lines += plain(message.text, message.entities, bold=bold).split("\n")
    number = after
    if message.buttons:
        lines.append("")
    for button in (button for row in message.buttons for button in row):
        if "callback_data" in button:
            number += 1
            lines.append(f"[{number}] {button['text']}")
        else:
            lines.append(f"-> {button['text']}: {button.get('url', 'in Telegram only')}")
    return "".join(f"  {line}".rstrip() + "\n" for line in lines)


def plain(text: str, entities: Sequence[dict[str, Any]], *, bold: bool) -> str:
    """The words with bold switched on and off where `bold` asks for it, and the address after each named link.

    Offsets and lengths of `entities` are in UTF-16 code units.
    """
    marks: list[tuple[int, str]] = []
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] == "bold" and bold:
            marks += [(start, BOLD), (end, NORMAL)]
        elif entity["type"] == "text_link":
            marks.append((end, f" ({entity['url']})"))
    units = text.encode("utf-16-le")
    pieces, at = [], 0
    for place, mark in sorted(marks, key=lambda one: one[0]):
        pieces += [units[2 * at : 2 * place].decode("utf-16-le"), mark]
        at = place
    return "".join([*pieces, units[2 * at :].decode("utf-16-le")])


def _keys(message: Message) -> list[_Key]:
    buttons = (button for row in message.buttons for button in row)
    return [_Key(message.id, one["text"], one["callback_data"]) for one in buttons if "callback_data" in one]


def readable(raw: bytes) -> str:
    """One line as words, without control characters and outer blanks. Raises `LineError`."""
    if len(raw.strip()) > LINE_BYTES:
        raise LineError(TOO_LONG)
    try:
        words = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise LineError(NOT_TEXT) from None
    words = "".join(one for one in words if one == "\t" or unicodedata.category(one) != "Cc").strip("\ufeff \t")
    if utf16_length(words) > TEXT_LIMIT:
        raise LineError(TOO_LONG)
    return words.strip()


async def split(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Lines from chunks of bytes. Of an over-long line only the first `LINE_BYTES` + 1 bytes are kept."""
    line = b""
    async for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            yield (line + part)[: LINE_BYTES + 1]
            line = b""
        line = (line + rest)[: LINE_BYTES + 1]
    if line:
        yield line


async def read_chunks(descriptor: int) -> AsyncIterator[bytes]:
    """What a file descriptor gives (file, pipe, terminal), read by a thread that never holds up the process's end.

    The thread reads the descriptor itself: Python's own buffered reader keeps a lock that a daemon thread would
    still hold when the interpreter ends.
    """
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()
    room = threading.Semaphore(CHUNKS_AHEAD)

    def read() -> None:
        with contextlib.suppress(RuntimeError):  # the loop ended before the input did
            while True:
                room.acquire()
                try:
                    chunk = os.read(descriptor, CHUNK_BYTES)
                except OSError:
                    chunk = b""
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)
                if not chunk:
                    return

    threading.Thread(target=read, name="standard input", daemon=True).start()
    while chunk := await chunks.get():
        room.release()
        yield chunk
