"""Errors that callers of the classifier are expected to handle."""

from __future__ import annotations


class BundleError(Exception):
    """A model bundle is missing, altered, or made for other versions than these.

    The message says which of these it is and what to do about it. Nothing of the bundle
    has been unpickled when this is raised.
    """


class CorpusError(ValueError):
    """A line of labelled text breaks the corpus schema; the message names file and line."""


class EncoderError(Exception):
    """The encoder's parts are missing or not those that it was trained with.

    The message says which, and what to install or do.
    """
