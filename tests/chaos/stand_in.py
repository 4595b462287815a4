"""A Bot API server for proofs and measurements, in a process of its own: quick, deaf on demand, and honest in its log.

Every message that is accepted is appended to the log before it is answered; the log is the only truth about what
readers got, and shares nothing with the ledger.
"""

import asyncio
import errno
import gc
import json
import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.chaos.plan import ARRIVES, Fate, Faults

TOKEN = "7700900123:" + "A" * 35
LINE = 42
"""Bytes of each line of the log: the chat, and when it arrived in nanoseconds of the monotonic clock."""
PORTS = (20_000, 32_000)
"""Below those that connections start from: a closed one of theirs could be answered by its own caller."""
BACKLOG = 512
GIVES_UP_S = 30.0

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.chaos.sending", "tests.chaos.stand_in"])


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The two files that the server appends to."""

    messages: Path
    faults: Path
    """One line for each request that was not answered as it should be: why, and the chat."""

    @classmethod
    def under(cls, folder: Path) -> "Arrivals":
        arrivals = cls(folder / "messages.log", folder / "faults.log")
        arrivals.messages.touch()
        arrivals.faults.touch()
        return arrivals

    def count(self) -> int:
        return self.messages.stat().st_size // LINE

    def read(self) -> list[tuple[str, float]]:
        """Chat and seconds of each message, as they arrived."""
        lines = (line.split() for line in self.messages.read_text().splitlines())
        return [(str(int(chat)), int(at) / 1e9) for chat, at in lines]

    def fates(self) -> list[Fate]:
        return [Fate(line.partition("\t")[0]) for line in self.faults.read_text().splitlines()]


@dataclass(slots=True)
class StandIn:
    """The server inside its process. Answers after `delay_s`."""

    faults: Faults | None
    delay_s: float
    messages: int
    """File descriptor, as is `amiss`."""
    amiss: int
    number: int = 0
    deaf: bool = False
    listening: socket.socket | None = None
    connections: set[asyncio.Task[Any]] = field(default_factory=set)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        method = request.path.rpartition("/")[2]
        if method == "getMe":
            me = {"id": 7700900123, "is_bot": True, "first_name": "Bot", "username": "stand_in_bot"}
            return self._said(200, {"ok": True, "result": me})
        fields = (
            json.loads(await request.read()) if request.content_type == "application/json" else await request.post()
        )
        chat = str(fields["chat_id"])
        fate = self.faults.fate(chat) if self.faults else Fate.ANSWERED
        self.number += 1
        answer = self._message(chat, self.number, method)
        if fate in ARRIVES:
            os.write(self.messages, f"{chat:>20} {time.monotonic_ns():>20}\n".encode())
        if fate is not Fate.ANSWERED:
            os.write(self.amiss, f"{fate.value}\t{chat}\n".encode())
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        return await self._end(request, fate, answer)

    async def _end(self, request: web.BaseRequest, fate: Fate, answer: dict[str, Any]) -> web.StreamResponse:
        match fate:
            case Fate.ANSWERED:
                return self._said(200, {"ok": True, "result": answer})
            case Fate.BLOCKED:
                return self._refused(403, "Forbidden: bot was blocked by the user")
            case Fate.THROTTLED:
                return self._refused(429, "Too Many Requests: retry after 1", parameters={"retry_after": 1})
            case Fate.BAD_GATEWAY | Fate.BAD_GATEWAY_SENT:
                return self._refused(502, "Bad Gateway")
            case Fate.SILENT | Fate.SILENT_SENT:
                await asyncio.sleep(GIVES_UP_S)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    @staticmethod
    def _message(chat: str, number: int, method: str) -> dict[str, Any]:
        shown = {"photo": [], "caption": "x"} if method == "sendPhoto" else {"text": "x"}
        return {"message_id": number, "date": 1_780_000_000, "chat": {"id": int(chat), "type": "private"}} | shown

    def _refused(self, status: int, description: str, **more: Any) -> web.Response:
        return self._said(status, {"ok": False, "error_code": status, "description": description} | more)

    def _said(self, status: int, body: dict[str, Any]) -> web.Response:
        answer = web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")
        if self.deaf:
            # Who comes again must connect anew, and finds nobody.
            answer.force_close()
        return answer

    async def serve(self, port: int) -> None:
        server = web.Server(self.handle, access_log=None, keepalive_timeout=600)
        self._listen(server, port)
        for hears_s, outage_s in self.faults.outages() if self.faults else ():
            await asyncio.sleep(hears_s)
            self._stop_listening(server)
            await asyncio.sleep(outage_s)
            self._listen(server, port)
        await asyncio.Event().wait()

    def _listen(self, server: web.Server, port: int) -> None:
        self.deaf = False
        self.listening = listening(port)
        asyncio.get_running_loop().add_reader(self.listening, self._accept, server)

    def _stop_listening(self, server: web.Server) -> None:
        """Refuses from now on. Whoever is connected is heard first: a reset would leave them in doubt."""
        if self.listening is not None:
            self.deaf = True
            asyncio.get_running_loop().remove_reader(self.listening)
            self._accept(server)
            self.listening.close()

    def _accept(self, server: web.Server) -> None:
        loop = asyncio.get_running_loop()
        while self.listening is not None:
            try:
                accepted, _ = self.listening.accept()
            except BlockingIOError:
                return
            accepted.setblocking(False)
            task = loop.create_task(loop.connect_accepted_socket(server, accepted))
            self.connections.add(task)
            task.add_done_callback(self.connections.discard)


def listening(port: int) -> socket.socket:
    """Raises OSError where the port is taken."""
    opened = socket.socket()
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(("127.0.0.1", port))
        opened.listen(BACKLOG)
        opened.setblocking(False)
    except OSError:
        opened.close()
        raise
    return opened


def free_port() -> int:
    for port in random.SystemRandom().sample(range(*PORTS), 100):
        try:
            listening(port).close()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        return port
    raise RuntimeError("no port is free")


def main(faults: Faults | None, delay_s: float, arrivals: Arrivals, port: int) -> None:
    """The process; ended by its parent."""
    gc.freeze()
    flags = os.O_WRONLY | os.O_APPEND
    stand_in = StandIn(faults, delay_s, os.open(arrivals.messages, flags), os.open(arrivals.faults, flags))
    asyncio.run(stand_in.serve(port))


@contextmanager
def serving(faults: Faults | None, delay_s: float, arrivals: Arrivals) -> Iterator[str]:
    """The server's root, while it serves."""
    port = free_port()
    process = PROCESSES.Process(target=main, args=(faults, delay_s, arrivals, port), daemon=True)
    process.start()
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.join()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
