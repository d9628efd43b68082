"""The model card, written when a bundle is saved (Mitchell et al., "Model Cards", 2019)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from classifier.judges import ENCODER
from classifier.ontology import CUES, DE_ESCALATION, LABELS, ONTOLOGY
from classifier.severity import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifier.combine import Floats

_LINEAR: Final = "linear (words and pairs of words)"
_ENCODER: Final = (
    "encoder (words and pairs of words, and a fine-tuned\nall-MiniLM-L6-v2 for what these let pass)"
)
_KNOWS_WORDS: Final = (
    "It knows words and pairs of words, not grammar: who did what to whom, irony and long-range\n"
    "negation are guesses."
)
_READS: Final = (
    "It reads a sentence as a whole but knows nothing of the world: irony, and whether a report\n"
    "is old, are guesses. Persons and towns are not masked in what the encoder reads, states are."
)


def render(manifest: Mapping[str, Any], weights: Floats) -> str:
    """Return the card as Markdown."""
    floors = "\n".join(
        f"| `{label}` | {ONTOLOGY[label].words} | {manifest['floors'][label]:.3f} |"
        for label in LABELS
    )
    levels = "\n".join(f"| {word} | {least:g} |" for least, word in THRESHOLDS)
    block, far_block, far_strongest = weights
    stacked = manifest["judge"] == ENCODER
    return f"""# Escalation model {manifest["version"]}

**What it does.** It gives news text in English calibrated probabilities for nine cues of
escalation towards armed conflict and for de-escalation, with the sentences and words behind
each. Judge: {_ENCODER if stacked else _LINEAR}.

**What it is for.** Pointing an analyst at items to read. **What it is not for.** Deciding
anything about a person, a state or a strike; judging whether a report is true; text in other
languages than English (reported as unsupported, never scored).

**Trained** {manifest["trained"]} on {manifest["corpus"]["lines"]:,} authored lines (corpus
digest `{manifest["corpus"]["digest"][:16]}`); no real news text was used.

## Floors

A cue is reported when its probability reaches its floor. Chosen on held-out text so that at
most {manifest["budget"]:.2%} of ordinary items raise an alert.

| label | words | floor |
|---|---|---|
{floors}

{_measured(manifest["metrics"])}
## From sentences to the item

| items | block (title and two sentences together) | strongest sentence |
|---|---|---|
| short: the block is all | {block:.2f} | |
| longer | {far_block:.2f} | {far_strongest:.2f} |
{_screen(manifest["screen"]) if stacked else ""}
## Severity

| word | from |
|---|---|
{levels}

## Known limits

{_READS if stacked else _KNOWS_WORDS}
Its text was written by few authors. Names are masked by kind, so that
it cannot know that one state's warning weighs more than another's.
"""


def _screen(screen: Mapping[str, Any]) -> str:
    rows = "\n".join(
        f"| {kind} | {screen[kind][CUES[0]]:.4f} | {screen[kind][DE_ESCALATION]:.4f} |"
        for kind in ("short", "long")
    )
    return f"""
## Screen

The encoder reads an item only if the linear judge gives some label at least this probability,
chosen to lose at most {screen["miss"]:.2%} of the alerts; of {screen["alerts"]:,} on held-out
lines it lost {screen["alerts_lost"]}.

| items | the nine cues | de-escalation |
|---|---|---|
{rows}
"""


def _measured(metrics: Mapping[str, Any]) -> str:
    if not metrics:
        return ""
    figures = {"any of the nine": metrics["escalation"], **metrics["labels"]}
    columns = ("precision", "recall", "average_precision", "calibration_error")
    rows = "\n".join(
        f"| {name} | {row['items']} | "
        + " | ".join("" if row[column] is None else f"{row[column]:.3f}" for column in columns)
        + " |"
        for name, row in figures.items()
    )
    alarms = "; ".join(
        f"{row['share']:.2%} of {row['items']:,} {kind} items"
        for kind, row in metrics["false_alarms"].items()
        if row["share"] is not None
    )
    return f"""## Measured

On {metrics["items"]:,} items of the corpus' test split, which nothing was fitted on; precision and
recall at the floors. `escalation evaluate` measures on text of your own.

| label | items | precision | recall | average precision | calibration error |
|---|---|---|---|---|---|
{rows}

False alarms: {alarms}. Quiet items share words with the cues on purpose.
"""
