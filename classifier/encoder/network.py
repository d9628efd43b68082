"""The encoder as a PyTorch module with low-rank adapters; for training only.

Each linear map ``W`` of the six layers becomes ``W + A B`` with ``A B`` of rank
:data:`RANK` (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021); biases
and layer norms are trained as they are. The base weights stay frozen. Mean pooling over the
tokens and one linear map give the outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch import nn
from torch.nn import functional

from classifier.encoder.base import EPSILON, HEADS, LAYERS, LINEARS, WIDTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifier.encoder.base import Floats

RANK: Final = 32
DROPOUT: Final = 0.1

_PARTS: Final = dict(
    zip(("query", "key", "value", "out", "wide", "narrow"), LINEARS, strict=True),
    attention_norm="attention.output.LayerNorm",
    norm="output.LayerNorm",
)
"""Parts of a layer by their names here, and by the base's."""


class Adapted(nn.Module):
    """A frozen linear map with a low-rank addition."""

    def __init__(self, weight: Floats, bias: Floats) -> None:
        super().__init__()
        self.register_buffer("weight", torch.from_numpy(weight.copy()), persistent=False)
        self.bias = nn.Parameter(torch.from_numpy(bias.copy()))
        inputs, outputs = weight.shape
        self.a = nn.Parameter(torch.randn(inputs, RANK) * inputs**-0.5)
        self.b = nn.Parameter(torch.zeros(RANK, outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map ``(..., inputs)`` to ``(..., outputs)``."""
        low = (x @ self.a) @ self.b
        whole: torch.Tensor = torch.addmm(self.bias, x.flatten(0, -2), self.weight)
        return whole.view(*x.shape[:-1], -1) + low


class Norm(nn.Module):
    """Layer normalisation that starts from given weights."""

    def __init__(self, weight: Floats, bias: Floats) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.from_numpy(weight.copy()))
        self.bias = nn.Parameter(torch.from_numpy(bias.copy()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalise the last dimension."""
        return functional.layer_norm(x, (WIDTH,), self.weight, self.bias, EPSILON)


class Layer(nn.Module):
    """One transformer layer of BERT (Devlin et al., 2019)."""

    def __init__(self, base: Mapping[str, Floats], prefix: str) -> None:
        super().__init__()
        maps = [
            Adapted(base[f"{prefix}.{name}.weight"], base[f"{prefix}.{name}.bias"])
            for name in LINEARS
        ]
        self.query, self.key, self.value, self.out, self.wide, self.narrow = maps
        norms = [f"{prefix}.{name}.LayerNorm" for name in ("attention.output", "output")]
        first, second = (Norm(base[f"{n}.weight"], base[f"{n}.bias"]) for n in norms)
        self.attention_norm, self.norm = first, second
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Map ``(n, length, WIDTH)``; ``mask`` is true at tokens, ``(n, 1, 1, length)``."""
        n, length, _ = x.shape
        parts = [
            part(x).view(n, length, HEADS, -1).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        ]
        seen = functional.scaled_dot_product_attention(*parts, attn_mask=mask)
        joined = seen.transpose(1, 2).reshape(n, length, WIDTH)
        x = self.attention_norm(x + self.drop(self.out(joined)))
        return self.norm(x + self.drop(self.narrow(functional.gelu(self.wide(x)))))


class Network(nn.Module):
    """Tokens in, log-odds of the outputs out.

    Parameters
    ----------
    base
        As :func:`classifier.encoder.base.load_base` gives it.
    outputs
        How many outputs.
    """

    def __init__(self, base: Mapping[str, Floats], outputs: int) -> None:
        super().__init__()
        words = torch.from_numpy(base["embeddings.word_embeddings.weight"])
        places = base["embeddings.position_embeddings.weight"]
        places = places + base["embeddings.token_type_embeddings.weight"][0]
        self.register_buffer("words", words, persistent=False)
        self.register_buffer("places", torch.from_numpy(places), persistent=False)
        name = "embeddings.LayerNorm"
        self.norm = Norm(base[f"{name}.weight"], base[f"{name}.bias"])
        self.layers = nn.ModuleList(Layer(base, f"encoder.layer.{n}") for n in range(LAYERS))
        self.head = nn.Linear(WIDTH, outputs)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return log-odds, ``(n, outputs)``, of ids and mask, each ``(n, length)``."""
        x = functional.embedding(ids, self.words) + self.places[: ids.shape[1]]
        x = self.drop(self.norm(x))
        seen = mask.bool()[:, None, None, :]
        for layer in self.layers:
            x = layer(x, seen)
        share = mask.to(x.dtype)
        mean = (x * share[..., None]).sum(1) / share.sum(1, keepdim=True)
        logits: torch.Tensor = self.head(self.drop(mean))
        return logits


def as_adapter(state: Mapping[str, torch.Tensor]) -> dict[str, Floats]:
    """Return a network's state under the base's names, as :mod:`.adapter` keeps it."""
    found = {}
    for name, tensor in state.items():
        values = tensor.detach().numpy()
        if name.startswith("layers."):
            _, layer, part, leaf = name.split(".")
            found[f"encoder.layer.{layer}.{_PARTS[part]}.{leaf}"] = values
        elif name.startswith("norm."):
            found[f"embeddings.LayerNorm.{name.removeprefix('norm.')}"] = values
        else:
            found[name] = values.T
    return found
