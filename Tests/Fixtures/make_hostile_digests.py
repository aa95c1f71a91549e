"""What other decoders make of the shared hostile images, for HostileImageTests.swift.

    python make_hostile_digests.py SHARED        # writes hostile-images.json

SHARED is the folder with `hostile/`: see CONTRIBUTING.md. Per file, relative to it, a CRC-32 of the
upright samples as this project delivers them: PNG from pypng's raw samples, JPEG from Pillow, TIFF
from tifffile. A file that none of them reads is left out, and so is one of a kind that is not read
here. `isRequired` is false for files that are damaged, which may be refused.
"""

import json
import os
import sys
import warnings
import zlib

import imagecodecs
import numpy as np
import PIL
import png
import tifffile
from PIL import Image, ImageOps
from wide_image_cases import divided, full

FOLDER = os.path.dirname(os.path.abspath(__file__))


def from_pypng(path):
    """Samples as delivered, from raw ones: palette, transparency and scale are applied here."""
    width, height, rows, info = png.Reader(filename=path).read()
    rows = np.array([list(row) for row in rows], np.int64).reshape(height, width, -1)
    bits, transparent = info["bitdepth"], info.get("transparent")
    if "palette" in info:
        colors = np.array(info["palette"], np.uint8)
        return colors[rows[:, :, 0]]
    pixels = full(rows, bits)
    if transparent is not None:
        most = 255 if bits <= 8 else 65535
        opaque = (rows != np.array(transparent)).any(2, keepdims=True)
        pixels = np.dstack([pixels, (opaque * most).astype(pixels.dtype)])
    return pixels


def from_pillow(path):
    image = Image.open(path)
    image.load()
    image = ImageOps.exif_transpose(image)
    return np.asarray(image).reshape(image.height, image.width, -1)


def from_tifffile(path):
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        rows = page.asarray()
        if page.planarconfig == 2 and rows.ndim == 3:
            rows = rows.transpose(1, 2, 0)
        rows = rows.reshape(page.imagelength, page.imagewidth, -1)
        bits, kind = page.bitspersample, rows.dtype.kind
        if page.photometric == 6 and page.compression != 7 or page.photometric > 6:
            return None
        if page.photometric == 3:
            return (page.colormap.T[rows[:, :, 0]] >> 8).astype(np.uint8)
        if kind in "fi":
            if np.abs(rows.astype(np.float64)).max() > 2**24 and kind == "i":
                return None
            return rows.astype(np.float32)
        if page.photometric == 0:
            rows = 2**bits - 1 - rows.astype(np.int64)
        if rows.max() > 2**24:
            return None
        if 1 in page.extrasamples:
            return divided(rows, 2**bits - 1).astype(rows.dtype)
        return full(rows, bits)


def pixels(path):
    start = open(path, "rb").read(4)
    if start[:2] == b"\xff\xd8":
        return from_pillow(path)
    return from_pypng(path) if start == b"\x89PNG" else from_tifffile(path)


def main(shared):
    warnings.simplefilter("ignore")
    entries = []
    for folder, _, names in sorted(os.walk(os.path.join(shared, "hostile"))):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not name.lower().endswith((".jpg", ".png", ".tif", ".tiff")):
                continue
            try:
                samples = pixels(path)
            except Exception as error:
                print(path, type(error).__name__, str(error)[:80])
                continue
            if samples is None:
                continue
            file = os.path.relpath(path, shared)
            crc = zlib.crc32(np.ascontiguousarray(samples).tobytes())
            required = "jpeg-broken" not in file
            entries.append({"file": file, "crc32": crc, "isRequired": required})
    versions = {
        "pillow": PIL.__version__,
        "pypng": png.__version__,
        "tifffile": tifffile.__version__,
        "imagecodecs": imagecodecs.__version__,
    }
    with open(os.path.join(FOLDER, "hostile-images.json"), "w") as out:
        lines = ",\n".join(map(json.dumps, entries))
        out.write(f'{{\n"made by": {json.dumps(versions)},\n"files": [\n{lines}\n]\n}}\n')


if __name__ == "__main__":
    main(sys.argv[1])
