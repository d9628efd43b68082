"""Whatever comes in, an assessment or a clear ValueError comes out, soon and small."""

from __future__ import annotations

import threading
import time
import tracemalloc
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import EscalationModel, Item
from classifier.text import read

if TYPE_CHECKING:
    from classifier import Assessment

SECONDS = 20.0
"""Of the processor, so that a busy machine does not count."""

BYTES = 400_000_000


@pytest.mark.parametrize(
    "model", ["default"], indirect=True
)  # it reads all that the linear one does
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("a", id="one character"),
        pytest.param("Troops mass on the border. " * 200_000, id="5 MB of text"),
        pytest.param("x" * 5_000_000, id="5 MB without a blank"),
        pytest.param(bytes(range(256)).decode("latin-1") * 4_000, id="binary"),
        pytest.param("War. " * 100_000, id="100,000 one-word sentences"),
        pytest.param("\ud800 troops \udfff attack \ud83d", id="lone surrogates"),
        pytest.param("<div>" * 50_000 + "Troops attack" + "</div>" * 50_000, id="nested HTML"),
        pytest.param("<" * 200_000, id="opening brackets"),
        pytest.param("&" * 200_000 + ";", id="ampersands"),
        pytest.param("&NotEqualTilde;" * 60_000, id="entities that stand for two letters"),
        pytest.param(
            "<!DOCTYPE d [<!ENTITY a '" + "x" * 999 + "'><!ENTITY b '" + "&a;" * 999 + "'>]>&b;",
            id="entities in entities",
        ),
        pytest.param("\n" * 500_000, id="line ends"),
        pytest.param("A-" * 100_000, id="hyphens"),
        pytest.param("\u202e\u200b\ufeff" * 10_000, id="unseen characters"),
        pytest.param("North Korea " * 50_000, id="names"),
        pytest.param("\u00c3\u00a9" * 50_000, id="mojibake"),
    ],
)
def test_bad_input_is_assessed_in_bounded_time_and_memory(
    model: EscalationModel, text: str
) -> None:
    """In the title as in the body."""
    tracemalloc.start()
    started = time.process_time()
    found = model.assess([Item("1", "", text), Item("2", text, ""), Item("3", text, text)])
    seconds = time.process_time() - started
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [a.id for a in found] == ["1", "2", "3"]
    assert seconds < SECONDS
    assert peak < BYTES


@pytest.mark.parametrize("value", [None, 3, b"bytes", ["list"]])
def test_a_field_that_is_no_string_is_a_value_error(model: EscalationModel, value: object) -> None:
    """The error names the item and the field."""
    with pytest.raises(ValueError, match="item '7': text must be a string"):
        model.assess([Item("7", "", cast("str", value))])


@settings(deadline=None, max_examples=120)
@given(title=st.text(), text=st.text())
def test_any_text_gives_probabilities_and_offsets_that_fit(
    model: EscalationModel, title: str, text: str
) -> None:
    """Evidence is where it says it is."""
    (found,) = model.assess([Item("1", title, text)])
    assert all(0.0 <= chance <= 1.0 for chance in found.scores.values())
    for cue in found.cues:
        for evidence in cue.evidence:
            assert found.text[evidence.start : evidence.end] == evidence.text


@settings(deadline=None, max_examples=120)
@given(text=st.text(alphabet=st.sampled_from("<>/&;#apdivquotlt \n.'\"-\u2019\ud800")))
def test_the_sentences_of_any_markup_lie_in_the_cleaned_text(text: str) -> None:
    """In order, without overlap, and without what must not be in a text."""
    document = read(Item("1", "", text))
    at = 0
    for sentence in document.sentences():
        assert sentence.start >= at
        assert document.text[sentence.start : sentence.end] == sentence.text
        at = sentence.end
    assert "\x00" not in document.text
    assert "\u2060" not in document.text


def test_an_empty_batch_is_an_empty_list(model: EscalationModel) -> None:
    """Nothing in, nothing out."""
    assert model.assess([]) == []


def test_threads_share_a_model(model: EscalationModel) -> None:
    """Four threads with words of their own get what one thread gets."""
    batches = [
        [
            Item(str(k), f"Gunmen{n} attack village{k}", f"They killed {k} people.")
            for k in range(60)
        ]
        for n in range(4)
    ]
    found: dict[int, list[Assessment]] = {}

    def work(at: int) -> None:
        found[at] = model.assess(batches[at])

    threads = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[at] for at in range(4)] == [model.assess(batch) for batch in batches]
