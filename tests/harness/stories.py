"""What the made-up incidents tell: headlines and sentences for each cue. Nothing has happened."""

from __future__ import annotations

from typing import NamedTuple

from classifier.types import Modality  # noqa: TC001 - a NamedTuple reads its annotations


class Story(NamedTuple):
    """One way to report a cue; ``{a}`` acts on ``{b}`` on ``{day}``."""

    cue: str
    modality: Modality
    headline: str
    sentence: str
    words: tuple[str, ...]


STORIES = (
    Story(
        "threat_of_force",
        "threatened",
        "{a} will answer any incursion from {b} with force",
        (
            "The defence minister of {a} told parliament that any further incursion from {b} "
            "would be answered with force."
        ),
        ("answered with force", "incursion"),
    ),
    Story(
        "military_buildup",
        "occurred",
        "{a} moves armoured brigades to the line with {b}",
        (
            "{a} sent two armoured brigades and an artillery regiment to the line with {b} on "
            "{day}, residents and a provincial official said."
        ),
        ("armoured brigades", "artillery regiment", "sent"),
    ),
    Story(
        "sanctions",
        "warned",
        "{a} warns that new sanctions would end talks with {b}",
        (
            "Officials of {a} warned on {day} that the sanctions prepared by {b} would end "
            "the talks and close the joint commission."
        ),
        ("sanctions", "would end the talks"),
    ),
    Story(
        "diplomatic_rupture",
        "occurred",
        "{a} recalls its ambassador from {b}",
        ("{a} recalled its ambassador from {b} and gave four diplomats until Friday to leave."),
        ("recalled its ambassador", "diplomats", "to leave"),
    ),
    Story(
        "invasion_warning",
        "warned",
        "Allies fear that {a} prepares a crossing into {b}",
        (
            "Two allied governments fear an invasion within days after {a} moved bridging "
            "units to the river that separates it from {b}."
        ),
        ("fear an invasion", "bridging units"),
    ),
    Story(
        "armed_clash",
        "occurred",
        "Border guards of {a} and {b} exchange fire",
        (
            "Border guards of {a} and {b} exchanged fire for three hours on {day}; both sides "
            "reported wounded."
        ),
        ("exchanged fire", "wounded", "border guards"),
    ),
    Story(
        "blockade",
        "occurred",
        "{a} closes the strait to ships bound for {b}",
        (
            "The navy of {a} closed the strait to all ships bound for {b} and turned back two "
            "tankers."
        ),
        ("closed the strait", "turned back", "navy"),
    ),
    Story(
        "hybrid_attack",
        "occurred",
        "Grid of {b} down after an intrusion traced to {a}",
        ("Engineers in {b} traced the intrusion that cut power to nine towns to a unit of {a}."),
        ("intrusion", "cut power"),
    ),
    Story(
        "de_escalation",
        "offered",
        "{a} offers {b} a ceasefire and a hotline",
        ("{a} offered {b} a ceasefire from midnight and a direct line between the two commands."),
        ("offered", "ceasefire"),
    ),
)

PAIRS = (
    (("KHM", "Cambodia"), ("THA", "Thailand")),
    (("SRB", "Serbia"), ("XKX", "Kosovo")),
    (("ETH", "Ethiopia"), ("ERI", "Eritrea")),
    (("VEN", "Venezuela"), ("GUY", "Guyana")),
    (("ARM", "Armenia"), ("AZE", "Azerbaijan")),
    (("RWA", "Rwanda"), ("COD", "Democratic Republic of Congo")),
    (("CHL", "Chile"), ("BOL", "Bolivia")),
    (("GRC", "Greece"), ("TUR", "Turkey")),
)
PAPERS = tuple(
    f"{name}.example"
    for name in (
        "demo-newswire",
        "border-gazette",
        "harbour-times",
        "capital-post",
        "river-herald",
        "meridian-radio",
        "northern-courier",
    )
)
