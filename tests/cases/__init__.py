"""Small inputs that once went wrong, each with its right answer."""
