"""The bootstrap over days in NumPy, for the risk benchmark: every replicate as one row of a product of matrices.

Reads one JSON object from standard input: `returns` (file of float64 [C, K, T]), `weights` (file of float64 [B, T]: how often each
day is drawn), `shape` [C, K, T], `riskFree`. Writes one JSON object: `slopes`, the least-squares slopes on aleatory risk, and
`seconds`, the best time of all nine slopes of all replicates from the returns and the weights.
"""

import json
import sys
import time

import numpy


def slopes_of(x, y, risk_free):
    """[B, n] points to the three slopes [B] of each row."""
    x_mean, y_mean = x.mean(1, keepdims=True), y.mean(1, keepdims=True)
    dx, dy = x - x_mean, y - y_mean
    sxx, sxy, syy = (dx * dx).sum(1), (dx * dy).sum(1), (dy * dy).sum(1)
    through = (x * (y - risk_free)).sum(1) / (x * x).sum(1)
    orthogonal = (syy - sxx + numpy.hypot(syy - sxx, 2 * sxy)) / (2 * sxy)
    return sxy / sxx, through, orthogonal


def bootstrap(returns, weights, risk_free):
    days = returns.shape[2]
    centres = returns.mean((1, 2))
    centred = returns - centres[:, None, None]
    average = centred.mean(1)
    table = numpy.concatenate([average, average * average, centred.var(1)]).T
    sums = weights @ table / days
    first, second, epistemic = numpy.split(sums, 3, axis=1)
    aleatory = numpy.maximum(0, second - first * first)
    means = centres + first
    risks = (aleatory, epistemic, aleatory + epistemic)
    return [slopes_of(numpy.sqrt(risk), means, risk_free) for risk in risks]


def main():
    request = json.load(sys.stdin)
    configurations, variants, days = request["shape"]
    returns = numpy.fromfile(request["returns"]).reshape(configurations, variants, days)
    weights = numpy.fromfile(request["weights"]).reshape(-1, days)
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        found = bootstrap(returns, weights, request["riskFree"])
        best = min(best, time.perf_counter() - start)
    json.dump({"slopes": found[0][0].tolist(), "seconds": best}, sys.stdout)


main()
