"""Training steps of the official classes, for the training benchmark.

Reads one JSON object from standard input: `family`, `folder` (config.json and model.safetensors), `contexts` and `targets` (files of
float32 values), `rows`, `length`, `threads`, `steps`. Takes AdamW steps on the squared error of the point forecast, one batch, no dropout,
decay on tensors with two axes or more, gradients clipped to norm 1. Writes one JSON object: `losses` of all steps and `seconds`, the best
time of a step.
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
    return model, lambda contexts: model(contexts).quantile_preds[:, median]


def timesfm_2(folder):
    from transformers import TimesFmModelForPrediction

    model = TimesFmModelForPrediction.from_pretrained(folder, dtype=torch.float32)
    return model, lambda contexts: model(past_values=list(contexts), freq=[0] * len(contexts)).mean_predictions


def ttm(folder):
    from tsfm_public.models.tinytimemixer import TinyTimeMixerForPrediction

    model = TinyTimeMixerForPrediction.from_pretrained(folder).float()
    return model, lambda contexts: model(past_values=contexts[:, :, None]).prediction_outputs[:, :, 0]


FAMILIES = {"chronos-bolt": chronos_bolt, "timesfm-2": timesfm_2, "ttm": ttm}


def main():
    request = json.load(sys.stdin)
    torch.set_num_threads(request["threads"])
    model, forecast = FAMILIES[request["family"]](request["folder"])
    model.eval()
    read = lambda name: torch.from_numpy(numpy.fromfile(request[name], dtype=numpy.float32).reshape(request["rows"], -1))
    contexts, targets = read("contexts"), read("targets")
    trained = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": 0.01},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=1e-4, betas=(0.9, 0.999), eps=1e-8)
    losses, best = [], float("inf")
    for _ in range(request["steps"]):
        start = time.perf_counter()
        loss = torch.nn.functional.mse_loss(forecast(contexts), targets)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        losses.append(loss.item())
        best = min(best, time.perf_counter() - start)
    json.dump({"losses": losses, "seconds": best}, sys.stdout)


main()
