"""One queue, M/M/50 with impatient customers: the same model in our engine and in its peers, a file each."""
