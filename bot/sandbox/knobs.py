"""The try-out's knobs for faults: how often each kind strikes, in per cent of the bot's requests. Used by page.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.faults import Fault, FaultKind, Faults

SLOW_S = 3.0
"""How long a slow answer takes, long enough to see and well below a client's patience."""


@dataclass(frozen=True, slots=True)
class Knob:
    """`fault` strikes this often; `about` says what a person sees."""

    name: str
    label: str
    about: str
    fault: Fault


KNOBS = (
    Knob(
        "too_many_requests",
        "Asked to slow down (429)",
        "Not delivered; the bot is told to wait a second.",
        Fault(FaultKind.TOO_MANY_REQUESTS),
    ),
    Knob(
        "timeout_before",
        "Timeout before delivery",
        "Nothing arrives and the bot hears nothing.",
        Fault(FaultKind.TIMEOUT_BEFORE),
    ),
    Knob(
        "timeout_after",
        "Timeout after delivery",
        "It arrives, but the bot cannot know.",
        Fault(FaultKind.TIMEOUT_AFTER),
    ),
    Knob(
        "dropped_before",
        "Connection lost before delivery",
        "Nothing arrives; the connection breaks.",
        Fault(FaultKind.DROPPED_BEFORE),
    ),
    Knob(
        "dropped_after",
        "Connection lost after delivery",
        "It arrives; the connection breaks before the answer.",
        Fault(FaultKind.DROPPED_AFTER),
    ),
    Knob("server_error", "Server error (502)", "Telegram itself stumbles.", Fault(FaultKind.SERVER_ERROR)),
    Knob(
        "slow",
        "Slow answers",
        f"Each takes {SLOW_S:.0f} seconds.",
        Fault(FaultKind.SLOW, delay_s=SLOW_S),
    ),
)


class KnobError(ValueError):
    """A knob is unknown or its value is not a whole number from 0 to 100."""


class Panel:
    """The knobs as they stand. Setting them replaces every rule of the world's `Faults`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._percent = dict.fromkeys((knob.name for knob in KNOBS), 0)

    def set(self, percents: Mapping[str, Any]) -> None:
        """Per cent by knob name, 0 for those left out. Raises `KnobError` and changes nothing when one is unfit."""
        for name, percent in percents.items():
            if name not in self._percent:
                raise KnobError(f"There is no fault named {name[:40]!r}.")
            if type(percent) is not int or not 0 <= percent <= 100:
                raise KnobError("How often a fault strikes is a whole number from 0 to 100.")
        self._faults.clear()
        for knob in KNOBS:
            self._percent[knob.name] = percents.get(knob.name, 0)
            if self._percent[knob.name]:
                self._faults.chance(self._percent[knob.name] / 100, knob.fault)

    def shown(self) -> list[dict[str, Any]]:
        """The knobs for the page: name, label, about and the present value in per cent."""
        return [
            {"name": knob.name, "label": knob.label, "about": knob.about, "value": self._percent[knob.name]}
            for knob in KNOBS
        ]
