"""The cast of the try-out: who lasts, and that a second cast of the same world brings nobody in twice."""

from bot.sandbox.personas import PERSONAS, RECIPIENTS, Cast
from bot.sandbox.world import World


def test_organisers_and_recipients_are_the_same_people_in_every_cast() -> None:
    world = World()
    first = Cast(world)
    organisers, recipients = first.organisers(), first.recipients()
    second = Cast(world)
    assert second.organisers() == organisers
    assert second.recipients() == recipients
    assert len(world.people) == len(organisers) + RECIPIENTS
    assert second.key_of(organisers[0].id) == "organiser"


def test_whoever_can_start_over_is_not_taken_up_by_another_cast() -> None:
    world = World()
    former = Cast(world).person("parent")
    assert Cast(world).person("parent") != former


def test_the_bot_may_write_to_organisers_before_they_write() -> None:
    world = World()
    organisers = Cast(world).organisers()
    assert len(organisers) == sum(persona.organiser for persona in PERSONAS) == 2
    assert all(world.chats[person.id].has_written for person in organisers)
