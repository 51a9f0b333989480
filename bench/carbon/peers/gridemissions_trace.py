"""
Consumption-based intensities of hours by gridemissions' own consumption_emissions. Only that module is loaded: the package's
own __init__ loads clients of web services and reads and writes a configuration in the home directory, which tracing does not
need.
"""

import importlib.util
import json
import sys
import time
import types
from pathlib import Path

import numpy as np

location = Path(importlib.util.find_spec("gridemissions").submodule_search_locations[0])
package = types.ModuleType("gridemissions")
package.__path__ = [str(location)]
sys.modules["gridemissions"] = package
package.eia_api_v2 = sys.modules["gridemissions.eia_api_v2"] = types.ModuleType("gridemissions.eia_api_v2")
load = sys.modules["gridemissions.load"] = types.ModuleType("gridemissions.load")
load.GraphData = object
from gridemissions.emissions import consumption_emissions  # noqa: E402

folder = Path(sys.argv[1])
grid = json.loads((folder / "grid.json").read_text())
zones, lines = grid["zones"], np.array(grid["lines"])
read = lambda name, columns: np.fromfile(folder / f"{name}.f64").reshape(-1, columns)  # noqa: E731
generation, emissions, flows = read("generation", zones), read("emissions", zones), read("flows", len(lines))
exchanges = np.zeros((len(flows), zones, zones))
exchanges[:, lines[:, 0], lines[:, 1]] = flows
exchanges[:, lines[:, 1], lines[:, 0]] = -flows

intensities = np.empty_like(generation)
started = time.perf_counter()
for hour in range(len(generation)):
    intensities[hour], _ = consumption_emissions(emissions[hour], generation[hour], exchanges[hour])
seconds = time.perf_counter() - started
intensities.tofile(folder / "intensities.f64")
print(json.dumps({"seconds": seconds}))
