"""The model card, written when a bundle is saved (Mitchell et al., "Model Cards", 2019)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from classifier.ontology import LABELS, ONTOLOGY
from classifier.severity import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifier.combine import Combination


def render(manifest: Mapping[str, Any], combination: Combination) -> str:
    """Return the card as Markdown."""
    floors = "\n".join(
        f"| `{label}` | {ONTOLOGY[label].words} | {manifest['floors'][label]:.3f} |"
        for label in LABELS
    )
    levels = "\n".join(f"| {word} | {least:g} |" for least, word in THRESHOLDS)
    block, far_block, far_strongest = combination.weights
    return f"""# Escalation model {manifest["version"]}

**What it does.** It gives news text in English calibrated probabilities for nine cues of
escalation towards armed conflict and for de-escalation, with the sentences and words behind
each. Judge: {manifest["judge"]}.

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

## From sentences to the item

| items | block (title and two sentences together) | strongest sentence |
|---|---|---|
| short: the block is all | {block:.2f} | |
| longer | {far_block:.2f} | {far_strongest:.2f} |

## Severity

| word | from |
|---|---|
{levels}

## Known limits

It knows words and pairs of words, not grammar: who did what to whom, irony and long-range
negation are guesses. Its text was written by few authors. Names are masked by kind, so that
it cannot know that one state's warning weighs more than another's.
"""
