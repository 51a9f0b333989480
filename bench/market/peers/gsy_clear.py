"""One clearing by gsy-framework's pay-as-bid or pay-as-clear matcher."""

from gsy_framework.matching_algorithms import PayAsBidMatchingAlgorithm, PayAsClearMatchingAlgorithm
from workload import read_orders, report, timed

orders, mechanism = read_orders()
matcher = {"pay-as-bid": PayAsBidMatchingAlgorithm, "pay-as-clear": PayAsClearMatchingAlgorithm}[mechanism]()


def orders_of(side, owner):
    return [
        {"id": f"order-{i}", owner: f"member-{i}", "energy": wh / 1e3, "energy_rate": price / 1e3}
        for i, (of, wh, price) in enumerate(orders)
        if of == side
    ]


book = {"bids": orders_of("buy", "buyer"), "offers": orders_of("sell", "seller"), "current_time": "00:00"}
seconds, matches = timed(lambda: matcher.get_matches_recommendations({"market": {"00:00": book}}))
report(seconds, sum(match["selected_energy"] for match in matches) * 1e3)
