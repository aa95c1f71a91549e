"""Small writers of PNG and TIFF for make_image_fixtures.py: every kind, byte by byte."""

import struct
import zlib

import numpy as np

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
    planes = [
        (x * 9 + y * 5, 230 - x * 4 - y * 9, x * 2 + y * 18, 90 - x * 3)[c] for c in range(channels)
    ]
    image = np.stack(planes, 2) + noise(WIDTH * HEIGHT * channels).reshape(HEIGHT, WIDTH, -1) % 25
    return image.clip(0, 255).astype(np.uint8)


def samples(bits, channels=1):
    """Noise of so many bits per sample: [HEIGHT, WIDTH, channels]."""
    count = HEIGHT * WIDTH * channels
    if bits > 8:
        parts = noise(count * 4).reshape(count, 4).astype(np.int64) << np.array([24, 16, 8, 0])
        return (parts.sum(1) >> (32 - bits)).reshape(HEIGHT, WIDTH, channels)
    return (noise(count) >> (8 - bits)).reshape(HEIGHT, WIDTH, channels)


def pack(rows, bits, big_endian=True):
    """[H, W, C] samples as bytes: each row begins with a new byte.

    Samples of whole bytes are in the byte order, others lie from the highest bit down, and so do
    integers of 24 bits in any order. Floats keep their type; 24-bit ones are those of `Float24`."""
    if rows.dtype.kind == "f":
        return rows.astype(rows.dtype.newbyteorder(">" if big_endian else "<")).tobytes()
    if bits in (8, 16, 24, 32, 64):
        big_endian |= bits == 24 and not isinstance(rows, Float24)
        wide = rows.astype(np.int64).astype("<u8").reshape(-1, 1).view(np.uint8)[:, : bits // 8]
        return np.ascontiguousarray(wide[:, ::-1] if big_endian else wide).tobytes()
    flat = rows.reshape(rows.shape[0], -1).astype(np.int64)
    split = (flat[:, :, None] >> np.arange(bits - 1, -1, -1)) & 1
    return np.packbits(split.reshape(rows.shape[0], -1).astype(np.uint8), axis=1).tobytes()


class Float24(np.ndarray):
    """Bit patterns of 24-bit floats."""


def float24(values):
    """The bit patterns of floats with 7 bits of exponent and 16 of mantissa."""
    wide = values.astype(np.float32).view(np.uint32).astype(np.int64)
    exponent = (wide >> 23 & 255) - 127 + 63
    assert np.all((wide & 127) == 0) and np.all(exponent > 0), "values that 24 bits hold"
    return ((wide >> 31) << 23 | exponent << 16 | (wide >> 7 & 0xFFFF)).view(Float24)


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
    later_tags=(),
    deflate=False,
    blocks=None,
):
    """A TIFF of [H, W, C] samples, in strips of `strip` rows or tiles of `tile` pixels a side.

    `tags` are {tag: (type, values)}, `later_tags` those of the pages behind the first; `blocks` are
    the bytes of strips that are not simply the samples."""
    height, width, channels = rows.shape
    coded = blocks
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
    blocks = coded or [pack(block, bits, order == ">") for block in blocks]
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

    letters = {1: "B", 3: "H", 4: "I", 7: "B"}
    word, count_format, head = ("Q", "Q", 20) if big else ("I", "H", 12)
    body = b"".join(blocks)
    next_pointers, starts, directories = [], [], b""
    for page in range(pages):
        if page > 0:
            entries.update(later_tags)
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
        starts.append(table)
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
    for pointer, following in zip(next_pointers, starts[1:]):
        file[pointer : pointer + struct.calcsize(order + word)] = struct.pack(
            order + word, following
        )
    return bytes(file)


# MARK: - Orientation


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
