"""Tunes the encoder and its heads on all lessons together, and stops when the watched messages gain no more.

Topics, alarms and scope in one network: measured on messages of other writers, that was worth 3 points over topics
alone and 5 over the untuned encoder (see the README's decisions). AdamW with one cycle of the learning rate.
"""

import copy
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from bot.language.cleaning import clean
from bot.language.encoder import ALARM_LABELS
from bot.learning.examples import Example, Lessons
from bot.learning.network import Network, Tokens
from bot.learning.noise import Noise

HEAD_RATE = 1e-2
"""Learning rate of the heads, which start from nothing."""
SMOOTHED = 0.07
"""Share of a topic's target that is spread over all topics."""
ALSO_SHARE = 0.15
"""Of the target, for each of up to two topics that would help as well."""
ALARM_WEIGHT, SCOPE_WEIGHT, ROLE_WEIGHT = 1.5, 0.5, 0.7
ALARM_SMOOTHED = 0.03
POOL = 24
"""Batches that are sorted by length together, so that little padding is computed."""
ALARM_AT: Mapping[str | None, int] = {label: at for at, label in enumerate(ALARM_LABELS)}
CARD = ALARM_AT["CARD"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to learn. The figures are the study's, where it had them; see the README for what was tried beside them."""

    epochs: int = 3
    batch: int = 48
    rate: float = 8e-5
    noise: float = 0.45
    seed: int = 0
    threads: int = 2
    bfloat16: bool = False
    """Multiply in bfloat16: 1.7 times as fast on processors that can (avx512_bf16, amx), slower on others."""
    patience: int = 1
    """Epochs without gain on the watched messages after which it stops."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How the watched messages are judged after an epoch: lower loss is better."""

    epoch: int
    loss: float
    topics_right: float
    dangers_right: float

    def __str__(self) -> str:
        return (
            f"epoch {self.epoch}: loss {self.loss:.3f}, first {100 * self.topics_right:.1f} %, "
            f"card or none right {100 * self.dangers_right:.1f} %"
        )


class Teacher:
    """One run of tuning."""

    def __init__(self, network: Network, tokens: Tokens, lessons: Lessons, plan: Plan) -> None:
        self._network, self._tokens, self._lessons, self._plan = network, tokens, lessons, plan
        self._topic_at = {topic: at for at, topic in enumerate(lessons.topics)}
        self._role_at: Mapping[str | None, int] = {role: at for at, role in enumerate(lessons.roles)}
        self._noise = Noise(plan.seed, plan.noise)
        self._random = random.Random(plan.seed)  # noqa: S311 - for a repeatable order, not for secrets

    def teach(self, report: Callable[[str], None]) -> Sequence[Watch]:
        """Learns; leaves the network with the weights of its best epoch. Gives what was watched, an entry an epoch."""
        steps = self._plan.epochs * (len(self._lessons.learned) // self._plan.batch + 1)
        optimiser = torch.optim.AdamW(
            [
                {"params": self._network.vectors.parameters(), "lr": self._plan.rate},
                {"params": self._network.heads(), "lr": HEAD_RATE},
            ],
            weight_decay=0.01,
            fused=True,
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, [self._plan.rate, HEAD_RATE], total_steps=steps + 1, pct_start=0.1
        )
        watched: list[Watch] = []
        best = None
        for epoch in range(1, self._plan.epochs + 1):
            self._network.train()
            for batch in self._batches():
                optimiser.zero_grad()
                with torch.autocast("cpu", torch.bfloat16, enabled=self._plan.bfloat16):
                    loss = self._loss(batch, self._noise)
                loss.backward()
                optimiser.step()
                schedule.step()
            watched.append(self._watch(epoch))
            report(str(watched[-1]))
            if watched[-1].loss <= min(watch.loss for watch in watched):
                best = copy.deepcopy(self._network.state_dict())
            elif all(watch.loss > min(one.loss for one in watched) for watch in watched[-self._plan.patience :]):
                break
        if best is not None:
            self._network.load_state_dict(best)
        self._network.eval()
        return watched

    def _batches(self) -> Iterator[Sequence[Example]]:
        """Every lesson once, in random batches of similar length."""
        size = self._plan.batch
        lessons = list(self._lessons.learned)
        self._random.shuffle(lessons)
        for start in range(0, len(lessons), size * POOL):
            pool = sorted(lessons[start : start + size * POOL], key=lambda one: len(one.text))
            batches = [pool[at : at + size] for at in range(0, len(pool), size)]
            self._random.shuffle(batches)
            yield from batches

    def _loss(self, batch: Sequence[Example], noise: Callable[[str], str]) -> Tensor:
        said = self._network(*self._tokens([clean(noise(one.text)) for one in batch]))
        loss = self._topic_loss(said.topic, batch) + self._role_loss(said.role, batch)
        return loss + ALARM_WEIGHT * _alarm_loss(said.alarm, batch) + SCOPE_WEIGHT * _scope_loss(said.scope, batch)

    def _role_loss(self, logits: Tensor, batch: Sequence[Example]) -> Tensor:
        known = {row: self._role_at[one.role] for row, one in enumerate(batch) if one.role in self._role_at}
        if not known:
            return logits.sum() * 0
        labels = torch.tensor(list(known.values()))
        lost = nn.functional.cross_entropy(logits[list(known)], labels, label_smoothing=SMOOTHED, reduction="sum")
        return ROLE_WEIGHT * lost / len(batch)

    def _topic_loss(self, logits: Tensor, batch: Sequence[Example]) -> Tensor:
        targets = torch.zeros_like(logits)
        known = 0
        for row, one in enumerate(batch):
            if one.topic not in self._topic_at:
                continue
            known += 1
            also = [self._topic_at[other] for other in one.also[:2] if other in self._topic_at]
            targets[row, self._topic_at[one.topic]] = 1 - ALSO_SHARE * len(also)
            targets[row, also] += ALSO_SHARE
            targets[row] = (1 - SMOOTHED) * targets[row] + SMOOTHED / logits.shape[1]
        if not known:
            return logits.sum() * 0
        return -(targets * logits.log_softmax(1)).sum() / len(batch)

    def _watch(self, epoch: int) -> Watch:
        self._network.eval()
        watched = self._lessons.watched or self._lessons.learned[:: max(1, len(self._lessons.learned) // 500)]
        size = self._plan.batch
        losses, topics, dangers = [], [], []
        with torch.no_grad():
            for at in range(0, len(watched), size):
                batch = watched[at : at + size]
                losses.append(self._loss(batch, str).item() * len(batch))
                said = self._network(*self._tokens([clean(one.text) for one in batch]))
                for one, guess, level in zip(batch, said.topic.argmax(1), said.alarm.argmax(1), strict=True):
                    if one.topic:
                        topics.append(self._lessons.topics[int(guess)] in {one.topic, *one.also})
                    if one.danger:
                        dangers.append((int(level) == CARD) == (one.danger == "CARD"))
        return Watch(epoch, sum(losses) / len(watched), _share(topics), _share(dangers))


def _alarm_loss(logits: Tensor, batch: Sequence[Example]) -> Tensor:
    known = {row: ALARM_AT[one.danger] for row, one in enumerate(batch) if one.danger in ALARM_AT}
    loss = logits.sum() * 0
    if known:
        rows, labels = list(known), torch.tensor(list(known.values()))
        loss = loss + nn.functional.cross_entropy(logits[rows], labels, label_smoothing=ALARM_SMOOTHED, reduction="sum")
    harmless = [row for row, one in enumerate(batch) if one.danger == "NOT_CARD"]
    if harmless:
        chances = logits[harmless].softmax(1)
        loss = loss - torch.log1p(-chances[:, CARD].clamp(max=1 - 1e-6)).sum()
    return loss / len(batch)


def _scope_loss(logits: Tensor, batch: Sequence[Example]) -> Tensor:
    rows = [row for row, one in enumerate(batch) if one.ours is not None]
    if not rows:
        return logits.sum() * 0
    ours = torch.tensor([float(bool(batch[row].ours)) for row in rows])
    return nn.functional.binary_cross_entropy_with_logits(logits[rows], ours)


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0
