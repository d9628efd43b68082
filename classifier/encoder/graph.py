"""Build the graph that runs: base and adapter merged, quantised to int8.

The graph takes ids and mask and gives log-odds. Attention is ONNX Runtime's fused operator.
Weights of linear maps are int8 with a scale for each output, activations are quantised as
they come (dynamic quantisation); word embeddings stay in the int8 of the base. Needs
``onnx``, not PyTorch.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from classifier.encoder.base import EPSILON, HEADS, LAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from classifier.encoder.base import Floats

IDS: Final = "ids"
MASK: Final = "mask"
LOGITS: Final = "logits"

_FUSED: Final = "com.microsoft"
_OPSET: Final = 17
_IR: Final = 8


def build(weights: Mapping[str, Floats]) -> bytes:
    """Return the int8 graph of merged weights (base names, ``head.weight``, ``head.bias``)."""
    with tempfile.TemporaryDirectory() as directory:
        whole, small = Path(directory) / "whole.onnx", Path(directory) / "small.onnx"
        onnx.save(plain(weights), whole)
        quantize_dynamic(
            whole,
            small,
            per_channel=True,
            reduce_range=True,  # without VNNI, eight bits of weight would saturate
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Attention"],
            nodes_to_exclude=["head"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
        return small.read_bytes()


def plain(weights: Mapping[str, Floats]) -> onnx.ModelProto:
    """Return the graph in float32 but for the word embeddings."""
    graph = _Graph()
    state = graph.embeddings(weights)
    graph.node("Cast", [MASK], "mask_32", to=TensorProto.INT32)
    for layer in range(LAYERS):
        state = graph.layer(weights, f"encoder.layer.{layer}", state)
    graph.head(weights, state)
    return graph.model(len(weights["head.bias"]))


class _Graph:
    """Nodes and initializers in the making; each method returns the name of its result."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._arrays: list[onnx.TensorProto] = []

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        domain = _FUSED if operator in {"Attention", "Gelu"} else ""
        made = helper.make_node(operator, inputs, [output], output, domain=domain, **attributes)
        self._nodes.append(made)
        return output

    def array(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self._arrays.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def embeddings(self, weights: Mapping[str, Floats]) -> str:
        words, scale = _by_row(weights["embeddings.word_embeddings.weight"])
        places = weights["embeddings.position_embeddings.weight"]
        places = places + weights["embeddings.token_type_embeddings.weight"][0]
        self.node("Gather", [self.array("words", words), IDS], "word_8")
        self.node("Cast", ["word_8"], "word_32", to=TensorProto.FLOAT)
        self.node("Gather", [self.array("scale", scale), IDS], "word_scale")
        self.node("Mul", ["word_32", "word_scale"], "word")
        self.node("Shape", [IDS], "length", start=1, end=2)
        zero = self.array("zero", np.array([0]))
        self.node("Slice", [self.array("places", places), zero, "length"], "place")
        self.node("Add", ["word", "place"], "placed")
        return self._normalised(weights, "embeddings.LayerNorm", "placed", "embedded")

    def layer(self, weights: Mapping[str, Floats], name: str, state: str) -> str:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        joined = np.concatenate([weights[f"{part}.weight"] for part in parts], axis=1)
        bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
        inputs = [state, self.array(f"{name}.qkv", joined), self.array(f"{name}.qkv_bias", bias)]
        seen = self.node("Attention", [*inputs, "mask_32"], f"{name}.seen", num_heads=HEADS)
        out = self._linear(weights, f"{name}.attention.output.dense", seen)
        state = self._skip(weights, f"{name}.attention.output", out, state)
        wide = self._linear(weights, f"{name}.intermediate.dense", state)
        active = self.node("Gelu", [wide], f"{name}.active")
        narrow = self._linear(weights, f"{name}.output.dense", active)
        return self._skip(weights, f"{name}.output", narrow, state)

    def head(self, weights: Mapping[str, Floats], state: str) -> None:
        self.node("Cast", [MASK], "share", to=TensorProto.FLOAT)
        self.node("Unsqueeze", ["share", self.array("last", np.array([2]))], "shares")
        self.node("Mul", [state, "shares"], "counted")
        one = self.array("one", np.array([1]))
        self.node("ReduceSum", ["counted", one], "sum", keepdims=0)
        self.node("ReduceSum", ["shares", one], "count", keepdims=0)
        self.node("Div", ["sum", "count"], "mean")
        self.node("MatMul", ["mean", self.array("head.weight", weights["head.weight"])], "head")
        self.node("Add", ["head", self.array("head.bias", weights["head.bias"])], LOGITS)

    def model(self, outputs: int) -> onnx.ModelProto:
        shape = ["texts", "tokens"]
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info(n, TensorProto.INT64, shape) for n in (IDS, MASK)],
            [helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, ["texts", outputs])],
            self._arrays,
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR)
        # The quantiser would warn that fusing should come first; the graph is fused as it is.
        helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
        return model

    def _linear(self, weights: Mapping[str, Floats], name: str, state: str) -> str:
        weight = self.array(f"{name}.weight", weights[f"{name}.weight"])
        mapped = self.node("MatMul", [state, weight], f"{name}.mapped")
        bias = self.array(f"{name}.bias", weights[f"{name}.bias"])
        return self.node("Add", [mapped, bias], f"{name}.added")

    def _skip(self, weights: Mapping[str, Floats], name: str, found: str, state: str) -> str:
        """Add what a map found to the state, and normalise."""
        both = self.node("Add", [found, state], f"{name}.both")
        return self._normalised(weights, f"{name}.LayerNorm", both, f"{name}.state")

    def _normalised(self, weights: Mapping[str, Floats], name: str, state: str, to: str) -> str:
        parts = [f"{name}.{part}" for part in ("weight", "bias")]
        inputs = [state, *(self.array(part, weights[part]) for part in parts)]
        return self.node("LayerNormalization", inputs, to, axis=-1, epsilon=EPSILON)


def _by_row(values: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Return int8 rows and their scales; exact for the base's words, which are such rows."""
    scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), np.float32(1e-8)) / 127
    return np.rint(values / scale).astype(np.int8), scale.astype(np.float32)
