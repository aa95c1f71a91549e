#!/usr/bin/env python3
"""Makes the golden numbers in torch/: what PyTorch computes for small networks.

The tests compare Swift's networks and training step with these files; Python is not needed to
run them. To make them again:

    pip install torch safetensors
    python make_torch_fixtures.py

The networks are built here from plain torch.nn modules, nested as in the reference pix2pix
(junyanz/pytorch-CycleGAN-and-pix2pix), so that the state_dict names match. Each file's metadata
has the versions that made it. The processor's vector width may change the last bits.
"""

import pathlib

import safetensors
import safetensors.torch
import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent / "torch"
VERSIONS = {"torch": torch.__version__, "safetensors": safetensors.__version__}


def convolution(inputs, outputs, stride=2, bias=False):
    return nn.Conv2d(inputs, outputs, 4, stride, 1, bias=bias)


def transposed(inputs, outputs, bias=False):
    return nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=bias)


class Level(nn.Module):
    """One level of the U-Net around the next inner one."""

    def __init__(self, number, levels, filters, inputs, outputs):
        super().__init__()
        width = lambda level: filters * min(2 ** (level - 1), 8)
        self.outermost = number == 1
        inside = width(number)
        if number < levels:
            inner = Level(number + 1, levels, filters, inputs, outputs)
        if self.outermost:
            layers = [convolution(inputs, inside), inner, nn.ReLU(True),
                      transposed(2 * inside, outputs, bias=True), nn.Tanh()]
        elif number == levels:
            layers = [nn.LeakyReLU(0.2, True), convolution(width(number - 1), inside),
                      nn.ReLU(True), transposed(inside, width(number - 1)),
                      nn.BatchNorm2d(width(number - 1))]
        else:
            outside = width(number - 1)
            layers = [nn.LeakyReLU(0.2, True), convolution(outside, inside),
                      nn.BatchNorm2d(inside), inner, nn.ReLU(True),
                      transposed(2 * inside, outside), nn.BatchNorm2d(outside)]
            if number >= 5:
                layers.append(nn.Dropout(0.5))
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        made = self.model(x)
        return made if self.outermost else torch.cat([x, made], 1)


class Generator(nn.Module):
    def __init__(self, levels, filters, inputs=3, outputs=3):
        super().__init__()
        self.model = Level(1, levels, filters, inputs, outputs)

    def forward(self, x):
        return self.model(x)


class Discriminator(nn.Module):
    def __init__(self, layers, filters, channels=6):
        super().__init__()
        width = filters
        modules = [convolution(channels, width, bias=True), nn.LeakyReLU(0.2, True)]
        for number in range(1, layers + 1):
            wider = filters * min(2**number, 8)
            modules += [convolution(width, wider, stride=2 if number < layers else 1),
                        nn.BatchNorm2d(wider), nn.LeakyReLU(0.2, True)]
            width = wider
        self.model = nn.Sequential(*modules, convolution(width, 1, stride=1, bias=True))

    def forward(self, x):
        return self.model(x)


def initialize(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


def images(*shape):
    return torch.rand(shape) * 2 - 1


def prefixed(prefix, tensors):
    return {f"{prefix}.{name}": tensor.detach().clone() for name, tensor in tensors}


def save(name, tensors, **metadata):
    """Writes one file; the metadata says how the tests make the same network and numbers."""
    tensors = {key: tensor.detach().contiguous() for key, tensor in tensors.items()}
    texts = {key: str(value) for key, value in metadata.items()} | VERSIONS
    path = FOLDER / f"{name}.safetensors"
    safetensors.torch.save_file(tensors, path, metadata=texts)
    print(path.name, path.stat().st_size, "bytes")


def gradients(network):
    return prefixed("gradient", ((name, p.grad) for name, p in network.named_parameters()))


def generator_fixture(name, levels, filters, channels, side, batch):
    """Outputs in every mode, and all gradients of mean(output * input) without dropout."""
    network = Generator(levels, filters, channels, channels)
    torch.manual_seed(3)
    network.apply(initialize)
    x = images(batch, channels, side, side)
    tensors = {"input": x} | prefixed("weights", network.state_dict().items())

    torch.manual_seed(5)
    tensors["output_training"] = network(x)
    tensors["output_running"] = network.eval()(x)  # By the running statistics of one batch.
    for module in network.train().modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    output = network(x)
    (output * x).mean().backward()
    tensors |= {"output": output} | gradients(network)
    save(name, tensors, levels=levels, filters=filters, channels=channels)


def discriminator_fixture(name, layers, filters, side, batch):
    """Logits and all gradients, to the input as well, of the loss against "real"."""
    network = Discriminator(layers, filters)
    torch.manual_seed(4)
    network.apply(initialize)
    x = images(batch, 6, side, side).requires_grad_()
    tensors = {"input": x} | prefixed("weights", network.state_dict().items())
    logits = network(x)
    loss = nn.BCEWithLogitsLoss()(logits, torch.ones_like(logits))
    loss.backward()
    tensors |= {"logits": logits, "loss": loss, "gradient.input": x.grad} | gradients(network)
    save(name, tensors, layers=layers, filters=filters)


def training_fixture(name, levels, filters, side, steps):
    """The whole state after one step in the reference's order of work, and ten steps' losses."""
    torch.manual_seed(6)
    generator, discriminator = Generator(levels, filters), Discriminator(3, 2 * filters)
    generator.apply(initialize)
    discriminator.apply(initialize)
    pairs = [(images(1, 3, side, side), images(1, 3, side, side)) for _ in range(2)]
    tensors = {"inputs": torch.cat([pair[0] for pair in pairs]),
               "targets": torch.cat([pair[1] for pair in pairs])}
    networks = {"generator": generator, "discriminator": discriminator}
    optimizers = {key: torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))
                  for key, network in networks.items()}
    for key, network in networks.items():
        tensors |= prefixed(f"before.{key}", network.state_dict().items())

    bce, l1 = nn.BCEWithLogitsLoss(), nn.L1Loss()
    judged_as = lambda logits, label: bce(logits, torch.full_like(logits, label))
    losses = []
    torch.manual_seed(8)
    for step in range(steps):
        x, y = pairs[step % 2]
        fake = generator(x)
        discriminator.requires_grad_(True)
        optimizers["discriminator"].zero_grad()
        d_fake = judged_as(discriminator(torch.cat([x, fake.detach()], 1)), 0.0)
        d_real = judged_as(discriminator(torch.cat([x, y], 1)), 1.0)
        ((d_fake + d_real) * 0.5).backward()
        optimizers["discriminator"].step()
        discriminator.requires_grad_(False)
        optimizers["generator"].zero_grad()
        g_gan = judged_as(discriminator(torch.cat([x, fake], 1)), 1.0)
        g_l1 = l1(fake, y) * 100.0
        (g_gan + g_l1).backward()
        optimizers["generator"].step()
        losses.append([loss.item() for loss in (g_gan, g_l1, d_real, d_fake)])
        if step == 0:
            for key, network in networks.items():
                tensors |= prefixed(f"after.{key}", network.state_dict().items())
                state = optimizers[key].state
                tensors |= prefixed(f"adam.{key}", (
                    (f"{parameter}.{moment}", state[tensor][moment])
                    for parameter, tensor in network.named_parameters()
                    for moment in ("step", "exp_avg", "exp_avg_sq")))
    tensors["losses"] = torch.tensor(losses)
    save(name, tensors, levels=levels, filters=filters, seed=8)


def architecture_fixture(name):
    """The state_dict of every network that can be built: "name type shape", in order."""
    def described(network):
        kinds = {torch.float32: "F32", torch.int64: "I64"}
        return "\n".join(f"{key} {kinds[t.dtype]} {list(t.shape)}"
                         for key, t in network.state_dict().items())

    with torch.device("meta"):
        texts = {f"generator {levels}": described(Generator(levels, 64))
                 for levels in range(5, 11)}
        texts |= {f"discriminator {layers}": described(Discriminator(layers, 64))
                  for layers in range(1, 7)}
    save(name, {}, **texts)


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    architecture_fixture("architectures")
    generator_fixture("generator-5", levels=5, filters=4, channels=3, side=32, batch=2)
    generator_fixture("generator-7", levels=7, filters=2, channels=1, side=128, batch=1)
    discriminator_fixture("discriminator-3", layers=3, filters=4, side=32, batch=2)
    discriminator_fixture("discriminator-1", layers=1, filters=4, side=16, batch=1)
    training_fixture("training", levels=6, filters=2, side=64, steps=10)
