"""For whoever keeps it running: does it keep up, does anything fail, what does it cost."""

from __future__ import annotations

from typing import Final

from streams.dashboards.panels import Dashboard, Panel, Query, Row, Variable

NS: Final = 'namespace=~"$namespace"'


def _percentile(share: float, histogram: str, by: str = "le") -> str:
    buckets = f"{histogram}_bucket{{{NS}}}[$__rate_interval]"
    return f"histogram_quantile({share}, sum by ({by}) (rate({buckets})))"


def _percentiles(histogram: str) -> tuple[Query, ...]:
    return tuple(
        Query(_percentile(share, histogram), name)
        for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
    )


OPERATOR: Final = Dashboard(
    uid="escalation-operator",
    title="Escalation Signals: operator",
    description="Does it keep up, does anything fail, what does it cost.",
    variables=(Variable("namespace", "label_values(escalation_items_total, namespace)"),),
    rows=(
        Row(
            "Does it keep up",
            (
                Panel(
                    "Items",
                    "Items a second by what came of them. It stops when intake or the worker does.",
                    (
                        Query(
                            "sum by (outcome) (rate("
                            f"escalation_items_total{{{NS}}}[$__rate_interval]))",
                            "{{outcome}}",
                        ),
                    ),
                    unit="reqps",
                    stacked=True,
                ),
                Panel(
                    "Lag",
                    "Records behind the end of each topic. It must come back to zero by itself.",
                    (
                        Query(
                            "sum by (topic) (max by (topic, partition) ("
                            f"escalation_lag_records{{{NS}}}))",
                            "{{topic}}",
                        ),
                    ),
                ),
                Panel(
                    "Since the last commit",
                    "Seconds since each stage committed. It grows while there is nothing to do;"
                    " with lag it is a stall.",
                    (
                        Query(
                            "time() - max by (stage) ("
                            f"escalation_last_commit_timestamp_seconds{{{NS}}})",
                            "{{stage}}",
                        ),
                    ),
                    unit="s",
                ),
                Panel(
                    "From record to alert",
                    "What a subscriber waits for us.",
                    _percentiles("escalation_ingested_to_alert_seconds"),
                    unit="s",
                ),
                Panel(
                    "From publication to alert",
                    "With the way to us: the publisher's clock, the crawler, the queue.",
                    _percentiles("escalation_published_to_alert_seconds"),
                    unit="s",
                ),
                Panel(
                    "Scoring a batch",
                    "Seconds for one batch. It grows with its size, the texts' length and the"
                    " share of cues.",
                    _percentiles("escalation_score_duration_seconds"),
                    unit="s",
                ),
                Panel(
                    "Records in a batch",
                    "Near the maximum it is behind, near one it idles.",
                    (Query(_percentile(0.5, "escalation_batch_records"), "median"),),
                ),
                Panel(
                    "In hand",
                    "Records fetched and not yet committed.",
                    (Query(f"sum(escalation_in_progress_records{{{NS}}})", "records"),),
                ),
                Panel(
                    "Partitions moved",
                    "Batches given up since their partitions moved; another worker redoes them.",
                    (
                        Query(
                            f"sum(increase(escalation_batches_given_up_total{{{NS}}}[5m]))",
                            "batches",
                        ),
                    ),
                    zero=True,
                ),
            ),
        ),
        Row(
            "Does anything fail",
            (
                Panel(
                    "Dead letters",
                    "By stage and error. `decode` is a producer's fault, `score` is a bug of ours."
                    " Look with `escalation dlq`.",
                    (
                        Query(
                            "sum by (stage, error) (increase("
                            f"escalation_dead_letters_total{{{NS}}}[5m]))",
                            "{{stage}} {{error}}",
                        ),
                    ),
                    stacked=True,
                    zero=True,
                ),
                Panel(
                    "Not English",
                    "Items that were recognised as another language and not scored.",
                    (
                        Query(
                            "sum(rate(escalation_items_total"
                            f'{{{NS}, outcome="unsupported"}}[1h]))'
                            f" / sum(rate(escalation_items_total{{{NS}}}[1h]))",
                            "share",
                        ),
                    ),
                    unit="percentunit",
                    zero=True,
                ),
                Panel(
                    "Late signals",
                    "Published long before others of their partition that came earlier.",
                    (
                        Query(
                            f"sum(increase(escalation_late_signals_total{{{NS}}}[1h]))", "signals"
                        ),
                    ),
                    zero=True,
                ),
                Panel(
                    "Deliveries",
                    "Requests to webhook targets by how they ended, of those that there were.",
                    (
                        Query(
                            "sum by (target, result) (increase("
                            f"escalation_webhook_attempts_total{{{NS}}}[5m])) > 0",
                            "{{target}} {{result}}",
                        ),
                    ),
                    stacked=True,
                    zero=True,
                ),
                Panel(
                    "Readers of the page",
                    "Open streams of the page.",
                    (Query(f"sum(escalation_page_clients{{{NS}}})", "readers"),),
                ),
                Panel(
                    "Model bundles",
                    "New bundles that were accepted or refused; refused ones change nothing.",
                    (
                        Query(
                            "sum by (result) (increase("
                            f"escalation_model_changes_total{{{NS}}}[1h]))",
                            "{{result}}",
                        ),
                    ),
                    zero=True,
                ),
            ),
        ),
        Row(
            "What does the model see",
            (
                Panel(
                    "Scores",
                    "Probability below which 99 of 100 items stay, by cue.",
                    (Query(_percentile(0.99, "escalation_cue_probability", "le, cue"), "{{cue}}"),),
                    unit="percentunit",
                    width=12,
                ),
                Panel(
                    "Words that it does not know",
                    "Share of words in sampled items that training never saw.",
                    (Query(f"avg(escalation_unknown_words_ratio{{{NS}}})", "share"),),
                    unit="percentunit",
                    width=6,
                ),
                Panel(
                    "Age of the model",
                    "Since it was trained.",
                    (
                        Query(
                            f"time() - max(escalation_model_trained_timestamp_seconds{{{NS}}})",
                            "age",
                        ),
                    ),
                    kind="stat",
                    unit="s",
                    width=6,
                ),
            ),
        ),
        Row(
            "What does it cost",
            (
                Panel(
                    "Processor",
                    "Seconds of processor a second, by worker. One is one core.",
                    (
                        Query(
                            "sum by (instance) (rate("
                            f"process_cpu_seconds_total{{{NS}}}[$__rate_interval]))",
                            "{{instance}}",
                        ),
                    ),
                ),
                Panel(
                    "Memory",
                    "Resident memory by worker; it must be flat.",
                    (Query(f"process_resident_memory_bytes{{{NS}}}", "{{instance}}"),),
                    unit="bytes",
                ),
                Panel(
                    "Open files",
                    "File handles by worker; they must be flat.",
                    (Query(f"process_open_fds{{{NS}}}", "{{instance}}"),),
                ),
            ),
        ),
    ),
)
