"""What a user of Pillow does in place of `p2p-data build`, on one core: decode each file, cut it
into halves, resize both with the bicubic filter, and keep the bytes.

    python pillow_build.py SIZE FILE...

Prints the seconds of CPU and of wall-clock time that the loop took, without Python's start.
"""

import json
import resource
import sys
import time

import PIL
from PIL import Image


def build(path, size):
    image = Image.open(path).convert("RGB")
    half = image.width // 2
    first = image.crop((0, 0, half, image.height))
    second = image.crop((half, 0, 2 * half, image.height))
    return [side.resize((size, size), Image.Resampling.BICUBIC).tobytes() for side in (first, second)]


def main():
    size, files = int(sys.argv[1]), sys.argv[2:]
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    for path in files:
        build(path, size)
    after, end = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    print(json.dumps({"cpu": cpu, "wall": end - start, "pillow": PIL.__version__}))


if __name__ == "__main__":
    main()
