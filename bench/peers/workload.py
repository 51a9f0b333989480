"""What every peer sums: the vectors of workload.ts, and how far a mean is from the exact one. One thread everywhere."""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import json
import platform
import sys
import time
from importlib.metadata import version

import numpy as np

LARGEST_VALUE = 0.99


def vector_of(site, values):
    """`values` numbers without structure in ±LARGEST_VALUE."""
    steps = np.arange(1, values + 1, dtype=np.float64)
    return LARGEST_VALUE * np.cos(steps * (site + np.sqrt(2.0)) * 1.618033988749)


def largest_difference(left, right):
    return float(np.max(np.abs(np.asarray(left) - np.asarray(right))))


def mean_of(vectors):
    """The exact mean, added in the order of the sites."""
    return sum(vectors[1:], vectors[0].copy()) / len(vectors)


class Stopwatch:
    """Seconds of processor time, of all threads, spent inside `with stopwatch:`."""

    def __init__(self):
        self.seconds = 0.0

    def __enter__(self):
        self._start = time.process_time()
        return self

    def __exit__(self, *_):
        self.seconds += time.process_time() - self._start


def arguments():
    """VALUES SITES DROPPED of the command line."""
    return [int(argument) for argument in sys.argv[1:4]]


def report(packages, **figures):
    """One line of JSON, the last on standard output."""
    versions = {name: version(name) for name in packages} | {"python": platform.python_version()}
    print(json.dumps({"versions": versions} | figures), flush=True)
