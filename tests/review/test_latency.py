"""Time and memory: what is measured and how it is told; the figures themselves belong to the machine."""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.errors import UsageError
from bot.knowledge.model import TopicExample
from bot.review import growth, latency, machine, measuring
from bot.review.peers import PEERS, Peer
from tests.minds import sample_mind
from tests.review.test_public_sets import echo, gone

EXAMPLES = [f"my baby cries on evening number {number} and i wonder what to do" for number in range(40)]
EXAMPLES += [" ".join(["long"] * 30)]


def test_messages_have_the_length_of_their_kind() -> None:
    made = {kind: latency.messages(EXAMPLES, kind, 5, seed=1) for kind in latency.COUNTS}
    assert all(len(texts) == 5 for texts in made.values())
    assert all(len(text.split()) <= 25 for text in made[latency.SHORT])
    assert set(made[latency.SHORT]) < set(EXAMPLES)
    assert set(made[latency.SLIPPED]).isdisjoint(EXAMPLES)
    assert all(len(text.split()) == 60 for text in made[latency.LONG])
    assert all(len(text) == 4096 for text in made[latency.LONGEST])
    assert made[latency.SHORT] == latency.messages(EXAMPLES, latency.SHORT, 5, seed=1)
    assert made[latency.SHORT] != latency.messages(EXAMPLES, latency.SHORT, 5, seed=2)


def test_medians_of_the_rounds_by_clock_and_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece of work says how many milliseconds it takes; half of them cost the processor something."""
    now = {"wall": 0, "processor": 0}
    monkeypatch.setattr(time, "perf_counter_ns", lambda: now["wall"])
    monkeypatch.setattr(time, "process_time_ns", lambda: now["processor"])

    def act(milliseconds: int) -> None:
        now["wall"] += milliseconds * 1_000_000
        now["processor"] += milliseconds * 500_000

    times = latency.timed(act, [[10] * 50, [2] * 50, [4] * 50])
    assert times == latency.Times(4.0, 4.0, 2.0, 2.0)
    assert times.as_json()["p99_ms"] == 4.0


def test_every_kind_of_message_is_timed_and_told() -> None:
    times = latency.by_length(sample_mind(), EXAMPLES, dict.fromkeys(latency.COUNTS, 3))
    assert times.keys() == {*latency.COUNTS, *latency.ODD}
    assert times[latency.LONGEST].p50_processor_ms > times[latency.SHORT].p50_processor_ms
    assert latency.table(times).count("goal") == len(times)


def test_a_goal_is_missed_by_either_figure() -> None:
    def verdict(p50_ms: float, p99_ms: float) -> str:
        return latency.table({latency.SHORT: latency.Times(p50_ms, p99_ms, 0.0, 0.0)})

    assert "reached" in verdict(5.0, 12.0)
    assert "missed" in verdict(5.1, 6.0)
    assert "missed" in verdict(1.0, 12.1)


def test_made_phrasings_of_an_entry_lie_together() -> None:
    vectors = growth.made_vectors(4)
    assert vectors.shape == (40, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    cosines = vectors @ vectors.T
    assert cosines[0, 1:10].min() > 0.45
    assert cosines[0, 10:].max() < 0.4
    texts = growth.made_texts(4)
    assert [one.label for one in texts[:11]] == [*["entry-0"] * 10, "entry-1"]
    assert texts == growth.made_texts(4)


def test_made_bases_are_ranked_by_the_bot_and_its_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "QUERIES", 3)
    peers = (Peer("echo", "echo", echo), Peer("gone", "nowhere", gone))
    monkeypatch.setattr(growth, "PEERS", peers)
    rows = growth.measured(sample_mind(), EXAMPLES, (2, 5))
    assert [(row.entries, row.name.partition(":")[0]) for row in rows] == [
        *[(2, "this bot")] * 2,
        *[(5, "this bot")] * 2,
        *[(2, "echo"), (2, "gone"), (5, "echo"), (5, "gone")],
    ]
    assert rows[-1].why_not == "needs nowhere"
    assert "needs nowhere" in growth.table(rows)
    assert growth.as_json(rows)[-1]["times"] is None


def test_a_linear_model_of_ten_thousand_entries_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "LARGEST_MODEL", 10)
    (linear,) = [one for one in PEERS if one.package == "scikit-learn"]
    assert growth.peer(linear, 2).times is None


@pytest.mark.parametrize(
    ("p99_ms", "mib", "verdict"), [(12.0, 600.0, "reached"), (13.0, 1.0, "missed"), (1.0, 601.0, "missed")]
)
def test_the_goal_of_the_largest_base(p99_ms: float, mib: float, verdict: str) -> None:
    row = growth.Growth("this bot", growth.GOAL_ENTRIES, latency.Times(1.0, p99_ms, 1.0, 1.0), mib)
    assert verdict in growth.table([row])


def test_latency_needs_examples_to_measure_with() -> None:
    with pytest.raises(UsageError, match="example messages"):
        measuring.latency(sample_mind(), date(2026, 11, 20), lambda _: None)


def test_latency_tells_messages_and_made_bases(monkeypatch: pytest.MonkeyPatch) -> None:
    mind = sample_mind()
    said = tuple(TopicExample("crying-colic", (), text) for text in EXAMPLES)
    words = replace(mind.words, examples=replace(mind.words.examples, topics=said))
    monkeypatch.setattr(latency, "by_length", lambda *_: {latency.SHORT: latency.Times(1.0, 2.0, 1.0, 2.0)})
    monkeypatch.setattr(growth, "QUERIES", 3)
    monkeypatch.setattr(growth, "PEERS", ())
    told: list[str] = []
    result = measuring.latency(replace(mind, words=words), date(2026, 11, 20), told.append, entries=(2,))
    assert "2026-11-20" in told[0]
    assert latency.SHORT in told[1]
    assert "2 entries" in told[2]
    assert result["messages"][latency.SHORT]["p99_ms"] == 2.0
    assert [row["entries"] for row in result["made bases"]] == [2, 2]


def test_the_machine_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor : 0\nmodel name : Imagined 3000\n", encoding="utf-8")
    monkeypatch.setattr(machine, "PROCESSORS", tmp_path / "cpuinfo")
    assert machine.machine(date(2026, 11, 20)).startswith("Imagined 3000, ")
    monkeypatch.setattr(machine, "PROCESSORS", tmp_path / "nowhere")
    assert machine.processor()
    monkeypatch.setattr(machine, "MEMORY", tmp_path / "nowhere")
    assert machine.memory_mib() is None
