"""Fine-tune the adapter and head on the corpus; needs PyTorch (extra ``train``).

Binary cross-entropy on all outputs, AdamW, a short warm-up and linear decay. The run is
deterministic by its seed on one machine and number of threads, and continues from its
checkpoint when it was interrupted.

Masking a tenth of the tokens and keeping a moving average of the weights was tried: better on
the validation split (.882 for .877), worse on real text (PLOVER .827 for .832, World .920 for
.931, average precision with the linear judge) and on the behaviour table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from sklearn.metrics import average_precision_score
from torch.nn import functional

from classifier.combine import ANY, OUTPUTS
from classifier.encoder.base import load_base
from classifier.encoder.batches import batches
from classifier.encoder.network import Network
from classifier.encoder.tokens import padded, tokens
from classifier.encoder.wording import without_names
from classifier.fitting import as_seen, importance, targets

if TYPE_CHECKING:
    from pathlib import Path

    from classifier.corpus import Example
    from classifier.fitting import Bools, Floats

ADAPTER_RATE: Final = 8e-4
SHIFT_RATE: Final = 8e-5
"""Of biases and layer norms, which a higher rate throws off their course."""

HEAD_RATE: Final = 3e-3
DECAY: Final = 0.01
WARM_UP: Final = 100
SAVE_EVERY: Final = 200
CLIP: Final = 1.0
RARE: Final = 2.0
"""Positive texts of the rarest outputs weigh at most this much more."""

JUDGED: Final = 128
"""Texts that are judged at a time when measuring."""

Tell = Callable[[str, int, int], None]
"""Called with the state in words, steps done, steps in all."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as the network sees them."""

    rows: list[list[int]]
    groups: list[str]
    wanted: Bools
    weight: Floats

    @staticmethod
    def of(examples: Sequence[Example]) -> Texts:
        """Read examples: names masked, cut into tokens."""
        texts = [without_names(text) for example in examples for text in as_seen(example)]
        groups = [
            f"{e.source}/{e.group}" if e.group else f"{e.id}/{at}"
            for e in examples
            for at in range(len(e.passages))
        ]
        return Texts(tokens(texts), groups, targets(examples), importance(examples))


@dataclass(frozen=True, slots=True)
class Best:
    """The best epoch (from 1), its average precision on held-out text, and its state."""

    epoch: int
    score: float
    state: dict[str, torch.Tensor]


def fine_tune(
    train: Sequence[Example],
    held: Sequence[Example],
    checkpoint: Path,
    *,
    epochs: int,
    seed: int,
    tell: Tell,
) -> Best:
    """Train and return the best epoch.

    Parameters
    ----------
    train, held
        Examples to learn from, and to choose the epoch by.
    checkpoint
        File to continue from and to save to every :data:`SAVE_EVERY` steps.
    epochs, seed
        Most epochs, and the seed of all chance.
    tell
        Told of progress.
    """
    torch.manual_seed(seed)
    texts, others = Texts.of(train), Texts.of(held)
    network = Network(load_base(), len(OUTPUTS))
    optimiser = _optimiser(network)
    plan = [(e, b) for e in range(epochs) for b in batches(*_shape(texts), seed=seed + e)]
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimiser, _rate(len(plan)))
    parts = {
        "network": network,
        "optimiser": optimiser,
        "scheduler": scheduler,
    }
    run: dict[str, Any] = {"step": 0, "best": -1.0, "epoch": 0, "state": {}, "loss": 0.0}
    if checkpoint.is_file():
        saved = torch.load(checkpoint, weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(saved[name])
        torch.set_rng_state(saved["chance"])
        run = saved["run"]
    rare = torch.from_numpy(_rarity(texts.wanted)).float()
    for step in range(run["step"], len(plan)):
        epoch, rows = plan[step]
        network.train()
        loss = _step(network, optimiser, texts, rows, rare)
        scheduler.step()
        run["loss"] = 0.98 * run["loss"] + 0.02 * loss if step else loss
        run["step"] = step + 1
        if step + 1 == len(plan) or plan[step + 1][0] != epoch:
            score = measure(network, others)
            tell(f"epoch {epoch + 1}: average precision {score:.4f}", step + 1, len(plan))
            if score > run["best"]:
                state = {name: t.clone() for name, t in network.state_dict().items()}
                run.update(best=score, epoch=epoch + 1, state=state)
        tell(f"loss {run['loss']:.4f}", step + 1, len(plan))
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == len(plan):
            _save(checkpoint, parts, run)
    return Best(run["epoch"], run["best"], run["state"])


def judge(network: Network, rows: Sequence[Sequence[int]]) -> Floats:
    """Return the network's log-odds, ``(n_texts, n_outputs)``."""
    network.eval()
    order = np.argsort([len(row) for row in rows], kind="stable")
    logits = np.empty((len(rows), len(OUTPUTS)))
    with torch.inference_mode():
        for start in range(0, len(rows), JUDGED):
            part = order[start : start + JUDGED]
            ids, mask = padded([rows[at] for at in part])
            logits[part] = network(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
    return logits


def measure(network: Network, texts: Texts) -> float:
    """Return the mean of the outputs' average precision on held-out texts."""
    logits = judge(network, texts.rows)
    known = texts.wanted.any(axis=0)
    scores = [
        average_precision_score(texts.wanted[:, at], logits[:, at]) for at in np.flatnonzero(known)
    ]
    return float(np.mean(scores))


def _shape(texts: Texts) -> tuple[list[int], list[str]]:
    return [len(row) for row in texts.rows], texts.groups


def _optimiser(network: Network) -> torch.optim.AdamW:
    head = list(network.head.parameters())
    rest = [p for name, p in network.named_parameters() if not name.startswith("head.")]
    groups = [
        {"params": [p for p in rest if p.ndim > 1], "lr": ADAPTER_RATE},
        {"params": [p for p in rest if p.ndim == 1], "lr": SHIFT_RATE},
        {"params": head, "lr": HEAD_RATE},
    ]
    return torch.optim.AdamW(groups, weight_decay=DECAY)


def _rate(steps: int) -> Callable[[int], float]:
    return lambda at: min((at + 1) / WARM_UP, max(0.0, (steps - at) / max(1, steps - WARM_UP)))


def _rarity(wanted: Bools) -> Floats:
    """Weigh positives of rare cues up, by the root of how rare they are among the labels."""
    count = np.maximum(wanted.sum(axis=0), 1).astype(float)
    weight = np.ones(len(count))
    weight[:ANY] = np.clip(np.sqrt(count[:ANY].max() / count[:ANY]), 1.0, RARE)
    return weight


def _step(
    network: Network,
    optimiser: torch.optim.Optimizer,
    texts: Texts,
    rows: Sequence[int],
    rare: torch.Tensor,
) -> float:
    ids, mask = map(torch.from_numpy, padded([texts.rows[row] for row in rows]))
    wanted = torch.from_numpy(texts.wanted[list(rows)]).float()
    weight = torch.from_numpy(texts.weight[list(rows)]).float()
    logits = network(ids, mask)
    each = functional.binary_cross_entropy_with_logits(
        logits, wanted, reduction="none", pos_weight=rare
    )
    loss = (each.mean(1) * weight).sum() / weight.sum()
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
    optimiser.step()
    value = float(loss.detach())
    if not math.isfinite(value):
        msg = "the loss is no number any more: a lower learning rate is needed"
        raise FloatingPointError(msg)
    return value


def _save(path: Path, parts: dict[str, Any], run: dict[str, Any]) -> None:
    states = {name: part.state_dict() for name, part in parts.items()}
    fresh = path.with_suffix(".new")
    torch.save({**states, "run": run, "chance": torch.get_rng_state()}, fresh)
    fresh.replace(path)
