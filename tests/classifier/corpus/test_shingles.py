"""Near duplicates are found exactly, without comparing all with all."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from classifier.corpus.shingles import jaccard, shingles, similar_pairs

WORDS = st.lists(st.sampled_from("abcde"), min_size=1, max_size=12).map(" ".join)


@given(st.lists(WORDS, max_size=12), st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_the_index_finds_what_comparing_all_finds(texts: list[str], least: float) -> None:
    """Prefix filtering loses no pair and invents none."""
    sets = [shingles(text) for text in texts]
    expected = {
        (i, j, jaccard(sets[i], sets[j]))
        for i, j in combinations(range(len(sets)), 2)
        if jaccard(sets[i], sets[j]) >= least
    }
    assert expected == set(similar_pairs(sets, least))


@given(st.text())
def test_any_text_has_shingles(text: str) -> None:
    """Also one without words, so that no text is left out of the comparison."""
    assert shingles(text)
    assert jaccard(shingles(text), shingles(text)) == 1.0
