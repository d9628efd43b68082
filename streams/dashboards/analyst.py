"""For whoever reads the alerts: what happens where, how bad it is, and how far to trust it."""

from __future__ import annotations

from typing import Final

from streams.dashboards.panels import Dashboard, Panel, Query, Row, Variable

NS: Final = 'namespace=~"$namespace"'

ANALYST: Final = Dashboard(
    uid="escalation-analyst",
    title="Escalation Signals: analyst",
    description="What happens where, how bad it is, and how far to trust it.",
    variables=(
        Variable("namespace", "label_values(escalation_items_total, namespace)"),
        Variable("cue", "label_values(escalation_signals_total, cue)"),
        # A pair names two: both are offered.
        Variable(
            "country",
            "query_result(group by (country) ("
            'label_replace(escalation_tension, "country", "$1", "pair", "([A-Z]+)-.*") or '
            'label_replace(escalation_tension, "country", "$1", "pair", ".*-([A-Z]+)")))',
            '/country="([A-Z]+)"/',
        ),
    ),
    rows=(
        Row(
            "Now",
            (
                Panel(
                    "Alerts in the last hour",
                    "Steps of incidents that were told. Far more than usual: a crisis, or a model"
                    " that has gone wrong; read the latest ones.",
                    (Query(f"sum(increase(escalation_alerts_total{{{NS}}}[1h]))"),),
                    kind="stat",
                    width=5,
                    zero=True,
                ),
                Panel(
                    "Critical and high in the last hour",
                    "These are worth reading at once.",
                    (
                        Query(
                            "sum(increase(escalation_alerts_total"
                            f'{{{NS}, severity=~"critical|high"}}[1h]))'
                        ),
                    ),
                    kind="stat",
                    width=5,
                    steps=((None, "green"), (1, "orange"), (5, "red")),
                    zero=True,
                ),
                Panel(
                    "Incidents open",
                    "Incidents that may still grow.",
                    (Query(f"sum(escalation_incidents_open{{{NS}}})"),),
                    kind="stat",
                    width=5,
                ),
                Panel(
                    "Last item",
                    "Age of the latest item that was scored. Old: nobody sends news.",
                    # Zero is a worker that has seen none yet.
                    (Query(f"time() - max(escalation_last_item_timestamp_seconds{{{NS}}} > 0)"),),
                    kind="stat",
                    unit="s",
                    width=4,
                    steps=((None, "green"), (900, "orange"), (3600, "red")),
                ),
                Panel(
                    "Model in service",
                    "Version and digest of the model that scores.",
                    (
                        Query(
                            f"count by (version, digest) (escalation_model_info{{{NS}}})",
                            "{{version}} {{digest}}",
                        ),
                    ),
                    kind="table",
                    width=5,
                ),
            ),
        ),
        Row(
            "What is told",
            (
                Panel(
                    "Alerts by severity",
                    "Steps of incidents an hour, by severity.",
                    (
                        Query(
                            f"sum by (severity) (increase(escalation_alerts_total{{{NS}}}[1h]))",
                            "{{severity}}",
                        ),
                    ),
                    stacked=True,
                    width=12,
                ),
                Panel(
                    "Signals by cue",
                    "Items with a cue over its floor, an hour. A cue that falls silent or storms"
                    " while others do not is worth a look at the model.",
                    (
                        Query(
                            "sum by (cue) (increase("
                            f'escalation_signals_total{{{NS}, cue=~"$cue"}}[1h]))',
                            "{{cue}}",
                        ),
                    ),
                    stacked=True,
                    width=12,
                ),
                Panel(
                    "How it is reported",
                    "Signals by modality: what occurred, was threatened, warned of or demanded.",
                    (
                        Query(
                            "sum by (modality) (increase("
                            f'escalation_signals_total{{{NS}, cue=~"$cue"}}[6h]))',
                            "{{modality}}",
                        ),
                    ),
                    kind="bargauge",
                ),
                Panel(
                    "Steps of incidents",
                    "Opened, updated, cooled, closed, an hour.",
                    (
                        Query(
                            "sum by (step) (increase("
                            f"escalation_incident_steps_total{{{NS}}}[1h]))",
                            "{{step}}",
                        ),
                    ),
                    stacked=True,
                ),
                Panel(
                    "Kept from you",
                    "Signals that joined an incident and were not worth a step, by reason.",
                    (
                        Query(
                            "sum by (reason) (increase("
                            f"escalation_suppressed_signals_total{{{NS}}}[1h]))",
                            "{{reason}}",
                        ),
                    ),
                    stacked=True,
                ),
            ),
        ),
        Row(
            "Between whom",
            (
                Panel(
                    "Tension, 24 hours",
                    "Severity-weighted, decayed sum of a pair's signals. A jump of the hour that"
                    " the day follows is a crisis.",
                    (
                        Query(
                            'topk(12, max by (pair) (escalation_tension{window="24h",'
                            f' pair=~".*($country).*", {NS}}}))',
                            "{{pair}}",
                        ),
                    ),
                    width=12,
                    height=9,
                ),
                Panel(
                    "Pairs now",
                    "The hour, the day and the week side by side.",
                    (
                        Query(
                            "sort_desc(max by (pair, window) (escalation_tension"
                            f'{{pair=~".*($country).*", {NS}}}))'
                        ),
                    ),
                    kind="table",
                    width=12,
                    height=9,
                    across=("pair", "window", ("1h", "24h", "7d")),
                ),
            ),
        ),
        Row(
            "How far to trust it",
            (
                Panel(
                    "Confidence of alerts",
                    "Median by number and kind of sources. Low: rumours and single sources.",
                    (
                        Query(
                            "histogram_quantile(0.5, sum by (le) (increase("
                            f"escalation_alert_confidence_bucket{{{NS}}}[6h])))",
                            "median",
                        ),
                    ),
                    unit="percentunit",
                ),
                Panel(
                    "Verdicts",
                    "What analysts say. Many dismissals for one reason: export them and train.",
                    (
                        Query(
                            "sum by (verdict, reason) (increase("
                            f"escalation_feedback_total{{{NS}}}[7d]))",
                            "{{verdict}} {{reason}}",
                        ),
                    ),
                    kind="bargauge",
                    zero=True,
                ),
                Panel(
                    "Drift",
                    "Population stability index against what the model was trained on: below 0.1"
                    " nothing, above 0.25 the news is another (Siddiqi 2006).",
                    (
                        Query(
                            f"max by (feature) (escalation_drift_psi{{{NS}}})",
                            "{{feature}}",
                        ),
                    ),
                    steps=((None, "green"), (0.1, "orange"), (0.25, "red")),
                ),
            ),
        ),
    ),
)
