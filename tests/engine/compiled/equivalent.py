"""Changes of the C text that no day can tell from the engine, each with the reason."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "selection.c",
        "if (skill != other_skill) return skill > other_skill;",
        "if (skill != other_skill) return skill >= other_skill;",
    ): "the same: they are unequal there",
}
"""By chapter, line before and line after."""
