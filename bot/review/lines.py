"""Files of JSON objects, one a line; one bad line costs no other. Called by `ask --jsonl` and `evaluate`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

LONGEST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no JSON object; `number` counts from 1."""

    number: int
    error: str


@dataclass(frozen=True, slots=True)
class GoodLine:
    number: int
    value: dict[str, Any]


def objects(lines: Iterable[bytes]) -> Iterator[GoodLine | BadLine]:
    """Each line in its turn; empty lines are passed over."""
    for number, raw in enumerate(lines, start=1):
        if raw.strip():
            yield _object(number, raw)


def _object(number: int, raw: bytes) -> GoodLine | BadLine:
    if len(raw) > LONGEST_BYTES:
        return BadLine(number, f"is longer than {LONGEST_BYTES // 1024 // 1024} MiB")
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return BadLine(number, "is not UTF-8 text")
    except (ValueError, RecursionError):  # besides what is malformed: a number of more digits than Python converts
        return BadLine(number, "is not JSON")
    if not isinstance(value, dict):
        return BadLine(number, "is not a JSON object")
    return GoodLine(number, value)
