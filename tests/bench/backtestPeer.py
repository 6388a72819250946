"""Peers of the backtest benchmark: the same rules in numba (one thread, all threads) and, where it can say them, in NumPy.

Reads a JSON request on standard input, writes the net return of every session as float64 [C, V, S] to a file, and prints the
seconds of the best run as JSON. Compilation is not timed.
"""

import json
import sys
import time

import numba
import numpy as np


@numba.njit(cache=False)
def one(bid, ask, pred, starts, thr, stop, take, hold, latency, fee, short, reverse, out):
    sessions = starts.shape[0] - 1
    for s in range(sessions):
        last = starts[s + 1] - 1
        realised = 0.0
        side = 0
        price = 0.0
        entered = -1
        due = -1
        order_close = False
        order_side = 0
        for k in range(starts[s], last + 1):
            if due == k:
                if order_close:
                    exit = bid[k] if side > 0 else ask[k]
                    r = exit / price - 1 if side > 0 else 1 - exit / price
                    realised += r - (fee + fee * exit / price)
                    side = 0
                if order_side != 0 and k != last:
                    side = order_side
                    price = ask[k] if side > 0 else bid[k]
                    entered = k
                due = -1
            if k == last:
                if side != 0:
                    exit = bid[k] if side > 0 else ask[k]
                    r = exit / price - 1 if side > 0 else 1 - exit / price
                    realised += r - (fee + fee * exit / price)
                break
            if due >= 0 or k + latency > last:
                continue
            sig = 1e4 * (pred[k] / ((bid[k] + ask[k]) / 2) - 1)
            if side == 0:
                if sig > thr:
                    due, order_close, order_side = k + latency, False, 1
                elif sig < -thr and short:
                    due, order_close, order_side = k + latency, False, -1
                continue
            exit = bid[k] if side > 0 else ask[k]
            r = 1e4 * (exit / price - 1 if side > 0 else 1 - exit / price)
            if r <= -stop or r >= take or k - entered >= hold:
                due, order_close, order_side = k + latency, True, 0
            elif reverse and side > 0 and sig < -thr:
                due, order_close, order_side = k + latency, True, -1 if short else 0
            elif reverse and side < 0 and sig > thr:
                due, order_close, order_side = k + latency, True, 1
        out[s] = realised


@numba.njit(cache=False)
def serial(bid, ask, preds, starts, rules, latency, fee, short, reverse, out):
    for i in range(rules.shape[0] * preds.shape[0]):
        c, v = i // preds.shape[0], i % preds.shape[0]
        one(bid, ask, preds[v], starts, rules[c, 0], rules[c, 1], rules[c, 2], rules[c, 3], latency, fee, short, reverse, out[c, v])


@numba.njit(parallel=True, cache=False)
def parallel(bid, ask, preds, starts, rules, latency, fee, short, reverse, out):
    for i in numba.prange(rules.shape[0] * preds.shape[0]):
        c, v = i // preds.shape[0], i % preds.shape[0]
        one(bid, ask, preds[v], starts, rules[c, 0], rules[c, 1], rules[c, 2], rules[c, 3], latency, fee, short, reverse, out[c, v])


def vectorised(bid, ask, preds, starts, rules, latency, fee, short, reverse, out):
    """Thresholds and reversals only, latency 1: whole columns at a time, as vector back-testers do it."""
    mid = (bid + ask) / 2
    first = starts[:-1]
    last = starts[1:] - 1
    ticks = np.arange(bid.shape[0])
    session = np.searchsorted(starts, ticks, side="right") - 1
    is_last = ticks == last[session]
    for v in range(preds.shape[0]):
        sig = 1e4 * (preds[v] / mid - 1)
        for c in range(rules.shape[0]):
            thr = rules[c, 0]
            wish = np.where(sig > thr, 1, np.where(sig < -thr, -1, 0)).astype(np.int8)
            wish[is_last] = 0
            # The wish in force: the last one other than 0 in the session.
            at = np.where(wish != 0, ticks, -1)
            at = np.maximum.accumulate(at)
            held = np.where(at >= first[session], wish[np.maximum(at, 0)], 0)
            position = np.zeros_like(held)
            position[1:] = held[:-1]
            position[first] = 0
            position[is_last] = 0
            before = np.zeros_like(position)
            before[1:] = position[:-1]
            change = np.flatnonzero(position != before)
            enter = change[position[change] != 0]
            leave = change[before[change] != 0]
            side = position[enter]
            price = np.where(side > 0, ask[enter], bid[enter])
            exit = np.where(side > 0, bid[leave], ask[leave])
            r = side * (exit / price - 1) - (fee + fee * exit / price)
            out[c, v] = np.bincount(session[leave], weights=r, minlength=len(first))


def main():
    request = json.load(sys.stdin)
    read = lambda name, kind: np.fromfile(request[name], dtype=kind)
    bid, ask = read("bid", np.float64), read("ask", np.float64)
    preds = read("predictions", np.float64).reshape(-1, bid.shape[0])
    starts = np.append(read("starts", np.int32), bid.shape[0]).astype(np.int64)
    rules = np.array([[np.inf if x is None else x for x in row] for row in request["rules"]], dtype=np.float64)
    run = {"numba": serial, "numba-parallel": parallel, "numpy": vectorised}[request["peer"]]
    out = np.zeros((rules.shape[0], preds.shape[0], starts.shape[0] - 1))
    arguments = (bid, ask, preds, starts, rules, request["latency"], request["feeBps"] / 1e4, request["short"], request["reverse"], out)
    run(*arguments)
    best = np.inf
    for _ in range(request["repeats"]):
        begin = time.perf_counter()
        run(*arguments)
        best = min(best, time.perf_counter() - begin)
    out.tofile(request["out"])
    print(json.dumps({"seconds": best, "threads": numba.get_num_threads()}))


main()
