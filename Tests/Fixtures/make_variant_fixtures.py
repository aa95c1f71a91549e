#!/usr/bin/env python3
"""Makes the golden numbers in torch/variant-*: networks, losses and steps that the reference has not.

    pip install torch torchvision numpy safetensors pytorch-msssim
    python make_variant_fixtures.py

As make_torch_fixtures.py, whose files have the same form. Of large images only each few pixels are
stored: `stride` in the metadata.
"""

import json

import numpy
import pytorch_msssim
import torch
import torchvision
from torch import nn
from torch.nn import functional

import make_torch_fixtures as base
import reference_networks as reference
import variant_networks as variants

base.VERSIONS |= {"torchvision": torchvision.__version__, "pytorch-msssim": "1.0.0"}
STRIDE = 7
images, prefixed = base.images, base.prefixed


def initialize(module, deviation=0.1):
    """Larger weights than the reference's, so that attention and blocks matter; gamma too."""
    reference.initialize(module, deviation)
    if isinstance(module, variants.SelfAttention):
        nn.init.constant_(module.gamma, 0.7)
    if hasattr(module, "weight_orig"):
        nn.init.normal_(module.weight_orig, 0.0, deviation)


def generator_fixture(name, side, batch=1, channels=3, **options):
    options["dropout"] = False
    network = variants.generator(options, channels, channels)
    torch.manual_seed(3)
    network.apply(initialize)
    x = images(1, batch, channels, side, side)
    tensors = prefixed("weights", network.state_dict().items())
    few = lambda output: output[..., ::STRIDE, ::STRIDE]
    output = network(x)
    (output * x).mean().backward()
    tensors |= {"output": few(output)} | base.gradients(network)
    tensors["output_running"] = few(network.eval()(x))
    base.save(f"variant-generator-{name}", tensors, options=options, stride=STRIDE,
              shape=[batch, channels, side, side])


def discriminator_fixture(name, side, batch=1, **options):
    """Logits of each scale, and all gradients of the sum of their means."""
    network = variants.discriminator(options)
    torch.manual_seed(4)
    network.apply(initialize)
    x = images(2, batch, 6, side, side)
    tensors = prefixed("weights", network.state_dict().items())
    logits = network(x)
    logits = logits if isinstance(logits, list) else [logits]
    sum(scale.mean() for scale in logits).backward()
    tensors |= {f"logits.{number}": scale for number, scale in enumerate(logits)}
    tensors |= base.gradients(network)
    base.save(f"variant-discriminator-{name}", tensors, options=options, shape=[batch, 6, side, side])


class Training(base.Training):
    """The reference's order of work with everything that can be added to it."""

    DEFAULTS = base.Training.DEFAULTS | {
        "lambdaSSIM": 0, "lambdaTV": 0, "lambdaFM": 0, "lambdaR1": 0,
        "penaltyInterval": 1}

    def __init__(self, options, deviation):
        super().__init__({"lambdaGP": 0} | options, deviation)
        self.made = 0

    def judged(self, pair):
        kept, logits = variants.features(self.discriminator, pair)
        logits = logits if isinstance(logits, list) else [logits]
        each = len(kept) // len(logits)
        return [kept[n * each:(n + 1) * each] for n in range(len(logits))], logits

    def against(self, kind, real, fake):
        """The logits as the loss looks at them."""
        if kind == "relativistic":
            return real - fake, fake - real
        if kind == "relativistic-average":
            return real - fake.mean(), fake - real.mean()
        return real, fake

    def step(self, x, y):
        options, losses, kind = self.options, {}, self.options["ganLoss"]
        bce = functional.binary_cross_entropy_with_logits
        label = lambda logits, value: bce(logits, torch.full_like(logits, value))
        mean = lambda values: sum(values) / len(values)
        fake = self.generator(x)
        self.discriminator.requires_grad_(True)
        self.optimizers["discriminator"].zero_grad()
        made, real = torch.cat([x, fake.detach()], 1), torch.cat([x, y], 1)
        _, judged_made = self.judged(made)
        _, judged_real = self.judged(real)
        pairs = [self.against(kind, r, f) for r, f in zip(judged_real, judged_made)]
        if kind.startswith("relativistic"):
            losses["D_fake"] = mean([label(f, 0.0) for _, f in pairs])
            losses["D_real"] = mean([label(r, 1.0) for r, _ in pairs])
        elif kind.startswith("wgan"):
            losses["D_fake"] = mean([f.mean() for _, f in pairs])
            losses["D_real"] = mean([-r.mean() for r, _ in pairs])
        else:
            losses["D_fake"] = mean([self.adversarial.fake(f) for _, f in pairs])
            losses["D_real"] = mean([self.adversarial.real(r) for r, _ in pairs])
        total = losses["D_fake"] + losses["D_real"]
        due = self.made % options["penaltyInterval"] == 0
        scale = options["penaltyInterval"] if due else 0
        if options["lambdaGP"] > 0:
            penalty = torch.zeros(())
            if due:
                share = torch.rand(len(real), 1, 1, 1)
                mixed = (share * real + (1 - share) * made).requires_grad_()
                slopes = [torch.autograd.grad(l.sum(), mixed, create_graph=True)[0].flatten(1)
                          for l in self.judged(mixed)[1]]
                penalty = mean([(((s + 1e-16).norm(2, dim=1) - 1) ** 2).mean() for s in slopes])
            losses["D_GP"] = options["lambdaGP"] * scale * penalty
            total = total + losses["D_GP"]
        if options["lambdaR1"] > 0:
            penalty = torch.zeros(())
            if due:
                shown = real.clone().requires_grad_()
                slopes = [torch.autograd.grad(l.sum(), shown, create_graph=True)[0].flatten(1)
                          for l in self.judged(shown)[1]]
                penalty = mean([0.5 * s.square().sum(1).mean() for s in slopes])
            losses["D_R1"] = options["lambdaR1"] * scale * penalty
            total = total + losses["D_R1"]
        (total * 0.5).backward()
        self.finish("discriminator")
        limit = options.get("clipWeights", 0.01 if kind == "wgan" else None)
        if limit is not None:
            with torch.no_grad():
                for parameter in self.discriminator.parameters():
                    parameter.clamp_(-limit, limit)
        self.discriminator.requires_grad_(False)

        self.optimizers["generator"].zero_grad()
        kept_made, judged_made = self.judged(torch.cat([x, fake], 1))
        if kind.startswith("relativistic") or options["lambdaFM"] > 0:
            kept_real, judged_real = self.judged(torch.cat([x, y], 1))
        if kind.startswith("relativistic"):
            pairs = [self.against(kind, r, f) for r, f in zip(judged_real, judged_made)]
            loss = mean([label(f, 1.0) for _, f in pairs])
            if kind == "relativistic-average":
                loss = (loss + mean([label(r, 0.0) for r, _ in pairs])) / 2
        elif kind.startswith("wgan"):
            loss = mean([-f.mean() for f in judged_made])
        else:
            loss = mean([self.adversarial.generator(f) for f in judged_made])
        losses["G_GAN"] = options["ganWeight"] * loss
        if options["lambdaFM"] > 0:  # As pix2pixHD's code weighs it.
            losses["G_FM"] = options["lambdaFM"] * sum(
                1 / len(kept_made) * 4 / len(layers) * functional.l1_loss(a, b.detach())
                for layers, wanted in zip(kept_made, kept_real) for a, b in zip(layers, wanted))
        for name, value in [
                ("L1", lambda: functional.l1_loss(fake, y)),
                ("SSIM", lambda: 1 - pytorch_msssim.ssim(fake, y, data_range=2)),
                ("TV", lambda: (fake[:, :, 1:] - fake[:, :, :-1]).abs().mean()
                 + (fake[..., 1:] - fake[..., :-1]).abs().mean())]:
            if options[f"lambda{name}"] > 0:
                losses[f"G_{name}"] = options[f"lambda{name}"] * value()
        sum(loss for name, loss in losses.items() if name.startswith("G_")).backward()
        self.finish("generator")
        self.made += 1
        return {name: float(loss) for name, loss in losses.items()}


def similarity_fixture():
    """1 - SSIM and 1 - MS-SSIM, and their gradients to the image, of noise on noise."""
    shape = (2, 2, 177, 164)  # An odd side, which is halved with zeros.
    tensors = {}
    for name, measure in [("SSIM", pytorch_msssim.ssim), ("MS_SSIM", pytorch_msssim.ms_ssim)]:
        x = images(7, *shape).requires_grad_()
        target = 0.7 * images(7, *shape) + 0.3 * images(8, *shape)
        loss = 1 - measure(x, target, data_range=2)
        loss.backward()
        tensors |= {name: loss, f"{name}.gradient": x.grad[..., ::STRIDE, ::STRIDE]}
    base.save("variant-similarity", tensors, stride=STRIDE, shape=list(shape))


def augmentation_fixture():
    """DiffAugment by its formulas, for given draws, and the gradient of mean(result * noise)."""
    shape = (2, 3, 24, 32)
    draws = [
        {"brightness": 0.31, "saturation": 1.7, "contrast": 0.6, "x": 3, "y": -2,
         "cutRows": [0, 9], "cutColumns": [11, 27], "operations": ["color", "translation", "cutout"]},
        {"brightness": -0.42, "saturation": 0.2, "contrast": 1.4, "x": -4, "y": 1,
         "cutRows": [17, 24], "cutColumns": [0, 5], "operations": ["color", "translation", "cutout"]}]
    x = images(7, *shape).requires_grad_()
    factor = lambda name: torch.tensor([d[name] for d in draws]).view(-1, 1, 1, 1)
    y = x + factor("brightness")
    y = (y - y.mean(1, keepdim=True)) * factor("saturation") + y.mean(1, keepdim=True)
    y = (y - y.mean((1, 2, 3), keepdim=True)) * factor("contrast") + y.mean((1, 2, 3), keepdim=True)
    moved = torch.zeros_like(y)
    height, width = shape[2:]
    for number, draw in enumerate(draws):  # Pixel by pixel, as it is meant.
        for row in range(height):
            for column in range(width):
                source = row - draw["y"], column - draw["x"]
                inside = 0 <= source[0] < height and 0 <= source[1] < width
                cut = row in range(*draw["cutRows"]) and column in range(*draw["cutColumns"])
                if inside and not cut:
                    moved[number, :, row, column] = y[number, :, source[0], source[1]]
    (moved * images(8, *shape)).mean().backward()
    base.save("variant-diffaugment", {"output": moved, "gradient": x.grad}, draws=draws,
              shape=list(shape))


def adaptive_fixture():
    """The operations of adaptive augmentation by their formulas, for given draws."""
    shape = (3, 3, 16, 16)
    neutral = {"isFlipped": False, "quarterTurns": 0, "x": 0, "y": 0, "brightness": 0.0,
               "contrast": 1.0, "isLumaFlipped": False, "saturation": 1.0}
    draws = [
        neutral | {"isFlipped": True, "quarterTurns": 1, "x": 2, "y": -1, "brightness": 0.2,
                   "contrast": 1.3},
        neutral | {"quarterTurns": 3, "x": -2, "isLumaFlipped": True, "saturation": 1.8},
        neutral | {"quarterTurns": 2, "y": 2, "contrast": 0.7, "saturation": 0.3}]
    x = images(9, *shape).requires_grad_()
    made = []
    grey = torch.full((3, 1), 3 ** -0.5)  # The axis of equal channels.
    for image, draw in zip(x, draws):
        if draw["isFlipped"]:
            image = image.flip(2)
        image = torch.rot90(image, draw["quarterTurns"], (1, 2))
        image = functional.pad(image[None], (2, 2, 2, 2), mode="reflect")[0]
        image = image[:, 2 - draw["y"]:18 - draw["y"], 2 - draw["x"]:18 - draw["x"]]
        image = (image + draw["brightness"]) * draw["contrast"]
        matrix = torch.eye(3) - (2 * grey @ grey.T if draw["isLumaFlipped"] else 0)
        matrix = (grey @ grey.T + (torch.eye(3) - grey @ grey.T) * draw["saturation"]) @ matrix
        made.append(torch.einsum("ij,jhw->ihw", matrix, image))
    made = torch.stack(made)
    (made * images(8, *shape)).mean().backward()
    base.save("variant-adaptive", {"output": made, "gradient": x.grad}, draws=draws,
              shape=list(shape))


def main():
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    for path in base.FOLDER.glob("variant-*.safetensors"):
        path.unlink()
    small = {"generator": "unet_32", "ngf": 1}
    for kind in ("nearest", "bilinear", "pixel_shuffle"):
        generator_fixture(kind, 32, upsampling=kind, batch=2, **small)
        generator_fixture(f"resnet-{kind}", 16, upsampling=kind, generator="resnet_6", ngf=1,
                          norm="instance")
    generator_fixture("residual", 32, batch=2, resBlocks=2, **small)
    generator_fixture("attention", 32, batch=2, attentionLevels=[2, 3], generator="unet_32", ngf=2)
    generator_fixture("channels", 32, batch=2, channelAttention=True, generator="unet_32", ngf=2)
    generator_fixture("everything", 64, generator="unet_64", ngf=2, resBlocks=1,
                      attentionLevels=[1, 5], channelAttention=True, upsampling="bilinear",
                      norm="instance", spectralNorm="both", channels=2)
    generator_fixture("spectral", 32, batch=2, spectralNorm="both", **small)
    generator_fixture("keras", 256, generator="keras", ngf=1)
    layered = lambda layers, **more: {"discriminator": "n_layers", "nLayersD": layers, "ndf": 2, **more}
    discriminator_fixture("scales", 48, batch=2, scalesD=3, **layered(1))
    discriminator_fixture("spectral", 32, batch=2, spectralNorm="discriminator", normD="none",
                          **layered(2))
    discriminator_fixture("keras", 64, batch=2, discriminator="keras", ndf=2)

    # The step of the base is used with these networks and losses.
    base.reference = type("Networks", (), {
        "generator": staticmethod(variants.generator),
        "discriminator": staticmethod(variants.discriminator),
        "initialize": staticmethod(initialize)})
    base.Training = Training
    both = small | layered(1)
    step = lambda name, options, side=32, batch=2: base.training_fixture(
        f"variant-training-{name}", options, side, batch=batch, deviation=0.1)
    step("matching", both | {"scalesD": 2, "lambdaFM": 10, "ganLoss": "lsgan", "lambdaSSIM": 20,
                             "lambdaTV": 3, "norm": "instance"})
    step("relativistic", both | {"ganLoss": "relativistic", "spectralNorm": "both",
                                 "upsampling": "nearest"})
    step("average", both | {"ganLoss": "relativistic-average", "lambdaR1": 2, "penaltyInterval": 3,
                            "resBlocks": 1})
    step("wgan", both | {"ganLoss": "wgan", "clipWeights": 0.05, "channelAttention": True})
    step("penalty", both | {"lambdaGP": 4, "lambdaR1": 1, "scalesD": 2, "normD": "none"})
    step("keras", {"generator": "keras", "ngf": 1, "discriminator": "keras", "ndf": 1,
                   "lambdaL1": 0}, side=256, batch=1)
    similarity_fixture()
    augmentation_fixture()
    adaptive_fixture()


if __name__ == "__main__":
    main()
