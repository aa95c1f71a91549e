#!/usr/bin/env python3
"""How long it takes to open a dataset of a million pairs: from the start of the process to its end.

    swift build -c release --product p2p-data
    Benchmarks/open.py [--pairs 1000000] [--size 286] [--repeat 9] [--folder DIR]

Makes a dataset of which only the images are missing: index.json, and for each shard its header and
its names; the rest of each file is a hole. Nothing of it is valid beyond that: `p2p-data verify`
would say so. Prints the median wall-clock time of `p2p-data info`, of `info --json`, and of a
process that does nothing (`p2p-data --version`), and what is left: the opening.
"""

import argparse
import json
import os
import pathlib
import struct
import tempfile

from measuring import PACKAGE, Table, binary, run

ALIGNMENT = 4096


def shard(path, first, count, size, fingerprint):
    """Writes one shard of holes; returns its length."""
    names = "".join(f"pair{first + number:08}" for number in range(count)).encode()
    key_length = len(names) // count
    pixels = size * size * 3
    header = {"__metadata__": {"format": "p2p-shard", "version": "1", "fingerprint": fingerprint}}
    place = 0
    layout = [
        ("input", "U8", [count, size, size, 3], count * pixels),
        ("target", "U8", [count, size, size, 3], count * pixels),
        ("index", "I64", [count], 8 * count),
        ("key_offsets", "I64", [count + 1], 8 * (count + 1)),
        ("crc32", "U32", [count, 2], 8 * count),
        ("keys", "U8", [len(names)], len(names)),
    ]
    if count * pixels % 8:
        layout = layout[2:5] + layout[:2] + layout[5:]
    places = {}
    for name, dtype, shape, length in layout:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [place, place + length]}
        places[name] = place
        place += length
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % ALIGNMENT)
    start = 8 + len(text)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(start + place)
        file.seek(start + places["key_offsets"])
        file.write(struct.pack(f"<{count + 1}q", *range(0, len(names) + 1, key_length)))
        file.seek(start + places["keys"])
        file.write(names)
    return start + place


def dataset(folder, pairs, size):
    """Writes the dataset; returns how many shards it has."""
    fingerprint = "0" * 64
    # As many as 64 MiB hold: the header's page, and 24 bytes and the name beside the images.
    per_shard = (64 * 2**20 - ALIGNMENT - 8) // (2 * size * size * 3 + 24 + 12)
    shards = []
    for number, first in enumerate(range(0, pairs, per_shard)):
        count = min(per_shard, pairs - first)
        name = f"train-{number:05}.safetensors"
        length = shard(folder / name, first, count, size, fingerprint)
        shards.append({"bytes": length, "file": name, "samples": count, "sha256": f"{number:064x}"})
    side = {"channels": 3, "dtype": "U8", "height": size, "width": size}
    index = {
        "counts": {"conversions": {"resized": pairs}, "ignored": 0, "rejected": {}},
        "fingerprint": fingerprint,
        "format": "p2p-dataset",
        "input": side,
        "name": "million",
        "recipe": {"name": "million", "source": {"path": "million"}},
        "software": {"p2p": "0"},
        "splits": {"train": {"samples": pairs, "shards": shards}},
        "target": side,
        "version": 1,
    }
    (folder / "index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")
    return len(shards)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--size", type=int, default=286)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--folder", type=pathlib.Path, help="where to make the dataset")
    arguments = parser.parse_args()
    program = binary("p2p-data")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        folder = pathlib.Path(folder)
        shards = dataset(folder, arguments.pairs, arguments.size)
        length = os.path.getsize(folder / "index.json")
        print(f"{arguments.pairs} pairs, {shards} shards, index.json of {length / 1e6:.1f} MB")
        commands = {
            "p2p-data --version": [program, "--version"],
            "p2p-data info": [program, "info", "--shards", folder],
            "p2p-data info --json": [program, "info", "--shards", folder, "--json"],
        }
        results = {name: [] for name in commands}
        for _ in range(arguments.repeat):
            for name, command in commands.items():
                results[name].append(run(command))
    table = Table("ms", ["wall", "least", "most", "CPU", "peak MB"])
    for name, runs in results.items():
        walls = [1000 * one.wall for one in runs]
        table.add(
            name,
            table.median(walls),
            min(walls),
            max(walls),
            table.median([1000 * one.cpu for one in runs]),
            table.median([one.peak / 1e6 for one in runs]),
        )
    table.show()


if __name__ == "__main__":
    main()
