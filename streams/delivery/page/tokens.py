"""Who may give verdicts: names with their bearer tokens."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Self

from streams.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.settings import Settings

SHORTEST = 16
"""Characters of a token: what is shorter can be guessed."""
LONGEST_HEADER = 4096


class Tokens:
    """Analysts and their tokens; only digests are kept."""

    def __init__(self, tokens: dict[str, str]) -> None:
        self._digests = [(name, _digest(token)) for name, token in tokens.items()]

    def __bool__(self) -> bool:
        return bool(self._digests)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the tokens of the settings, those of the file and those of the variable.

        Raises
        ------
        SettingsError
            A line is not `name=token`, or a token is too short; no token is in the message.
        """
        tokens: dict[str, str] = {}
        if settings.page_tokens is not None:
            parts = settings.page_tokens.get_secret_value().split(",")
            tokens |= _read("ESCALATION_PAGE_TOKENS", parts)
        if settings.page_tokens_file is not None:
            try:
                lines = settings.page_tokens_file.read_text(encoding="utf-8").splitlines()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(
                    f"ESCALATION_PAGE_TOKENS_FILE: cannot read {settings.page_tokens_file}: {error}"
                ) from error
            tokens |= _read("ESCALATION_PAGE_TOKENS_FILE", lines)
        return cls(tokens)

    def name_of(self, authorization: str | None) -> str | None:
        """Return whose token an `Authorization` header carries, None for nobody's.

        Every token is compared, each in constant time, so that the time tells nothing.
        """
        scheme, _, token = (authorization or "")[:LONGEST_HEADER].partition(" ")
        digest = _digest(token.strip())
        found = None
        for name, known in self._digests:
            if hmac.compare_digest(digest, known):
                found = name
        return found if scheme.lower() == "bearer" else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _read(variable: str, lines: Iterable[str]) -> dict[str, str]:
    tokens: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, token = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise SettingsError(f"{variable}: entry {number} is not `name=token`")
        if len(token) < SHORTEST:
            raise SettingsError(
                f"{variable}: the token of {name} is shorter than {SHORTEST} characters"
            )
        if name in tokens:
            raise SettingsError(f"{variable}: {name} is there twice")
        tokens[name] = token
    return tokens
