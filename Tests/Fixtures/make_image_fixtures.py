"""Small images of every kind, and what Pillow makes of them, for ImageCodecTests.swift.

    python make_image_fixtures.py        # writes images/*, and images/expected.json last

images/expected.json says which Pillow it ran with, and per file the header and a CRC-32 of the
upright 8-bit pixels, or with which words the file is to be refused. Pillow decides on pixels; where
it cannot open a file (big-endian BigTIFF), or where the file keeps the pixels without loss, they
are those the file was made from. Pillow writes what it can; PNG and TIFF of the other kinds come
from the two small writers below.
"""

import io
import json
import os
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps, features

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images")
WIDTH, HEIGHT = 21, 11  # no multiple of a byte, a tile or a JPEG block


def noise(count, seed=12345):
    """Bytes from a linear congruential generator: Noise.bytes in TestSupport."""
    state, result = seed, bytearray()
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        result.append(state >> 24)
    return np.frombuffer(bytes(result), np.uint8)


def smooth(channels):
    """A ramp with some noise: JPEG is not made for noise alone."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [(x * 9 + y * 5, 230 - x * 4 - y * 9, x * 2 + y * 18)[c] for c in range(channels)]
    image = np.stack(planes, 2) + noise(WIDTH * HEIGHT * channels).reshape(HEIGHT, WIDTH, -1) % 25
    return image.clip(0, 255).astype(np.uint8)


def samples(bits, channels=1):
    """Noise of so many bits per sample: [HEIGHT, WIDTH, channels]."""
    values = noise(HEIGHT * WIDTH * channels) >> max(0, 8 - bits)
    return values.reshape(HEIGHT, WIDTH, channels)


def pack(rows, bits, big_endian=True):
    """[H, W, C] samples as bytes: each row begins with a new byte."""
    if bits == 16:
        return rows.astype(">u2" if big_endian else "<u2").tobytes()
    if bits == 8:
        return rows.astype(np.uint8).tobytes()
    flat = rows.reshape(rows.shape[0], -1)
    split = (flat[:, :, None] >> np.arange(bits - 1, -1, -1)) & 1
    return np.packbits(split.reshape(rows.shape[0], -1).astype(np.uint8), axis=1).tobytes()


# MARK: - PNG


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(rows, bits, color, interlaced=False, before=(), after=()):
    """A PNG of [H, W, C] samples; `before` and `after` are chunks around the pixels."""
    adam7 = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ]
    data = b""
    for x, y, across, down in adam7 if interlaced else [(0, 0, 1, 1)]:
        part = rows[y::down, x::across]
        if part.size:
            for row in part:
                data += b"\0" + pack(row[None], bits)
    header = struct.pack(
        ">IIBBBBB", rows.shape[1], rows.shape[0], bits, color, 0, 0, int(interlaced)
    )
    chunks = [(b"IHDR", header), *before, (b"IDAT", zlib.compress(data, 9)), *after, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


# MARK: - TIFF


def tiff(
    rows,
    bits,
    photometric,
    order="<",
    big=False,
    tile=None,
    strip=4,
    planar=False,
    tags=(),
    pages=1,
    deflate=False,
):
    """A TIFF of [H, W, C] samples, in strips of `strip` rows or tiles of `tile` pixels a side."""
    height, width, channels = rows.shape
    planes = [rows[:, :, c : c + 1] for c in range(channels)] if planar else [rows]
    blocks = []
    for plane in planes:
        if tile:
            padded = np.pad(plane, ((0, -height % tile), (0, -width % tile), (0, 0)), mode="edge")
            blocks += [
                padded[y : y + tile, x : x + tile]
                for y in range(0, height, tile)
                for x in range(0, width, tile)
            ]
        else:
            blocks += [plane[y : y + strip] for y in range(0, height, strip)]
    blocks = [pack(block, bits, order == ">") for block in blocks]
    if deflate:
        blocks = [zlib.compress(block, 9) for block in blocks]

    start = 16 if big else 8
    offsets = [start + sum(map(len, blocks[:i])) for i in range(len(blocks))]
    entries = {
        256: (3, [width]),
        257: (3, [height]),
        258: (3, [bits] * channels),
        259: (3, [8 if deflate else 1]),
        262: (3, [photometric]),
        277: (3, [channels]),
        284: (3, [2 if planar else 1]),
        324 if tile else 273: (4, offsets),
        325 if tile else 279: (4, [len(b) for b in blocks]),
    }
    entries.update({322: (3, [tile]), 323: (3, [tile])} if tile else {278: (3, [strip])})
    entries.update(tags)

    letters = {3: "H", 4: "I"}
    word, count_format, head = ("Q", "Q", 20) if big else ("I", "H", 12)
    body = b"".join(blocks)
    next_pointers, directories = [], b""
    for _ in range(pages):
        table = start + len(body) + len(directories)
        size = (
            struct.calcsize(order + count_format)
            + head * len(entries)
            + struct.calcsize(order + word)
        )
        directory, extra = struct.pack(order + count_format, len(entries)), b""
        for tag, (kind, values) in sorted(entries.items()):
            data = struct.pack(order + letters[kind] * len(values), *values)
            room = struct.calcsize(order + word)
            if len(data) > room:
                place, extra = table + size + len(extra), extra + data
                data = struct.pack(order + word, place)
            directory += struct.pack(order + "HH" + word, tag, kind, len(values)) + data.ljust(
                room, b"\0"
            )
        next_pointers.append(start + len(body) + len(directories) + len(directory))
        directories += directory + struct.pack(order + word, 0) + extra
    mark = {"<": b"II", ">": b"MM"}[order]
    first = start + len(body)
    header = mark + (
        struct.pack(order + "HHHQ", 43, 8, 0, first)
        if big
        else struct.pack(order + "HI", 42, first)
    )
    file = bytearray(header + body + directories)
    for page, pointer in enumerate(next_pointers[:-1]):
        following = first + (page + 1) * (len(directories) // pages)
        file[pointer : pointer + struct.calcsize(order + word)] = struct.pack(
            order + word, following
        )
    return bytes(file)


# MARK: - What is written


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(order, orientation):
    """An EXIF block with a tag before the orientation, as cameras write it."""
    mark = {"<": b"II", ">": b"MM"}[order]
    entries = struct.pack(order + "HHII", 0x0100, 4, 1, WIDTH) + struct.pack(
        order + "HHIHH", 0x0112, 3, 1, orientation, 0
    )
    return mark + struct.pack(order + "HIH", 42, 8, 2) + entries + struct.pack(order + "I", 0)


def upright(pixels, orientation):
    """[H, W, C] pixels, turned as Pillow's ImageOps.exif_transpose would."""
    pixels = pixels if orientation in (1, 2, 3, 4) else pixels.transpose(1, 0, 2)
    return {
        1: pixels,
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: pixels,
        6: pixels[:, ::-1],
        7: pixels[::-1, ::-1],
        8: pixels[::-1],
    }[orientation]


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
    yield "grey.jpg", saved(grey, "JPEG"), None, {"channels": 1}
    yield "grey-progressive.jpg", saved(grey, "JPEG", progressive=True), None, {"channels": 1}
    for orientation, order in [(6, "<"), (8, ">")]:
        block = b"Exif\0\0" + exif(order, orientation)
        yield f"orientation-{orientation}.jpg", saved(grey, "JPEG", exif=block), None, {
            "channels": 1,
            "orientation": orientation,
        }

    palette = noise(256 * 3, seed=7).reshape(256, 3)
    for interlaced in (False, True):
        suffix = "-interlaced" if interlaced else ""
        for bits in (1, 2, 4, 8):
            rows = samples(bits)
            scaled = (rows * (255 // (2**bits - 1))).astype(np.uint8)
            yield f"grey{bits}{suffix}.png", png(rows, bits, 0, interlaced), scaled, {
                "channels": 1,
                "bits": bits,
            }
            plte = (b"PLTE", palette[: 2**bits].tobytes())
            yield f"palette{bits}{suffix}.png", png(rows, bits, 3, interlaced, [plte]), palette[
                rows[:, :, 0]
            ], {"bits": bits, "palette": True}
        yield f"rgb8{suffix}.png", png(rgb8, 8, 2, interlaced), rgb8, {}
    yield "rgb-filtered.png", saved(rgb, "PNG"), smooth(3), {}
    gamma = [(b"gAMA", struct.pack(">I", 100000)), (b"sBIT", b"\5"), (b"bKGD", b"\0\7")]
    yield "grey8-gamma.png", png(grey8, 8, 0, before=gamma), grey8, {"channels": 1}
    yield "orientation-6.png", png(grey8, 8, 0, before=[(b"eXIf", exif(">", 6))]), upright(
        grey8, 6
    ), {"channels": 1, "orientation": 6}
    yield "orientation-7.png", png(grey8, 8, 0, after=[(b"eXIf", exif("<", 7))]), upright(
        grey8, 7
    ), {"channels": 1, "orientation": 7}

    for name, options in {
        "lzw": {"compression": "tiff_lzw"},
        "lzw-predictor": {"compression": "tiff_lzw", "tiffinfo": {317: 2}},
        "deflate": {"compression": "tiff_adobe_deflate"},
        "packbits": {"compression": "packbits"},
    }.items():
        yield f"rgb-{name}.tif", saved(rgb, "TIFF", **options), smooth(3), {}
    yield "rgb-jpeg.tif", saved(rgb, "TIFF", compression="jpeg"), None, {}
    yield "grey-jpeg.tif", saved(grey, "TIFF", compression="jpeg"), None, {"channels": 1}
    bilevel = Image.fromarray(samples(1)[:, :, 0] > 0)
    for name in ("group3", "group4"):
        yield f"grey1-{name}.tif", saved(bilevel, "TIFF", compression=name), samples(1) * 255, {
            "channels": 1,
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
    yield "grey8.tif", tiff(grey8, 8, 1), grey8, {"channels": 1}
    yield "grey8-white.tif", tiff(grey8, 8, 0), 255 - grey8, {"channels": 1}
    for bits in (1, 2, 4):
        scaled = (samples(bits) * (255 // (2**bits - 1))).astype(np.uint8)
        yield f"grey{bits}.tif", tiff(samples(bits), bits, 1), scaled, {"channels": 1, "bits": bits}
        yield f"grey{bits}-white.tif", tiff(samples(bits), bits, 0, ">"), 255 - scaled, {
            "channels": 1,
            "bits": bits,
        }
    yield "grey1-tiles.tif", tiff(samples(1), 1, 1, tile=16), samples(1) * 255, {
        "channels": 1,
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
        ), {"channels": 1, "orientation": orientation}


def refused():
    """(name, file, words of the message)"""
    grey, rgb = Image.fromarray(smooth(1)[:, :, 0]), Image.fromarray(smooth(3))
    grey8, rgb8 = samples(8), samples(8, 3)
    small = rgb.resize((8, 8))
    yield "cmyk.jpg", saved(small.convert("CMYK"), "JPEG"), "CMYK"
    jpeg = saved(grey.resize((8, 8)), "JPEG")
    frame = jpeg.index(b"\xff\xc0")
    yield "12bit.jpg", jpeg[: frame + 4] + b"\x0c" + jpeg[frame + 5 :], "12-bit"
    yield "lossless.jpg", jpeg[: frame + 1] + b"\xc3" + jpeg[frame + 2 :], "lossless"
    wide = samples(8).astype(np.uint16) * 257
    yield "grey16.png", png(wide, 16, 0), "16-bit"
    yield "rgb16.png", png(np.repeat(wide, 3, 2), 16, 2), "16-bit"
    yield "grey-alpha.png", png(samples(8, 2), 8, 4), "alpha"
    yield "rgb-alpha.png", png(samples(8, 4), 8, 6), "alpha"
    yield "grey-transparent.png", png(grey8, 8, 0, before=[(b"tRNS", b"\0\7")]), "tRNS"
    yield "palette-transparent.png", png(
        samples(1), 1, 3, before=[(b"PLTE", bytes(6)), (b"tRNS", b"\0")]
    ), "tRNS"
    yield "animated.png", saved(
        small, "PNG", save_all=True, append_images=[small.rotate(90)]
    ), "animated"
    yield "grey16.tif", tiff(wide, 16, 1), "16-bit"
    yield "float32.tif", saved(grey.convert("F"), "TIFF"), "32-bit float"
    yield "signed8.tif", tiff(grey8, 8, 1, tags={339: (3, [2])}), "signed"
    yield "rgb-alpha.tif", tiff(samples(8, 4), 8, 2, tags={338: (3, [2])}), "alpha"
    yield "grey-extra.tif", tiff(samples(8, 2), 8, 1, tags={338: (3, [0])}), "channels beside"
    yield "cmyk.tif", tiff(samples(8, 4), 8, 5), "CMYK"
    yield "lab.tif", tiff(rgb8, 8, 8), "photometric"
    yield "ycbcr.tif", tiff(rgb8, 8, 6, tags={530: (3, [1, 1])}), "YCbCr"
    yield "pages.tif", tiff(grey8, 8, 1, pages=3), "3 pages"


def pillow_pixels(file):
    """Upright [H, W, C] pixels; None if Pillow does not know the format."""
    try:
        image = Image.open(io.BytesIO(file))
    except PIL.UnidentifiedImageError:
        return None
    image.load()
    if image.format != "TIFF":  # Pillow turns TIFF by itself
        image = ImageOps.exif_transpose(image)
    image = image.convert({"P": "RGB", "1": "L"}.get(image.mode, image.mode))
    return np.asarray(image).reshape(image.height, image.width, -1)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    kinds = {"jpg": "jpeg", "png": "png", "tif": "tiff"}
    expected = {
        "pillow": PIL.__version__,
        "libjpeg-turbo": features.version_feature("libjpeg_turbo"),
        "accepted": [],
        "refused": [],
    }
    for name, file, pixels, facts in accepted():
        oracle = pillow_pixels(file)
        assert oracle is not None or "bigtiff" in name, name
        assert pixels is None or oracle is None or np.array_equal(pixels, oracle), name
        pixels = oracle if pixels is None else pixels
        expected["accepted"].append(
            {
                "file": name,
                "format": kinds[name[-3:]],
                "width": pixels.shape[1],
                "height": pixels.shape[0],
                "channels": facts.get("channels", 3),
                "sourceBits": facts.get("bits", 8),
                "isPalette": facts.get("palette", False),
                "orientation": facts.get("orientation", 1),
                "crc32": zlib.crc32(np.ascontiguousarray(pixels, np.uint8).tobytes()),
            }
        )
        assert pixels.shape[2] == facts.get("channels", 3), name
        with open(os.path.join(FOLDER, name), "wb") as out:
            out.write(file)
    for name, file, words in refused():
        expected["refused"].append({"file": name, "message": words})
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


if __name__ == "__main__":
    main()
