"""Orders of one interval from the bench, and the line that answers it."""

import json
import sys
import time


def read_orders():
    """Columns of one length: side ("buy" or "sell"), quantityWh, pricePerMwh; and what to clear them by."""
    with open(sys.argv[1], encoding="utf-8") as file:
        columns = json.load(file)
    orders = list(zip(columns["side"], columns["quantityWh"], columns["pricePerMwh"], strict=True))
    return orders, sys.argv[2]


def timed(clear):
    """Seconds of one call, and what it returns."""
    started = time.perf_counter()
    result = clear()
    return time.perf_counter() - started, result


def report(seconds, quantity_wh):
    print(json.dumps({"seconds": seconds, "quantityWh": quantity_wh}))
