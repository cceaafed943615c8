"""The routing policies that ship beyond the defaults, and the contract with those of one's own."""
