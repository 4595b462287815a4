"""HTML parse mode, read as Telegram reads it: only the named tags, every tag closed in order. Called by entities.py.

Rules and error wordings follow the Bot API's "Formatting options" and the observable behaviour of its server; positions
in errors are byte offsets, positions of entities UTF-16 code units.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.refusals import Refusal, bad_request

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
"""Tag to entity type; the whole list of what HTML parse mode knows."""
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PLAIN = re.compile(r"[^<&]+")
NAME = re.compile(r"[^\s>/=\"']*")
REFERENCE = re.compile(
    r"&(?:#(?P<decimal>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>lt|gt|amp|quot)(?![A-Za-z]));?"
)


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str] = field(default_factory=dict)


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """The words and their entities, in the order in which they were closed.

    Raises `Refusal` 400 `can't parse entities: …` for anything that Telegram would not take.
    """
    return _Reader(markup).read()


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units: characters beyond U+FFFF, such as most emoji, count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def same_place(one: Entity, other: Entity) -> bool:
    return bool((one["offset"], one["length"]) == (other["offset"], other["length"]))


class _Reader:
    """Reads markup once from left to right, keeping the tags still open."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._at = 0
        self._text: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._markup):
            sign = self._markup[self._at]
            if sign == "<":
                self._close() if self._markup.startswith("</", self._at) else self._begin()
            elif sign == "&" and (reference := REFERENCE.match(self._markup, self._at)):
                self._add(_character(reference))
                self._at = reference.end()
            else:
                plain = PLAIN.match(self._markup, self._at + 1)
                end = plain.end() if plain else self._at + 1
                self._add(self._markup[self._at : end])
                self._at = end
        if self._open:
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        return "".join(self._text), self._entities

    def _add(self, text: str) -> None:
        self._text.append(text)
        self._length += utf16_length(text)

    def _byte(self, at: int) -> int:
        return len(self._markup[:at].encode())

    def _begin(self) -> None:
        start = self._at
        tag = self._name(start + 1).lower()
        if tag not in TAGS:
            raise _unparsed(f'Unsupported start tag "{tag}" at byte offset {self._byte(start)}')
        attributes = self._attributes(tag, start)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(start)}')
        self._open.append(_Open(tag, self._length, attributes))

    def _name(self, at: int) -> str:
        found = NAME.match(self._markup, at)
        self._at = found.end() if found else at
        return self._markup[at : self._at]

    def _attributes(self, tag: str, start: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            sign = self._sign(f'Unclosed start tag "{tag}" at byte offset {self._byte(start)}')
            if sign == ">":
                self._at += 1
                return attributes
            at = self._at
            name = self._name(at).lower()
            if not name:
                raise _unparsed(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(start)}')
            attributes[name] = self._value(tag, name, start)

    def _value(self, tag: str, name: str, start: int) -> str:
        self._skip_space()
        if self._markup[self._at : self._at + 1] != "=":
            if (tag, name) == ("blockquote", "expandable"):
                return ""
            where = f'of the tag "{tag}" at byte offset {self._byte(start)}'
            raise _unparsed(f"Expected equal sign in declaration of an attribute {where}")
        self._at += 1
        self._skip_space()
        unclosed = f'Unclosed start tag "{tag}" at byte offset {self._byte(start)}'
        quote = self._sign(unclosed)
        if quote not in "\"'":
            return self._name(self._at)
        end = self._markup.find(quote, self._at + 1)
        if end < 0:
            raise _unparsed(unclosed)
        raw, self._at = self._markup[self._at + 1 : end], end + 1
        return REFERENCE.sub(_character, raw)

    def _sign(self, otherwise: str) -> str:
        if self._at >= len(self._markup):
            raise _unparsed(otherwise)
        return self._markup[self._at]

    def _skip_space(self) -> None:
        while self._at < len(self._markup) and self._markup[self._at].isspace():
            self._at += 1

    def _close(self) -> None:
        start = self._at
        tag = self._name(start + 2).lower()
        self._skip_space()
        if self._markup[self._at : self._at + 1] != ">":
            raise _unparsed(f"Unclosed end tag at byte offset {self._byte(start)}")
        self._at += 1
        if not self._open:
            raise _unparsed(f"Unexpected end tag at byte offset {self._byte(start)}")
        opened = self._open.pop()
        if tag and tag != opened.tag:
            raise _unparsed(
                f'Unmatched end tag at byte offset {self._byte(start)}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self._length > opened.offset:
            self._finish(opened)

    def _finish(self, opened: _Open) -> None:
        inner = _slice("".join(self._text), opened.offset, self._length)
        entity = {"type": TAGS[opened.tag], "offset": opened.offset, "length": self._length - opened.offset}
        special = SPECIAL.get(opened.tag)
        made = special(entity, opened.attributes, inner) if special else entity
        if made is None:
            return
        # A block's language stands on an inner <code class="language-…">, which vanishes into the block.
        if made["type"] == "pre" and self._entities:
            last = self._entities[-1]
            if same_place(last, made) and last["type"] == "code":
                self._entities.pop()
                made |= {key: value for key, value in last.items() if key == "language"}
        self._entities.append(made)


def _link(entity: Entity, attributes: Mapping[str, str], inner: str) -> Entity | None:
    url = attributes.get("href") or inner
    if user := re.fullmatch(r"tg://user\?id=([0-9]{1,19})", url):
        return entity | {"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": inner}}
    if re.fullmatch(r"tg://\S+", url):
        return entity | {"url": url}
    return entity | {"url": whole_url(url)} if _looks_like_url(url) else None


def _emoji(entity: Entity, attributes: Mapping[str, str], _inner: str) -> Entity | None:
    emoji_id = attributes.get("emoji-id", "")
    if not re.fullmatch(r"[0-9]{1,19}", emoji_id):
        raise _unparsed("Invalid custom emoji identifier specified")
    return entity | {"custom_emoji_id": emoji_id}


def _time(entity: Entity, attributes: Mapping[str, str], _inner: str) -> Entity | None:
    unix_time = attributes.get("unix", "")
    if not re.fullmatch(r"[0-9]{1,10}", unix_time):
        raise _unparsed("Invalid date-time specified")
    shape = {"date_time_format": attributes["format"]} if attributes.get("format") else {}
    return entity | {"unix_time": int(unix_time)} | shape


def _code(entity: Entity, attributes: Mapping[str, str], _inner: str) -> Entity | None:
    name = attributes.get("class", "")
    return entity | {"language": name.removeprefix("language-")} if name.startswith("language-") else entity


def _quote(entity: Entity, attributes: Mapping[str, str], _inner: str) -> Entity | None:
    return entity | {"type": "expandable_blockquote"} if "expandable" in attributes else entity


SPECIAL: dict[str, Callable[[Entity, Mapping[str, str], str], Entity | None]] = {
    "a": _link,
    "tg-emoji": _emoji,
    "tg-time": _time,
    "code": _code,
    "blockquote": _quote,
}
"""Tags whose attributes matter; None means that Telegram drops the entity and keeps the words."""


def whole_url(url: str) -> str:
    """The url as Telegram stores it: a bare host gains http:// and every host a path."""
    complete = url if "://" in url else f"http://{url}"
    return complete + "/" if re.fullmatch(r"https?://[^/?#]+", complete) else complete


def _looks_like_url(url: str) -> bool:
    return bool(re.fullmatch(r"(?:https?://)?(?:[\w-]+\.)+[\w-]{2,}(?::[0-9]{1,5})?(?:[/?#]\S*)?", url)) or bool(
        re.fullmatch(r"https?://(?:localhost|\[[0-9a-f:]+\])(?::[0-9]{1,5})?(?:[/?#]\S*)?", url)
    )


def _slice(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def _character(reference: re.Match[str]) -> str:
    if name := reference["name"]:
        return CHARACTERS[name]
    code = int(reference["decimal"]) if reference["decimal"] else int(reference["hex"], 16)
    valid = 0 < code <= 0x10FFFF and not 0xD800 <= code < 0xE000
    return chr(code) if valid else reference[0]


def _unparsed(reason: str) -> Refusal:
    return bad_request(f"can't parse entities: {reason}")
