"""Write the page of the metrics to standard output."""

import sys

from sim.metrics.page import metrics_page

if __name__ == "__main__":
    sys.stdout.write(metrics_page())
