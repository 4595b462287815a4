"""Writes a tuned network down as the files that the bot runs on: an ONNX graph in 8 bits, and the heads.

The graph takes `ids` int64 (n, tokens) without padding and gives `emb` float32 (n, 384), as `Encoder` wants it.
"""

import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]
from onnxruntime.quantization.shape_inference import quant_pre_process  # type: ignore[import-untyped]

from bot.language.encoder import MOST_TOKENS
from bot.learning.examples import Lessons
from bot.learning.network import Network, Vectors

OPSET = 18


def write_encoder(vectors: Vectors, path: Path) -> None:
    """Weights in 8 bits per channel; activations are quantised as they come."""
    # The quantiser logs a page of advice about models that it has not pre-processed; this one is, two lines below.
    logging.getLogger("root").setLevel(logging.ERROR)
    example = torch.zeros((2, 8), dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        whole, plain = Path(folder) / "whole.onnx", Path(folder) / "plain.onnx"
        torch.onnx.export(
            vectors,
            (example,),
            str(whole),
            input_names=["ids"],
            output_names=["emb"],
            dynamic_shapes=({0: torch.export.Dim("n"), 1: torch.export.Dim("tokens", max=MOST_TOKENS)},),
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
        )
        quant_pre_process(str(whole), str(plain), skip_symbolic_shape=True)
        quantize_dynamic(str(plain), str(path), per_channel=True, weight_type=QuantType.QInt8)
    onnx.checker.check_model(str(path))


def write_heads(network: Network, lessons: Lessons, path: Path) -> None:
    """Weights and biases under the names that `Encoder` reads."""

    def array(parameter: torch.Tensor) -> NDArray[np.float32]:
        return np.asarray(parameter.detach().numpy(), np.float32)

    np.savez(
        path,
        topics=np.array(lessons.topics),
        roles=np.array(lessons.roles),
        W=array(network.topic.weight),
        b=array(network.topic.bias),
        Wa=array(network.alarm.weight),
        ba=array(network.alarm.bias),
        Ws=array(network.scope.weight),
        bs=array(network.scope.bias),
        Wr=array(network.role.weight),
        br=array(network.role.bias),
    )
