"""
One clearing by ASSUME's pay-as-clear. Only its clearing is loaded: the package's own __init__ loads its whole simulation,
with databases, learning and grids that a clearing does not need.
"""

import importlib.util
import sys
import types
from datetime import datetime, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from dateutil.rrule import HOURLY, rrule
from workload import read_orders, report, timed

folder = Path(importlib.util.find_spec("assume").submodule_search_locations[0])
for name in ["assume", "assume.common", "assume.markets", "assume.markets.clearing_algorithms"]:
    package = types.ModuleType(name)
    package.__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
    sys.modules[name] = package
from assume.common.market_objects import MarketConfig, MarketProduct  # noqa: E402
from assume.markets.clearing_algorithms.simple import PayAsClearRole  # noqa: E402

orders, _ = read_orders()
start = datetime(2026, 1, 1)
end = start + timedelta(hours=1)
book = [
    {
        "bid_id": f"order-{i}",
        "agent_addr": f"member-{i}",
        "start_time": start,
        "end_time": end,
        "only_hours": None,
        "price": price / 100,
        "volume": (1 if side == "sell" else -1) * wh,
    }
    for i, (side, wh, price) in enumerate(orders)
]
hour = MarketProduct(relativedelta(hours=1), 1)
config = MarketConfig(market_products=[hour], opening_hours=rrule(HOURLY, dtstart=start, until=end))
role = PayAsClearRole(config)
seconds, (accepted, _, _, _) = timed(lambda: role.clear(book, [(start, end, None)]))
report(seconds, sum(order["accepted_volume"] for order in accepted if order["volume"] > 0))
