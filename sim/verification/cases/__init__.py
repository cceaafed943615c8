"""The models with known answers, one file a family."""
