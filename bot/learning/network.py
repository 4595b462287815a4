"""The network that is tuned: a sentence encoder and four linear heads on ten times its vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedTokenizerFast

from bot.language.encoder import ALARM_LABELS, DIMENSIONS, HEAD_SCALE, MOST_TOKENS


class Vectors(nn.Module):
    """Token ids (n, tokens) to unit vectors (n, 384): mean over the tokens that are there, then L2 normalisation."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(weights, attn_implementation="eager", add_pooling_layer=False)

    def forward(self, ids: Tensor, there: Tensor | None = None) -> Tensor:
        """`there` (n, tokens): 1 for a token, 0 for padding; None where nothing is padded."""
        hidden = self.body(input_ids=ids, attention_mask=there).last_hidden_state
        if there is None:
            return nn.functional.normalize(hidden.mean(1), dim=-1)
        mask = there.unsqueeze(-1).to(hidden.dtype)
        return nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


@dataclass(frozen=True, slots=True)
class Logits:
    """What the heads say of n texts."""

    topic: Tensor
    """(n, topics)"""
    alarm: Tensor
    """(n, 3)"""
    scope: Tensor
    """(n,)"""
    role: Tensor
    """(n, roles)"""


class Network(nn.Module):
    """Encoder with heads for topic, danger, scope and role."""

    def __init__(self, weights: Path, topics: int, roles: int) -> None:
        super().__init__()
        self.vectors = Vectors(weights)
        self.topic = nn.Linear(DIMENSIONS, topics)
        self.alarm = nn.Linear(DIMENSIONS, len(ALARM_LABELS))
        self.scope = nn.Linear(DIMENSIONS, 1)
        self.role = nn.Linear(DIMENSIONS, roles)

    def heads(self) -> list[nn.Parameter]:
        return [
            parameter for head in (self.topic, self.alarm, self.scope, self.role) for parameter in head.parameters()
        ]

    def forward(self, ids: Tensor, there: Tensor) -> Logits:
        scaled = self.vectors(ids, there) * HEAD_SCALE
        return Logits(self.topic(scaled), self.alarm(scaled), self.scope(scaled)[:, 0], self.role(scaled))


class Tokens:
    """Texts to padded token ids, cut off where the encoder cuts off."""

    def __init__(self, tokenizer: Path) -> None:
        special = {"pad": "[PAD]", "cls": "[CLS]", "sep": "[SEP]", "unk": "[UNK]"}
        named = {f"{name}_token": token for name, token in special.items()}
        self._tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(tokenizer), **named)

    def __call__(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Ids and mask, both (n, longest)."""
        made = self._tokenizer(list(texts), padding=True, truncation=True, max_length=MOST_TOKENS, return_tensors="pt")
        return cast(Tensor, made["input_ids"]), cast(Tensor, made["attention_mask"])


def settle(seed: int, threads: int) -> None:
    """The same seed and number of threads give the same weights on the same machine."""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=True)
    # Memory is always written before it is read here; filling it first costs a tenth of the time.
    torch.utils.deterministic.fill_uninitialized_memory = False
