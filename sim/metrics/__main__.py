"""Write the page of the metrics to standard output."""

import sys

from sim.metrics.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
