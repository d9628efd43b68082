"""The shapes of a news item that we accept, each a struct with a way to `NewsItem`.

Sources: our own flat item; IPTC ninjs 2.x (https://iptc.org/std/ninjs/); schema.org NewsArticle
(https://schema.org/NewsArticle).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import msgspec

from streams.records import NewsItem

Envelope = dict[str, Any]


class BadItem(ValueError):  # noqa: N818 - it names the item, as `classifier` names its own
    """A record is no news item; the message names the field or the place."""


class Shape(Protocol):
    """A decoded item in one of the accepted shapes."""

    def item(self) -> NewsItem:
        """Return the item, its id empty when the shape gives none."""


class FlatItem(msgspec.Struct, kw_only=True):
    """Our own shape: only some text is required, in any of its fields. HTML is cleaned.

    Attributes
    ----------
    id
        The publisher's; without one it is made from the url or the content.
    title
        Headline.
    text, body, content
        The first that is not empty counts.
    summary
        Read before the text, unless the text begins with it.
    url
        Where it was published.
    source
        Who published it.
    published_at
        RFC 3339, RFC 5322 or Unix seconds; without a zone it is UTC.
    language
        BCP 47 tag; without one it is found out.
    """

    id: str | int | None = None
    title: str | None = None
    text: str | None = None
    body: str | None = None
    content: str | None = None
    summary: str | None = None
    url: str | None = None
    source: str | None = None
    published_at: str | int | float | None = None
    language: str | None = None

    def item(self) -> NewsItem:
        """Return the item."""
        return NewsItem(
            id=_text(self.id),
            title=self.title or "",
            text=_with_summary(self.summary, self.text or self.body or self.content),
            url=self.url,
            source=self.source,
            published_at=_when("published_at", self.published_at),
            language=self.language,
        )


class NinjsPart(msgspec.Struct, kw_only=True):
    """A headline, description or body of ninjs, with its role."""

    value: str
    role: str | None = None


class NinjsName(msgspec.Struct, kw_only=True):
    """A named concept of ninjs, here a source."""

    name: str | None = None


class Ninjs(msgspec.Struct, kw_only=True):
    """IPTC ninjs 2.x, the fields that we use. The first part of a kind counts, `main` first."""

    uri: str | None = None
    headlines: list[NinjsPart] = []
    descriptions: list[NinjsPart] = []
    bodies: list[NinjsPart] = []
    language: str | None = None
    versioncreated: str | None = None
    firstcreated: str | None = None
    infosources: list[NinjsName] = []
    url: str | None = None

    def item(self) -> NewsItem:
        """Return the item."""
        named = [source.name for source in self.infosources if source.name]
        return NewsItem(
            id=self.uri or "",
            title=_main(self.headlines),
            text=_with_summary(_main(self.descriptions), _main(self.bodies)),
            url=self.url or (self.uri if (self.uri or "").startswith("http") else None),
            source=named[0] if named else None,
            published_at=_when("versioncreated", self.versioncreated or self.firstcreated),
            language=self.language,
        )


class Organization(msgspec.Struct, kw_only=True):
    """A publisher of schema.org."""

    name: str | None = None


class NewsArticle(msgspec.Struct, kw_only=True):
    """schema.org NewsArticle, the fields that we use."""

    at_id: str | None = msgspec.field(default=None, name="@id")
    identifier: str | None = None
    headline: str | None = None
    description: str | None = None
    articleBody: str | None = None  # noqa: N815 - schema.org's name
    url: str | None = None
    datePublished: str | None = None  # noqa: N815 - the same
    inLanguage: str | None = None  # noqa: N815 - the same
    publisher: Organization | str | None = None

    def item(self) -> NewsItem:
        """Return the item."""
        publisher = self.publisher
        return NewsItem(
            id=self.identifier or self.at_id or "",
            title=self.headline or "",
            text=_with_summary(self.description, self.articleBody),
            url=self.url,
            source=publisher.name if isinstance(publisher, Organization) else publisher,
            published_at=_when("datePublished", self.datePublished),
            language=self.inLanguage,
        )


def item_from(content: dict[str, Any], envelope: Envelope) -> NewsItem:
    """Return the item in ``content``; the CloudEvents ``envelope`` fills what it does not say.

    Raises
    ------
    BadItem
        A field has the wrong type or value, or there is no text.
    """
    try:
        shape: Shape = msgspec.convert(content, _shape_of(content))
    except msgspec.ValidationError as error:
        raise BadItem(str(error)) from error
    item = shape.item()
    if not (item.title.strip() or item.text.strip()):
        raise BadItem("no text: title, text, body, content and summary are all missing or empty")
    return _complete(item, envelope)


def _shape_of(content: dict[str, Any]) -> type[FlatItem | Ninjs | NewsArticle]:
    if "headlines" in content or "bodies" in content:
        return Ninjs
    if "@type" in content or "articleBody" in content:
        return NewsArticle
    return FlatItem


def _complete(item: NewsItem, envelope: Envelope) -> NewsItem:
    """Give the item the envelope's time, and an id that is the same at every delivery."""
    changes: dict[str, Any] = {}
    if item.published_at is None and envelope.get("time"):
        changes["published_at"] = _when("time", envelope["time"])
    if not item.id:
        changes["id"] = _event_id(envelope) or _content_id(item)
    return msgspec.structs.replace(item, **changes) if changes else item


def _event_id(envelope: Envelope) -> str:
    # CloudEvents: source and id together are unique.
    return f"{envelope.get('source', '')}#{envelope['id']}" if envelope.get("id") else ""


def _content_id(item: NewsItem) -> str:
    basis = item.url or f"{item.title}\0{item.text}"
    return "sha256:" + hashlib.sha256(basis.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _with_summary(summary: str | None, text: str | None) -> str:
    """Put the summary before the text, unless the text begins with it."""
    summary, text = (summary or "").strip(), text or ""
    if not summary or text.lstrip().startswith(summary):
        return text
    return f"{summary}\n\n{text}" if text.strip() else summary


def _main(parts: list[NinjsPart]) -> str:
    return next((part.value for part in parts if part.role == "main"), "") or (
        parts[0].value if parts else ""
    )


def _when(field: str, value: Any) -> datetime | None:
    """Read RFC 3339, RFC 5322 (as RSS has it) or Unix seconds; a time without zone is UTC."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        when = _parse(str(value).strip())
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadItem(
            f"{field}: not a time that we know (RFC 3339, RFC 5322 or Unix seconds)"
        ) from error


def _parse(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return parsedate_to_datetime(value)
