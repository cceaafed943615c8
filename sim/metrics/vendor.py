"""The vendor's figures whose definition differs from the true ones, computed as the vendor defines them."""

from sim.metrics.metric import PRESENCE, Breakdown, Metric, breakdowns, mean, share, total

_BY = breakdowns("all | queue | channel | kind | queue kind | interval | queue interval")
_BY_AGENT = (*_BY, *breakdowns("team"))
_KB = "Expertflow CX Knowledgebase, "
_QUEUE_STATS = _KB + "Queue Stats Today"
_SUMMARY = _KB + "Queue wise Stats Summary"
_KEY_METRICS = _KB + "Key Reporting Metrics; SLA Calculations"
_JUDGED = (
    "; within the queue's threshold at the moment of reservation, the clock starting anew at each re-queueing"
)


def _tasks(name: str, names: str, formula: str, source: str) -> Metric:
    return total(name, names, "tasks", formula, _BY, source)


def _seconds(name: str, names: str, formula: str, source: str, by: tuple[Breakdown, ...] = _BY) -> Metric:
    return mean(name, names, formula, by, source)


def _share(name: str, names: str, formula: str, source: str, by: tuple[Breakdown, ...] = _BY) -> Metric:
    return share(name, names, formula, by, source)


VENDOR = (
    _tasks(
        "vendor_offered",
        "Offered, as the vendor counts | Vendor offered",
        "tasks that entered the queue; a request that is re-queued counts again",
        _SUMMARY,
    ),
    _tasks(
        "vendor_abandoned",
        "Abandoned, as the vendor counts | Vendor abandoned",
        "tasks closed CANCELLED, for whatever reason",
        _KEY_METRICS,
    ),
    _share(
        "vendor_abandon_rate",
        "Requests abandoned, as the vendor counts | Vendor abandoned",
        "tasks closed CANCELLED that had entered a queue / `vendor_offered`",
        _KB + "Summary Dashboard",
    ),
    _tasks(
        "vendor_no_agent",
        "No agent, as the vendor counts | Vendor no agent",
        "tasks closed NO_AGENT_AVAILABLE",
        _KB + "SLA Calculations",
    ),
    _tasks("vendor_rona", "Rang out, as the vendor counts | Vendor RONA", "tasks closed RONA", _SUMMARY),
    _tasks(
        "vendor_transferred_out",
        "Transferred, as the vendor counts | Vendor transferred",
        "tasks closed TRANSFERRED, by the queue that was left",
        _KB + "Transferred Tasks per Queue",
    ),
    _seconds(
        "vendor_average_queue_duration",
        "Time in the queue, as the vendor counts | Vendor queue time",
        "Σ queue duration / `vendor_offered`; one that ended in the queue adds 0 s, so this is too low",
        _QUEUE_STATS,
    ),
    _seconds(
        "vendor_asa",
        "Average speed of answer, as the vendor counts | Vendor ASA",
        "Σ alert duration / tasks that rang at an agent: the ringing only, no time in the queue",
        _KB + "Agent Productivity By Queue",
        _BY_AGENT,
    ),
    _seconds(
        "vendor_handled_duration",
        "Handle time, as the vendor counts | Vendor handle time",
        "Σ (end − answer) / tasks answered and ended: wrap-up included",
        _QUEUE_STATS,
        _BY_AGENT,
    ),
    _seconds(
        "vendor_average_abandoned_duration",
        "Time until abandoned, as the vendor counts | Vendor abandoned after",
        "Σ (end − entry into the queue) / tasks closed CANCELLED that had entered a queue",
        _QUEUE_STATS,
    ),
    _share(
        "vendor_service_level_1",
        "Service level, the vendor's type 1 | Vendor level 1",
        "type 1, ignore abandoned: answered within / (`vendor_offered` − abandoned within)" + _JUDGED,
        _KEY_METRICS,
    ),
    _share(
        "vendor_service_level_2",
        "Service level, the vendor's type 2 | Vendor level 2",
        "type 2, abandoned count against: answered within / `vendor_offered`" + _JUDGED,
        _KEY_METRICS,
    ),
    _share(
        "vendor_service_level_3",
        "Service level, the vendor's type 3 | Vendor level 3",
        "type 3, abandoned count for: (answered within + abandoned within) / `vendor_offered`" + _JUDGED,
        _KEY_METRICS,
    ),
    _share(
        "vendor_occupancy",
        "Occupancy, as the vendor counts | Vendor occupancy",
        "busy time / logged-in time, breaks included",
        _KB + "Agent Performance Dashboard",
        PRESENCE,
    ),
)
