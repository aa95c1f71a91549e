"""What the networks can have that the reference's have not, in plain torch.nn.

Everything is PyTorch's or torchvision's own where there is such a thing: `Upsample`, `PixelShuffle`,
`spectral_norm`, `SqueezeExcitation`. Options have the names that they have in a recipe.
"""

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import spectral_norm
from torchvision.ops import SqueezeExcitation

import reference_networks as reference

DEFAULTS = reference.DEFAULTS | {
    "upsampling": "transposed", "resBlocks": 0, "attentionLevels": [], "channelAttention": False,
    "spectralNorm": "none", "scalesD": 1}


def doubling(kind, inputs, outputs, kernel, bias):
    """A layer that doubles the size."""
    if kind == "transposed":
        return nn.ConvTranspose2d(inputs, outputs, kernel, 2, 1, output_padding=4 - kernel, bias=bias)
    if kind == "pixel_shuffle":
        return nn.Sequential(nn.Conv2d(inputs, 4 * outputs, 3, 1, 1, bias=bias), nn.PixelShuffle(2))
    return nn.Sequential(nn.Upsample(scale_factor=2, mode=kind),
                         nn.Conv2d(inputs, outputs, 3, 1, 1, bias=bias))


class ResidualBlock(nn.Module):
    def __init__(self, channels, kind):
        super().__init__()
        conv = lambda: nn.Conv2d(channels, channels, 3, 1, 1, bias=kind == "instance")
        self.conv_block = nn.Sequential(conv(), reference.norm(kind, channels), nn.ReLU(), conv(),
                                        reference.norm(kind, channels))

    def forward(self, x):
        return x + self.conv_block(x)


class ChannelAttention(SqueezeExcitation):
    """After the activation, which comes after the block: its weights are positive."""

    def __init__(self, channels, slope):
        super().__init__(channels, max(channels // 16, 1))
        self.slope = slope

    def forward(self, x):
        return x * self._scale(functional.leaky_relu(x, self.slope))


class SelfAttention(nn.Module):
    """SAGAN's, by torch's attention."""

    def __init__(self, channels):
        super().__init__()
        self.query_conv = nn.Conv2d(channels, max(channels // 8, 1), 1)
        self.key_conv = nn.Conv2d(channels, max(channels // 8, 1), 1)
        self.value_conv = nn.Conv2d(channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        places = lambda conv: conv(x).flatten(2).transpose(1, 2)
        out = functional.scaled_dot_product_attention(
            places(self.query_conv), places(self.key_conv), places(self.value_conv), scale=1.0)
        return x + self.gamma * out.transpose(1, 2).reshape(x.shape)


class Level(nn.Module):
    """One level of the U-Net around the next inner one, with blocks."""

    def __init__(self, number, levels, inputs, outputs, options):
        super().__init__()
        kind, filters = options["norm"], options["ngf"]
        width = lambda level: filters * min(2 ** (level - 1), 8)
        self.outermost, self.innermost = number == 1, number == levels
        inside = width(number)
        outside = inputs if self.outermost else width(number - 1)
        bias = kind == "instance"
        down = nn.Conv2d(outside, inside, 4, 2, 1, bias=bias)
        up = doubling(options["upsampling"], inside if self.innermost else 2 * inside,
                      outputs if self.outermost else outside, 4, bias or self.outermost)
        blocks = lambda channels, slope: (
            [ResidualBlock(channels, kind) for _ in range(options["resBlocks"])]
            + ([ChannelAttention(channels, slope)] if options["channelAttention"] else []))
        self.down_blocks = nn.ModuleList() if self.innermost else nn.ModuleList(
            blocks(inside, 0.2) + ([SelfAttention(inside)] if number in options["attentionLevels"] else []))
        self.up_blocks = nn.ModuleList([] if self.outermost else blocks(outside, 0.0))
        if self.outermost:
            inner = Level(2, levels, inputs, outputs, options)
            self.model = nn.Sequential(down, inner, nn.ReLU(), up, nn.Tanh())
        elif self.innermost:
            self.model = nn.Sequential(nn.LeakyReLU(0.2), down, nn.ReLU(), up,
                                       reference.norm(kind, outside))
        else:
            inner = Level(number + 1, levels, inputs, outputs, options)
            drop = [nn.Dropout(0.5)] if options["dropout"] and number >= 5 else []
            self.model = nn.Sequential(nn.LeakyReLU(0.2), down, reference.norm(kind, inside), inner,
                                       nn.ReLU(), up, reference.norm(kind, outside), *drop)

    def forward(self, x):
        y = x
        for layer in self.model:
            if isinstance(layer, Level):
                for block in self.down_blocks:
                    y = block(y)
            y = layer(y)
        for block in self.up_blocks:
            y = block(y)
        return y if self.outermost else torch.cat([x, y], 1)


class UNet(nn.Module):
    def __init__(self, levels, inputs, outputs, options):
        super().__init__()
        self.model = Level(1, levels, inputs, outputs, options)

    def forward(self, x):
        return self.model(x)


class KerasStep(nn.Module):
    """A convolution as TensorFlow pads it, an activation, dropout, a norm with Keras's defaults."""

    def __init__(self, inputs, outputs, stride, activation, normalized=True, dropout=0.0):
        super().__init__()
        self.pad = (1, 2, 1, 2) if stride == 1 else (1, 1, 1, 1)
        self.conv = nn.Conv2d(inputs, outputs, 4, stride)
        self.activation, self.drop = activation, nn.Dropout(dropout)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01) if normalized else nn.Identity()

    def forward(self, x):
        return self.norm(self.drop(self.activation(self.conv(functional.pad(x, self.pad)))))


class KerasUNet(nn.Module):
    def __init__(self, filters, inputs, outputs, dropout):
        super().__init__()
        widths = [filters * min(2**number, 8) for number in range(7)]
        leaky, relu = nn.LeakyReLU(0.2), nn.ReLU()
        self.down = nn.ModuleList(
            KerasStep(inputs if n == 0 else widths[n - 1], w, 2, leaky, n > 0)
            for n, w in enumerate(widths))
        up, width = [], widths[-1]
        for number, wanted in enumerate(widths[-2::-1]):
            up.append(KerasStep(width, wanted, 1, relu, dropout=0.5 if dropout and number < 3 else 0.0))
            width = 2 * wanted
        self.up = nn.ModuleList([*up, KerasStep(width, outputs, 1, nn.Tanh(), False)])

    def forward(self, x):
        skips = []
        for step in self.down:
            x = step(x)
            skips.append(x)
        skips.pop()
        double = lambda x: functional.interpolate(x, scale_factor=2)
        for step in self.up[:-1]:
            x = torch.cat([step(double(x)), skips.pop()], 1)
        return self.up[-1](double(x))


class KerasPatchGAN(nn.Module):
    def __init__(self, filters, channels):
        super().__init__()
        widths = [channels, *(filters * 2**number for number in range(4))]
        self.down = nn.ModuleList(
            KerasStep(a, b, 2, nn.LeakyReLU(0.2), n > 0)
            for n, (a, b) in enumerate(zip(widths, widths[1:])))
        self.last = KerasStep(widths[-1], 1, 1, nn.Identity(), False)

    def forward(self, x):
        for step in self.down:
            x = step(x)
        return self.last(x)


class MultiScale(nn.Module):
    def __init__(self, scales):
        super().__init__()
        self.scales = nn.ModuleList(scales)

    def forward(self, x):
        judged = []
        for number, scale in enumerate(self.scales):
            if number:
                x = functional.interpolate(x, scale_factor=0.5, mode="bilinear",
                                           recompute_scale_factor=False)
            judged.append(scale(x))
        return judged


def spectral(network):
    """Spectral normalisation of every convolution."""
    for module in list(network.modules()):
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            spectral_norm(module)
    return network


def generator(options, inputs=3, outputs=3):
    """The generator that some options ask for."""
    options = DEFAULTS | options
    name = options["generator"]
    if name == "keras":
        network = KerasUNet(options["ngf"], inputs, outputs, options["dropout"])
    elif name in reference.LEVELS:
        network = UNet(reference.LEVELS[name], inputs, outputs, options)
    else:
        network = reference.generator(options, inputs, outputs)
        for index, layer in enumerate(network.model):
            if isinstance(layer, nn.ConvTranspose2d):
                network.model[index] = doubling(options["upsampling"], layer.in_channels,
                                                layer.out_channels, 3, layer.bias is not None)
    return spectral(network) if options["spectralNorm"] == "both" else network


def discriminator(options, channels=6):
    """The discriminator that some options ask for: a list of logits with several scales."""
    options = DEFAULTS | options
    options["norm"] = options.get("normD", options["norm"])
    make = ((lambda: KerasPatchGAN(options["ndf"], channels))
            if options["discriminator"] == "keras"
            else (lambda: reference.discriminator(options, channels)))
    scales = [make() for _ in range(options["scalesD"])]
    network = scales[0] if len(scales) == 1 else MultiScale(scales)
    return spectral(network) if options["spectralNorm"] != "none" else network


def features(network, x):
    """The features after each activation, a list for each scale; and the logits."""
    kept = []
    def keep(module, _, output):
        kept.append(output.clone())
    hooks = [module.register_forward_hook(keep) for module in network.modules()
             if isinstance(module, nn.LeakyReLU)]
    logits = network(x)
    for hook in hooks:
        hook.remove()
    return kept, logits
