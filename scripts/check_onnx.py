#!/usr/bin/env python3
"""Runs ONNX files of this project in onnxruntime, and compares what comes out.

    check_onnx.py NAME.onnx SAMPLES.safetensors [NAME.onnx SAMPLES.safetensors]...

Each file must pass onnx.checker, shape inference included. SAMPLES is what `p2p-train export --samples`
wrote: the batches `input.0`, `input.1`, ... of several sizes, and what the generator made of them,
`output.0`, ...; what onnxruntime makes must be the same to 1e-4.

Needs onnx, onnxruntime and safetensors.
"""

import sys

import numpy
import onnx
import onnxruntime
from safetensors.numpy import load_file

TOLERANCE = 1e-4


def main(path, samples):
    onnx.checker.check_model(path, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    tensors = load_file(samples)
    numbers = sorted(int(name.removeprefix("input.")) for name in tensors if name.startswith("input."))
    if not numbers:
        sys.exit(f"error: {samples}: expected input.0, output.0, found {sorted(tensors)}")
    largest = 0.0
    for number in numbers:
        image, expected = tensors[f"input.{number}"], tensors[f"output.{number}"]
        found = session.run(["output"], {"input": image})[0]
        if found.shape != expected.shape:
            sys.exit(f"error: {path}: {image.shape} became {found.shape}, expected {expected.shape}")
        difference = float(numpy.abs(found - expected).max())
        if not difference <= TOLERANCE:
            sys.exit(f"error: {path}: of {image.shape}, onnxruntime's differ by {difference:.1e}")
        largest = max(largest, difference)
    print(f"{path}: {len(numbers)} batches agree to {largest:.0e}")


if __name__ == "__main__":
    if len(sys.argv) < 3 or len(sys.argv) % 2 == 0:
        sys.exit(__doc__)
    for place in range(1, len(sys.argv), 2):
        main(sys.argv[place], sys.argv[place + 1])
