#!/usr/bin/env python3
"""One full-size training step beside PyTorch's: how far apart the numbers are, and how long it takes.

    .venv/bin/python Benchmarks/parity.py [--generator unet_256] [--side 256] [--rounds 7] [--steps 2]

Needs a Python with torch, numpy and safetensors (scripts/smoke.sh makes .venv). Both sides start from the same
weights, images and dropout seed and make one step; then they take turns, round after round, with --steps steps each.
PyTorch runs eagerly with its default Adam, as the reference does. What rounding alone does is shown by PyTorch's own
step with other kernels, those without oneDNN.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import safetensors.torch
import torch

from measuring import PACKAGE, Table

sys.path.insert(0, str(PACKAGE / "Tests" / "Fixtures"))
import make_torch_fixtures as fixtures  # noqa: E402


def build():
    """The program that makes the steps and nothing else."""
    environment = {**os.environ, "P2P_BENCHMARKS": "1"}
    command = ["swift", "build", "-c", "release", "--product", "parity-bench"]
    subprocess.run(command, cwd=PACKAGE, env=environment, check=True, stdout=subprocess.DEVNULL)
    return PACKAGE / ".build" / "release" / "parity-bench"


def distance(found, expected):
    return ((found - expected).norm() / expected.norm()).item()


def start(options):
    """Both networks with their first weights."""
    torch.manual_seed(6)
    return fixtures.Training(options, 0.02)


def compare(name, state, training):
    """Prints how far the state after a step is from PyTorch's."""
    gradients = []
    for key, expected in training.moments(["exp_avg"]).items():
        network, _, parameter = key.removeprefix("moments.").partition(".")
        gradients.append(distance(state[f"{network}_optimizer.{parameter}"], expected))
    elements, turned, errors, sizes, statistics = 0, 0, 0.0, 0.0, []
    for key, expected in training.state("after").items():
        found = state[key.removeprefix("after.")]
        if not expected.is_floating_point():
            if not torch.equal(found, expected):
                sys.exit(f"{key} is {found}, PyTorch's {expected}")
        elif "running_" in key:
            statistics.append(distance(found, expected))
        else:
            elements += expected.numel()
            # Adam's first step goes by the sign of the gradient: one near 0 can turn.
            turned += ((found - expected).abs() > training.options["lr"]).sum().item()
            errors += (found - expected).double().square().sum().item()
            sizes += expected.double().square().sum().item()
    print(f"{name}: gradients of {len(gradients)} tensors {Table.median(gradients):.1e} apart in the "
          f"median, {max(gradients):.1e} at most; weights {(errors / sizes) ** 0.5:.1e} as one "
          f"vector, {turned} of {elements} went the other way; running statistics "
          f"{max(statistics):.1e} at most")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generator", default="unet_256")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    program = build()

    torch.set_num_threads(arguments.threads)
    options = {"generator": arguments.generator}
    training = start(options)
    shape = (arguments.batch, 3, arguments.side, arguments.side)
    x, y = fixtures.images(10, *shape), fixtures.images(11, *shape)
    with tempfile.TemporaryDirectory() as folder:
        before, after = (pathlib.Path(folder) / f"{name}.safetensors" for name in ("before", "after"))
        safetensors.torch.save_file(
            {**training.state("before"), "input": x, "target": y}, before,
            metadata={"options": json.dumps(options), "seed": "100"})
        ours = subprocess.Popen([program, before, after, str(arguments.threads)], text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        found = json.loads(ours.stdout.readline())
        state = safetensors.torch.load_file(after)

    torch.manual_seed(100)
    losses = training.step(x, y)
    print(f"{arguments.generator}, batch {arguments.batch} at {arguments.side}x{arguments.side}, "
          f"PyTorch {torch.__version__}, threads: {arguments.threads}")
    for name, expected in losses.items():
        print(f"{name:8} {expected:.7f}, ours {found[name]:.7f}: "
              f"{abs(found[name] - expected) / abs(expected):.1e}")
    compare("p2p", state, training)
    other = start(options)
    torch.manual_seed(100)
    with torch.backends.mkldnn.flags(enabled=False):
        other.step(x, y)
    compare("PyTorch without oneDNN", {
        **{key.removeprefix("after."): value for key, value in other.state("after").items()},
        **{"{}_optimizer.{}".format(*key.removeprefix("moments.").split(".", 1)): value
           for key, value in other.moments(["exp_avg"]).items()}}, training)
    del other

    times, ratios = {"p2p": [], "PyTorch": []}, []
    for _ in range(arguments.rounds):
        print(arguments.steps, file=ours.stdin, flush=True)
        times["p2p"].append(json.loads(ours.stdout.readline())["ms"])
        begin = time.perf_counter()
        for _ in range(arguments.steps):
            torch.manual_seed(100)
            training.step(x, y)
        times["PyTorch"].append((time.perf_counter() - begin) * 1000 / arguments.steps)
        ratios.append(times["PyTorch"][-1] / times["p2p"][-1])
    ours.stdin.close()
    ours.wait()
    table = Table("ms a step", ["median", "least", "most"])
    for name, values in times.items():
        table.add(name, Table.median(values), min(values), max(values))
    table.add("PyTorch / p2p", Table.median(ratios), min(ratios), max(ratios))
    table.show()


if __name__ == "__main__":
    main()
