"""Visits the links of the base and says which lead nowhere. Called by `check --links` alone, for it needs a network.

Each address is asked for once, a few at a time, one at a time from each site, with a pause between, and no page is
read. A site that refuses programs (401, 403, 405, 429, 999) is not called broken: a person has to look there.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from bot.knowledge.checks.finding import Finding, Steps
from bot.knowledge.model import Knowledge

AT_ONCE = 8
"""Sites visited at the same time."""
PAUSE_S = 0.5
"""Between two visits to one site."""
PATIENCE_S = 15.0
MOST_LINKS = 2_000
REFUSALS = frozenset({401, 403, 405, 429, 999})
NAMED = {"User-Agent": "imh-bot link check", "Accept": "text/html,*/*;q=0.5"}


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of one address. `answer`: the HTTP status, None when nobody answered."""

    url: str
    answer: int | None
    trouble: str = ""

    @property
    def broken(self) -> str | None:
        """A few words when readers would get nowhere, else None."""
        if self.answer is None:
            return f"does not answer ({self.trouble})"
        if self.answer in REFUSALS or self.answer < 400:
            return None
        return f"answers {self.answer}"

    @property
    def refused(self) -> bool:
        return self.answer in REFUSALS


def visit(urls: Iterable[str], pause_s: float = PAUSE_S, sleep: Callable[[float], None] = time.sleep) -> list[Visit]:
    """Each address once, in the order given; at most `MOST_LINKS`."""
    listed = list(dict.fromkeys(urls))[:MOST_LINKS]
    sites: dict[str, list[str]] = {}
    for url in listed:
        sites.setdefault(urlsplit(url).netloc, []).append(url)

    def all_of(site: Sequence[str]) -> list[Visit]:
        visits = []
        for at, url in enumerate(site):
            if at:
                sleep(pause_s)
            visits.append(_visit(url))
        return visits

    with ThreadPoolExecutor(AT_ONCE) as visitors:
        found = {one.url: one for visits in visitors.map(all_of, sites.values()) for one in visits}
    return [found[url] for url in listed]


def links(knowledge: Knowledge) -> Iterator[tuple[str, object, Steps]]:
    """Every address that readers can open, with the entry and the steps to it."""
    for resource in knowledge.resources.values():
        if not resource.archived:
            yield resource.url, resource, ("url",)
    for helpline in knowledge.helplines.values():
        if helpline.website:
            yield helpline.website, helpline, ("website",)
    for week in knowledge.weeks.values():
        for at, event in enumerate(week.events):
            if event.url:
                yield event.url, week, ("events", at, "url")


def broken_links(knowledge: Knowledge, visits: Iterable[Visit]) -> Iterator[Finding]:
    """A warning for each place of a link that leads nowhere."""
    broken = {one.url: why for one in visits if (why := one.broken) is not None}
    for url, entry, steps in links(knowledge):
        if url in broken:
            yield Finding(entry, steps, f"{url} {broken[url]}", warning=True)


def _visit(url: str) -> Visit:
    if not url.startswith(("https://", "http://")):
        return Visit(url, None, "not a web address")
    request = Request(url, headers=NAMED)  # noqa: S310 - the scheme is looked at above
    try:
        with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
            return Visit(url, answer.status)
    except HTTPError as refusal:
        refusal.close()
        return Visit(url, refusal.code)
    except URLError as error:
        return Visit(url, None, _plainly(error.reason))
    except (OSError, HTTPException, ValueError) as error:
        return Visit(url, None, _plainly(error))


def _plainly(reason: object) -> str:
    """What went wrong on the way, without what a library says about it."""
    if isinstance(reason, ssl.SSLError):
        return "its certificate is not accepted"
    if isinstance(reason, TimeoutError):
        return f"nothing within {PATIENCE_S:g} seconds"
    if isinstance(reason, ConnectionRefusedError):
        return "the site refuses the connection"
    return "no such site, or no network"
