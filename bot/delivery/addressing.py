"""To whom: roles, regions, languages and kinds as somebody types them, read against the knowledge base. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.broadcast.announcement import Audience, Kind
from bot.errors import UsageError
from bot.knowledge.files import suggestion
from bot.knowledge.model import Knowledge

EVERYONE = "everyone"
KINDS: Mapping[str, Kind] = {kind.name.lower(): kind for kind in Kind}


def audience(
    knowledge: Knowledge, to: str, regions: Sequence[str] = (), languages: Sequence[str] = (), kind: str = "week"
) -> Audience:
    """`to` is "everyone" or role ids with commas; a region stands for all that lie in it, too.

    Raises UsageError with the nearest name for one that does not exist.
    """
    wanted = names(to)
    if not wanted:
        raise UsageError(f"Say to whom: role ids with commas between them, or {EVERYONE}.")
    if EVERYONE in wanted and len(wanted) > 1:
        raise UsageError(f'"{EVERYONE}" stands alone: leave out the other roles, or leave it out.')
    roles = [] if wanted == [EVERYONE] else known("role", wanted, knowledge.roles, [EVERYONE])
    places = known("region", each(regions), knowledge.regions)
    within = [id for id in knowledge.regions if not set(knowledge.lineage(id)).isdisjoint(places)]
    (kind_name,) = known("kind of announcement", [kind], KINDS)
    spoken = known("language", each(languages), knowledge.languages)
    return Audience(KINDS[kind_name], frozenset(roles), frozenset(within), frozenset(spoken))


def known(what: str, wanted: Iterable[str], there_are: Collection[str], also: Sequence[str] = ()) -> list[str]:
    """Each of them exists. Raises UsageError."""
    listed = list(wanted)
    for name in listed:
        if name not in there_are:
            raise UsageError(f'There is no {what} "{name[:40]}"{suggestion(name, [*there_are, *also])}.')
    return listed


def names(text: str) -> list[str]:
    """Names with commas between them."""
    return [name for name in (part.strip().lower() for part in text.split(",")) if name]


def each(options: Sequence[str]) -> list[str]:
    """Of an option that may be repeated, hold several names, or both."""
    return [name for option in options for name in names(option)]
