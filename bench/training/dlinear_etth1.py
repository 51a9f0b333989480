"""DLinear (Zeng et al. 2023) in TensorFlow on ETTh1, 336 to 96, with the settings of its authors' script: shared over the seven
columns, moving average of 25, Adam at 0.005 (or, as for other horizons, 0.001) halved after each epoch, batches of 32, ten epochs.
Data are standardised on the training part; windows stay in memory. An epoch is one graph on all cores; the clock runs in
epochs alone, not while data are read, graphs are traced or errors are measured.

Prints one JSON line: for each rate the seconds of training and the validation error over every window after each epoch, up
to the first whose error is at most the second argument; the test error of that epoch, and of the one with the least."""

import csv
import gzip
import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import numpy
import tensorflow as tf

LOOKBACK, HORIZON, SPAN, BATCH, RATES, EPOCHS = 336, 96, 25, 32, (0.005, 0.001), 10
TRAIN, VALIDATION, TEST = 8_640, 11_520, 14_400


def standardised(file):
    with gzip.open(file, "rt") as lines:
        rows = list(csv.reader(lines))[1 : TEST + 1]
    values = numpy.array([[float(value) for value in row[1:]] for row in rows])
    known = values[:TRAIN]
    return ((values - known.mean(axis=0)) / known.std(axis=0)).astype("float32")


def windows(data, first, end):
    """Issue times in [first, end - HORIZON]: inputs and targets, windows x columns x steps."""
    cut = numpy.lib.stride_tricks.sliding_window_view(data[first - LOOKBACK : end], LOOKBACK + HORIZON, axis=0)
    return tf.constant(cut[..., :LOOKBACK]), tf.constant(cut[..., LOOKBACK:])


class DLinear(tf.Module):
    def __init__(self):
        super().__init__()
        # As a linear layer of PyTorch begins.
        reach = LOOKBACK**-0.5
        self.maps = [
            tf.Variable(tf.random.uniform(shape, -reach, reach))
            for shape in 2 * [(LOOKBACK, HORIZON), (HORIZON,)]
        ]

    def __call__(self, x):  # rows x LOOKBACK
        trend_map, trend_bias, rest_map, rest_bias = self.maps
        reach = (SPAN - 1) // 2
        ends = [tf.repeat(x[..., :1], reach, axis=-1), x, tf.repeat(x[..., -1:], reach, axis=-1)]
        padded = tf.concat(ends, axis=-1)[..., tf.newaxis]
        trend = tf.nn.avg_pool1d(padded, SPAN, 1, "VALID")[..., 0]
        return trend @ trend_map + trend_bias + (x - trend) @ rest_map + rest_bias


def error(model, x, y):
    """Of windows x columns x steps; products of two matrices are what is fast."""
    forecast = model(tf.reshape(x, (-1, LOOKBACK)))
    return tf.reduce_mean(tf.math.squared_difference(forecast, tf.reshape(y, (-1, HORIZON))))


def train(rate, target, parts):
    tf.keras.utils.set_random_seed(2021)
    (x, y), validation, test = parts
    model = DLinear()
    optimiser = tf.keras.optimizers.Adam(rate)
    optimiser.build(model.maps)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
    def epoch(order):
        # As the authors load data, without the last, smaller batch.
        for batch in tf.range(tf.shape(order)[0] // BATCH):
            rows = order[batch * BATCH : (batch + 1) * BATCH]
            with tf.GradientTape() as tape:
                loss = error(model, tf.gather(x, rows), tf.gather(y, rows))
            optimiser.apply_gradients(zip(tape.gradient(loss, model.maps), model.maps))

    # Traces the graph and changes nothing: there is no whole batch.
    epoch(tf.range(0))
    judge = tf.function(lambda part: error(model, *part))
    seconds, processor, epochs, best, reached = 0.0, 0.0, [], None, None
    for number in range(EPOCHS):
        optimiser.learning_rate.assign(rate * 0.5**number)
        order = tf.random.shuffle(tf.range(len(x)))
        started, spent = time.perf_counter(), time.process_time()
        epoch(order)
        seconds += time.perf_counter() - started
        processor += time.process_time() - spent
        after = {
            "epoch": number + 1,
            "seconds": seconds,
            "processorSeconds": processor,
            "validationMse": float(judge(validation)),
        }
        epochs.append(after)
        if best is None or after["validationMse"] < best["validationMse"]:
            best = {**after, "testMse": float(judge(test))}
        if after["validationMse"] <= target:
            reached = best
            break
    return {"rate": rate, "epochs": epochs, "best": best, "reached": reached}


def main(file, target):
    data = standardised(file)
    parts = [
        windows(data, first, end)
        for first, end in [(LOOKBACK, TRAIN), (TRAIN, VALIDATION), (VALIDATION, TEST)]
    ]
    runs = [train(rate, target, parts) for rate in RATES]
    versions = {"tensorflow": tf.__version__, "numpy": numpy.__version__, "python": sys.version.split()[0]}
    print(json.dumps({"runs": runs, "versions": versions}))


main(sys.argv[1], float(sys.argv[2]))
