"""The gate: a scenario held to its targets and to how it was before, as sure as replications can make it."""
