"""Golden CRCs of Pillow's resize, for ResizeTests.swift.

Run once with each Pillow:

    python make_resize_fixtures.py resize.json      # adds the CRCs of the Pillow it runs with

The sources are noise from a linear congruential generator, which the test makes as well, so that
only a CRC-32 of each result has to be kept.
"""

import json
import os
import sys
import zlib

import PIL
from PIL import Image

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}

# Width, height, channels, new width, new height.
GEOMETRIES = [
    (256, 256, 3, 286, 286),
    (256, 256, 1, 286, 286),
    (512, 512, 3, 256, 256),
    (286, 286, 3, 143, 143),
    (300, 600, 3, 286, 286),
    (256, 512, 3, 256, 256),
    (256, 300, 3, 286, 286),
    (97, 61, 3, 31, 113),
    (61, 97, 1, 113, 31),
    (5, 7, 3, 286, 286),
    (1, 1, 3, 16, 16),
    (64, 48, 3, 64, 24),
    (64, 48, 3, 32, 48),
    (3, 400, 3, 8, 8),
    (1, 300, 1, 5, 20),
    (2, 201, 3, 2, 7),
    (1000, 2, 3, 7, 2),
]


def noise(count):
    state = 12345
    values = bytearray(count)
    for index in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[index] = state >> 24
    return bytes(values)


def main():
    path = sys.argv[1]
    cases = json.load(open(path)) if os.path.exists(path) else []
    known = {tuple(case["geometry"] + [case["filter"]]): case for case in cases}
    key = "pillow" + PIL.__version__.split(".")[0]
    for geometry in GEOMETRIES:
        width, height, channels, new_width, new_height = geometry
        mode = "RGB" if channels == 3 else "L"
        image = Image.frombytes(mode, (width, height), noise(width * height * channels))
        for name, filter in FILTERS.items():
            result = image.resize((new_width, new_height), filter)
            case = known.setdefault(
                tuple(list(geometry) + [name]), {"geometry": list(geometry), "filter": name}
            )
            case[key] = zlib.crc32(result.tobytes())
    with open(path, "w") as file:
        lines = [json.dumps(case) for case in known.values()]
        file.write("[\n" + ",\n".join(lines) + "\n]\n")


main()
