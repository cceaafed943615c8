"""What a conversation may be looked up by, and through whose eyes it may be told."""

from typing import Literal

Find = Literal[
    "transfer", "conference", "whisper", "no-agent", "ring-out", "named", "warm", "supervisor"
]  # fmt: skip
"""Something that happens in the conversation looked for."""

View = Literal["customer", "agent", "all"]
"""Who tells the story: the customer, one agent, or somebody who sees everything."""
