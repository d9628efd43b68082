"""Turn a field of an item (HTML, broken entities, mojibake, odd unicode) into plain text."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from typing import Final

import ftfy
from selectolax.lexbor import LexborHTMLParser

MAX_FIELD: Final = 600_000
"""Code points of one field that are looked at at all; what lies between is dropped."""

_TAG: Final = re.compile(r"<[a-zA-Z!/?][^<>]{0,2000}>|<(?:script|style)\b", re.IGNORECASE)
_BLOCK: Final = re.compile(
    r"<(?:/?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|header|footer|nav|aside|"
    r"blockquote|figcaption|figure|form|button)\b)",
    re.IGNORECASE,
)
_DROP: Final = "script,style,noscript,template,svg,iframe,nav,footer,form,button,head,title"
# Feeds lose the ampersand of an entity and keep the rest: "Iran #39;s", "quot;yes quot;".
# They are looked for before each semicolon, of which a text has few.
_LOST_APOSTROPHE: Final = re.compile(r" '(?=(?:s|t|re|ve|ll|d|m)\b)")
_LOST: Final = re.compile(r"(?:#\d{2,5}|quot|amp|lt|gt|apos|nbsp|mdash|ndash|hellip)\Z")
_LONGEST: Final = len("#12345")
# Characters that UTF-8 read as Latin-1 or Windows-1252 leaves behind.
_MOJIBAKE: Final = re.compile("[\u00c2\u00c3\u00e2\u00f0\u0192\ufffd\x80-\x9f]")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BLANKS: Final = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_LINES: Final = re.compile(r"\s*\n\s*")
_PRINTABLE: Final = bytes(range(0x20, 0x7F))


def plain(field: str) -> str:
    r"""Return ``field`` as plain text: one space between words, one ``\\n`` between blocks.

    Parameters
    ----------
    field
        Text or HTML of any length; only the first and last 300,000 code points count.

    Returns
    -------
    str
        NFC text without tags, entities, control characters or lone surrogates.
    """
    if len(field) > MAX_FIELD:
        field = field[: MAX_FIELD // 2] + "\n" + field[-MAX_FIELD // 2 :]
    if not field.isascii():
        field = _SURROGATE.sub("\ufffd", field)
    field = _entities(field)
    if _is_plain(field):
        return field.strip()
    if "<" in field and _TAG.search(field):
        field = _without_tags(field)
    if not field.isascii() and _MOJIBAKE.search(field):
        field = ftfy.fix_text(field, normalization=None, uncurl_quotes=False)
    if "\r" in field:
        field = field.replace("\r", "\n")
    if not field.isprintable():
        field = _UNSEEN.sub("", field)
    if not field.isascii():
        field = unicodedata.normalize("NFC", field)
    field = _single_blanks(field)
    return (_LINES.sub("\n", field) if "\n" in field else field).strip()


def _single_blanks(field: str) -> str:
    """Make every run of blanks one space, line ends aside."""
    if not field.isascii() or "\t" in field:
        field = _BLANKS.sub(" ", field)
    while "  " in field:
        field = field.replace("  ", " ")
    return field


def _is_plain(field: str) -> bool:
    """Tell whether a field is printable ASCII in which nothing is left to clean."""
    # Many times faster than str.isprintable.
    bare = field.isascii() and not field.encode().translate(None, delete=_PRINTABLE)
    return bare and "<" not in field and "  " not in field


def _entities(field: str) -> str:
    if ";" not in field:
        return field
    hashes = "#" in field
    field = _restored(field)
    if hashes:
        field = _LOST_APOSTROPHE.sub("'", field)
    # Once for the feed's own escaping; the parser sees to what is inside the HTML.
    return html.unescape(field) if "&" in field else field


def _restored(field: str) -> str:
    """Put characters for entities without ampersand, unless a word or ampersand goes before."""
    *ended, last = field.split(";")
    found = [""]
    for part in ended:
        match = _LOST.search(part, max(0, len(part) - _LONGEST))
        at = len(part) if match is None else match.start()
        before = part[at - 1 : at] if at else found[-1][-1:]
        if match is None or before == "&" or before.isalnum():
            found.append(part + ";")
        else:
            found.append(part[:at] + _character(match[0] + ";"))
    return "".join([*found, last])


@functools.lru_cache(maxsize=1024)
def _character(entity: str) -> str:
    return html.unescape("&" + entity)


def _without_tags(field: str) -> str:
    # Blocks end lines; inline tags do not end words.
    marked = _BLOCK.sub(lambda m: "\n" + m[0], field)
    tree = LexborHTMLParser(marked)
    tree.strip_tags([*_DROP.split(",")], recursive=True)
    root = tree.body or tree.root
    return "" if root is None else root.text(deep=True, separator="")
