"""DLinear (Zeng et al. 2023) in PyTorch on ETTh1, 336 to 96, with the settings of its authors' script: shared over the seven
columns, moving average of 25, Adam at 0.005, batches of 32, up to EPOCHS epochs. Prints one JSON line: seconds of training alone
and test error after each epoch, on data standardised on the training part, every test window."""

import csv
import gzip
import json
import sys
import time

import numpy
import torch

LOOKBACK, HORIZON, SPAN, BATCH, RATE, EPOCHS = 336, 96, 25, 32, 0.005, 10
TRAIN, VALIDATION, TEST = 8_640, 11_520, 14_400


class DLinear(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.average = torch.nn.AvgPool1d(SPAN, stride=1)
        self.trend = torch.nn.Linear(LOOKBACK, HORIZON)
        self.rest = torch.nn.Linear(LOOKBACK, HORIZON)

    def forward(self, x):  # batch × columns × LOOKBACK
        reach = (SPAN - 1) // 2
        ends = [x[..., :1].expand(-1, -1, reach), x, x[..., -1:].expand(-1, -1, reach)]
        trend = self.average(torch.cat(ends, dim=-1))
        return self.trend(trend) + self.rest(x - trend)


def standardised(file):
    with gzip.open(file, "rt") as lines:
        rows = list(csv.reader(lines))[1 : TEST + 1]
    values = numpy.array([[float(value) for value in row[1:]] for row in rows])
    known = values[:TRAIN]
    scaled = (values - known.mean(axis=0)) / known.std(axis=0)
    return torch.tensor(scaled.T, dtype=torch.float32)


def windows(data, first, end):
    """Issue times in [first, end − HORIZON]: inputs and targets, windows × columns × steps."""
    cut = data[:, first - LOOKBACK : end].unfold(1, LOOKBACK + HORIZON, 1).transpose(0, 1)
    return cut[..., :LOOKBACK], cut[..., LOOKBACK:]


def main(file):
    torch.manual_seed(2021)
    data = standardised(file)
    x, y = windows(data, LOOKBACK, TRAIN)
    test_x, test_y = windows(data, VALIDATION, TEST)
    model = DLinear()
    optimiser = torch.optim.Adam(model.parameters(), lr=RATE)
    seconds, epochs = 0.0, []
    for epoch in range(EPOCHS):
        started = time.perf_counter()
        # As the authors' script: halved after each epoch.
        for group in optimiser.param_groups:
            group["lr"] = RATE * 0.5**epoch
        for rows in torch.randperm(len(x)).split(BATCH):
            optimiser.zero_grad()
            torch.nn.functional.mse_loss(model(x[rows]), y[rows]).backward()
            optimiser.step()
        seconds += time.perf_counter() - started
        with torch.no_grad():
            mse = torch.nn.functional.mse_loss(model(test_x), test_y).item()
        epochs.append({"seconds": seconds, "testMse": mse})
    print(json.dumps({"epochs": epochs, "versions": {"torch": torch.__version__, "numpy": numpy.__version__}}))


main(sys.argv[1])
