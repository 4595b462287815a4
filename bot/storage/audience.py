"""Who reads an announcement, as SQL: the one rule for counting, for the snapshot and for the look before each claim.

A rule asks what readers agreed to have remembered (role, region, language), which kind of announcement they agreed to,
and whether they want none for now, or none that celebrates; nothing else is known. `ledger`, `announcements` and
`deliveries` call it.
"""

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Integer, Text, and_, case, cast, func, literal, not_, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import Select

from bot.broadcast.announcement import Audience, Kind
from bot.messaging import NO_CELEBRATION
from bot.storage.schema import contact


class _Position(FunctionElement[int]):
    """1-based position of the second text in the first, 0 where it is not: both databases have it by another name."""

    type = Integer()
    inherit_cache = True


@compiles(_Position, "sqlite")
def _in_sqlite(element: ClauseElement, compiler: SQLCompiler, **options: object) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"  # type: ignore[attr-defined]


@compiles(_Position, "postgresql")
def _in_postgresql(element: ClauseElement, compiler: SQLCompiler, **options: object) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"  # type: ignore[attr-defined]


def holds(column: Column[object], word: str) -> ColumnElement[bool]:
    """Whether a JSON list holds a text. Quoted as JSON it cannot be a part of a longer one; parsing takes longer."""
    return _Position(cast(column, Text), literal(json.dumps(word))) > 0


def readers(audience: Audience, channel: str, now: datetime) -> ColumnElement[bool]:
    """Contacts that an announcement goes to."""
    return and_(willing(audience, channel, now), *(fits for _, fits in _rules(audience)))


def willing(audience: Audience, channel: str, now: datetime) -> ColumnElement[bool]:
    """Contacts that agreed to such an announcement and can be reached, whatever their role, region or language."""
    return and_(
        contact.c.channel == channel,
        contact.c.opted_out_at.is_(None),
        contact.c.unreachable_since.is_(None),
        holds(contact.c.consents, audience.kind),
        *(fits for _, fits in _wishes(audience, now)),
    )


def willing_to_any(kinds: Collection[Kind], channel: str) -> ColumnElement[bool]:
    """Contacts that agreed to some kind of announcement and did not stop them, whether they can be reached or not."""
    agreed = _any(holds(contact.c.consents, kind) for kind in kinds)
    return and_(contact.c.channel == channel, contact.c.opted_out_at.is_(None), agreed)


def only_to(addresses: Collection[str]) -> ColumnElement[bool]:
    """Contacts with one of these addresses."""
    return contact.c.address.in_(sorted(addresses))


def count(audience: Audience, channel: str, now: datetime) -> Select[tuple[str, int]]:
    """Rows (field of `Counted`, number of contacts)."""
    reason = case(
        (contact.c.opted_out_at.is_not(None), "opted_out"),
        (contact.c.unreachable_since.is_not(None), "unreachable"),
        (not_(_any(holds(contact.c.consents, kind) for kind in Kind)), "not_opted_in"),
        (not_(holds(contact.c.consents, audience.kind)), "other_kind"),
        *((not_(fits), name) for name, fits in (*_wishes(audience, now), *_rules(audience))),
        else_="total",
    ).label("reason")
    return select(reason, func.count().label("readers")).where(contact.c.channel == channel).group_by(reason)


def _wishes(audience: Audience, now: datetime) -> Iterable[tuple[str, ColumnElement[bool]]]:
    """What readers ask of an announcement beside its kind, each under the name of the reason for leaving them out."""
    yield "paused", or_(contact.c.paused_until.is_(None), contact.c.paused_until <= now)
    if audience.celebratory:
        yield "no_celebration", not_(holds(contact.c.consents, NO_CELEBRATION))


def _rules(audience: Audience) -> Iterable[tuple[str, ColumnElement[bool]]]:
    """What a rule asks of a contact beside its consent, each under the name of the reason for leaving it out."""
    if audience.roles:
        yield "other_role", _any(holds(contact.c.roles, role) for role in sorted(audience.roles))
    # Nothing known is not NULL here: such a contact is told apart from one in the audience, not lost between them.
    if audience.regions:
        yield "other_region", func.coalesce(contact.c.region, "").in_(sorted(audience.regions))
    if audience.languages:
        yield "other_language", func.coalesce(contact.c.language, "").in_(sorted(audience.languages))


def _any(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(*conditions)
