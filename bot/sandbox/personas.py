"""Who one can pretend to be in the try-out, and the pretend people an organiser's announcement would reach.

The browser page and `assembly` use `Cast`; the terminal uses its first persona. Names say that they are pretend, so
that nobody takes a person here for a real one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.chats import Person
from bot.sandbox.world import World

RECIPIENTS = 60
"""Pretend people who could receive an announcement."""
BLOCKED_RECIPIENTS = frozenset({17, 42})
"""Numbers (from 1) of the recipients who blocked the bot after they had begun to talk to it."""


@dataclass(frozen=True, slots=True)
class Persona:
    """A part to play. `openers` are lines to begin with, said word for word when clicked."""

    key: str
    label: str
    name: str
    about: str
    language_code: str
    openers: tuple[str, ...]
    organiser: bool = False


PERSONAS = (
    Persona(
        key="parent",
        label="New parent",
        name="Robin Pretend",
        about="A parent who found the bot in the middle of the night.",
        language_code="en",
        openers=("/start", "my baby won't stop crying", "how do I bond with my newborn?", "I feel low since the birth"),
    ),
    Persona(
        key="nursery-manager",
        label="Nursery manager",
        name="Ash Pretend",
        about="Runs a nursery and wants to take part in the awareness week.",
        language_code="en-GB",
        openers=("/start", "I manage a nursery", "what can we do during the week?", "when is the next awareness week?"),
    ),
    Persona(
        key="organiser",
        label="Organiser",
        name="Kit Pretend",
        about="Announces the week to the pretend recipients, once somebody else has approved it.",
        language_code="en",
        openers=("/announce", "when is the next awareness week?"),
        organiser=True,
    ),
    Persona(
        key="approver",
        label="Approver",
        name="Lee Pretend",
        about="Looks at each announcement before it goes out, and is asked as soon as one is ready.",
        language_code="en",
        openers=("/announce",),
        organiser=True,
    ),
)


class Cast:
    """The personas as people of one world, each created when first needed; organisers and recipients whom another cast
    has brought into the world are the same people here.

    A persona is known by its key, a recipient by `recipient-NUMBER`; the world knows them by their user id.
    """

    def __init__(self, world: World, personas: Sequence[Persona] = PERSONAS) -> None:
        self._world = world
        self.personas = tuple(personas)
        self._people: dict[str, Person] = {}
        self._keys: dict[int, str] = {}
        lasting = {persona.name: persona.key for persona in self.personas if persona.organiser}
        lasting |= {_recipient(number)[1]: _recipient(number)[0] for number in range(1, RECIPIENTS + 1)}
        for person in world.people.values():
            if person.name in lasting:
                self._admit(lasting[person.name], person)

    def persona(self, key: str) -> Persona | None:
        """The part with this key; None for a recipient or an unknown key."""
        return next((persona for persona in self.personas if persona.key == key), None)

    def person(self, key: str) -> Person | None:
        """The person behind a key, created now if a persona was not needed before; None for an unknown key."""
        persona = self.persona(key)
        if key not in self._people and persona is not None:
            # Nobody could ask an organiser to approve something who never wrote to the bot.
            marks = (persona.language_code, persona.organiser)
            self._admit(key, self._world.add_person(persona.name, *marks, has_written=persona.organiser))
        return self._people.get(key)

    def key_of(self, user_id: int) -> str | None:
        """Who a private chat belongs to; None for somebody else's, such as that of a person who started over."""
        return self._keys.get(user_id)

    def may_start_over(self, key: str) -> bool:
        """The organiser keeps their user id, because their rights hang on it; a recipient has nothing to begin anew."""
        persona = self.persona(key)
        return persona is not None and not persona.organiser

    def start_over(self, key: str) -> Person | None:
        """The persona becomes somebody whom the bot has never met; None where `may_start_over` says no."""
        former = self._people.get(key)
        if not self.may_start_over(key):
            return None
        if former is not None:
            del self._keys[former.id], self._people[key]
        return self.person(key)

    def organisers(self) -> tuple[Person, ...]:
        """The people who play an organiser."""
        played = (self.person(persona.key) for persona in self.personas if persona.organiser)
        return tuple(person for person in played if person is not None)

    def recipients(self) -> tuple[tuple[str, Person], ...]:
        """Keys and people an announcement could reach; all once wrote to the bot. Created on first use."""
        for number in range(1, RECIPIENTS + 1):
            key, name = _recipient(number)
            if key not in self._people:
                person = self._world.add_person(name, has_written=True)
                self._admit(key, person)
                if number in BLOCKED_RECIPIENTS:
                    self._world.blocks(person)
        return tuple((key, person) for key, person in self._people.items() if key.startswith("recipient-"))

    def _admit(self, key: str, person: Person) -> None:
        self._people[key] = person
        self._keys[person.id] = key


def _recipient(number: int) -> tuple[str, str]:
    """Key and name."""
    return f"recipient-{number}", f"Pretend recipient {number}"
