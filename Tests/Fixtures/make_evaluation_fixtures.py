#!/usr/bin/env python3
"""Makes evaluation.json: scores of label maps as scikit-learn has them, comparisons as SciPy has them.

Labels and values are made by the same formulas here and in EvaluationScoreTests.swift: the tests need
no Python. To make it again:

    pip install numpy scipy scikit-learn
    python make_evaluation_fixtures.py

The file has the versions that made it.
"""

import importlib.metadata
import json
import pathlib

import numpy as np
from scipy import stats
from sklearn import metrics

PIXELS = 2000
# The number of classes, and those that do not count.
LABEL_CASES = [(2, []), (5, []), (5, [4]), (12, [0, 7])]
# The number of images, and what is added to the second model's values.
COMPARED = [(3, 10), (6, 0), (40, 5), (1000, 2)]


def noise(count, seed):
    """Bytes from a linear congruential generator."""
    state, values = seed, np.empty(count, np.int64)
    for i in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = state >> 24
    return values


def labels(classes, ignored):
    # The last class but one is in no target, unless there are two only.
    target = noise(PIXELS, 7) * classes // 256
    if classes > 2:
        target[target == classes - 2] = 1
    made = np.where(noise(PIXELS, 11) < 150, target, noise(PIXELS, 13) * classes // 256)
    counts = ~np.isin(target, ignored)
    target, made = target[counts], made[counts]
    present = sorted(set(target.tolist()))
    everything = list(range(classes))
    recall = metrics.recall_score(target, made, labels=present, average=None, zero_division=0)
    iou = metrics.jaccard_score(target, made, labels=present, average=None, zero_division=0)
    return {
        "classes": classes, "ignored": ignored, "present": present,
        "confusion": metrics.confusion_matrix(target, made, labels=everything).tolist(),
        "pixelAccuracy": metrics.accuracy_score(target, made),
        "accuracy": recall.tolist(), "IoU": iou.tolist(),
        "classAccuracy": recall.mean(), "meanIoU": iou.mean(),
    }


def comparison(images, shift):
    first, second = noise(images, 3) / 256, (noise(images, 5) + shift) / 256
    test = stats.ttest_rel(second, first)
    interval = test.confidence_interval(0.95)
    better = int((second > first).sum())
    poorer = int((second < first).sum())
    return {
        "images": images, "shift": shift, "difference": (second - first).mean(),
        "low": interval.low, "high": interval.high, "firstIsBetter": poorer,
        "secondIsBetter": better,
        "signTest": stats.binomtest(better, better + poorer).pvalue,
    }


packages = ["numpy", "scipy", "scikit-learn"]
document = {
    "versions": {name: importlib.metadata.version(name) for name in packages},
    "labels": [labels(*case) for case in LABEL_CASES],
    "comparisons": [comparison(*case) for case in COMPARED],
}
path = pathlib.Path(__file__).parent / "evaluation.json"
path.write_text(json.dumps(document, indent=1) + "\n")
