"""HOW SURE: a scenario run over and over, compared, varied and searched, and what that says."""
