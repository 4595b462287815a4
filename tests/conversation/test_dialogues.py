"""Plays `tests/dialogues/*.yaml`: whole talks of people who come to the bot, held with the real bot.

A dialogue has `who`, optionally `at` (the day), and `steps`. A step does one thing (`says`, `presses`, `edits`, `sends`
a kind of media with an optional `caption`, `forges` an old button, `group` says something in a group) and says what
must come of it: `outcome`; `target` (answered with it); `finds` and `never` (what is answered or offered);
`offered` (all of these); `buttons` and `no_buttons` (payloads under the news, all of these or none); `region`, `role`;
`alarm` (families, one of which was raised, or `none`); `kept` (whether a contact is stored), `traces` (or anything).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.minds import real_mind
from tests.talk import Clock, Talk, Town, town

FOLDER = Path(__file__).parent.parent / "dialogues"
FILES = sorted(FOLDER.glob("*.yaml"))
DOES = {"says", "presses", "edits", "sends", "forges", "group"}


@dataclass(slots=True)
class Play:
    """A dialogue on stage: the person's private chat, and a group they are in."""

    talk: Talk
    in_group: Talk

    async def does(self, step: Mapping[str, Any]) -> Talk:
        act = (DOES & step.keys()).pop()
        if act == "group":
            return await self.in_group.says(step["group"])
        if act == "sends":
            return await self.talk.sends(step["sends"], step.get("caption"))
        acts = {
            "says": self.talk.says,
            "presses": self.talk.presses,
            "edits": self.talk.edits,
            "forges": self.talk.presses_forged,
        }
        return await acts[act](step[act])


def _alarm(talk: Talk, families: Any) -> bool:
    if families == "none":
        return talk.turn.alarm is None
    return talk.alarm is not None and talk.alarm[0] in families


EXPECTED: Mapping[str, Callable[[Talk, Any], bool]] = {
    "outcome": lambda talk, outcome: talk.outcome == outcome,
    "target": lambda talk, target: talk.target == target,
    "finds": lambda talk, targets: not {talk.target, *talk.offered}.isdisjoint(targets),
    "never": lambda talk, targets: {talk.target, *talk.offered}.isdisjoint(targets),
    "offered": lambda talk, targets: set(targets) <= set(talk.offered),
    "buttons": lambda talk, payloads: set(payloads) <= set(talk.buttons()),
    "no_buttons": lambda talk, payloads: set(payloads).isdisjoint(talk.buttons()),
    "region": lambda talk, region: talk.turn.conversation.region == (None if region == "none" else region),
    "role": lambda talk, role: talk.turn.role == (None if role == "none" else role),
    "alarm": _alarm,
    "kept": lambda talk, kept: (talk.stored()["contact"] is not None) is kept,
    "traces": lambda talk, traces: bool(talk.traces()) is traces,
}


async def perform(step: Mapping[str, Any], play: Play, where: str) -> None:
    unknown = step.keys() - EXPECTED.keys() - DOES - {"caption"}
    assert not unknown, f"{where}: {unknown}"
    assert len(DOES & step.keys()) == 1, f"{where}: a step does one thing"
    talk = await play.does(step)
    assert step.keys() & EXPECTED.keys(), f"{where}: a step expects something"
    for key, wanted in step.items():
        if key in EXPECTED:
            seen = (talk.outcome, talk.target, talk.offered, talk.alarm, talk.turn.role, talk.turn.conversation.region)
            assert EXPECTED[key](talk, wanted), f"{where}: {key} is not {wanted}; {seen}, {talk.buttons()}"
    assert talk.sees() or talk.outcome == "silent" or talk.turn.feedback, f"{where}: nothing was said"


async def stage(one: Town) -> Play:
    talk = one.talk()
    group = one.world.add_group("A pretend group", talk.person)
    await one.deliver()
    return Play(talk, Talk(one, talk.person, group))


def read(file: Path) -> Mapping[str, Any]:
    dialogue: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert dialogue.keys() <= {"who", "at", "steps"}
    return dialogue


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
async def test_dialogue(file: Path, tmp_path: Path) -> None:
    dialogue = read(file)
    on: date = dialogue.get("at", date(2026, 11, 20))
    async with town(real_mind, tmp_path, Clock(datetime.combine(on, time(3), UTC))) as one:
        play = await stage(one)
        for number, step in enumerate(dialogue["steps"], start=1):
            await perform(step, play, f"{file.name}, step {number}")


def test_there_are_dialogues_enough() -> None:
    assert len(FILES) >= 40
