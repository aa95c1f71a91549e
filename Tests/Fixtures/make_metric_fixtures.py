#!/usr/bin/env python3
"""Makes metrics.json: the quality of images as scikit-image and pytorch-msssim measure it.

The images are made by the same formulas here and in ImageQualityTests.swift: no pixels are stored,
and the tests need no Python. To make it again:

    pip install numpy scikit-image pytorch-msssim torch
    python make_metric_fixtures.py

The file has the versions that made it.
"""

import importlib.metadata
import json
import pathlib

import numpy as np
import torch
from pytorch_msssim import ms_ssim
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

# What the image is, what makes it another one, and its channels, height and width.
CASES = [
    ("waves", "noise", 1, 11, 11),
    ("waves", "noise", 3, 64, 48),
    ("waves", "slight", 2, 23, 11),
    ("noise", "noise", 1, 33, 40),
    ("noise", "slight", 5, 16, 37),
    ("waves", "inverted", 3, 40, 41),
    ("flat", "slight", 1, 20, 20),
    ("flat", "inverted", 3, 12, 12),
    ("waves", "noise", 3, 161, 164),
    ("waves", "slight", 1, 203, 177),
    ("waves", "inverted", 1, 165, 170),
    ("noise", "noise", 3, 176, 192),
    ("waves", "noise", 3, 256, 256),
    ("waves", "shifted", 3, 163, 321),
]


def noise(count, seed):
    """Bytes from a linear congruential generator."""
    state, values = seed, np.empty(count, np.int64)
    for i in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = state >> 24
    return values


def waves(channels, height, width, shift=0):
    """Triangular waves of another length for each channel."""
    c, y, x = np.mgrid[:channels, :height, :width]
    phase = (3 * (x + shift) + (5 + c) * y + 40 * c) % 510
    return np.where(phase < 256, phase, 510 - phase)


def image(kind, channels, height, width):
    if kind == "waves":
        return waves(channels, height, width)
    if kind == "flat":
        return np.full((channels, height, width), 100, np.int64)
    return noise(channels * height * width, 7).reshape(channels, height, width)


def changed(values, change):
    if change == "inverted":
        return 255 - values
    if change == "shifted":
        return waves(*values.shape, shift=2)
    difference = noise(values.size, 11).reshape(values.shape) - 128
    return np.clip(values + (difference >> {"noise": 2, "slight": 6}[change]), 0, 255)


def floats(values):
    """Bytes to -1...1 in 32 bits, then exactly to 64: what is compared is the definition."""
    return (values.astype(np.float32) / np.float32(127.5) - np.float32(1)).astype(np.float64)


def case(kind, change, channels, height, width):
    target = image(kind, channels, height, width)
    first, second = floats(changed(target, change)), floats(target)
    result = {
        "kind": kind, "change": change, "channels": channels, "height": height, "width": width,
        "l1": float(np.abs(first - second).mean()),
        "psnr": float(peak_signal_noise_ratio(second, first, data_range=2)),
        "ssim": float(structural_similarity(
            first, second, gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
            data_range=2, channel_axis=0)),
    }
    if min(height, width) > 160:
        batch = [torch.from_numpy(side)[None] for side in (first, second)]
        result["msSSIM"] = float(ms_ssim(*batch, data_range=2))
    return result


def main():
    packages = ["numpy", "scikit-image", "pytorch-msssim", "torch"]
    document = {
        "versions": {name: importlib.metadata.version(name) for name in packages},
        "cases": [case(*entry) for entry in CASES],
    }
    path = pathlib.Path(__file__).parent / "metrics.json"
    path.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
