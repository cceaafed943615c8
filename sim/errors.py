"""Every mistake a user can make is one of these, and none of them is shown as a traceback."""

from dataclasses import dataclass


class SimError(Exception):
    """A mistake of the user's; its text is one clear line, or one line for each mistake."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a scenario file, and where.

    `line` and `column` count from 1; both are 0 where the mistake has no place in a file.
    """

    file: str
    line: int
    column: int
    key: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.key}: {self.what}" if self.key else f"{place}: {self.what}"


class ScenarioError(SimError):
    """All mistakes of one scenario at once."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in mistakes))

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[list[Mistake]]]:
        return type(self), (list(self.mistakes),)


class NotSimulatedError(SimError):
    """The scenario asks for a behaviour that the engine does not simulate."""
