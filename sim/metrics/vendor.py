"""The vendor's figures whose definition differs from the true ones, computed as the vendor defines them."""

from sim.metrics.metric import PRESENCE, Metric, breakdowns

_BY = breakdowns("all | queue | channel | kind | queue kind | interval | queue interval")
_BY_AGENT = (*_BY, *breakdowns("team"))
_KB = "Expertflow CX Knowledgebase, "
_QUEUE_STATS = _KB + "Queue Stats Today"
_SUMMARY = _KB + "Queue wise Stats Summary"
_KEY_METRICS = _KB + "Key Reporting Metrics; SLA Calculations"
_JUDGED = (
    "; within the queue's threshold at the moment of reservation, the clock starting anew at each re-queueing"
)


def _tasks(name: str, formula: str, source: str) -> Metric:
    return Metric(name, "tasks", "mean", formula, source, _BY)


def _seconds(name: str, formula: str, source: str) -> Metric:
    return Metric(name, "s", "ratio of means", formula, source, _BY_AGENT)


def _share(name: str, formula: str, source: str) -> Metric:
    return Metric(name, "share", "ratio of means", formula, source, _BY)


VENDOR = (
    _tasks(
        "vendor_offered",
        "tasks that entered the queue; a request that is re-queued counts again (M1)",
        _SUMMARY,
    ),
    _tasks("vendor_abandoned", "tasks closed CANCELLED, for whatever reason (M8)", _KEY_METRICS),
    _share("vendor_abandon_rate", "`vendor_abandoned` / `vendor_offered` (M21)", _KB + "Summary Dashboard"),
    _tasks("vendor_no_agent", "tasks closed NO_AGENT_AVAILABLE (M14)", _KB + "SLA Calculations"),
    _tasks("vendor_rona", "tasks closed RONA (M15)", _SUMMARY),
    _tasks(
        "vendor_transferred_out",
        "tasks closed TRANSFERRED, by the queue that was left (M16)",
        _KB + "Transferred Tasks per Queue",
    ),
    Metric(
        "vendor_average_queue_duration",
        "s",
        "ratio of means",
        "Σ queue duration / `vendor_offered` (M3); one that ended in the queue adds 0 s, so this is too low",
        _QUEUE_STATS,
        _BY,
    ),
    _seconds(
        "vendor_asa",
        "Σ alert duration / tasks that rang at an agent (M5): the ringing only, no time in the queue",
        _KB + "Agent Productivity By Queue",
    ),
    _seconds(
        "vendor_handled_duration",
        "Σ (end − answer) / tasks answered and ended (M6): wrap-up included",
        _QUEUE_STATS,
    ),
    Metric(
        "vendor_average_abandoned_duration",
        "s",
        "ratio of means",
        "Σ (end − entry into the queue) / `vendor_abandoned` (M9), of tasks that had entered one",
        _QUEUE_STATS,
        _BY,
    ),
    _share(
        "vendor_service_level_1",
        "type 1, ignore abandoned: answered within / (`vendor_offered` − abandoned within) (M10)" + _JUDGED,
        _KEY_METRICS,
    ),
    _share(
        "vendor_service_level_2",
        "type 2, abandoned count against: answered within / `vendor_offered` (M11)" + _JUDGED,
        _KEY_METRICS,
    ),
    _share(
        "vendor_service_level_3",
        "type 3, abandoned count for: (answered within + abandoned within) / `vendor_offered` (M12)"
        + _JUDGED,
        _KEY_METRICS,
    ),
    Metric(
        "vendor_occupancy",
        "share",
        "ratio of means",
        "busy time / logged-in time, breaks included (M19)",
        _KB + "Agent Performance Dashboard",
        PRESENCE,
    ),
)
