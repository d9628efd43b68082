"""A page with the reports: tables, reliability and precision-recall plots as inline SVG."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from sklearn.metrics import precision_recall_curve

from classifier.evaluation.metrics import Bools, Floats, reliability
from classifier.evaluation.table import HEADINGS, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.evaluation.report import Report

SIDE = 220
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}td,th{padding:.2rem .7rem;text-align:right}
td:first-child,th:first-child{text-align:left}tr:nth-child(even){background:#f4f4f4}
figure{display:inline-block;margin:.5rem}svg{background:#fafafa}
"""


def page(reports: Sequence[Report], title: str) -> str:
    """Return an HTML document that needs nothing but itself."""
    body = "".join(_section(report) for report in reports)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title>"
        f"<style>{_STYLE}</style><h1>{html.escape(title)}</h1>{body}</html>\n"
    )


def _section(report: Report) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in HEADINGS)
    lines = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows(report)
    )
    plots = "".join(
        _plots(name, truth, scores)
        for name, (truth, scores) in report.curves.items()
        if truth.any()
    )
    wrong = "".join(
        f"<li>{html.escape(f'{m.column}, {m.kind} ({m.score:.2f}): {m.text}')}</li>"
        for m in report.mistakes
    )
    return (
        f"<h2>{html.escape(report.dataset)}</h2><p>{report.items:,} items, "
        f"{report.false_alarms:.2%} false alarms</p><table><tr>{head}</tr>{lines}</table>"
        f"{plots}<details><summary>Surest mistakes</summary><ul>{wrong}</ul></details>"
    )


def _plots(name: str, truth: Bools, scores: Floats) -> str:
    bins = [(said, true) for said, true, _ in reliability(truth, scores)]
    precision, recall, _ = precision_recall_curve(truth, scores)
    curve = list(zip(recall.tolist(), precision.tolist(), strict=True))
    return _figure(f"{name}: reliability", bins, diagonal=True) + _figure(
        f"{name}: precision over recall", curve, diagonal=False
    )


def _figure(caption: str, points: Sequence[tuple[float, float]], *, diagonal: bool) -> str:
    line = " ".join(f"{x * SIDE:.1f},{(1 - y) * SIDE:.1f}" for x, y in points)
    guide = f"<path d='M0 {SIDE}L{SIDE} 0' stroke='#bbb'/>" if diagonal else ""
    return (
        f"<figure><svg viewBox='-2 -2 {SIDE + 4} {SIDE + 4}' width={SIDE} height={SIDE}>"
        f"<rect width={SIDE} height={SIDE} fill=none stroke='#999'/>{guide}"
        f"<polyline points='{line}' fill=none stroke='#b3261e' stroke-width=2 /></svg>"
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )
