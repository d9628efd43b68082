"""A message for Slack's incoming webhooks, and for what understands them: `text` and `blocks`.

See https://docs.slack.dev/messaging/formatting-message-text and
https://docs.slack.dev/reference/block-kit/blocks for escaping and limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from yarl import URL

from streams.console import printable
from streams.delivery.webhooks.kinds.request import Request

if TYPE_CHECKING:
    from classifier import Cue
    from streams.delivery.webhooks.access import Access
    from streams.records import Alert

HEADER_LIMIT, TEXT_LIMIT = 150, 3000
"""Characters that Slack takes in a header and in a section, after escaping."""
SHOWN_CUES = 5
SIGNS = {"critical": "🔴", "high": "🟠", "medium": "🟡", "low": "🔵", "info": "⚪"}


def request(alert: Alert, access: Access) -> Request:
    """Return the request. Text from the news is only ever text: no mention, link or markup."""
    content = {"text": _escaped(_headline(alert), TEXT_LIMIT), "blocks": _blocks(alert)}
    body = msgspec.json.encode(content)
    return Request(access.url, body, {"Content-Type": "application/json"})


def _blocks(alert: Alert) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(_headline(alert), HEADER_LIMIT)}
    ]
    blocks += [
        {"type": "section", "text": _plain(_cue(cue), TEXT_LIMIT)}
        for cue in alert.cues[:SHOWN_CUES]
    ]
    about = [
        alert.step,
        ", ".join(actor.name for actor in alert.actors[:SHOWN_CUES]),
        ", ".join(alert.sources[:SHOWN_CUES]),
        f"confidence {alert.confidence:.0%}" if alert.confidence else "",
    ]
    elements = [_plain(" · ".join(part for part in about if part), TEXT_LIMIT)]
    if (link := _link(alert.url)) is not None:
        elements.append({"type": "mrkdwn", "text": link})
    blocks.append({"type": "context", "elements": elements})
    return blocks


def _headline(alert: Alert) -> str:
    sign = SIGNS.get(alert.severity, "")
    return f"{sign} {alert.severity.upper()}: {alert.headline or alert.id}".strip()


def _cue(cue: Cue) -> str:
    words = f"{cue.cue.replace('_', ' ')} {cue.probability:.0%} ({cue.modality})"
    return f"{words}\n{cue.evidence[0].text}" if cue.evidence else words


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _escaped(text, limit), "emoji": False}


def _escaped(text: str, limit: int) -> str:
    """Escape what Slack reads as control characters, and cut without cutting an escape."""
    escapes = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    lines = "\n".join(printable(line) for line in text.split("\n"))
    made: list[str] = []
    length = 0
    for letter in lines:
        piece = escapes.get(letter, letter)
        length += len(piece)
        if length > limit - 1:
            made.append("…")
            break
        made.append(piece)
    return "".join(made)


def _link(address: str | None) -> str | None:
    """Return a link to the item, or None where its address is none of the web."""
    try:
        url = URL(address or "")
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or not url.host:
        return None
    # Quoted by yarl; the bar would end the address.
    text = str(url).replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")
    return f"<{text.replace('&', '&amp;')}|item>" if len(text) < TEXT_LIMIT - 20 else None
