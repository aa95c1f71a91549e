"""What a user of Pillow does in place of `p2p-data build`, on one core: decode each file, cut it
into halves, resize both with the bicubic filter. With OUT it also writes the bytes there, and takes
the SHA-256 of each source and of what was written, as `p2p-data build` does.

    python pillow_build.py SIZE OUT|- FILE...

Prints the seconds of CPU and of wall-clock time that the loop took, without Python's start.
"""

import hashlib
import io
import json
import resource
import sys
import time

import PIL
from PIL import Image


def build(source, size):
    image = Image.open(source).convert("RGB")
    half = image.width // 2
    first = image.crop((0, 0, half, image.height))
    second = image.crop((half, 0, 2 * half, image.height))
    return [side.resize((size, size), Image.Resampling.BICUBIC).tobytes() for side in (first, second)]


def main():
    size, out, files = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    if out == "-":
        for path in files:
            build(path, size)
    else:
        written = hashlib.sha256()
        with open(out, "wb") as shard:
            for path in files:
                with open(path, "rb") as file:
                    data = file.read()
                hashlib.sha256(data).hexdigest()
                for side in build(io.BytesIO(data), size):
                    shard.write(side)
                    written.update(side)
    after, end = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    print(json.dumps({"cpu": cpu, "wall": end - start, "pillow": PIL.__version__}))


if __name__ == "__main__":
    main()
