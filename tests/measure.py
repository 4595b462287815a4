"""`python -m tests.measure [MESSAGES]`: how the real bot process does over HTTP against the stand-in Bot API.

Prints a table: time to start, memory at rest and after the messages, time from a message to its answer. Nothing here
is a test: figures depend on the machine and on what else runs on it, so each is the median of `ROUNDS` starts.
"""

import asyncio
import os
import platform
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bot.sandbox.chats import Person
from tests.installation import Installation, installed

MESSAGES = 1000
ROUNDS = 3
SAID = (
    "he screams every evening and i cant cope",
    "how do i bond with my baby",
    "she wont sleep unless i hold her",
    "what else?",
    "and in Scotland?",
    "im a nursery manager what can i do in the week",
    "when is the next awareness week",
    "i feel nothing when i look at my baby and i dont know who to tell, everyone else seems so happy",
    "whats the weather like",
    "thanks",
)


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds and mebibytes of one start."""

    first_answer_s: float
    answers_s: list[float]
    at_rest_mib: float
    after_mib: float


async def one_round(folder: Path, cache: Path, messages: int) -> Round:
    """A bot of its own: its first answer to a message that waited, then `messages` one after the other."""
    async with installed(folder, IMH_CACHE_DIR=str(cache), IMH_LOG_LEVEL="warning") as installation:
        person = installation.world.add_person("Robin Pretend", has_written=True)
        first = asyncio.create_task(answer_s(installation, person, SAID[0]))
        await installation.start()
        first_answer_s = await first
        at_rest_mib = memory_mib(installation)
        answers_s = [await answer_s(installation, person, SAID[number % len(SAID)]) for number in range(messages)]
        after_mib = memory_mib(installation)
        await installation.kill(signal.SIGTERM)
        return Round(first_answer_s, answers_s, at_rest_mib, after_mib)


async def answer_s(installation: Installation, person: Person, words: str) -> float:
    """Seconds until the first message of the answer stands in the chat; returns when the update is confirmed, too."""
    before = len(installation.world.sees(person)) + 1
    begun = time.perf_counter()
    await installation.world.says(person, words)
    await installation.until(lambda: len(installation.world.sees(person)) > before)
    taken_s = time.perf_counter() - begun
    await installation.settled()
    return taken_s


def memory_mib(installation: Installation) -> float:
    """Resident memory of the bot's process, as Linux tells it."""
    assert installation.process is not None
    status = Path(f"/proc/{installation.process.pid}/status").read_text(encoding="ascii")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kib) / 1024


def table(rounds: list[Round]) -> str:
    answers_ms = [quantiles((1000 * one for one in each.answers_s), n=100) for each in rounds]
    rows = {
        "start to first answer": f"{median(each.first_answer_s for each in rounds):.1f} s",
        "a message, p50": f"{median(cuts[49] for cuts in answers_ms):.1f} ms",
        "a message, p99": f"{median(cuts[98] for cuts in answers_ms):.1f} ms",
        "memory at rest": f"{median(each.at_rest_mib for each in rounds):.0f} MiB",
        f"memory after {len(rounds[0].answers_s):,} messages": f"{median(each.after_mib for each in rounds):.0f} MiB",
    }
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    heading = f"Median of {len(rounds)} starts on {machine}, load {os.getloadavg()[0]:.1f}:"
    return "\n".join([heading, *(f"  {name:32s}{figure:>10s}" for name, figure in rows.items())])


async def measured(messages: int) -> list[Round]:
    """One start more than is counted: it fills the cache and the disk's buffers."""
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS + 1):
            own = Path(folder) / str(number)
            own.mkdir()
            rounds.append(await one_round(own, Path(folder) / "cache", messages if number else 2))
    return rounds[1:]


if __name__ == "__main__":
    given = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    sys.stdout.write(f"{table(asyncio.run(measured(max(given, 2))))}\n")
