"""The command line: what is printed where, and how each command ends."""
