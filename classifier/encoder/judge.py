"""The encoder as it runs: texts in, log-odds out, on ONNX Runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.combine import OUTPUTS
from classifier.encoder.tokens import padded, tokens
from classifier.encoder.wording import without_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.combine import Floats


class EncoderJudge:
    """Judges texts; safe to share among threads, and picklable as its graph.

    Parameters
    ----------
    graph
        A graph of :func:`classifier.encoder.graph.build`, whose digest the caller has checked.
    threads
        That one run of the graph may use.
    """

    def __init__(self, graph: bytes, threads: int = 1) -> None:
        import onnxruntime  # noqa: PLC0415  optional: only a bundle with an encoder needs it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Batches come in every shape: memory kept for each of them would only grow.
        options.enable_mem_pattern = False
        self._made_from = (graph, threads)
        self._session: Any = onnxruntime.InferenceSession(
            graph,
            options,
            providers=["CPUExecutionProvider"],
            # On the CPU the fused operator takes ten times as long as its two parts.
            disabled_optimizers=["SkipLayerNormFusion"],
        )

    def __reduce__(self) -> tuple[type[EncoderJudge], tuple[bytes, int]]:
        """Pickle the graph, not the session."""
        return EncoderJudge, self._made_from

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return log-odds, shape ``(n_texts, n_outputs)``, columns as in ``OUTPUTS``.

        Each text is a run of its own: activations are quantised by the range of a run, and a
        text's score must not depend on what else came with it.
        """
        found = np.empty((len(texts), len(OUTPUTS)))
        if not len(texts):
            return found
        for at, row in enumerate(tokens([without_names(text) for text in texts])):
            ids, mask = padded([row])
            found[at] = self._session.run(None, {"ids": ids, "mask": mask})[0][0]
        return found
