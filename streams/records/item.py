"""A news item, whatever shape it came in. Value of `news.items`, flat form."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time

import msgspec


class NewsItem(msgspec.Struct, frozen=True, kw_only=True):
    """One news item, whatever shape it came in.

    Attributes
    ----------
    id
        The publisher's id, or a stable one made from the url or the content.
    title, text
        As published; may hold HTML. At least one of them is not empty.
    published_at
        When the publisher says that it was published, with a time zone.
    language
        BCP 47 tag as published, or None when the item does not say.
    """

    id: str
    title: str = ""
    text: str = ""
    url: str | None = None
    source: str | None = None
    published_at: datetime | None = None
    language: str | None = None
