#!/usr/bin/env python3
"""`p2p-train translate` beside a plain loop of PyTorch and Pillow with the same weights.

    .venv/bin/python Benchmarks/translate.py --images ../shared/data/facades/val

Needs a Python with torch, numpy and Pillow (`.venv/bin/pip install pillow`). The network has random weights, which both
sides read from one `.pth`: time does not depend on what was learned. Both read JPEG files, 512x256 with the input on the
right, go by each image's own statistics without dropout, and write PNG files. The two take turns in every round. The time
of the loop leaves out the start of Python, its imports and the reading of the weights; that of p2p is the whole process.
"""

import argparse
import pathlib
import shutil
import sys
import tempfile
import time

import numpy
import torch
from PIL import Image
from torch import nn

from measuring import PACKAGE, Table, binary, run

sys.path.insert(0, str(PACKAGE / "Tests" / "Fixtures"))
import reference_networks  # noqa: E402


def translate(network, files, out):
    """What users of PyTorch write."""
    out.mkdir()
    with torch.inference_mode():
        for file in files:
            image = Image.open(file).convert("RGB")
            image = image.crop((image.width // 2, 0, image.width, image.height))
            values = numpy.asarray(image, "float32").transpose(2, 0, 1)[None] / 127.5 - 1
            made = network(torch.from_numpy(values))[0].numpy().transpose(1, 2, 0)
            levels = ((made + 1) * 127.5).round().clip(0, 255).astype("uint8")
            Image.fromarray(levels).save(out / f"{file.stem}.png")


def differences(ours, theirs):
    """How many samples differ, of how many, and by how many levels at most."""
    differing, samples, most = 0, 0, 0
    for file in sorted(theirs.glob("*.png")):
        first, second = (numpy.asarray(Image.open(folder / file.name), "int16")
                         for folder in (ours, theirs))
        distance = numpy.abs(first - second)
        differing += int((distance > 0).sum())
        samples += distance.size
        most = max(most, int(distance.max()))
    return differing, samples, most


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=pathlib.Path, required=True)
    parser.add_argument("--generator", default="unet_128")
    parser.add_argument("--filters", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch-size", type=int, default=1, help="of p2p")
    arguments = parser.parse_args()
    program = binary("p2p-train")
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    network = reference_networks.generator(
        {"generator": arguments.generator, "ngf": arguments.filters, "dropout": False})
    network.apply(lambda module: reference_networks.initialize(module, 0.05))
    network.train()
    files = sorted(arguments.images.glob("*.jpg"))
    rates, ratios = {"p2p": [], "PyTorch": []}, []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        torch.save(network.state_dict(), folder / "weights.pth")
        model, ours, theirs = folder / "model.safetensors", folder / "ours", folder / "theirs"
        run([program, "import", folder / "weights.pth", "--no-dropout", "--out", model])
        command = [program, "translate", model, arguments.images, "--side", "right", "--out", ours,
                   "--threads", arguments.threads, "--batch-size", arguments.batch_size]
        for _ in range(arguments.rounds):
            for made in (ours, theirs):
                shutil.rmtree(made, ignore_errors=True)
            rates["p2p"].append(len(files) / run(command).wall)
            start = time.perf_counter()
            translate(network, files, theirs)
            rates["PyTorch"].append(len(files) / (time.perf_counter() - start))
            ratios.append(rates["p2p"][-1] / rates["PyTorch"][-1])
        differing, samples, most = differences(ours, theirs)
    print(f"{len(files)} images, {arguments.generator}, {arguments.filters} filters, PyTorch "
          f"{torch.__version__}, threads: {arguments.threads}, p2p's batch: {arguments.batch_size}")
    print(f"{differing} of {samples} samples differ, by {most} of 255 at most")
    table = Table("images/s", ["median", "least", "most"])
    for name, values in rates.items():
        table.add(name, Table.median(values), min(values), max(values))
    table.add("p2p / PyTorch", Table.median(ratios), min(ratios), max(ratios))
    table.show()


if __name__ == "__main__":
    main()
