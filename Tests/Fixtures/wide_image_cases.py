"""Fixtures beyond 8-bit grey and RGB, for make_image_fixtures.py.

`accepted` yields (name, file, pixels, facts): what the file was made from decides on the pixels,
except where they are None and Pillow decides.
"""

import io
import struct

import imagecodecs
import numpy as np
import tifffile
from image_writers import (
    HEIGHT,
    WIDTH,
    exif,
    float24,
    noise,
    png,
    samples,
    smooth,
    tiff,
    upright,
)
from PIL import Image

GRAY, RGB, CMYK, MULTI = "gray", "rgb", "cmyk", "multichannel"
UINT, INT, FLOAT = 1, 2, 3


def full(rows, bits):
    """Samples scaled to all of 8 or 16 bits, rounded; those of more bits as floats."""
    most, rows = 2**bits - 1, rows.astype(np.int64)
    if bits > 16:
        return rows.astype(np.float32)
    target = 255 if bits <= 8 else 65535
    return ((rows * target + most // 2) // most).astype(np.uint8 if bits <= 8 else np.uint16)


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def by_tifffile(rows, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, rows, metadata=None, software=False, **options)
    return buffer.getvalue()


def without_segment(jpeg, marker):
    """A JPEG without its first segment of this kind."""
    start = jpeg.index(bytes([0xFF, marker]))
    (length,) = struct.unpack(">H", jpeg[start + 2 : start + 4])
    return jpeg[:start] + jpeg[start + 2 + length :]


# MARK: - JPEG


def jpegs():
    inks = Image.merge("CMYK", [Image.fromarray(plane) for plane in smooth(4).transpose(2, 0, 1)])
    cmyk = saved(inks, "JPEG", quality=90)
    ycck = imagecodecs.jpeg8_encode(
        255 - smooth(4), 90, colorspace="CMYK", outcolorspace="YCCK", subsampling="420"
    )
    facts = {"model": CMYK}
    yield "cmyk.jpg", cmyk, None, facts
    yield "cmyk-no-adobe.jpg", without_segment(cmyk, 0xEE), None, facts
    yield "cmyk-progressive.jpg", saved(inks, "JPEG", progressive=True), None, facts
    yield "ycck.jpg", ycck, None, facts
    yield "ycck-no-adobe.jpg", without_segment(ycck, 0xEE), None, facts
    rgb = Image.fromarray(smooth(3))
    yield "profile.jpg", saved(rgb, "JPEG", icc_profile=bytes(200)), None, {"profile": True}


# MARK: - PNG


def pngs():
    for interlaced in (False, True):
        suffix = "-interlaced" if interlaced else ""
        for name, channels, color, model in [
            ("grey", 1, 0, GRAY),
            ("grey-alpha", 2, 4, GRAY),
            ("rgb", 3, 2, RGB),
            ("rgb-alpha", 4, 6, RGB),
        ]:
            for bits in (8, 16):
                rows = samples(bits, channels)
                alpha = channels % 2 == 0
                if bits == 16 or alpha:
                    yield f"{name}{bits}{suffix}.png", png(rows, bits, color, interlaced), full(
                        rows, bits
                    ), {"model": model, "alpha": alpha, "bits": bits}
    yield from transparent_pngs()
    small = Image.fromarray(smooth(3)[:8, :8])
    frames = {"save_all": True, "append_images": [small.rotate(90), small.rotate(180)]}
    yield "animated.png", saved(small, "PNG", **frames), smooth(3)[:8, :8], {"pages": 3}
    yield "animated-default.png", saved(small, "PNG", default_image=True, **frames), smooth(3)[
        :8, :8
    ], {"pages": 3}
    yield "profile.png", saved(small, "PNG", icc_profile=bytes(200)), smooth(3)[:8, :8], {
        "profile": True
    }
    wide = samples(16, 2)
    yield "orientation-8.png", png(wide, 16, 4, before=[(b"eXIf", exif("<", 8))]), upright(
        full(wide, 16), 8
    ), {"model": GRAY, "alpha": True, "bits": 16, "orientation": 8}


def transparent_pngs():
    """Files with a tRNS chunk."""
    palette = noise(256 * 3, seed=7).reshape(256, 3)
    for bits in (1, 2, 4, 8):
        rows = samples(bits)
        alphas = np.full(256, 255, np.uint8)
        given = 2**bits // 2
        alphas[:given] = noise(given, seed=3)
        chunks = [(b"PLTE", palette[: 2**bits].tobytes()), (b"tRNS", alphas[:given].tobytes())]
        colors = np.dstack([palette[rows[:, :, 0]], alphas[rows[:, :, 0]]])
        yield f"palette{bits}-transparent.png", png(rows, bits, 3, before=chunks), colors, {
            "model": RGB,
            "alpha": True,
            "bits": bits,
            "palette": True,
            "indices": rows,
        }
    for bits in (1, 2, 4, 8, 16):
        for channels, name, model in [(1, "grey", GRAY), (3, "rgb", RGB)]:
            if channels == 3 and bits < 8:
                continue
            rows = samples(bits, channels)
            key = rows[3, 5]
            most = 255 if bits <= 8 else 65535
            alpha = np.where((rows == key).all(2, keepdims=True), 0, most)
            pixels = np.dstack([full(rows, bits), alpha.astype(full(rows, bits).dtype)])
            chunk = (b"tRNS", struct.pack(f">{channels}H", *map(int, key)))
            facts = {"model": model, "alpha": True, "bits": bits}
            if channels == 1 and bits <= 8:
                facts["indices"] = rows
            yield f"{name}{bits}-transparent.png", png(
                rows, bits, 0 if channels == 1 else 2, before=[chunk]
            ), pixels, facts


# MARK: - TIFF


def tiffs():
    yield from integer_tiffs()
    yield from other_number_tiffs()
    yield from alpha_tiffs()
    yield from color_tiffs()
    grey = samples(8)
    yield "pages.tif", tiff(grey, 8, 1, pages=3), grey, {"model": GRAY, "pages": 3}
    yield "preview.tif", tiff(grey, 8, 1, pages=3, later_tags={254: (4, [1])}), grey, {
        "model": GRAY
    }
    yield "pages-bigtiff.tif", tiff(grey, 8, 1, ">", big=True, pages=2), grey, {
        "model": GRAY,
        "pages": 2,
    }
    yield "profile.tif", tiff(grey, 8, 1, tags={34675: (7, [0] * 200)}), grey, {
        "model": GRAY,
        "profile": True,
    }
    for orientation in range(1, 9):
        rows = samples(16, 2)
        tags = {274: (3, [orientation]), 338: (3, [2])}
        yield f"grey16-alpha-orientation-{orientation}.tif", tiff(rows, 16, 1, tags=tags), upright(
            full(rows, 16), orientation
        ), {"model": GRAY, "alpha": True, "bits": 16, "orientation": orientation}


def integer_tiffs():
    for bits in (3, 5, 6, 7, 9, 10, 12, 14, 15, 16, 17, 20, 24):
        rows = samples(bits)
        for order, end in [("<", "little"), (">", "big")]:
            if order == "<" or bits in (12, 16, 24):
                yield f"grey{bits}-{end}.tif", tiff(rows, bits, 1, order), full(rows, bits), {
                    "model": GRAY,
                    "bits": bits,
                    **({"indices": rows} if bits < 8 else {}),
                }
        if bits in (3, 12, 16, 24):
            yield f"grey{bits}-white.tif", tiff(rows, bits, 0), full(2**bits - 1 - rows, bits), {
                "model": GRAY,
                "bits": bits,
                **({"indices": rows} if bits < 8 else {}),
            }
    rows = samples(25) >> 1
    yield "grey32-little.tif", tiff(rows, 32, 1), full(rows, 32), {"model": GRAY, "bits": 32}
    yield "grey32-big.tif", tiff(rows, 32, 1, ">"), full(rows, 32), {"model": GRAY, "bits": 32}
    yield "grey64.tif", tiff(rows, 64, 1), full(rows, 32), {"model": GRAY, "bits": 64}
    for bits in (4, 12):
        rows = samples(bits, 3)
        yield f"rgb{bits}.tif", tiff(rows, bits, 2), full(rows, bits), {"bits": bits}
        yield f"rgb{bits}-planar.tif", tiff(rows, bits, 2, ">", planar=True), full(rows, bits), {
            "bits": bits
        }
    rows = samples(16, 3)
    yield "rgb16-planar-tiles.tif", tiff(rows, 16, 2, ">", planar=True, tile=16), full(rows, 16), {
        "bits": 16
    }
    yield "rgb16-predictor.tif", by_tifffile(
        rows.astype(np.uint16), photometric="rgb", compression="zlib", predictor=True
    ), full(rows, 16), {"bits": 16}
    bits = np.array([int(f"{i:08b}"[::-1], 2) for i in range(256)], np.uint8)
    grey = samples(8)
    yield "grey8-fill-order.tif", tiff(bits[grey], 8, 1, tags={266: (3, [2])}), grey, {
        "model": GRAY
    }


def other_number_tiffs():
    for bits in (8, 16, 24, 32):
        rows = samples(min(bits, 24)).astype(np.int64) - 2 ** (min(bits, 24) - 1)
        for order, end in [("<", "little"), (">", "big")]:
            yield f"signed{bits}-{end}.tif", tiff(
                rows, bits, 1, order, tags={339: (3, [INT])}
            ), rows.astype(np.float32), {"model": GRAY, "bits": bits}
    values = (samples(16, 3) - 20000).astype(np.float64) / 1024
    special = np.array([np.nan, np.inf, -np.inf, -0.0, 2.0**-24, 65504.0, 0.0])
    for kind, bits in [(np.float16, 16), (np.float32, 32), (np.float64, 64)]:
        rows = values.astype(kind)
        rows.reshape(-1)[: len(special)] = special
        expected = rows.astype(np.float32)
        for order, end in [("<", "little"), (">", "big")]:
            yield f"float{bits}-{end}.tif", tiff(
                rows, bits, 2, order, tags={339: (3, [FLOAT] * 3)}
            ), expected, {"bits": bits}
    rows = (samples(12, 1) - 2000).astype(np.float32) / 64 + np.float32(1 / 128)
    for order, end in [("<", "little"), (">", "big")]:
        yield f"float24-{end}.tif", tiff(
            float24(rows), 24, 1, order, tags={339: (3, [FLOAT])}
        ), rows, {"model": GRAY, "bits": 24}
    for kind, bits in [(np.float16, 16), (np.float32, 32), (np.float64, 64)]:
        rows = values.astype(kind)
        yield f"float{bits}-predictor.tif", by_tifffile(
            rows, photometric="rgb", compression="zlib", predictor=3
        ), rows.astype(np.float32), {"bits": bits}
    rows = values[:, :, :1].astype(np.float32)
    yield "float32-white.tif", tiff(rows, 32, 0, tags={339: (3, [FLOAT])}), rows, {
        "model": GRAY,
        "bits": 32,
    }


def divided(rows, most):
    """Straight colours of premultiplied ones, as Pillow divides."""
    rows = rows.astype(np.int64)
    alpha = rows[:, :, -1:]
    colors = np.minimum(rows[:, :, :-1] * most // np.maximum(alpha, 1), most)
    return np.dstack([np.where(alpha == 0, 0, colors), alpha])


def alpha_tiffs():
    for bits in (8, 16):
        for channels, photometric, name, model in [(2, 1, "grey", GRAY), (4, 2, "rgb", RGB)]:
            rows = samples(bits, channels)
            rows[0, :3, -1] = [0, 1, 2**bits - 1]
            facts = {"model": model, "alpha": True, "bits": bits}
            straight = full(rows, bits)
            yield f"{name}{bits}-alpha.tif", tiff(
                rows, bits, photometric, tags={338: (3, [2])}
            ), straight, facts
            yield f"{name}{bits}-premultiplied.tif", tiff(
                rows, bits, photometric, ">", tags={338: (3, [1])}
            ), divided(rows, 2**bits - 1).astype(straight.dtype), facts
            yield f"{name}{bits}-extra.tif", tiff(
                rows, bits, photometric, tags={338: (3, [0])}
            ), straight, {"model": model, "bits": bits, "channels": channels}
    rows = (samples(8, 4) / 256).astype(np.float32)
    rows[0, 0, 3] = 0
    alpha = rows[:, :, 3:]
    colors = np.where(alpha == 0, np.float32(0), rows[:, :, :3] / np.where(alpha == 0, 1, alpha))
    yield "float32-premultiplied.tif", tiff(
        rows, 32, 2, tags={338: (3, [1]), 339: (3, [FLOAT] * 4)}
    ), np.dstack([colors, alpha]).astype(np.float32), {"alpha": True, "bits": 32}
    rows = samples(8, 6)
    yield "rgb-alpha-first.tif", tiff(rows, 8, 2, tags={338: (3, [2, 0, 0])}), rows[
        :, :, [0, 1, 2, 4, 5, 3]
    ], {"alpha": True, "channels": 6}
    yield "grey-extras.tif", tiff(rows, 8, 1, planar=True, tags={338: (3, [0] * 5)}), rows, {
        "model": GRAY,
        "channels": 6,
    }


def color_tiffs():
    palette = noise(256 * 3, seed=7).reshape(256, 3)
    for bits in (1, 2, 4, 8):
        colors = palette[: 2**bits]
        rows = samples(bits)
        tags = {320: (3, [int(v) * 257 for v in colors.T.reshape(-1)])}
        # Pillow makes a black image of a palette image in one plane.
        yield f"palette{bits}-planar.tif", tiff(rows, bits, 3, ">", planar=True, tags=tags), colors[
            rows[:, :, 0]
        ], {"bits": bits, "palette": True, "indices": rows, "pillow": False}
    rows = samples(8, 2)
    tags = {320: (3, [int(v) * 257 for v in palette.T.reshape(-1)]), 338: (3, [2])}
    yield "palette8-alpha.tif", tiff(rows, 8, 3, tags=tags), np.dstack(
        [palette[rows[:, :, 0]], rows[:, :, 1]]
    ), {"alpha": True, "palette": True, "indices": rows[:, :, :1]}
    for bits in (8, 16):
        rows = samples(bits, 4)
        yield f"cmyk{bits}.tif", tiff(rows, bits, 5), full(rows, bits), {
            "model": CMYK,
            "bits": bits,
        }
    rows = samples(8, 5)
    yield "cmyk-alpha.tif", tiff(rows, 8, 5, tags={338: (3, [2])}), rows, {
        "model": CMYK,
        "alpha": True,
    }
    rows = samples(8, 3)
    yield "inks.tif", tiff(rows, 8, 5, tags={332: (3, [2]), 338: (3, [0, 0])}), rows, {
        "model": MULTI,
        "channels": 3,
    }
    yield from ycbcr_tiffs()


def ycbcr_tiffs():
    rows = smooth(3)
    # Deflated, because Pillow then asks libtiff for the colours; without compression it reads the
    # samples itself, knows no subsampling, and rounds in its own way.
    tags = {530: (3, [1, 1])}
    yield "ycbcr.tif", tiff(rows, 8, 6, tags=tags, deflate=True), None, {}
    for across, down in [(2, 1), (2, 2), (4, 2)]:
        # Blocks of across x down luma samples, then one of each chroma.
        tall, wide = -(-HEIGHT // down), -(-WIDTH // across)
        padded = np.pad(
            rows, ((0, tall * down - HEIGHT), (0, wide * across - WIDTH), (0, 0)), "edge"
        )
        luma = padded[:, :, 0].reshape(tall, down, wide, across).transpose(0, 2, 1, 3)
        chroma = padded[::down, ::across, 1:]
        packed = np.concatenate([luma.reshape(tall, wide, -1), chroma], 2).astype(np.uint8)
        yield f"ycbcr-{across}{down}.tif", tiff(
            rows,
            8,
            6,
            strip=HEIGHT,
            tags={530: (3, [across, down])},
            deflate=True,
            blocks=[packed.tobytes()],
        ), None, {}
    # Old-style JPEG: a whole JPEG file inside.
    jpeg = saved(Image.fromarray(rows), "JPEG", subsampling=2)
    yield "old-jpeg.tif", tiff(
        rows,
        8,
        6,
        strip=HEIGHT,
        tags={259: (3, [6]), 513: (4, [8]), 514: (4, [len(jpeg)]), 530: (3, [2, 2])},
        blocks=[jpeg],
    ), None, {"warns": True}


def accepted():
    yield from jpegs()
    yield from pngs()
    yield from tiffs()


def refused():
    """(name, file, words of the message)"""
    grey = samples(8)
    wide = imagecodecs.jpeg8_encode((samples(12)[:, :, 0]).astype(np.uint16), 90, bitspersample=12)
    yield "12bit.jpg", wide, "12-bit"
    yield "lossless.jpg", imagecodecs.jpeg8_encode(grey[:, :, 0], lossless=True), "lossless"
    yield "grey32-large.tif", tiff(samples(32), 32, 1), "beyond 16777216"
    yield "signed32-large.tif", tiff(samples(32), 32, 1, tags={339: (3, [INT])}), "beyond 16777216"
    huge = np.full((HEIGHT, WIDTH, 1), 1e300)
    yield "float64-large.tif", tiff(huge, 64, 1, tags={339: (3, [FLOAT])}), "beyond the range"
    yield "complex.tif", tiff(samples(32, 1), 64, 1, tags={339: (3, [6])}), "complex"
    yield "lab.tif", tiff(samples(8, 3), 8, 8), "L*a*b*"
    yield "mask.tif", tiff(samples(1), 1, 4), "mask"
    yield "raw.tif", tiff(samples(16), 16, 32803), "camera"
    yield "ycbcr16.tif", tiff(samples(16, 3), 16, 6), "YCbCr"
    yield "volume.tif", tiff(grey, 8, 1, tags={32997: (4, [2])}), "slices"
    yield "palette12.tif", tiff(
        samples(12), 12, 3, tags={320: (3, [0] * 3 * 4096)}
    ), "more than 256 colours"
    predictor = {317: (3, [2])}
    yield "predictor-alone.tif", tiff(grey, 8, 1, tags=predictor), "predictor without"
    yield "bits-differ.tif", tiff(samples(8, 3), 8, 2, tags={258: (3, [8, 8, 4])}), "different"
