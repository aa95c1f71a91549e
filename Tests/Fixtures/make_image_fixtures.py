"""Small images of every kind, and what Pillow makes of them, for ImageCodecTests.swift.

    python make_image_fixtures.py        # writes images/*, and images/expected.json last

images/expected.json says with which versions it ran, and per file the header, a CRC-32 of the
upright samples as they are to be delivered, and for some one of the values that are to be delivered
instead where indices are kept; or with which words the file is to be refused. Where a file keeps
the pixels without loss they are those it was made from, and Pillow and tifffile must agree where
they read that kind; else Pillow decides. Pillow, tifffile and imagecodecs write what they can; the
other kinds come from image_writers.py.
"""

import io
import json
import os
import shutil
import struct
import zlib

import imagecodecs
import numpy as np
import PIL
import tifffile
import wide_image_cases
from PIL import Image, ImageOps, features
from wide_image_cases import full, saved

from image_writers import exif, noise, png, samples, smooth, tiff, upright

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images")


def accepted():
    """(name, file, pixels or None for "ask Pillow", facts about the header)"""
    grey8, rgb8 = samples(8), samples(8, 3)
    grey, rgb = Image.fromarray(smooth(1)[:, :, 0]), Image.fromarray(smooth(3))
    for name, options in {
        "420": {},
        "422": {"subsampling": 1},
        "444": {"subsampling": 0},
        "progressive": {"progressive": True},
        "restarts": {"restart_marker_blocks": 1},
        "rgb": {"keep_rgb": True, "subsampling": 0},
    }.items():
        yield f"rgb-{name}.jpg", saved(rgb, "JPEG", **options), None, {}
    yield "grey.jpg", saved(grey, "JPEG"), None, {"model": "gray"}
    yield "grey-progressive.jpg", saved(grey, "JPEG", progressive=True), None, {"model": "gray"}
    for orientation, order in [(6, "<"), (8, ">")]:
        block = b"Exif\0\0" + exif(order, orientation)
        yield f"orientation-{orientation}.jpg", saved(grey, "JPEG", exif=block), None, {
            "model": "gray",
            "orientation": orientation,
        }

    palette = noise(256 * 3, seed=7).reshape(256, 3)
    for interlaced in (False, True):
        suffix = "-interlaced" if interlaced else ""
        for bits in (1, 2, 4, 8):
            rows = samples(bits)
            scaled = (rows * (255 // (2**bits - 1))).astype(np.uint8)
            yield f"grey{bits}{suffix}.png", png(rows, bits, 0, interlaced), scaled, {
                "model": "gray",
                "bits": bits,
            }
            plte = (b"PLTE", palette[: 2**bits].tobytes())
            yield f"palette{bits}{suffix}.png", png(rows, bits, 3, interlaced, [plte]), palette[
                rows[:, :, 0]
            ], {"bits": bits, "palette": True}
        yield f"rgb8{suffix}.png", png(rgb8, 8, 2, interlaced), rgb8, {}
    yield "rgb-filtered.png", saved(rgb, "PNG"), smooth(3), {}
    gamma = [(b"gAMA", struct.pack(">I", 100000)), (b"sBIT", b"\5"), (b"bKGD", b"\0\7")]
    yield "grey8-gamma.png", png(grey8, 8, 0, before=gamma), grey8, {"model": "gray"}
    yield "orientation-6.png", png(grey8, 8, 0, before=[(b"eXIf", exif(">", 6))]), upright(
        grey8, 6
    ), {"model": "gray", "orientation": 6}
    yield "orientation-7.png", png(grey8, 8, 0, after=[(b"eXIf", exif("<", 7))]), upright(
        grey8, 7
    ), {"model": "gray", "orientation": 7}

    for name, options in {
        "lzw": {"compression": "tiff_lzw"},
        "lzw-predictor": {"compression": "tiff_lzw", "tiffinfo": {317: 2}},
        "deflate": {"compression": "tiff_adobe_deflate"},
        "packbits": {"compression": "packbits"},
    }.items():
        yield f"rgb-{name}.tif", saved(rgb, "TIFF", **options), smooth(3), {}
    yield "rgb-jpeg.tif", saved(rgb, "TIFF", compression="jpeg"), None, {}
    yield "grey-jpeg.tif", saved(grey, "TIFF", compression="jpeg"), None, {"model": "gray"}
    bilevel = Image.fromarray(samples(1)[:, :, 0] > 0)
    for name in ("group3", "group4"):
        yield f"grey1-{name}.tif", saved(bilevel, "TIFF", compression=name), samples(1) * 255, {
            "model": "gray",
            "bits": 1,
        }
    for order, name in [("<", "little"), (">", "big")]:
        yield f"rgb-{name}.tif", tiff(rgb8, 8, 2, order), rgb8, {}
        yield f"rgb-{name}-bigtiff.tif", tiff(
            rgb8, 8, 2, order, big=True, tile=16, deflate=True
        ), rgb8, {}
    yield "rgb-planar.tif", tiff(rgb8, 8, 2, planar=True), rgb8, {}
    yield "rgb-planar-tiles.tif", tiff(rgb8, 8, 2, planar=True, tile=16, deflate=True), rgb8, {}
    yield "rgb-tiles.tif", tiff(rgb8, 8, 2, ">", tile=16, deflate=True), rgb8, {}
    yield "grey8.tif", tiff(grey8, 8, 1), grey8, {"model": "gray"}
    yield "grey8-white.tif", tiff(grey8, 8, 0), 255 - grey8, {"model": "gray"}
    for bits in (1, 2, 4):
        scaled = (samples(bits) * (255 // (2**bits - 1))).astype(np.uint8)
        yield f"grey{bits}.tif", tiff(samples(bits), bits, 1), scaled, {
            "model": "gray",
            "bits": bits,
        }
        yield f"grey{bits}-white.tif", tiff(samples(bits), bits, 0, ">"), 255 - scaled, {
            "model": "gray",
            "bits": bits,
        }
    yield "grey1-tiles.tif", tiff(samples(1), 1, 1, tile=16), samples(1) * 255, {
        "model": "gray",
        "bits": 1,
    }
    for bits in (1, 4, 8):
        colors = palette[: 2**bits]
        tags = {320: (3, [int(v) * 257 for v in colors.T.reshape(-1)])}
        yield f"palette{bits}.tif", tiff(samples(bits), bits, 3, tags=tags), colors[
            samples(bits)[:, :, 0]
        ], {"bits": bits, "palette": True}
    for orientation in (3, 5):
        tags = {274: (3, [orientation])}
        yield f"orientation-{orientation}.tif", tiff(grey8, 8, 1, tags=tags), upright(
            grey8, orientation
        ), {"model": "gray", "orientation": orientation}


def pillow_pixels(file):
    """Upright [H, W, C] pixels; None if Pillow does not read the file, or loses bits of it."""
    try:
        image = Image.open(io.BytesIO(file))
        image.load()
    except OSError:
        return None
    if image.mode in ("I", "F", "I;16", "I;16B", "La", "PA"):
        return None
    if image.format != "TIFF":  # Pillow turns TIFF by itself
        image = ImageOps.exif_transpose(image)
    transparent = "transparency" in image.info
    modes = {"P": "RGBA" if transparent else "RGB", "1": "L", "YCbCr": "RGB"}
    image = image.convert(modes.get(image.mode, image.mode))
    return np.asarray(image).reshape(image.height, image.width, -1)


def check_with_tifffile(file, pixels, facts):
    """Has tifffile read the samples that a TIFF was made from, where it delivers what we do."""
    with tifffile.TiffFile(io.BytesIO(file)) as opened:
        page = opened.pages[0]
        plain = page.photometric in (1, 2, 5) and 1 not in page.extrasamples
        ordered = list(page.extrasamples) == sorted(page.extrasamples) and len(page.tags) < 99
        bits = facts.get("bits", 8)
        if not plain or not ordered or facts.get("orientation", 1) != 1:
            return False
        if page.bitspersample == 24 and (file[:2] == b"MM" or page.sampleformat == 2):
            return False  # tifffile shifts the former by 8 bits and finds nothing in the latter
        rows = page.asarray()
        if page.planarconfig == 2 and rows.ndim == 3:
            rows = rows.transpose(1, 2, 0)
        rows = rows.reshape(pixels.shape)
        whole = rows.dtype.kind in "ub"
        samples = full(rows, bits) if whole else rows.astype(np.float32)
        assert np.array_equal(samples, pixels, equal_nan=samples.dtype.kind == "f"), facts
        return True


def damaged():
    """(name, file, words of the message)"""
    yield "no-palette.tif", tiff(samples(8), 8, 3), "without its palette"
    circle = bytearray(tiff(samples(8), 8, 1, pages=2))
    (first,) = struct.unpack("<I", circle[4:8])
    for _ in range(2):  # the place of the pointer to the next page
        (entries,) = struct.unpack("<H", circle[first : first + 2])
        pointer = first + 2 + 12 * entries
        (first,) = struct.unpack("<I", circle[pointer : pointer + 4])
    circle[pointer : pointer + 4] = circle[4:8]
    yield "circle.tif", bytes(circle), "in a circle"


def raw_values(name, bits):
    """The values in the files of `accepted` whose samples are few-valued; None for others."""
    if not name.startswith(("grey1", "grey2", "grey4", "palette", "grey8-white")):
        return None
    return samples(bits)


def entry(name, file, pixels, facts):
    """What images/expected.json says about a file to be read."""
    oracle = pillow_pixels(file)
    if pixels is None:
        assert oracle is not None, name
        pixels = oracle
    elif name.endswith(".tif"):
        entry.compared += check_with_tifffile(file, pixels, facts)
    comparable = oracle is not None and oracle.shape == pixels.shape and facts.get("pillow", True)
    if comparable and pixels.dtype == np.uint8:
        assert np.array_equal(pixels, oracle), name
    types = {"uint8": "U8", "uint16": "U16", "float32": "F32"}
    colors = {"gray": 1, "rgb": 3, "cmyk": 4, "multichannel": 0}
    model, alpha = facts.get("model", "rgb"), facts.get("alpha", False)
    assert pixels.shape[2] == facts.get("channels", colors[model] + alpha), name
    result = {
        "file": name,
        "format": {"jpg": "jpeg", "png": "png", "tif": "tiff"}[name[-3:]],
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "colorModel": model,
        "channels": pixels.shape[2],
        "hasAlpha": alpha,
        "sampleType": types[str(pixels.dtype)],
        "sourceBits": facts.get("bits", 8),
        "isPalette": facts.get("palette", False),
        "orientation": facts.get("orientation", 1),
        "pages": facts.get("pages", 1),
        "hasColorProfile": facts.get("profile", False),
        "hasWarnings": facts.get("warns", False),
        "crc32": zlib.crc32(np.ascontiguousarray(pixels).tobytes()),
    }
    if "indices" in facts:
        result["indices"] = zlib.crc32(facts["indices"].astype(np.uint8).tobytes())
    return result


entry.compared = 0


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    expected = {
        "pillow": PIL.__version__,
        "libjpeg-turbo": features.version_feature("libjpeg_turbo"),
        "tifffile": tifffile.__version__,
        "imagecodecs": imagecodecs.__version__,
        "accepted": [],
        "refused": [],
    }
    files = {}
    for name, file, pixels, facts in accepted():
        values = raw_values(name, facts.get("bits", 8))
        files[name] = file
        facts = facts if values is None else {**facts, "indices": values}
        expected["accepted"].append(entry(name, file, pixels, facts))
    for name, file, pixels, facts in wide_image_cases.accepted():
        assert name not in files, name
        files[name] = file
        expected["accepted"].append(entry(name, file, pixels, facts))
    for code, cases in [("unsupported", wide_image_cases.refused()), ("corrupt", damaged())]:
        for name, file, words in cases:
            files[name] = file
            expected["refused"].append({"file": name, "code": code, "message": words})
    for name, file in files.items():
        with open(os.path.join(FOLDER, name), "wb") as out:
            out.write(file)
    with open(os.path.join(FOLDER, "expected.json"), "w") as out:
        lines = ",\n".join(
            (
                f'"{key}": [\n' + ",\n".join(map(json.dumps, value)) + "\n]"
                if isinstance(value, list)
                else f'"{key}": "{value}"'
            )
            for key, value in expected.items()
        )
        out.write("{\n" + lines + "\n}\n")  # one file per line
    print(len(expected["accepted"]), "files,", entry.compared, "read by tifffile, too")


if __name__ == "__main__":
    main()
