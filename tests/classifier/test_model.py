"""The model on a whole article, as an analyst meets it."""

from __future__ import annotations

import pytest

from classifier import EscalationModel, Item

ARTICLE = """\
We use cookies to improve your experience. By continuing you accept our cookie policy.
Accept all cookies
Advertisement
The president warned on Tuesday that new sanctions would lead to a complete break in
relations between Moscow and Washington.
Share on Facebook | Twitter | WhatsApp
About 100,000 Russian troops have massed near the border with Ukraine in recent weeks.
Advertisement
Save 40% today only on garden furniture
European allies fear that the Kremlin is preparing an invasion of its neighbour.
Sign up for our daily newsletter
"""


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ("sanctions", "new sanctions"),
        ("diplomatic_rupture", "break in"),
        ("military_buildup", "massed"),
        ("invasion_warning", "fear"),
    ],
)
def test_every_cue_of_an_article_has_its_sentence(
    model: EscalationModel, cue: str, words: str
) -> None:
    """Banners and advertisements around it do not hide what an article reports."""
    (found,) = model.assess([Item("1", "Leaders speak by phone", ARTICLE)])
    evidence = {c.cue: c.evidence[0] for c in found.cues}
    assert words in evidence[cue].text
    assert found.text[evidence[cue].start : evidence[cue].end] == evidence[cue].text


def test_unknown_words_are_those_that_training_never_saw(model: EscalationModel) -> None:
    """Names are no unknown words; gibberish is."""
    assert model.unknown_words("Ukraine said troops crossed the border near Xanadupol.") < 0.15
    assert model.unknown_words("florbed the wuzzling grompers blixily") > 0.5
    assert model.unknown_words("") == 0.0
