"""Forecasts of the official classes, for the model benchmarks.

Reads one JSON object from standard input: `family`, `folder` (config.json and model.safetensors), `contexts` (file of float32
values), `rows`, `length`, `threads`, `repeats`. Writes one JSON object: `forecasts` [rows, horizon] and `seconds`, the best
time of a forward pass over all rows.
"""

import json
import sys
import time

import numpy
import torch


def chronos_bolt(folder):
    from chronos import BaseChronosPipeline

    model = BaseChronosPipeline.from_pretrained(folder, device_map="cpu", dtype=torch.float32).model
    median = list(model.chronos_config.quantiles).index(0.5)
    return lambda contexts: model(contexts).quantile_preds[:, median]


def timesfm_2(folder):
    from transformers import TimesFmModelForPrediction

    model = TimesFmModelForPrediction.from_pretrained(folder, dtype=torch.float32).eval()
    return lambda contexts: model(past_values=list(contexts), freq=[0] * len(contexts)).mean_predictions


def timesfm_25(folder):
    from transformers import TimesFm2_5ModelForPrediction

    model = TimesFm2_5ModelForPrediction.from_pretrained(folder, dtype=torch.float32).eval()
    switches = {"force_flip_invariance": False, "truncate_negative": False}
    return lambda contexts: model(past_values=list(contexts), **switches).mean_predictions


def ttm(folder):
    from tsfm_public.models.tinytimemixer import TinyTimeMixerForPrediction

    model = TinyTimeMixerForPrediction.from_pretrained(folder).float().eval()
    return lambda contexts: model(past_values=contexts[:, :, None]).prediction_outputs[:, :, 0]


FAMILIES = {"chronos-bolt": chronos_bolt, "timesfm-2": timesfm_2, "timesfm-2.5": timesfm_25, "ttm": ttm}


def main():
    request = json.load(sys.stdin)
    torch.set_num_threads(request["threads"])
    forecast = FAMILIES[request["family"]](request["folder"])
    values = numpy.fromfile(request["contexts"], dtype=numpy.float32)
    contexts = torch.from_numpy(values.reshape(request["rows"], request["length"]))
    best = float("inf")
    with torch.inference_mode():
        result = forecast(contexts)
        for _ in range(request["repeats"]):
            start = time.perf_counter()
            result = forecast(contexts)
            best = min(best, time.perf_counter() - start)
    json.dump({"forecasts": result.double().numpy().ravel().tolist(), "seconds": best}, sys.stdout)


main()
