"""Formats of logs that are no table with a row a contact."""
