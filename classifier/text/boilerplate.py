"""Drop the lines of a page that are not the article: banners, share bars, bylines.

Only short lines are looked at, and only for phrases that no report contains, because a
line dropped in error is evidence lost while a line kept in error is merely cue-free.
"""

from __future__ import annotations

import re
from typing import Final

MAX_LINE: Final = 320
"""Longer lines are prose and stay."""

_NOISE: Final = re.compile(
    r"""
    ^(?:advertisements?|advertising|ad|sponsored(?:\ content)?|promoted|related(?:\ (?:articles|
       stories|topics|content|coverage))?|read\ (?:more|next|also)|most\ (?:read|popular|viewed)|
       trending(?:\ now)?|recommended(?:\ for\ you)?|more\ (?:on\ this\ story|from)|comments?|
       share|tweet|print|email|save|menu|search|home|log\ ?in|sign\ (?:in|up)|subscribe|
       close|skip\ to\ (?:main\ )?content|loading\.*|photo|video|watch|listen|image|
       image\ (?:source|caption)|media\ caption|breaking\ news)\b[^a-z]{0,12}$
    | ^(?:advertisement|sponsored|promoted)\b.{0,120}$
    | ^(?:also\ read|read\ (?:also|more|next)|most\ (?:read|popular)|more\ on\ this|recommended(?:
       \ for\ you)?|related(?:\ (?:stories|topics|articles|coverage))?|trending(?:\ now)?|image\
       caption|photo(?:\ credit)?|also\ in\ the\ news|in\ pictures|watch|editors?'?s?\ pick)
       \s?:\s.{0,120}$
    | ^(?:click|tap)\ here\b | ^(?:listen\ to|print|e-?mail|save|share|rate)\ (?:this|for)\b
       .{0,60}$
    | ^(?:home|news|world)\s?[>\u203a\u00bb].{0,80}$ | ^print\ edition\b.{0,40}$
    | ^(?:loading|refresh\ for)\ .{0,20}$ | ^comments\ are\ .{0,20}$ | ^tell\ a\ friend\b
    | ^(?:donate|subscribe|download|follow\ us|join\ us|log\ in|register)\b.{0,40}\b(?:now|app|us|
       our|today|free|live|channel|page)\b
    | ^get\ (?:our|the)\b.{0,60}\b(?:briefing|newsletter|inbox|app|stories)\b
    | ^(?:enable|turn\ on|allow)\ (?:push\ )?notifications\b | \bsubscribers\ only\b
    | \b(?:join|start)\ the\ (?:conversation|discussion)\b | \bdelayed\ by\ at\ least\b.{0,12}
       minutes
    | \b(?:in|to)\ your\ inbox\b | \b(?:coverage|reporting|journalism)\b.{0,20}\bfree
       \ (?:to\ read|for)\b
    | ^by\ (?:a|our)\ (?:staff\ )?(?:correspondent|reporter|writer)s?\b.{0,40}$
    | \bhelp\ is\ available\ (?:on|at)\b | ^readers'?\ letters\b
    | \b(?:we|this\ (?:site|website|page)|our\ (?:site|partners)|by\ (?:continuing|using|clicking))
      \b.{0,120}\bcookies?\b
    | \bcookies?\b.{0,80}\b(?:policy|settings|preferences|accept|consent|browser|website|site)\b
    | \b(?:accept|reject|manage)\ (?:all\ )?(?:cookies|preferences|choices)\b
    | \bprivacy\ (?:policy|notice|settings)\b
    | \bterms\ (?:of\ (?:use|service)|and\ conditions)\b
    | \ball\ rights\ reserved\b | ^(?:©|\(c\)|copyright)\s
    | \b(?:sign\ up|subscribe|register)\b.{0,60}\b(?:newsletters?|inbox|alerts|updates|today|
      unlimited|digital|free)\b
    | \b(?:our|the|daily|free|morning)\ newsletters?\b.{0,60}$
    | \b(?:share|follow\ us|like\ us|join\ us)\ (?:this\ (?:article|story)\ )?on\b
    | ^(?:(?:share|facebook|twitter|whatsapp|linkedin|email|telegram|copy\ link|print|pinterest|
      reddit)[\s|,/·•]*){2,}$
    | \b(?:enable|turn\ on)\ javascript\b | \bad\ ?blocker\b
    | ^(?:this\ article\ is\ (?:for|available\ to)\ subscribers|continue\ reading|
      to\ continue\ reading|story\ continues\ below)\b
    | \b(?:win|shop|buy|book|save|get)\b.{0,60}\b(?:\d+\s?%\ off|discount|today\ only|best\ deals?|
      best\ prices?|free\ delivery|now\ from)\b
    | ^(?:reporting|additional\ reporting|editing|writing|compiled)\ by\b.{0,160}$
    | ^by\s+(?-i:[A-Z])[\w.'-]+(?:\s+(?:and\s+)?(?-i:[A-Z])[\w.'-]+){0,5}(?:,?\s+[\w\s]{0,40}
      (?:correspondent|editor|reporter|writer|staff|agencies))?$
    | ^(?:published|updated|last\ updated|posted|first\ published)\b.{0,60}\d
    | ^\d+\s+(?:min(?:ute)?s?\ (?:read|ago)|hours?\ ago|comments?|shares?)$
    """,
    re.IGNORECASE | re.VERBOSE,
)


def without_boilerplate(text: str) -> str:
    r"""Return ``text`` less its boilerplate lines (lines are separated by ``\\n``)."""
    if "\n" not in text:
        return text
    return "\n".join(line for line in text.split("\n") if not is_boilerplate(line))


def is_boilerplate(line: str) -> bool:
    """Tell whether a line is a banner, share bar, byline or the like."""
    return len(line) <= MAX_LINE and _NOISE.search(line) is not None


_BANNER: Final = re.compile(
    r"""
      \b(?:we|this\ (?:site|website|page)|our\ (?:site|partners))\b.{0,60}\bcookies?\b.{0,80}
      \b(?:experience|ads?|advertising|browser|consent|traffic|services?|site|website)\b
    | \b(?:accept|reject|manage)\ (?:all\ )?cookies\b | \ball\ rights\ reserved\b
    | \bplease\ (?:enable|turn\ on)\ javascript\b
    | ^(?:sign\ up|subscribe)\ (?:to|for)\ (?:our|the)\b.{0,60}\bnewsletters?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HINTS: Final = ("cook", "reserved", "javascr", "newsletter")
"""One of them, folded, is in every banner; none has an i, whose dotless kin do not fold to it."""


def may_hold_banner(text: str) -> bool:
    """Tell at little cost whether a text may hold a sentence that :func:`is_banner`."""
    # A tenth of the scoring was a regular expression here that did not mind the case.
    folded = text.casefold()
    return any(hint in folded for hint in _HINTS)


def is_banner(sentence: str) -> bool:
    """Tell whether a sentence is a banner that runs on in the line of the article.

    Stricter than :func:`is_boilerplate`, since a sentence of the article may also speak of cookies.
    """
    return len(sentence) <= MAX_LINE and _BANNER.search(sentence) is not None


_DATELINE: Final = re.compile(
    r"""
    (?:
      # KHARTOUM, Sudan, May 3 (NW) -   GENEVA -   NEW YORK (Agency) --
      [A-Z][A-Z.'\u2019-]{2,}(?:[ ][A-Z.'\u2019-]{2,}){0,3}
      (?:,[ ][A-Z][\w.]*(?:[ ][A-Z]?[\w.]*){0,2}){0,2}(?:,[ ][A-Z][a-z]{2,8}\.?[ ]\d{1,2})?
      (?:[ ]?\([^()]{2,30}\))?
    | # Tripoli (NW) -   AP -
      [A-Z][A-Za-z.]{1,15}(?:[ ][A-Z][a-z]+)?[ ]?\([A-Z][^()]{1,20}\)
    | [A-Z][A-Za-z]{1,9}
    )
    \s?(?:-{1,2}|\u2013|\u2014)\s+(?=[A-Z"'\u201c\u2018])
    """,
    re.VERBOSE,
)
_AGENCY: Final = re.compile(r"\s\([A-Z][A-Za-z. ]{1,18}\)$")
_TOO_LONG: Final = 90


def without_dateline(text: str) -> str:
    """Return ``text`` without the place and agency that it opens with."""
    head = text[:_TOO_LONG]
    if " -" not in head and "\u2013" not in head and "\u2014" not in head and ")-" not in head:
        return text
    match = _DATELINE.match(head)
    return text if match is None else text[match.end() :]


def without_agency(title: str) -> str:
    """Return a headline without the agency in brackets at its end."""
    return _AGENCY.sub("", title) if title.endswith(")") else title
