"""One clearing by pymarket's huang, muda or p2p."""

import numpy
import pymarket
from workload import read_orders, report, timed

orders, mechanism = read_orders()
market = pymarket.Market()
for user, (side, quantity_wh, price) in enumerate(orders):
    market.accept_bid(quantity_wh, price, user, side == "buy")
options = {} if mechanism == "huang" else {"r": numpy.random.RandomState(1)}
seconds, (transactions, _) = timed(lambda: market.run(mechanism, **options))
# Each side of a trade is a transaction of its own.
buys = [side == "buy" for side, _, _ in orders]
frame = transactions.get_df()
report(seconds, float(frame.quantity[[buys[int(bid)] for bid in frame.bid]].sum()))
