"""A message under construction: titles, lines, bullets. Words only; the channel escapes and splits them."""

from collections.abc import Iterable, Sequence

from bot.messaging import Button, Reply, Span, Style

BULLET = "• "


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

    def copyable(self, text: str) -> "Page":
        return self._add([Span(text, Style.BLOCK)])

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
    """Buttons in rows of at most `width`."""
    flat = list(buttons)
    return [tuple(flat[at : at + width]) for at in range(0, len(flat), width)]
