"""A message under construction: titles, lines, bullets. Words only; the channel escapes and splits them."""

from collections.abc import Iterable, Sequence

from bot.messaging import Button, Reply, Span, Style

BULLET = "• "
LABELS_FIT = {1: 38, 2: 18, 3: 12, 4: 8, 5: 6}
"""How many characters of a label a phone shows, by the number of buttons beside one another in a row."""


class Page:
    """Paragraphs, in order. Each method adds one and returns the page, so that a card reads as it looks."""

    def __init__(self) -> None:
        self._paragraphs: list[list[Span]] = []

    def title(self, text: str) -> "Page":
        return self._add([Span(text, Style.BOLD)])

    def line(self, text: str) -> "Page":
        return self._add([Span(text)]) if text else self

    def small(self, text: str) -> "Page":
        return self._add([Span(text, Style.ITALIC)]) if text else self

    def block(self, heading: str, lines: Iterable[str], *, bulleted: bool = True) -> "Page":
        """A bold heading with lines below it; nothing when there are no lines."""
        rows = [f"{BULLET if bulleted else ''}{line}" for line in lines if line]
        if not rows:
            return self
        spans = [Span(heading, Style.BOLD), Span("\n")] if heading else []
        return self._add([*spans, Span("\n".join(rows))])

    def bullets(self, lines: Iterable[str]) -> "Page":
        return self.block("", lines)

    def reply(self, buttons: Iterable[Sequence[Button]] = (), *, edits: str | None = None) -> Reply:
        spans: list[Span] = []
        for paragraph in self._paragraphs:
            if spans:
                spans.append(Span("\n\n"))
            spans.extend(paragraph)
        return Reply(tuple(spans), tuple(tuple(row) for row in buttons if row), edits)

    def _add(self, spans: list[Span]) -> "Page":
        self._paragraphs.append(spans)
        return self


def rows(buttons: Iterable[Button], width: int) -> list[tuple[Button, ...]]:
    """Buttons in rows of at most `width`, and of fewer where a phone would cut a label off."""
    flat = list(buttons)
    made: list[tuple[Button, ...]] = []
    while flat:
        taken = next((n for n in range(min(width, len(flat)), 1, -1) if _fit(flat[:n])), 1)
        made.append(tuple(flat[:taken]))
        flat = flat[taken:]
    return made


def link(title: str, url: str) -> Button:
    """A button to a website; a long title ends at a word, with "…"."""
    most = LABELS_FIT[1]
    if len(title) <= most:
        return Button(title, url=url)
    return Button(f"{title[:most].rpartition(' ')[0].rstrip(' ,:;')}…", url=url)


def each_site_once(links: Iterable[Button]) -> list[Button]:
    """Buttons to websites in their order, each address under its first name."""
    sites: dict[str | None, Button] = {}
    for one in links:
        sites.setdefault(one.url, one)
    return list(sites.values())


def _fit(beside: Sequence[Button]) -> bool:
    return all(len(button.label) <= LABELS_FIT[len(beside)] for button in beside)
