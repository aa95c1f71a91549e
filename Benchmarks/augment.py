#!/usr/bin/env python3
"""What it costs to augment a pair, beside torchvision v2 and albumentations.

    Benchmarks/augment.py --shards out [--recipe FILE] [--pairs 400] [--repeat 5]

From mapped uint8 shards of 286x286 to float NCHW in -1..1 at 256x256, one core each: crop, flip and normalise; then
with colour jitter (.2 .2 .2 .05) and erasing. Each program does the same pairs, one after another, in turn with the
others, round after round. torchvision and albumentations come from .venv-augment, which the script makes; torchvision is
given float images (its faster order; uint8 is measured too). albumentations runs on OpenCV with one thread.

The last figures are p2p's with two threads, the same work as two processes (what the machine gives two programs that
share nothing), and how often p2p allocates memory per pair, counted by a library that is preloaded (needs a C compiler).
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import venv

from measuring import PACKAGE, Table

HERE = pathlib.Path(__file__).resolve().parent
JITTER = {"op": "color-jitter", "brightness": 0.2, "contrast": 0.2, "saturation": 0.2, "hue": 0.05}
CROP = [{"op": "crop", "width": 256, "height": 256}, {"op": "flip-horizontal"}]
WORK = {"simple": CROP, "full": [*CROP, JITTER, {"op": "erase"}]}
PACKAGES = ["torch==2.13.0", "torchvision==0.28.0", "albumentations==2.0.8", "safetensors"]


def python():
    """A Python with the peers."""
    folder = PACKAGE / ".venv-augment"
    program = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([program, "-m", "pip", "install", "-q", *PACKAGES], check=True)
        (folder / "ready").touch()
    return program


def build():
    """The program that runs the pipeline and nothing else."""
    environment = {**os.environ, "P2P_BENCHMARKS": "1"}
    command = ["swift", "build", "-c", "release", "--product", "augment-bench"]
    subprocess.run(command, cwd=PACKAGE, env=environment, check=True, stdout=subprocess.DEVNULL)
    return PACKAGE / ".build" / "release" / "augment-bench"


def milliseconds(command, **options):
    """What a program says one pair took."""
    output = subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, text=True, **options
    ).stdout
    return json.loads(output.strip().splitlines()[-1])["ms"]


def two_at_once(command):
    """The mean of two processes that run side by side, per pair of both."""
    both = [
        subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    times = [json.loads(one.communicate()[0])["ms"] for one in both]
    return sum(times) / 4


def allocations(command, folder):
    """How often memory is allocated per pair, after the first ones."""
    library = folder / "count_malloc.so"
    compiler = os.environ.get("CC", "cc")
    subprocess.run(
        [compiler, "-O2", "-shared", "-fPIC", "-o", library, HERE / "count_malloc.c"],
        check=True,
    )
    counts = []
    for pairs in (1000, 2000):
        environment = {**os.environ, "LD_PRELOAD": str(library)}
        run = subprocess.run(
            [*map(str, command), str(pairs), "1"],
            check=True, capture_output=True, text=True, env=environment,
        )
        counts.append(int(run.stderr.split()[-1]))
    return (counts[1] - counts[0]) / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shards", type=pathlib.Path, default=PACKAGE / "out")
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--python", help="a Python that has the peers, instead of making one")
    arguments = parser.parse_args()
    program, interpreter = build(), arguments.python or python()
    peers = HERE / "augment_peers.py"

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for work, operations in WORK.items():
            recipe = folder / f"{work}.json"
            recipe.write_text(json.dumps({"source": {"path": "."}, "augment": operations}))
            ours = [program, arguments.shards, recipe]
            pairs = 5 * arguments.pairs
            commands = {
                "p2p": lambda: milliseconds([*ours, pairs, 1]),
                "p2p, 2 threads": lambda: milliseconds([*ours, pairs, 2]),
                "p2p, 2 processes": lambda: two_at_once([*ours, pairs, 1]),
            }
            for peer in ("torchvision", "torchvision-uint8", "albumentations"):
                command = [interpreter, peers, arguments.shards, peer, work, arguments.pairs]
                commands[peer] = lambda command=command: milliseconds(command)
            results = {name: [] for name in commands}
            for _ in range(arguments.repeat):
                for name, command in commands.items():
                    results[name].append(command())
            table = Table(f"{work}, ms a pair", ["median", "least", "most"])
            for name, times in results.items():
                table.add(name, table.median(times), min(times), max(times))
            table.show()
            for name in commands:
                if name == "p2p":
                    continue
                # Of the same round: what slowed one down slowed the other down.
                ratios = [a / b for a, b in zip(results[name], results["p2p"])]
                if name.startswith("p2p"):
                    ratios = [1 / ratio for ratio in ratios]
                middle = Table.median(ratios)
                meaning = "p2p / it" if name.startswith("p2p") else "it / p2p"
                print(f"  {name}: {meaning} {middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
            print(f"  allocations per pair: {allocations(ours, folder):.3f}\n", flush=True)


if __name__ == "__main__":
    main()
