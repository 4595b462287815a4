"""Names of regions and places in a message. Called by `Speaker` and `FollowUps`."""

from dataclasses import dataclass

from bot.knowledge.model import Knowledge
from bot.language.reading import Reading
from bot.matching.introducing import WORD, plain


@dataclass(frozen=True, slots=True)
class Place:
    """A region that a message says, and its words without the region's name."""

    region: str
    around: tuple[str, ...]


class Places:
    """What the regions of the base are called in one language."""

    def __init__(self, language: str, knowledge: Knowledge) -> None:
        names: dict[str, str] = {}
        for region in sorted(knowledge.regions.values(), key=lambda region: region.id, reverse=True):
            for name in (region.name.get(language, ""), *region.also_called.get(language, ())):
                names[plain(name)] = region.id
        names.pop("", None)
        self._names = tuple(sorted(names.items(), key=lambda item: (-len(item[0]), item)))

    def said(self, reading: Reading) -> Place | None:
        """The one region whose names the message says, longer names first; None when it says none or several."""
        text = f" {' '.join(WORD.findall(reading.cleaned))} "
        found: set[str] = set()
        for name, region in self._names:
            if f" {name} " in text:
                found.add(region)
                text = text.replace(f" {name} ", "  ")
        return Place(found.pop(), tuple(text.split())) if len(found) == 1 else None
