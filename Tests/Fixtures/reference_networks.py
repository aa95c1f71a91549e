"""The networks of the reference pix2pix (junyanz/pytorch-CycleGAN-and-pix2pix) in plain torch.nn.

Nested as there, so that the names in a state_dict are the same. Options have the names that they
have in a recipe's `train` section and in a checkpoint's `settings`; those left out have the
defaults.
"""

import torch
from torch import nn

DEFAULTS = {"generator": "unet_256", "discriminator": "basic", "nLayersD": 3, "ngf": 64, "ndf": 64,
            "norm": "batch", "dropout": True}
LEVELS = {f"unet_{2**levels}": levels for levels in range(5, 11)}
BLOCKS = {"resnet_6": 6, "resnet_9": 9}


def norm(kind, channels):
    return {"batch": lambda: nn.BatchNorm2d(channels),
            "instance": lambda: nn.InstanceNorm2d(channels, affine=False),
            "none": nn.Identity}[kind]()


class Level(nn.Module):
    """One level of the U-Net around the next inner one."""

    def __init__(self, number, levels, filters, inputs, outputs, kind, dropout):
        super().__init__()
        width = lambda level: filters * min(2 ** (level - 1), 8)
        bias = kind == "instance"
        self.outermost = number == 1
        inside = width(number)
        outside = inputs if self.outermost else width(number - 1)
        down = lambda: nn.Conv2d(outside, inside, 4, 2, 1, bias=bias)
        up = lambda channels, made, bias: nn.ConvTranspose2d(channels, made, 4, 2, 1, bias=bias)
        # The inner levels are made before, and the halving before the doubling: so are their
        # default weights drawn.
        if number < levels:
            inner = Level(number + 1, levels, filters, inputs, outputs, kind, dropout)
        if self.outermost:
            layers = [down(), inner, nn.ReLU(True), up(2 * inside, outputs, True), nn.Tanh()]
        elif number == levels:
            layers = [nn.LeakyReLU(0.2, True), down(), nn.ReLU(True), up(inside, outside, bias),
                      norm(kind, outside)]
        else:
            layers = [nn.LeakyReLU(0.2, True), down(), norm(kind, inside), inner, nn.ReLU(True),
                      up(2 * inside, outside, bias), norm(kind, outside)]
            if dropout and number >= 5:
                layers.append(nn.Dropout(0.5))
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        made = self.model(x)
        return made if self.outermost else torch.cat([x, made], 1)


class UNet(nn.Module):
    def __init__(self, levels, filters, inputs, outputs, kind, dropout):
        super().__init__()
        self.model = Level(1, levels, filters, inputs, outputs, kind, dropout)

    def forward(self, x):
        return self.model(x)


class Block(nn.Module):
    """A residual block."""

    def __init__(self, channels, kind, dropout):
        super().__init__()
        half = lambda: [nn.ReflectionPad2d(1),
                        nn.Conv2d(channels, channels, 3, bias=kind == "instance"),
                        norm(kind, channels)]
        drop = [nn.Dropout(0.5)] if dropout else []
        self.conv_block = nn.Sequential(*half(), nn.ReLU(True), *drop, *half())

    def forward(self, x):
        return x + self.conv_block(x)


class ResNet(nn.Module):
    def __init__(self, blocks, filters, inputs, outputs, kind, dropout):
        super().__init__()
        bias = kind == "instance"
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(inputs, filters, 7, bias=bias),
                  norm(kind, filters), nn.ReLU(True)]
        for width in (filters, 2 * filters):
            layers += [nn.Conv2d(width, 2 * width, 3, 2, 1, bias=bias), norm(kind, 2 * width),
                       nn.ReLU(True)]
        layers += [Block(4 * filters, kind, dropout) for _ in range(blocks)]
        for width in (4 * filters, 2 * filters):
            layers += [nn.ConvTranspose2d(width, width // 2, 3, 2, 1, output_padding=1, bias=bias),
                       norm(kind, width // 2), nn.ReLU(True)]
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(filters, outputs, 7), nn.Tanh()]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


class PatchGAN(nn.Module):
    def __init__(self, layers, filters, channels, kind):
        super().__init__()
        bias = kind == "instance"
        width = filters
        modules = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2, True)]
        for number in range(1, layers + 1):
            wider = filters * min(2**number, 8)
            modules += [nn.Conv2d(width, wider, 4, 2 if number < layers else 1, 1, bias=bias),
                        norm(kind, wider), nn.LeakyReLU(0.2, True)]
            width = wider
        self.model = nn.Sequential(*modules, nn.Conv2d(width, 1, 4, 1, 1))

    def forward(self, x):
        return self.model(x)


class PixelGAN(nn.Module):
    def __init__(self, filters, channels, kind):
        super().__init__()
        bias = kind == "instance"
        self.net = nn.Sequential(
            nn.Conv2d(channels, filters, 1), nn.LeakyReLU(0.2, True),
            nn.Conv2d(filters, 2 * filters, 1, bias=bias), norm(kind, 2 * filters),
            nn.LeakyReLU(0.2, True), nn.Conv2d(2 * filters, 1, 1, bias=bias))

    def forward(self, x):
        return self.net(x)


def generator(options, inputs=3, outputs=3):
    """The generator that some options ask for."""
    options = DEFAULTS | options
    name = options["generator"]
    rest = (options["ngf"], inputs, outputs, options["norm"], options["dropout"])
    return UNet(LEVELS[name], *rest) if name in LEVELS else ResNet(BLOCKS[name], *rest)


def discriminator(options, channels=6):
    """The discriminator that some options ask for."""
    options = DEFAULTS | options
    if options["discriminator"] == "pixel":
        return PixelGAN(options["ndf"], channels, options["norm"])
    layers = options["nLayersD"] if options["discriminator"] == "n_layers" else 3
    return PatchGAN(layers, options["ndf"], channels, options["norm"])


def initialize(module, deviation=0.02):
    """The reference's initial weights, for `Module.apply`."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, deviation)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, deviation)
        nn.init.zeros_(module.bias)
