"""The dice by which worlds are thrown."""

from random import Random
from typing import Any

Spec = dict[str, Any]


class Dice(Random):
    """Dice that also say whether something is there at all."""

    def may(self, share: float = 0.3) -> bool:
        return self.random() < share

    def some(self, share: float = 0.3, **keys: Any) -> Spec:
        """Each of these keys with that probability; of a list one value, of a function what it returns."""
        return {key: self.one(values) for key, values in keys.items() if self.may(share)}

    def one(self, values: Any) -> Any:
        return values() if callable(values) else self.choice(values)
