"""Golden CRCs of Pillow's resize, for ResizeTests.swift and ResizePlanTests.swift.

Run once with each Pillow (made with 12.3.0 and 13.0.0):

    python make_resize_fixtures.py resize.json      # adds the CRCs of the Pillow it runs with

The sources are noise from a linear congruential generator, which the tests make as well (see
Tests/TestSupport/Noise.swift), so that only a CRC-32 of each result's bytes has to be kept. 16-bit
samples are two bytes of noise, floats (byte - 64) / 2.

A case is a line: what to do, mode, width, height, new width, new height, filter; then the box, or
the colour for padding. Where both releases agree there is one CRC.
"""

import json
import os
import struct
import sys
import zlib

import PIL
from PIL import Image, ImageOps

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "I;16": 1, "F": 1}

# Width, height, new width, new height.
COMMON = [
    (256, 256, 286, 286),
    (512, 512, 256, 256),
    (300, 600, 286, 286),  # 13 changes the order of the passes from here
    (256, 300, 286, 286),
    (97, 61, 31, 113),
]
SMALL = [
    (286, 286, 143, 143),
    (256, 512, 256, 256),
    (61, 97, 113, 31),
    (5, 7, 286, 286),
    (1, 1, 16, 16),
    (16, 16, 1, 1),
    (64, 48, 64, 24),
    (64, 48, 32, 48),
    (1000, 2, 7, 2),
    (700, 9, 7, 5),  # 100:1
    (9, 700, 5, 7),
    (37, 23, 37, 46),
    (3, 400, 8, 8),  # 12.3 shrinks very tall images in two steps
    (1, 300, 5, 20),
    (2, 201, 2, 7),
]
BOXES = [
    (64, 48, 64, 48, (0.5, 0.25, 63.5, 47.75)),
    (64, 48, 20, 30, (3.3, 4.7, 51.2, 40.1)),
    (64, 48, 100, 90, (10.1, 0, 20.9, 48)),
    (64, 48, 32, 24, (8, 8, 40, 32)),  # a plain crop
    (64, 48, 32, 16, (8, 8, 40, 40)),
    (64, 48, 32, 90, (8, 4, 40, 40)),
    (48, 96, 40, 20, (0, 1.5, 48, 95)),
    (64, 48, 3, 3, (63.2, 47.1, 63.9, 47.6)),
    (2, 300, 2, 40, (0.25, 10.5, 1.75, 290.125)),
    (2, 300, 1, 40, (1, 0.5, 2, 290.125)),
]
FITS = [
    (256, 256, 286, 286),
    (300, 200, 64, 64),
    (200, 300, 64, 64),
    (301, 199, 64, 48),
    (64, 48, 90, 80),
    (33, 47, 33, 20),
    (100, 3, 10, 10),
    (3, 100, 10, 10),
    (5, 601, 20, 20),
]
COLORS = {
    "L": [200],
    "LA": [200, 90],
    "RGB": [10, 200, 255],
    "RGBA": [10, 200, 255, 128],
    "I;16": [0],
    "F": [0],
}


def noise(count):
    state = 12345
    values = bytearray(count)
    for index in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[index] = state >> 24
    return bytes(values)


def source(mode, width, height):
    count = width * height * CHANNELS[mode]
    if mode == "I;16":
        return Image.frombytes(mode, (width, height), noise(2 * count))
    if mode == "F":
        values = [(byte - 64) / 2 for byte in noise(count)]
        return Image.frombytes(mode, (width, height), struct.pack(f"<{count}f", *values))
    return Image.frombytes(mode, (width, height), noise(count))


def cases():
    for mode in CHANNELS:
        # The 8-bit modes share their code: the large sizes are run for one of them only.
        sizes = COMMON + SMALL if mode == "RGB" else SMALL + COMMON[-1:]
        for name in FILTERS:
            for size in sizes:
                yield ["resize", mode, *size, name]
            for *size, box in BOXES:
                yield ["resize", mode, *size, name, *box]
    for mode in CHANNELS:
        for name in ("bicubic", "nearest", "lanczos") if mode == "RGB" else ("bicubic",):
            for size in FITS:
                yield ["fit", mode, *size, name]
                # Without room for one row or column Pillow fails; this package keeps one.
                if min(size[0] / size[1], size[1] / size[0]) * min(size[2:]) >= 1:
                    yield ["pad", mode, *size, name, *COLORS[mode]]


def result(case):
    kind, mode, width, height, new_width, new_height, name, *rest = case
    image = source(mode, width, height)
    size = (new_width, new_height)
    if kind == "fit":
        return ImageOps.fit(image, size, FILTERS[name], centering=(0.5, 0.5))
    if kind == "pad":
        color = tuple(rest) if len(rest) > 1 else rest[0]
        return ImageOps.pad(image, size, FILTERS[name], color)
    return image.resize(size, FILTERS[name], box=tuple(rest) or None)


def main():
    path = sys.argv[1]
    release = 0 if PIL.__version__.startswith("12.") else 1
    known = {}
    if os.path.exists(path):
        for line in json.load(open(path)):
            known[json.dumps(line["case"])] = line["crc"]
    lines = []
    for case in cases():
        crc = known.get(json.dumps(case), [None, None])
        crc = crc * 2 if len(crc) == 1 else crc
        crc[release] = zlib.crc32(result(case).tobytes())
        crc = crc[:1] if crc[0] == crc[1] else crc
        lines.append(json.dumps({"case": case, "crc": crc}, separators=(",", ":")))
    with open(path, "w") as file:
        file.write("[\n" + ",\n".join(lines) + "\n]\n")


main()
