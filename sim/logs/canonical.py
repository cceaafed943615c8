"""The one frame every log is read into, whatever system wrote it.

| column | what |
|---|---|
| contact_id | counts from 0 in the order of `offered_at` |
| queue | name of the queue |
| offered_at | the customer asked for an agent |
| answered_at | an agent took the contact; NaT = never |
| ended_at | the customer's contact ended |
| agent | who answered; missing where nobody did |
| consult_at | a second agent was consulted; NaT = never |
| transferred_at | the contact was handed on; NaT = never |
| outcome | answered or abandoned |

Times are local clock times. `consult_at` and `transferred_at` may be a reading of the log and no fact: each
importer says so.
"""

import pandas as pd

COLUMNS = (
    "contact_id",
    "queue",
    "offered_at",
    "answered_at",
    "ended_at",
    "agent",
    "consult_at",
    "transferred_at",
    "outcome",
)


def answered(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that an agent took."""
    return calls[calls["answered_at"].notna()]


def released_at(calls: pd.DataFrame) -> pd.Series:
    """Tell when the agent who answered was done with the contact: at its transfer, or else at its end."""
    return calls["transferred_at"].fillna(calls["ended_at"])


def wait_s(calls: pd.DataFrame) -> pd.Series:
    """Return seconds from the offer to the answer, or to the end where nobody answered."""
    return (calls["answered_at"].fillna(calls["ended_at"]) - calls["offered_at"]).dt.total_seconds()


def handle_s(calls: pd.DataFrame) -> pd.Series:
    """Return seconds the answering agent spent on the contact; NaN where nobody answered."""
    return (released_at(calls) - calls["answered_at"]).dt.total_seconds()


def day(calls: pd.DataFrame) -> pd.Series:
    """Return the date of the offer, at midnight."""
    date: pd.Series = calls["offered_at"].dt.normalize().rename("day")
    return date
