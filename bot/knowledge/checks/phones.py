"""A rule about telephone numbers: what is dialled at home and from abroad is one number, made as its country's are.

Run by `check`. How a country's numbers are made stands in regions.yaml.
"""

import re
from collections.abc import Iterator

from bot.knowledge.checks.finding import Base, Finding
from bot.knowledge.checks.numbers import digits_of
from bot.knowledge.model import Calling, Helpline, Phone

LONGEST_GROUP = 6
"""Digits that may stand together; a longer run is hard to read out and to dial."""


def phones(base: Base) -> Iterator[Finding]:
    """The two forms agree, have as many digits as their country's numbers have, and are spaced."""
    for helpline in base.knowledge.helplines.values():
        if helpline.phone is None:
            continue
        if re.search(rf"\d{{{LONGEST_GROUP + 1}}}", helpline.phone.spoken):
            message = f'"{helpline.phone.spoken}" needs spaces: at most {LONGEST_GROUP} digits in a row'
            yield Finding(helpline, ("phone", "spoken"), message)
        yield from _agreeing(base, helpline, helpline.phone)


def _agreeing(base: Base, helpline: Helpline, phone: Phone) -> Iterator[Finding]:
    callings = {calling for region in helpline.serves if (calling := calling_of(base, region)) is not None}
    if phone.international is None or not callings:
        return
    abroad = digits_of(phone.international)
    right = sorted({f"+{one.code} {_national(one, phone.spoken)}" for one in callings})
    if abroad not in {digits_of(one) for one in right}:
        message = (
            f'helpline "{helpline.id}": {phone.spoken} is {" or ".join(right)} from abroad, not {phone.international}'
        )
        yield Finding(helpline, ("phone", "international"), message)
        return
    if not any(abroad.startswith(one.code) and len(abroad) - len(one.code) in one.digits for one in callings):
        message = f'helpline "{helpline.id}": {phone.spoken} has a digit too many or too few'
        yield Finding(helpline, ("phone", "spoken"), message)


def calling_of(base: Base, region: str) -> Calling | None:
    """How a region's numbers are made: its own way, else its parents'."""
    regions = (base.knowledge.regions[at] for at in base.knowledge.lineage(region) if at in base.knowledge.regions)
    return next((region.calling for region in regions if region.calling is not None), None)


def _national(calling: Calling, spoken: str) -> str:
    digits = digits_of(spoken)
    return digits.removeprefix(calling.trunk) if calling.trunk else digits
