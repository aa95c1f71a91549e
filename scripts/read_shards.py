#!/usr/bin/env python3
"""Reads a dataset as any Python program can: json, zlib and hashlib, no package needed.

    python3 scripts/read_shards.py out

Checks the length and SHA-256 of each shard and the CRC-32 of each image, and prints what it saw.
With the package safetensors installed, `safe_open(path, "np").get_slice("input")[i]` reads the same.
"""

import hashlib
import json
import os
import struct
import sys
import zlib

folder = sys.argv[1]
index = json.load(open(os.path.join(folder, "index.json")))
assert index["format"] == "p2p-dataset" and index["version"] == 1

pairs = 0
for split in index["splits"].values():
    number = 0
    for shard in split["shards"]:
        content = open(os.path.join(folder, shard["file"]), "rb").read()
        assert len(content) == shard["bytes"]
        assert hashlib.sha256(content).hexdigest() == shard["sha256"]

        (length,) = struct.unpack("<Q", content[:8])
        start = 8 + length
        assert start % 4096 == 0
        header = json.loads(content[8:start])
        metadata = header.pop("__metadata__")
        assert metadata["format"] == "p2p-shard"
        assert metadata["fingerprint"] == index["fingerprint"]

        def tensor(name):
            begin, end = header[name]["data_offsets"]
            return content[start + begin : start + end]

        samples = shard["samples"]
        checksums = struct.unpack(f"<{2 * samples}I", tensor("crc32"))
        numbers = struct.unpack(f"<{samples}q", tensor("index"))
        offsets = struct.unpack(f"<{samples + 1}q", tensor("key_offsets"))
        keys = tensor("keys")
        assert list(numbers) == list(range(number, number + samples))
        for side, name in enumerate(["input", "target"]):
            images = tensor(name)
            size = len(images) // samples
            for sample in range(samples):
                image = images[sample * size : (sample + 1) * size]
                key = keys[offsets[sample] : offsets[sample + 1]].decode()
                assert zlib.crc32(image) == checksums[2 * sample + side], key
        number += samples
    assert number == split["samples"]
    pairs += number
print(f"{folder}: {pairs} pairs read, every CRC-32 and SHA-256 as written")
