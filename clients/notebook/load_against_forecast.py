# %% [markdown]
# # Load against forecast
#
# What a firm's meter says beside what its forecasts said, from a Gridcommons platform: links to Parquet files by GraphQL,
# two DataFrames, the mean absolute percentage error and what the load costs at a price. Runs as a notebook (each `# %%` is a
# cell in VS Code, PyCharm and Jupyter with jupytext) and as a program:
#
#     python load_against_forecast.py URL KEY_FILE HOSTED_SERIES FROM TO PRICE_PER_MWH [CHART.png]
#
# Needs pandas and pyarrow; the chart needs matplotlib.

# %%
import io
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pandas as pd

url, key_file, series, start, end, price = sys.argv[1:7]
chart = sys.argv[7] if len(sys.argv) > 7 else None
key = Path(key_file).read_text().strip()


# %%
def ask(query, **variables):
    """The data of a GraphQL query."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {key}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{url}/graphql", body, headers)) as answer:
            said = json.load(answer)
    except urllib.error.HTTPError as refused:
        said = json.load(refused)
    if "errors" in said:
        raise SystemExit(said["errors"][0]["extensions"]["code"] + ": " + said["errors"][0]["message"])
    return said["data"]


def frame(link):
    """The table behind a link, which needs no credentials for ten minutes."""
    with urllib.request.urlopen(link["url"]) as answer:
        return pd.read_parquet(io.BytesIO(answer.read()))


# %% The meter's hours, and the newest forecast of each by the own organisation. (Of several participants quantiles are
# added up, which is exact only where their errors move together.)
links = ask(
    """query ($series: ID!, $organisation: [ID!], $from: DateTime!, $to: DateTime!) {
      load: seriesReadingsDownload(seriesId: $series, from: $from, until: $to, resolution: "PT1H", format: PARQUET) { url }
      forecast: forecastsDownload(organisationIds: $organisation, series: load, from: $from, to: $to, latest: true, format: PARQUET) { url }
    }""",
    series=series,
    organisation=[ask("{ me { organisation { id } } }")["me"]["organisation"]["id"]],
    **{"from": start, "to": end},
)
load = frame(links["load"]).set_index("starts_at")["value"]
forecast = frame(links["forecast"]).groupby("interval_start")[["p10_wh", "p50_wh", "p90_wh"]].sum()
hours = forecast.join(load.rename("load_wh"), how="inner").astype("float64")

# %% How far off the forecasts were, and what the load costs in minor units.
used = hours[hours["load_wh"] > 0]
mape = float(((used["p50_wh"] - used["load_wh"]).abs() / used["load_wh"]).mean() * 100)
covered = float(hours["load_wh"].between(hours["p10_wh"], hours["p90_wh"]).mean() * 100)
cost_minor = round(float(hours["load_wh"].sum()) / 1_000_000 * float(price))
print(json.dumps({"hours": len(hours), "mape": round(mape, 3), "covered": round(covered, 1), "costMinor": cost_minor}))

# %%
if chart or hasattr(sys, "ps1"):
    axes = hours[["load_wh", "p50_wh"]].plot(figsize=(10, 4), ylabel="Wh", title="Load against forecast", x_compat=True)
    axes.fill_between(hours.index, hours["p10_wh"], hours["p90_wh"], alpha=0.2, label="80 % band")
    axes.legend()
    if chart:
        axes.figure.savefig(chart, dpi=120)
