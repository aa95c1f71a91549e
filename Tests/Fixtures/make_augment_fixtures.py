"""What torchvision v2 makes of small images, for TorchvisionTests.swift.

    python make_augment_fixtures.py           # writes augment.json; made with torchvision 0.28.0

torch and torchvision have to match each other; those for the CPU will do.

Each case has an image, what is done to it as drawn operations of this package, and the planes
(CHW, 0 to 1, little-endian float32 in base64) that torchvision.transforms.v2.functional gives for
the same parameters. It is asked in double precision, so that a difference is not its own rounding;
only hue it always turns in single precision.

Not here: "noise", noise in "erase", and the field of "elastic" are other random numbers than
torchvision's. "jpeg" is made by Pillow, whose coder is that of torchvision (libjpeg-turbo with its
defaults, colour at half the resolution), but which every build has.
"""

import base64
import io
import json
import os

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image
from torchvision.transforms import InterpolationMode, v2
from torchvision.transforms.functional import convert_image_dtype, to_tensor
from torchvision.transforms.v2 import functional as F

STEPS = ("brightness", "contrast", "saturation", "hue")
ADJUST = {
    "brightness": F.adjust_brightness,
    "contrast": F.adjust_contrast,
    "saturation": F.adjust_saturation,
    "hue": F.adjust_hue,
}
MODES = {
    "nearest": InterpolationMode.NEAREST,
    "bilinear": InterpolationMode.BILINEAR,
    "bicubic": InterpolationMode.BICUBIC,
}


def noise(count, seed):
    """The bytes of Tests/TestSupport/Noise.swift."""
    values = np.empty(count, np.uint8)
    state = seed
    for index in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[index] = state >> 24
    return values


def noise_image(width, height, channels, seed=12345):
    return noise(width * height * channels, seed).reshape(height, width, channels)


def colors_image():
    """Noise below a row of colours that are the corners and edges of hue."""
    image = noise_image(16, 12, 3)
    image[0] = [
        (0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0), (0, 255, 0), (0, 0, 255),
        (255, 255, 0), (0, 255, 255), (255, 0, 255), (200, 200, 50), (50, 200, 200),
        (200, 50, 200), (1, 0, 0), (254, 255, 255), (90, 90, 91), (255, 254, 0),
    ]  # fmt: skip
    return image


def scene_image(width=16, height=13):
    """Ramps in three directions, with a little noise: no two places look alike."""
    y, x = np.mgrid[0:height, 0:width]
    ramps = np.stack([x / (width - 1), y / (height - 1), (x + y) / (width + height - 2)], axis=-1)
    grain = noise_image(width, height, 3, seed=7) / 255 - 0.5
    return np.round(255 * np.clip(0.1 + 0.8 * ramps + 0.15 * grain, 0, 1)).astype(np.uint8)


IMAGES = {
    "colors": colors_image(),
    "gray": noise_image(16, 12, 1, seed=3),
    "gray16": noise(2 * 16 * 12, seed=4).view("<u2").reshape(12, 16, 1),
    "scene": scene_image(),
    "partner": noise_image(16, 13, 3, seed=5),
}


def planes(name):
    """An image as torchvision has it: planes from 0 to 1."""
    image = IMAGES[name]
    return torch.from_numpy(np.moveaxis(image / np.iinfo(image.dtype).max, -1, 0).copy())


def base64_of(values):
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()


def case(kind, name, operations, result, partner=None):
    assert result.dtype in (torch.float64, torch.float32)
    line = {
        "kind": kind,
        "image": name,
        "operations": operations,
        "width": result.shape[-1],
        "height": result.shape[-2],
        "planes": base64_of(result.numpy().astype("<f4")),
    }
    if partner:
        line["partner"] = partner
    return line


# --- Colours --------------------------------------------------------------------------------------


def color_jitter(order=STEPS, **factors):
    return {"op": "color-jitter", "order": list(order), "sides": "both", **factors}


def jittered(image, order=STEPS, **factors):
    for step in order:
        if step in factors:
            image = ADJUST[step](image, factors[step])
    return image


def color_cases():
    factors = {
        "brightness": (0, 0.4, 1, 1.7),
        "contrast": (0, 0.5, 1, 1.9),
        "saturation": (0, 0.3, 1, 2.5),
        "hue": (-0.5, -0.2, 0, 0.13, 0.5),
    }
    changes = [("colors", STEPS, {step: factor}) for step in STEPS for factor in factors[step]]
    together = {"brightness": 1.2, "contrast": 0.7, "saturation": 1.6, "hue": -0.08}
    for order in (STEPS, STEPS[::-1], (*STEPS[2:], *STEPS[:2]), ("contrast", "hue", *STEPS[:3:2])):
        changes.append(("colors", order, together))
    changes += [
        ("colors", STEPS[::-1], {"brightness": 2.5, "contrast": 1.8}),
        ("gray", STEPS, {"brightness": 0.6}),
        ("gray", STEPS, {"brightness": 1.5}),
        ("gray", STEPS, {"contrast": 0}),
        ("gray", STEPS, {"contrast": 1.6}),
        ("gray", STEPS[::-1], together),
        ("gray16", STEPS, {"brightness": 1.1, "contrast": 1.3}),
    ]
    for name, order, drawn in changes:
        result = jittered(planes(name), order, **drawn)
        yield case("color-jitter", name, [color_jitter(order, **drawn)], result)
    for name, gamma in (("colors", 0.45), ("colors", 1), ("colors", 2.2), ("gray16", 1.25)):
        drawn = {"op": "gamma", "gamma": gamma, "sides": "both"}
        yield case("gamma", name, [drawn], F.adjust_gamma(planes(name), gamma))
    gray = F.rgb_to_grayscale(planes("colors"), num_output_channels=3)
    yield case("grayscale", "colors", [{"op": "grayscale", "sides": "both"}], gray)
    for size, sigma in ((3, 0.5), (5, 1.2), (13, 2), (1, 1)):
        drawn = {"op": "blur", "radius": size // 2, "sigma": sigma, "sides": "both"}
        result = F.gaussian_blur(planes("scene"), [size, size], [sigma, sigma])
        yield case("blur", "scene", [drawn], result)


def jpeg_cases():
    qualities = (("scene", 30), ("scene", 75), ("scene", 95), ("colors", 50), ("gray", 60))
    for name, quality in qualities:
        file = io.BytesIO()
        Image.fromarray(IMAGES[name].squeeze()).save(file, "jpeg", quality=quality, subsampling=2)
        pixels = np.asarray(Image.open(file)).reshape(IMAGES[name].shape)
        result = torch.from_numpy(np.moveaxis(pixels / 255, -1, 0).copy())
        yield case("jpeg", name, [{"op": "jpeg", "quality": quality, "sides": "both"}], result)


# --- Geometry -------------------------------------------------------------------------------------


def window(x, y, width, height):
    return {"x": x, "y": y, "width": width, "height": height}


def cropped(image, x, y, width, height):
    return F.crop(image, y, x, height, width)


def exact_cases():
    scene = planes("scene")
    yield case("moves", "scene", [{"op": "flip-horizontal"}], F.horizontal_flip(scene))
    yield case("moves", "scene", [{"op": "flip-vertical"}], F.vertical_flip(scene))
    place = (3, 1, 12, 9)
    yield case("moves", "scene", [{"op": "crop", **window(*place)}], cropped(scene, *place))
    place = (4, 1, 12, 12)
    for turns in (1, 2, 3):
        operations = [{"op": "crop", **window(*place)}, {"op": "rotate-90", "turns": turns}]
        result = torch.rot90(cropped(scene, *place), turns, dims=(-2, -1))
        yield case("moves", "scene", operations, result)


def affine_case(interpolation="bilinear", border="constant", fill=(0,), **given):
    drawn = {
        "rotation": 0, "scale": 1, "shearX": 0, "shearY": 0, "translateX": 0, "translateY": 0,
        **given,
    }  # fmt: skip

    def affine(image, fill=None):
        return F.affine(
            image,
            angle=drawn["rotation"],
            translate=[drawn["translateX"], drawn["translateY"]],
            scale=drawn["scale"],
            shear=[drawn["shearX"], drawn["shearY"]],
            interpolation=MODES[interpolation],
            fill=fill,
        )

    image = planes("scene")
    height, width = image.shape[-2:]
    if border == "constant":
        # Given a fill, torchvision 0.28 weighs an edge's level twice where a new pixel lies partly
        # beyond the edge. Without one it does not, so levels are taken relative to the fill.
        colors = torch.tensor(fill, dtype=image.dtype).view(-1, 1, 1)
        result = affine(image - colors) + colors
        cover = affine(torch.ones_like(image[:1]))
        decided = ((cover == 0) | (cover > 1 - 1e-9)).expand_as(image)
        asked = affine(image, fill=list(fill))
        assert torch.allclose(asked[decided], result[decided], atol=1e-9)
    else:
        # A reflected edge is an edge of the padding as well, so that padding twice goes on.
        padded = image
        for _ in range(2):
            sides = [width - 1, width - 1, height - 1, height - 1]
            padded = torch.nn.functional.pad(padded[None], sides, mode=border)[0]
        result = affine(padded)
        result = cropped(result, 2 * (width - 1), 2 * (height - 1), width, height)
    sampling = {"interpolation": interpolation, "border": border, "fill": list(fill)}
    kind = "warp" if interpolation == "bilinear" else "nearest"
    return case(kind, "scene", [{"op": "affine", **drawn, "sampling": sampling}], result)


def affine_cases():
    everything = {
        "rotation": 33, "scale": 0.7, "shearX": 12, "shearY": -7, "translateX": 2,
        "translateY": -3,
    }  # fmt: skip
    yield affine_case(rotation=30)
    yield affine_case(rotation=-101.5)
    yield affine_case(translateX=3, translateY=-2)
    yield affine_case(translateX=-2.25, translateY=1.5)
    yield affine_case(scale=0.6)
    yield affine_case(scale=1.7)
    yield affine_case(shearX=20)
    yield affine_case(shearY=20)
    yield affine_case(shearX=-15, shearY=25, rotation=10)
    yield affine_case(**everything)
    yield affine_case(fill=(0.2, 0.5, 0.9), **everything)
    yield affine_case(fill=(1,), rotation=45)
    yield affine_case("nearest", rotation=31)
    yield affine_case("nearest", fill=(0.2, 0.5, 0.9), **everything)
    for border in ("reflect", "replicate"):
        yield affine_case(border=border, **everything)
        yield affine_case(border=border, rotation=-20, scale=0.4)
        yield affine_case("nearest", border, **everything)


def scaled(width, height, place, filter_name):
    drawn = {"op": "scale-jitter", "scaledWidth": width, "scaledHeight": height}
    return {**drawn, "window": window(*place), "filter": filter_name}


def resize_cases():
    identity = color_jitter(brightness=1)
    sizes = [(25, 21, (4, 5, 14, 10)), (11, 8, (1, 0, 9, 8)), (18, 9, (2, 1, 16, 8))]
    pillow = Image.fromarray(IMAGES["scene"])
    for width, height, place in sizes:
        for name in ("bicubic", "bilinear"):
            drawn = scaled(width, height, place, name)
            size = [height, width]
            result = F.resize(planes("scene"), size, interpolation=MODES[name], antialias=True)
            result = cropped(result.clamp(0, 1), *place)
            yield case("resize-floats", "scene", [identity, drawn], result)
            yield case("resize-rounded", "scene", [drawn], result)
            result = F.pil_to_tensor(F.resize(pillow, size, interpolation=MODES[name]))
            yield case("resize-pillow", "scene", [drawn], cropped(result / 255, *place))
    # Noise reaches beyond black and white between the passes.
    drawn = scaled(25, 21, (4, 5, 14, 10), "bicubic")
    result = F.resize(planes("partner"), [21, 25], interpolation=MODES["bicubic"], antialias=True)
    result = cropped(result.clamp(0, 1), 4, 5, 14, 10)
    yield case("resize-floats", "partner", [identity, drawn], result)
    nearest = F.resize(planes("scene"), [8, 11], interpolation=InterpolationMode.NEAREST_EXACT)
    place = (1, 0, 9, 8)
    drawn = scaled(11, 8, place, "nearest")
    yield case("moves", "scene", [drawn], cropped(nearest, *place))


# --- Hiding and mixing ----------------------------------------------------------------------------


def erase_cases():
    place = {"x": 3, "y": 2, "width": 8, "height": 5}
    for op, levels in (("erase", [0]), ("erase", [0.25]), ("cutout", [0.1, 0.5, 1])):
        drawn = {"op": op, **place, "value": levels, "sides": "both"}
        value = torch.tensor(levels, dtype=torch.float64).view(-1, 1, 1)
        result = F.erase(planes("scene"), 2, 3, 5, 8, value)
        yield case("moves", "scene", [drawn], result)


def mixing_cases():
    pair = torch.stack([planes("scene"), planes("partner")])
    for weight in (0.3, 0.85):
        params = {"labels": None, "batch_size": 2, "lam": weight}
        mixed = v2.MixUp(num_classes=2).transform(pair, params)[0]
        drawn = {"op": "mixup", "partner": 1, "weight": weight, "partnerOperations": 0}
        yield case("mixup", "scene", [drawn], mixed, "partner")
    # The rectangles are torchvision's own, of random shares and middles.
    cutmix = v2.CutMix(num_classes=2)
    for seed in (1, 2, 3):
        torch.manual_seed(seed)
        params = cutmix.make_params([pair])
        left, top, right, bottom = params["box"]
        place = window(left, top, right - left, bottom - top)
        assert place["width"] > 0 and place["height"] > 0
        pasted = cutmix.transform(pair, {"labels": None, "batch_size": 2, **params})[0]
        drawn = {"op": "cutmix", "partner": 1, **place, "partnerOperations": 0}
        yield case("moves", "scene", [drawn], pasted, "partner")


def chain_cases():
    place = (2, 1, 14, 12)
    image = F.horizontal_flip(cropped(planes("scene"), *place))
    image = jittered(image, brightness=1.1, contrast=1.4, saturation=0.6, hue=0.05)
    image = F.erase(image, 4, 2, 3, 6, torch.full((3, 1, 1), 0.5, dtype=image.dtype))
    operations = [
        {"op": "crop", **window(*place)},
        {"op": "flip-horizontal"},
        color_jitter(brightness=1.1, contrast=1.4, saturation=0.6, hue=0.05),
        {"op": "erase", **window(2, 4, 6, 3), "value": [0.5], "sides": "both"},
    ]
    yield case("color-jitter", "scene", operations, image)
    image = F.affine(planes("scene"), 15, [1, 0], 1.2, [0, 5], InterpolationMode.BILINEAR)
    image = F.gaussian_blur(F.adjust_gamma(image, 1.5), [5, 5], [1, 1])
    image = F.rgb_to_grayscale(image, num_output_channels=3)
    operations = [
        {
            "op": "affine", "rotation": 15, "scale": 1.2, "shearX": 0, "shearY": 5,
            "translateX": 1, "translateY": 0,
            "sampling": {"interpolation": "bilinear", "border": "constant", "fill": [0]},
        },
        {"op": "gamma", "gamma": 1.5, "sides": "both"},
        {"op": "blur", "radius": 2, "sigma": 1, "sides": "both"},
        {"op": "grayscale", "sides": "both"},
    ]  # fmt: skip
    yield case("gamma", "scene", operations, image)


# --- Levels ---------------------------------------------------------------------------------------


def normalized():
    """-1 to 1 in single precision, as training scripts ask for it.

    There are two ways to 0...1. ToTensor and convert_image_dtype divide by the largest level, which
    rounds once; v2's ToDtype multiplies by its rounded inverse, and is off by the last bit for 126
    levels of 8 bits and 512 of 16 bits, of which the samples here have a few.
    """
    small = torch.arange(256, dtype=torch.uint8).view(1, 16, 16)
    wide = torch.arange(65536, dtype=torch.int32).to(torch.uint16).view(1, 256, 256)
    scale = v2.ToDtype(torch.float32, scale=True)
    differs = scale(wide) != convert_image_dtype(wide)
    assert differs.sum() == 512 and (scale(small) != convert_image_dtype(small)).sum() == 126
    some = [0, 1, 2, 32767, 32768, 65534, 65535, *differs.view(-1).nonzero().view(-1)[::6].tolist()]
    some = np.concatenate([some, noise(2 * (256 - len(some)), 9).view("<u2")]).astype("<u2")
    wide = torch.from_numpy(some.reshape(1, 16, 16))
    assert torch.equal(convert_image_dtype(small), to_tensor(small.numpy().reshape(16, 16, 1)))
    for name, way in (("division", convert_image_dtype), ("ToDtype", scale)):
        for kind, samples in (("U8", small), ("U16", wide)):
            levels = F.normalize(way(samples), [0.5], [0.5])
            assert levels.dtype == torch.float32
            planes = base64_of(levels.numpy().astype("<f4"))
            samples = base64_of(samples.numpy())
            yield {"by": name, "type": kind, "samples": samples, "planes": planes}


def main():
    cases = [
        line
        for cases in (
            color_cases, jpeg_cases, exact_cases, affine_cases, resize_cases, erase_cases,
            mixing_cases, chain_cases,
        )
        for line in cases()
    ]  # fmt: skip
    images = [
        {
            "name": name,
            "type": "U8" if image.dtype == np.uint8 else "U16",
            "width": image.shape[1],
            "height": image.shape[0],
            "channels": image.shape[2],
            "samples": base64_of(image),
        }
        for name, image in IMAGES.items()
    ]
    parts = {
        "made": [
            {"with": name, "version": module.__version__.split("+")[0]}
            for name, module in (("torch", torch), ("torchvision", torchvision), ("Pillow", PIL))
        ],
        "images": images,
        "levels": list(normalized()),
        "cases": cases,
    }
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "augment.json"), "w") as out:
        lists = []
        for name, lines in parts.items():
            rows = ",\n".join(json.dumps(line, separators=(",", ":")) for line in lines)
            lists.append(f'"{name}":[\n{rows}\n]')
        out.write("{\n" + ",\n".join(lists) + "\n}\n")


if __name__ == "__main__":
    main()
