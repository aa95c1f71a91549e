#!/usr/bin/env python3
"""Loads weights of this project into PyTorch's modules, and compares what comes out.

    check_weights.py runs/NAME/checkpoints/latest.safetensors

builds the networks that the file's `settings` and `dataset` describe in plain torch.nn, with the names of the
reference pix2pix, and loads the file's tensors into them: all must be there, none may be left over.
Where the file also holds `check.input`, `check.target`, `check.output` (of the generator) or
`check.logits` (of the discriminator, for input and target), what PyTorch computes from them must be
the same to 1e-4; batch normalisation goes by the batch's statistics, and nothing drops out.

Needs torch and safetensors.
"""

import json
import pathlib
import sys

import safetensors.torch
import torch
from safetensors import safe_open

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures"))
import reference_networks as reference  # noqa: E402

TOLERANCE = 1e-4


def group(tensors, name):
    return {key.removeprefix(f"{name}."): tensor for key, tensor in tensors.items()
            if key.startswith(f"{name}.")}


def compare(name, found, expected):
    error = ((found - expected).norm() / expected.norm()).item()
    if found.shape != expected.shape or not error < TOLERANCE:
        sys.exit(f"error: {name}: PyTorch's differ by {error:.1e} (shapes "
                 f"{list(found.shape)} and {list(expected.shape)})")
    return f"{name} agrees to {error:.0e}"


def main(path):
    tensors = safetensors.torch.load_file(path)
    with safe_open(path, "pt") as file:
        settings, dataset = (json.loads(file.metadata()[key]) for key in ("settings", "dataset"))
    inputs, outputs = (dataset[side]["channels"] for side in ("input", "target"))
    texts = []
    with torch.no_grad():
        for name in ("generator", "generator_ema"):
            if weights := group(tensors, name):
                network = reference.generator(settings, inputs, outputs)
                network.load_state_dict(weights, strict=True)
                texts.append(f"{name} fits")
                if name == "generator" and "check.output" in tensors:
                    for module in network.modules():
                        if isinstance(module, torch.nn.Dropout):
                            module.p = 0.0
                    texts.append(compare("its output", network(tensors["check.input"]),
                                         tensors["check.output"]))
        if weights := group(tensors, "discriminator"):
            network = reference.discriminator(settings, inputs + outputs)
            network.load_state_dict(weights, strict=True)
            texts.append("discriminator fits")
            if "check.logits" in tensors:
                pair = torch.cat([tensors["check.input"], tensors["check.target"]], 1)
                texts.append(compare("its logits", network(pair), tensors["check.logits"]))
    print(f"{path}: {', '.join(texts)}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        main(path)
