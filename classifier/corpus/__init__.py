"""The labelled text that the classifier is trained on, and the tools that keep it sound."""

from __future__ import annotations

from classifier.corpus.records import Example, Passage, parse_line
from classifier.corpus.store import corpus_digest, corpus_path, load_corpus, load_file

__all__ = [
    "Example",
    "Passage",
    "corpus_digest",
    "corpus_path",
    "load_corpus",
    "load_file",
    "parse_line",
]
