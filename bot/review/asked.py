"""One message without any state, as `ask` shows it. Called by `cli` for `ask` and `evaluate`."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.conversation.model import Conversation
from bot.conversation.respond import respond
from bot.conversation.scene import Mind, Outcome, Scene, Turn
from bot.errors import UsageError
from bot.messaging import Incoming, Notice, Outgoing, Reply, Sender, Text
from bot.review.lines import BadLine, objects

DECISIONS: Mapping[Outcome, str] = {
    Outcome.ALARM: "alarm",
    Outcome.ANSWER: "answer",
    Outcome.OFFER: "offer",
    Outcome.DECLINE: "decline",
    Outcome.SETTLED: "decline",
    Outcome.SILENT: "decline",
}
"""A greeting or thanks is settled without any entry, so to `ask` it is no answer from the knowledge base."""

KEYS = frozenset({"text", "role", "region", "language"})


def ask(
    mind: Mind, text: str, now: datetime, *, role: str | None = None, region: str | None = None, why: bool = False
) -> dict[str, Any]:
    """The object that `ask --json` prints. Raises `UsageError` for a role or region that does not exist."""
    if role is not None and role not in mind.words.roles:
        raise UsageError(f'There is no role "{role}". Roles: {", ".join(sorted(mind.words.roles))}.')
    if region is not None and region not in mind.knowledge.regions:
        raise UsageError(f'There is no region "{region}". Regions: {", ".join(mind.knowledge.regions)}.')
    talk = Conversation("", now + timedelta(days=1), roles=(role,) if role else (), region=region)
    incoming = Incoming("0", Sender("ask", "0"), now, Text(text))
    shown = _shown(mind, respond(Scene(mind, talk, None, now), incoming))
    return {"text": text, **shown, "why": shown["why"] if why else []}


def ask_lines(mind: Mind, lines: Iterable[bytes], now: datetime, *, why: bool, write: Callable[[str], None]) -> int:
    """One result a line, in order; a bad line gives `{"line": n, "error": "…"}`. Returns how many were bad."""
    bad = 0
    for line in objects(lines):
        error = line.error if isinstance(line, BadLine) else _problem(mind, line.value)
        if error is not None or isinstance(line, BadLine):
            bad += 1
            write(json.dumps({"line": line.number, "error": error}, ensure_ascii=False))
            continue
        value = line.value
        result = ask(mind, value["text"], now, role=value.get("role"), region=value.get("region"), why=why)
        write(json.dumps(result, ensure_ascii=False))
    return bad


def plain(result: Mapping[str, Any]) -> str:
    """The result for a reader: what is said, then what was decided."""
    decided = [f"{key}: {result[key]}" for key in ("outcome", "alarm", "target", "offered", "role", "region")]
    return "\n".join([*result["reply"], "", *decided, *result["why"]])


def _problem(mind: Mind, value: Mapping[str, Any]) -> str | None:
    if not isinstance(value.get("text"), str):
        return 'needs a "text"'
    for key, known in (("role", mind.words.roles), ("region", mind.knowledge.regions)):
        given = value.get(key)
        if given is not None and (not isinstance(given, str) or given not in known):
            return f"there is no such {key}"
    if value.get("language") not in {None, mind.words.language}:
        return "there are no words in that language"
    return None


def _shown(mind: Mind, turn: Turn) -> dict[str, Any]:
    outcome = DECISIONS[turn.outcome]
    target = turn.target if outcome == "answer" else None
    kind, _, id = (target or "").partition(":")
    topic = mind.words.topics.get(id) if kind == "topic" else None
    return {
        "outcome": outcome,
        "alarm": {"id": turn.alarm.family, "tier": turn.alarm.tier} if turn.alarm else None,
        "target": target,
        "part_of": f"topic:{topic.part_of}" if topic and topic.part_of else None,
        "offered": [one for one in turn.offered if one != target] if outcome in {"answer", "offer"} else [],
        "role": turn.role,
        "region": turn.conversation.region,
        "language": mind.words.language,
        "reply": [line for outgoing in turn.replies for line in _lines(outgoing)],
        "why": list(turn.why),
    }


def _lines(outgoing: Outgoing) -> list[str]:
    """Plain text lines; links and buttons in brackets after the text. Announcements are for organisers alone."""
    if not isinstance(outgoing, Reply | Notice):
        return []
    lines = [line for line in outgoing.text.split("\n") if line.strip()]
    if isinstance(outgoing, Reply):
        buttons = [button for row in outgoing.buttons for button in row]
        lines += [f"[{button.label}]{f' {button.url}' if button.url else ''}" for button in buttons]
    return lines
