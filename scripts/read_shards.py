#!/usr/bin/env python3
"""Reads a dataset as any Python program can, and checks every image of it.

    pip install safetensors numpy
    python3 scripts/read_shards.py out

Uses the packages safetensors (which needs numpy) and zlib, and nothing of this project. Checks the
type, shape and CRC-32 of each image, the order of the pairs and their names, and prints what it saw.
The SHA-256 of whole shards is checked by `p2p-data verify`.
"""

import json
import pathlib
import sys
import zlib

from safetensors import safe_open

TYPES = {"U8": "uint8", "U16": "uint16", "F32": "float32"}


def read(path, index, samples, first):
    """Checks one shard; returns its keys."""
    with safe_open(path, "np") as shard:
        metadata = shard.metadata()
        assert metadata["format"] == "p2p-shard", path
        assert metadata["fingerprint"] == index["fingerprint"], path
        checksums = shard.get_tensor("crc32")
        offsets, names = shard.get_tensor("key_offsets"), shard.get_tensor("keys").tobytes()
        assert list(shard.get_tensor("index")) == list(range(first, first + samples)), path
        keys = [names[offsets[i] : offsets[i + 1]].decode() for i in range(samples)]
        for side, name in enumerate(["input", "target"]):
            form, images = index[name], shard.get_slice(name)
            shape = [samples, form["height"], form["width"], form["channels"]]
            assert images.get_shape() == shape, f"{path}: {name}"
            for sample, key in enumerate(keys):
                image = images[sample : sample + 1]  # only this part of the file is read
                assert image.dtype == TYPES[form["dtype"]], f"{path}: {key}"
                found = zlib.crc32(image.tobytes())
                assert found == checksums[sample][side], f"{path}: {key}: {name} is damaged"
    return keys


def main():
    folder = pathlib.Path(sys.argv[1])
    index = json.loads((folder / "index.json").read_text())
    assert index["format"] == "p2p-dataset" and index["version"] == 1
    pairs = 0
    for split in index["splits"].values():
        keys = []
        for shard in split["shards"]:
            path = folder / shard["file"]
            assert path.stat().st_size == shard["bytes"], path
            keys += read(path, index, shard["samples"], len(keys))
        assert len(keys) == len(set(keys)) == split["samples"]
        pairs += len(keys)
    print(f"{folder}: {pairs} pairs read, every CRC-32 as written")


if __name__ == "__main__":
    main()
