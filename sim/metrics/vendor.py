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
        "tasks that entered the queue; a request that is re-queued counts again",
        _SUMMARY,
    ),
    _tasks("vendor_abandoned", "tasks closed CANCELLED, for whatever reason", _KEY_METRICS),
    _share(
        "vendor_abandon_rate",
        "tasks closed CANCELLED that had entered a queue / `vendor_offered`",
        _KB + "Summary Dashboard",
    ),
    _tasks("vendor_no_agent", "tasks closed NO_AGENT_AVAILABLE", _KB + "SLA Calculations"),
    _tasks("vendor_rona", "tasks closed RONA", _SUMMARY),
    _tasks(
        "vendor_transferred_out",
        "tasks closed TRANSFERRED, by the queue that was left",
        _KB + "Transferred Tasks per Queue",
    ),
    Metric(
        "vendor_average_queue_duration",
        "s",
        "ratio of means",
        "Σ queue duration / `vendor_offered`; one that ended in the queue adds 0 s, so this is too low",
        _QUEUE_STATS,
        _BY,
    ),
    _seconds(
        "vendor_asa",
        "Σ alert duration / tasks that rang at an agent: the ringing only, no time in the queue",
        _KB + "Agent Productivity By Queue",
    ),
    _seconds(
        "vendor_handled_duration",
        "Σ (end − answer) / tasks answered and ended: wrap-up included",
        _QUEUE_STATS,
    ),
    Metric(
        "vendor_average_abandoned_duration",
        "s",
        "ratio of means",
        "Σ (end − entry into the queue) / tasks closed CANCELLED that had entered a queue",
        _QUEUE_STATS,
        _BY,
    ),
    _share(
        "vendor_service_level_1",
        "type 1, ignore abandoned: answered within / (`vendor_offered` − abandoned within)" + _JUDGED,
        _KEY_METRICS,
    ),
    _share(
        "vendor_service_level_2",
        "type 2, abandoned count against: answered within / `vendor_offered`" + _JUDGED,
        _KEY_METRICS,
    ),
    _share(
        "vendor_service_level_3",
        "type 3, abandoned count for: (answered within + abandoned within) / `vendor_offered`" + _JUDGED,
        _KEY_METRICS,
    ),
    Metric(
        "vendor_occupancy",
        "share",
        "ratio of means",
        "busy time / logged-in time, breaks included",
        _KB + "Agent Performance Dashboard",
        PRESENCE,
    ),
)
