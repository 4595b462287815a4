"""What buttons carry fits into Telegram's 64 bytes, whatever the ids."""

from pathlib import Path

import pytest

from bot.conversation.model import Verdict
from bot.conversation.payloads import Verb, parse, payload
from bot.knowledge.checks import buttons
from bot.knowledge.load import inspect
from bot.messaging import PAYLOAD_BYTES


def errors(root: Path) -> list[str]:
    return [str(problem) for problem in inspect(root)[1]]


def test_the_limit_is_the_channels() -> None:
    assert buttons.LONGEST_BYTES == PAYLOAD_BYTES


def test_the_forms_are_those_that_the_conversation_writes() -> None:
    """The two rooms cannot import one another, so this holds their spelling together."""
    forms = [*buttons.ABOUT_TOPIC, *buttons.ABOUT_ROLE, *buttons.ABOUT_FAMILY]
    for form in forms:
        assert parse(form.format(id="x")) is not None, form
    assert payload(Verb.MORE, "x", "99") in {form.format(id="x") for form in buttons.ABOUT_TOPIC}
    longest = max((payload(Verb.RATE, verdict, "x") for verdict in Verdict), key=len)
    assert longest in {form.format(id="x") for form in buttons.ABOUT_TOPIC}
    assert payload(Verb.SAFE, "with-someone", "x") in {form.format(id="x") for form in buttons.ABOUT_FAMILY}


def rename(root: Path, name: str, new: str, *more: tuple[str, str, str]) -> None:
    """Give the entry of a file another id; `more` says where else it stands (file, old words, new words)."""
    path = root / name
    changes = [(name, f"id: {path.stem}\n", f"id: {new}\n"), *more]
    for file, old, words in changes:
        text = (root / file).read_text()
        assert old in text, file
        (root / file).write_text(text.replace(old, words))
    path.rename(path.with_stem(new))


def test_a_long_region_with_a_long_topic(sample: Path) -> None:
    region, topic = "us-a-region-with-a-long-name", "crying-in-the-evening-of-a-long-day"
    rename(sample, "en/topics/crying-colic.yaml", topic, ("en/topics/sleep.yaml", "[crying-colic]", f"[{topic}]"))
    for name, old in [
        ("regions.yaml", "- id: us\n"),
        ("helplines/us.yaml", "[us]"),
        ("en/services.yaml", "      us:\n"),
    ]:
        path = sample / name
        path.write_text(path.read_text().replace(old, old.replace("us", region)))
    over = len(f"region:{region}:topic:{topic}") - PAYLOAD_BYTES
    assert over > 0
    assert errors(sample) == [
        f'en/topics/{topic}.yaml:1: a button cannot hold "region:{region}:topic:{topic}": shorten the id by {over}'
    ]


def test_a_long_action(sample: Path) -> None:
    role, action = "grandparents-who-mind-a-baby", "sing-a-song-that-the-family-knows"
    where = [
        ("roles.yaml", "id: childcare\n", f"id: {role}\n"),
        ("en/topics/crying-colic.yaml", "  childcare:", f"  {role}:"),
        ("en/roles/childcare.yaml", "id: share-a-song", f"id: {action}"),
    ]
    rename(sample, "en/roles/childcare.yaml", role, *where)
    over = len(f"act:{role}:during:{action}") - PAYLOAD_BYTES
    assert over > 0
    assert errors(sample) == [
        f'en/roles/{role}.yaml:8: a button cannot hold "act:{role}:during:{action}": shorten the id by {over}'
    ]


@pytest.mark.parametrize("length", [40, 41])
def test_the_longest_id_there_is(sample: Path, length: int) -> None:
    path = sample / "en/topics/sleep.yaml"
    id = "s" * length
    path.with_name(f"{id}.yaml").write_text(path.read_text().replace("id: sleep", f"id: {id}"))
    said = errors(sample)
    assert said == ([] if length == 40 else [f"en/topics/{id}.yaml:1: id: is longer than 40 characters"])
