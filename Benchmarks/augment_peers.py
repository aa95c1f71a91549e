#!/usr/bin/env python3
"""Augments the pairs of shards as a user of torchvision v2 or albumentations would, on one core.

    augment_peers.py SHARDS torchvision|torchvision-uint8|albumentations simple|full PAIRS

Prints the milliseconds a pair took, reading mapped shards included.
"""

import json
import pathlib
import sys
import time
import warnings

import numpy


def mapped(folder):
    """The inputs and targets of a split, as views of the mapped shards."""
    index = json.loads((folder / "index.json").read_text())
    pairs = []
    for path in sorted(folder.glob("train-*.safetensors")):
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length))
        # A plain array: those of class memmap cost more at every step.
        data = numpy.asarray(numpy.memmap(path, dtype=numpy.uint8, mode="r", offset=8 + length))
        sides = []
        for side in ("input", "target"):
            start, end = header[side]["data_offsets"]
            sides.append(data[start:end].reshape(header[side]["shape"]))
        pairs += zip(*sides)
    assert index["format"]
    return pairs


def torchvision_pipeline(work, from_uint8):
    import torch

    torch.set_num_threads(1)
    # The mapped images are read only, and are not written to.
    warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
    try:
        import torchvision
    except RuntimeError:
        # A wheel for CUDA beside a torch for the CPU: its detection operators, which are not used here,
        # have nothing to register with.
        torch.library.register_fake = lambda *_, **__: lambda function: function
        for name in [name for name in sys.modules if name.startswith("torchvision")]:
            del sys.modules[name]
        import torchvision  # noqa: F401
    from torchvision import tv_tensors
    from torchvision.transforms import v2

    to_float = [v2.ToDtype(torch.float32, scale=True)]
    colors = [v2.ColorJitter(0.2, 0.2, 0.2, 0.05)] if work == "full" else []
    middle = [*colors, *to_float] if from_uint8 else [*to_float, *colors]
    erasing = [v2.RandomErasing()] if work == "full" else []
    steps = [v2.RandomCrop(256), v2.RandomHorizontalFlip(), *middle]
    transform = v2.Compose([*steps, v2.Normalize([0.5] * 3, [0.5] * 3), *erasing])

    def one(first, second):
        images = [
            tv_tensors.Image(torch.from_numpy(image).permute(2, 0, 1))
            for image in (first, second)
        ]
        return [image.contiguous() for image in transform(*images)]

    return one


def albumentations_pipeline(work):
    import albumentations
    import cv2

    cv2.setNumThreads(1)
    steps = [albumentations.RandomCrop(256, 256), albumentations.HorizontalFlip()]
    if work == "full":
        steps.append(
            albumentations.ColorJitter(
                (0.8, 1.2), (0.8, 1.2), (0.8, 1.2), (-0.05, 0.05), p=1
            )
        )
        steps.append(albumentations.Erasing(p=0.5))
    steps.append(albumentations.Normalize(mean=[0.5] * 3, std=[0.5] * 3))
    transform = albumentations.Compose(steps, additional_targets={"target": "image"})

    def one(first, second):
        result = transform(image=first, target=second)
        return [
            numpy.ascontiguousarray(result[name].transpose(2, 0, 1)) for name in ("image", "target")
        ]

    return one


def main():
    folder, peer, work, count = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    pairs = mapped(folder)
    if peer == "albumentations":
        one = albumentations_pipeline(work)
    else:
        one = torchvision_pipeline(work, from_uint8=peer == "torchvision-uint8")
    # Maps every page before the clock starts.
    for pair in pairs:
        for image in pair:
            image.sum()
    for number in range(20):
        one(*pairs[number % len(pairs)])
    start = time.perf_counter()
    for number in range(count):
        one(*pairs[number % len(pairs)])
    print(json.dumps({"ms": 1000 * (time.perf_counter() - start) / count}))


if __name__ == "__main__":
    main()
