"""Which week or day a message names, word for word. Called by `asking`.

Names of weeks differ by one word ("infant", "maternal", "children's mental health awareness week"), and a model of
meaning takes one for the other. So a name in the message counts before it.
"""

import re
from collections.abc import Iterator

from bot.knowledge.model import Knowledge, Observance, Series, Words
from bot.language.reading import Reading

Dated = Observance | Series
"""What comes round each year: a week or day of others, or a week whose editions the base holds."""

_WORD = re.compile(r"\w+")
_APOSTROPHES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")


def named(knowledge: Knowledge, words: Words, reading: Reading) -> tuple[Dated, ...]:
    """Those whose name is the longest in the message: more than one where they share it."""
    said = [f" {_plain(text)} " for text in reading.texts]
    found = [(name, one) for name, one in _names(knowledge, words) if any(f" {name} " in text for text in said)]
    longest = max((name for name, _ in found), key=len, default="")
    return tuple({one.id: one for name, one in found if name == longest}.values())


def _names(knowledge: Knowledge, words: Words) -> Iterator[tuple[str, Dated]]:
    entries: list[Dated] = [*knowledge.series.values(), *knowledge.observances.values()]
    for one in entries:
        for name in (words.pick(one.name), *words.pick(one.also_called)):
            yield _plain(name), one


def _plain(text: str) -> str:
    """The words alone, small, without apostrophes: as people type them."""
    return " ".join(_WORD.findall(_APOSTROPHES.sub("", text.casefold())))
