"""Visits to links: bounded, polite, and honest about what a program cannot find out. Everything answers on loopback."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.knowledge.load import load
from bot.review import checking
from bot.review.checking import check
from bot.review.links import MOST_LINKS, Visit, broken_links, links, visit
from tests.review.rendered import TODAY
from tests.sample_base import copy_sample

asked: Counter[str] = Counter()


async def answer(request: web.Request) -> web.Response:
    asked[request.path] += 1
    assert "link check" in request.headers["User-Agent"]
    status = int(request.match_info["status"])
    headers = {"Location": "/200"} if status == 302 else {}
    return web.Response(status=status, headers=headers, text="x" * 1000)


@pytest.fixture
async def site() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{status}", answer)
    server = TestServer(app)
    await server.start_server()
    asked.clear()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


async def visited(*urls: str) -> list[Visit]:
    return await asyncio.to_thread(visit, urls, sleep=lambda _: None)


async def test_answers_are_told_apart(site: str) -> None:
    ok, moved, gone, failing, shy = await visited(*(f"{site}/{status}" for status in (200, 302, 404, 500, 403)))
    assert [one.broken for one in (ok, moved, shy)] == [None, None, None]
    assert (ok.answer, moved.answer) == (200, 200)
    assert (gone.broken, failing.broken) == ("answers 404", "answers 500")
    assert [one.refused for one in (ok, shy)] == [False, True]


async def test_each_address_is_asked_for_once_and_each_site_is_given_time(site: str) -> None:
    pauses: list[float] = []
    urls = [f"{site}/200", f"{site}/204", f"{site}/200"]
    found = await asyncio.to_thread(visit, urls, 0.25, pauses.append)
    assert [one.url for one in found] == urls[:2], "in the order given, each once"
    assert asked == {"/200": 1, "/204": 1}
    assert pauses == [0.25], "between two visits to one site, and never before the first"


async def test_what_does_not_answer_says_why_in_plain_words() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        refused, odd = await visited(f"http://127.0.0.1:{held.getsockname()[1]}/", "ftp://127.0.0.1/file")
    assert refused.broken == "does not answer (the site refuses the connection)"
    assert odd.broken == "does not answer (not a web address)"


async def test_a_site_that_speaks_something_else_is_no_failure_of_ours() -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    plain, secure = await visited(f"http://127.0.0.1:{port}/", f"https://127.0.0.1:{port}/")
    server.close()
    assert plain.broken == "does not answer (no such site, or no network)"
    assert secure.broken == "does not answer (its certificate is not accepted)"


def test_there_is_an_end_to_it() -> None:
    assert (
        len(visit((f"ftp://127.0.0.1/{number}" for number in range(MOST_LINKS + 5)), sleep=lambda _: None))
        == MOST_LINKS
    )


def test_every_link_that_readers_open_is_on_the_list(tmp_path: Path) -> None:
    knowledge = load(copy_sample(tmp_path))
    listed = [url for url, _, _ in links(knowledge)]
    assert {"https://listen.example/", "https://week.example/talk"} <= set(listed)
    assert {resource.url for resource in knowledge.resources.values() if not resource.archived} <= set(listed)


def test_a_broken_link_is_named_at_each_of_its_places(tmp_path: Path) -> None:
    knowledge = load(copy_sample(tmp_path))
    found = list(
        broken_links(knowledge, [Visit("https://week.example/talk", 404), Visit("https://listen.example/", 200)])
    )
    assert [one.message for one in found] == ["https://week.example/talk answers 404"]
    assert found[0].warning


def test_check_visits_links_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    def pretend(urls: object) -> list[Visit]:
        calls.append(list(urls))  # type: ignore[call-overload]
        return [Visit(url, 404 if "talk" in url else 403) for url in calls[-1]]

    monkeypatch.setattr(checking, "visit", pretend)
    root = copy_sample(tmp_path)
    check(root, TODAY)
    assert calls == []
    report = check(root, TODAY, visit_links=True)
    assert "weeks/imhaw-2025.yaml:23: warning: https://week.example/talk answers 404" in report.warnings
    assert f"{len(calls[0])} links visited; {len(calls[0]) - 1} turn programs away" in report.text()
