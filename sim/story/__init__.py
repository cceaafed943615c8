"""A conversation told from its events: who is in it, what each is told, and the line of what happened."""

from typing import Literal

Find = Literal[
    "transfer", "conference", "whisper", "no-agent", "wait-limit", "ring-out", "named", "warm", "supervisor",
    "sent-back",
]  # fmt: skip
"""Something that happens in the conversation looked for."""

View = Literal["customer", "agent", "all"]
"""Who tells the story: the customer, one agent, or one who sees everything."""
