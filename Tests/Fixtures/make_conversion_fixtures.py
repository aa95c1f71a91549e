"""What Pillow makes of colours and alpha, for ImageConversionTests.swift.

    python make_conversion_fixtures.py           # writes conversions.json

Each CRC-32 is over the bytes of a 256x256 image, whose channels are made of x, y, 255 - x and x ^ y
so that every pair of values occurs.
"""

import json
import os
import zlib

import numpy as np
import PIL
from PIL import Image

BACKGROUND = (200, 30, 90)


def crc(image):
    return zlib.crc32(np.asarray(image).tobytes())


def main():
    y, x = np.mgrid[0:256, 0:256].astype(np.uint8)
    planes = {
        name: Image.fromarray(plane)
        for name, plane in {"x": x, "y": y, "-": 255 - x, "^": x ^ y}.items()
    }

    def merged(mode, names):
        return Image.merge(mode, [planes[name] for name in names])

    rgba = merged("RGBA", "x-^y")
    behind = Image.new("RGBA", rgba.size, BACKGROUND + (255,))
    composited = Image.alpha_composite(behind, rgba).convert("RGB")
    pasted = Image.new("RGB", rgba.size, BACKGROUND)
    pasted.paste(rgba.convert("RGB"), mask=rgba.getchannel("A"))
    assert np.array_equal(composited, pasted)
    grey = Image.new("L", rgba.size, 77)
    grey.paste(planes["x"], mask=planes["y"])
    results = {
        "pillow": PIL.__version__,
        "gray": crc(merged("RGB", "xy^").convert("L")),
        "rgbFromCMYK": crc(merged("CMYK", "x-^y").convert("RGB")),
        "composited": crc(composited),
        "compositedGray": crc(grey),
    }
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "conversions.json"), "w") as out:
        json.dump(results, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
