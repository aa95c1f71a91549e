#!/usr/bin/env python3
"""Makes the golden numbers in torch/: what PyTorch computes for small networks.

The tests compare Swift's networks and training step with these files; Python is not needed to
run them. To make them again:

    pip install torch numpy safetensors
    python make_torch_fixtures.py

The networks are those of reference_networks.py. Images are not stored: both sides make them by
`images`. Each file's metadata has the options, as a recipe has them, and the versions that made it.
The processor's vector width may change the last bits.
"""

import json
import pathlib

import numpy
import safetensors
import safetensors.torch
import torch
from torch import nn
from torch.nn import functional

import reference_networks as reference

FOLDER = pathlib.Path(__file__).parent / "torch"
VERSIONS = {"torch": torch.__version__, "safetensors": safetensors.__version__}


def images(seed, *shape):
    """Noise in -1...1 by integers, the same in every language: steps of 1 / 2**23."""
    count = int(numpy.prod(shape))
    bits = numpy.arange(count, dtype=numpy.uint32) + numpy.uint32(seed * 1_000_003)
    bits = (bits ^ (bits >> 16)) * numpy.uint32(0x7FEB352D)
    bits = (bits ^ (bits >> 15)) * numpy.uint32(0x846CA68B)
    bits ^= bits >> 16
    values = (bits >> 8).astype(numpy.float64) / 2**23 - 1
    return torch.from_numpy(values.astype(numpy.float32)).reshape(shape)


def prefixed(prefix, tensors):
    return {f"{prefix}.{name}": tensor.detach().clone() for name, tensor in tensors}


def save(name, tensors, **metadata):
    """Writes one file; the metadata says how the tests make the same network and numbers."""
    tensors = {key: tensor.detach().contiguous() for key, tensor in tensors.items()}
    texts = {key: value if isinstance(value, str) else json.dumps(value)
             for key, value in metadata.items()} | VERSIONS
    path = FOLDER / f"{name}.safetensors"
    safetensors.torch.save_file(tensors, path, metadata=texts)
    print(path.name, path.stat().st_size, "bytes")


def gradients(network):
    return prefixed("gradient", ((name, p.grad) for name, p in network.named_parameters()))


def generator_fixture(name, options, channels, side, batch):
    """Outputs in every mode, and all gradients of mean(output * input) without dropout."""
    network = reference.generator(options, channels, channels)
    torch.manual_seed(3)
    network.apply(reference.initialize)
    x = images(1, batch, channels, side, side)
    tensors = prefixed("weights", network.state_dict().items())

    torch.manual_seed(5)
    tensors["output_training"] = network(x)
    tensors["output_running"] = network.eval()(x)  # By the running statistics of one batch.
    for module in network.train().modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    output = network(x)
    (output * x).mean().backward()
    tensors |= {"output": output} | gradients(network)
    save(name, tensors, options=options, shape=[batch, channels, side, side])


def discriminator_fixture(name, options, channels, side, batch):
    """Logits and all gradients, to the input as well, of the loss against "real"."""
    network = reference.discriminator(options, channels)
    torch.manual_seed(4)
    network.apply(reference.initialize)
    x = images(2, batch, channels, side, side).requires_grad_()
    tensors = prefixed("weights", network.state_dict().items())
    logits = network(x)
    loss = nn.BCEWithLogitsLoss()(logits, torch.ones_like(logits))
    loss.backward()
    tensors |= {"logits": logits, "loss": loss} | gradients(network)
    if channels * batch * side * side <= 2**14:
        tensors["gradient.input"] = x.grad
    save(name, tensors, options=options, shape=[batch, channels, side, side])


class Adversarial:
    """The reference's GANLoss with the labels smoothed, and the hinge loss, which it has not."""

    def __init__(self, kind, smoothing):
        self.kind = kind
        self.real_label = 1 - smoothing

    def labelled(self, logits, label):
        loss = {"vanilla": functional.binary_cross_entropy_with_logits,
                "lsgan": functional.mse_loss}[self.kind]
        return loss(logits, torch.full_like(logits, label))

    def real(self, logits):
        if self.kind == "hinge":
            return functional.relu(1 - logits).mean()
        return -logits.mean() if self.kind == "wgan-gp" else self.labelled(logits, self.real_label)

    def fake(self, logits):
        if self.kind == "hinge":
            return functional.relu(1 + logits).mean()
        return logits.mean() if self.kind == "wgan-gp" else self.labelled(logits, 0.0)

    def generator(self, logits):
        if self.kind in ("hinge", "wgan-gp"):
            return -logits.mean()
        return self.labelled(logits, 1.0)


def gradient_penalty(network, real, fake):
    """What the reference's cal_gradient_penalty computes for "mixed", without its weight."""
    share = torch.rand(len(real), 1).expand(len(real), real[0].numel()).view_as(real)
    mixed = (share * real + (1 - share) * fake).requires_grad_()
    logits = network(mixed)
    gradient = torch.autograd.grad(logits, mixed, torch.ones_like(logits), create_graph=True,
                                   retain_graph=True)[0].view(len(real), -1)
    return (((gradient + 1e-16).norm(2, dim=1) - 1) ** 2).mean()


class Training:
    """Both networks and optimisers, and the reference's order of work with everything on top."""

    DEFAULTS = {"ganLoss": "vanilla", "ganWeight": 1.0, "lambdaL1": 100.0, "lambdaL2": 0.0,
                "lambdaCharbonnier": 0.0, "lambdaGP": 10.0, "labelSmoothing": 0.0,
                "optimizer": "adam", "lr": 2e-4, "weightDecay": 0.0}

    def __init__(self, options, deviation):
        self.options = options = self.DEFAULTS | options
        self.generator = reference.generator(options)
        self.discriminator = reference.discriminator(options) if options["ganWeight"] > 0 else None
        self.networks = {"generator": self.generator}
        if self.discriminator:
            self.networks["discriminator"] = self.discriminator
        for network in self.networks.values():
            network.apply(lambda module: reference.initialize(module, deviation))
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[options["optimizer"]]
        rates = {"generator": options.get("lrG", options["lr"]),
                 "discriminator": options.get("lrD", options["lr"])}
        self.optimizers = {
            key: kind(network.parameters(), lr=rates[key], betas=(0.5, 0.999),
                      weight_decay=options["weightDecay"])
            for key, network in self.networks.items()}
        self.adversarial = Adversarial(options["ganLoss"], options["labelSmoothing"])
        self.average = None
        if "ema" in options:
            self.average = torch.optim.swa_utils.AveragedModel(
                self.generator, use_buffers=False,
                multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(options["ema"]))
            self.average.update_parameters(self.generator)  # The first only copies.

    def finish(self, key):
        if "clipGradients" in self.options:
            nn.utils.clip_grad_norm_(self.networks[key].parameters(),
                                     self.options["clipGradients"])
        self.optimizers[key].step()

    def step(self, x, y):
        options, losses = self.options, {}
        fake = self.generator(x)
        if self.discriminator:
            self.discriminator.requires_grad_(True)
            self.optimizers["discriminator"].zero_grad()
            made, real = torch.cat([x, fake.detach()], 1), torch.cat([x, y], 1)
            losses["D_fake"] = self.adversarial.fake(self.discriminator(made))
            losses["D_real"] = self.adversarial.real(self.discriminator(real))
            total = losses["D_fake"] + losses["D_real"]
            if options["ganLoss"] == "wgan-gp":
                losses["D_GP"] = options["lambdaGP"] * gradient_penalty(
                    self.discriminator, real, made)
                total = total + losses["D_GP"]
            (total * 0.5).backward()
            self.finish("discriminator")
            self.discriminator.requires_grad_(False)
        self.optimizers["generator"].zero_grad()
        if self.discriminator:
            judged = self.discriminator(torch.cat([x, fake], 1))
            losses["G_GAN"] = options["ganWeight"] * self.adversarial.generator(judged)
        for name, value in [
                ("L1", lambda: functional.l1_loss(fake, y)),
                ("L2", lambda: functional.mse_loss(fake, y)),
                ("Charbonnier", lambda: ((fake - y) ** 2 + 1e-6).sqrt().mean())]:
            if options[f"lambda{name}"] > 0:
                losses[f"G_{name}"] = options[f"lambda{name}"] * value()
        sum(loss for name, loss in losses.items() if name.startswith("G_")).backward()
        self.finish("generator")
        if self.average:
            self.average.update_parameters(self.generator)
        return {name: loss.item() for name, loss in losses.items()}

    def state(self, prefix):
        return {name: tensor for key, network in self.networks.items()
                for name, tensor in prefixed(f"{prefix}.{key}", network.state_dict().items()).items()}

    def moments(self, names):
        return {name: tensor for key, network in self.networks.items()
                for name, tensor in prefixed(f"moments.{key}", (
                    (f"{parameter}.{moment}", self.optimizers[key].state[tensor][moment])
                    for parameter, tensor in network.named_parameters()
                    for moment in names)).items()}


def training_fixture(name, options, side, batch=1, deviation=0.02, full=False):
    """The state after one step, and ten steps' losses and last weights.

    Weights before: drawn from seed 6 on the Swift side too, but stored, as other processors may
    draw other last bits. Each step's draws are from seed 100 + its number. The gradients are twice
    exp_avg after one step, as beta1 is 0.5.
    """
    torch.manual_seed(6)
    training = Training(options, deviation)
    tensors = training.state("before")
    losses = []
    for number in range(10):
        x, y = (images(10 + 2 * (number % 2) + side_number, batch, 3, side, side)
                for side_number in (0, 1))
        torch.manual_seed(100 + number)
        losses.append(training.step(x, y))
        if number == 0:
            tensors |= training.state("after")
            tensors |= training.moments(["step", "exp_avg", "exp_avg_sq"] if full else ["exp_avg"])
            if training.average:
                tensors |= prefixed("after.generator_ema",
                                    training.average.module.named_parameters())
    if full:
        tensors |= training.state("ten")
    save(name, tensors, options=options, shape=[batch, 3, side, side], losses=losses)


def architecture_fixture(name):
    """The state_dict of every network that can be built: "name type shape", in order."""
    def described(network):
        kinds = {torch.float32: "F32", torch.int64: "I64"}
        return "\n".join(f"{key} {kinds[t.dtype]} {list(t.shape)}"
                         for key, t in network.state_dict().items())

    texts = {}
    with torch.device("meta"):
        for kind in ("batch", "instance", "none"):
            for generator in (*reference.LEVELS, *reference.BLOCKS):
                # Dropout has no tensors; in a residual block it moves what comes after it.
                for dropout in (True, False) if generator in reference.BLOCKS else (True,):
                    options = {"generator": generator, "norm": kind, "dropout": dropout}
                    texts[f"{generator} {kind} {str(dropout).lower()}"] = described(
                        reference.generator(options))
            for layers in range(1, 7):
                options = {"discriminator": "n_layers", "nLayersD": layers, "norm": kind}
                texts[f"n_layers {layers} {kind}"] = described(reference.discriminator(options))
            texts[f"pixel {kind}"] = described(
                reference.discriminator({"discriminator": "pixel", "norm": kind}))
    save(name, {}, **texts)


def main():
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    for path in FOLDER.glob("*.safetensors"):
        path.unlink()
    architecture_fixture("architectures")

    generator_fixture("generator-unet_32", {"generator": "unet_32", "ngf": 2}, 3, side=32, batch=2)
    generator_fixture("generator-unet_128", {"generator": "unet_128", "ngf": 1}, 1, side=128,
                      batch=1)
    generator_fixture("generator-unet_64-instance",
                      {"generator": "unet_64", "ngf": 1, "norm": "instance"}, 3, side=64, batch=1)
    generator_fixture("generator-resnet_6",
                      {"generator": "resnet_6", "ngf": 1, "norm": "instance"}, 3, side=16, batch=2)
    generator_fixture("generator-resnet_9", {"generator": "resnet_9", "ngf": 1}, 3, side=16,
                      batch=2)

    layered = lambda layers, **more: {"discriminator": "n_layers", "nLayersD": layers, **more}
    discriminator_fixture("discriminator-1", layered(1, ndf=4), 6, side=16, batch=1)
    discriminator_fixture("discriminator-2", layered(2, ndf=2, norm="instance"), 6, side=24,
                          batch=2)
    discriminator_fixture("discriminator-3", layered(3, ndf=2), 6, side=32, batch=2)
    discriminator_fixture("discriminator-6", layered(6, ndf=1, norm="none"), 2, side=192, batch=1)
    discriminator_fixture("discriminator-pixel", {"discriminator": "pixel", "ndf": 4}, 6, side=16,
                          batch=2)

    # Every network, norm and loss in one of them at least; unet_64 is the smallest with dropout.
    training_fixture("training", {"generator": "unet_64", "ngf": 2, "ndf": 4}, side=64, full=True)
    training_fixture("training-instance", {
        "generator": "unet_64", "ngf": 1, "norm": "instance", "ganLoss": "lsgan",
        **layered(2, ndf=2)}, side=64)
    # Without a normalisation, larger weights keep the signal from vanishing.
    training_fixture("training-none", {
        "generator": "unet_32", "ngf": 1, "norm": "none", "ganLoss": "hinge",
        **layered(1, ndf=2)}, side=32, batch=2, deviation=0.2)
    training_fixture("training-resnet_6", {
        "generator": "resnet_6", "ngf": 1, "norm": "instance", "ganLoss": "wgan-gp",
        **layered(2, ndf=2)}, side=16, batch=2)
    training_fixture("training-resnet_9", {
        "generator": "resnet_9", "ngf": 1, "discriminator": "pixel", "ndf": 2,
        "ganLoss": "wgan-gp"}, side=16, batch=2)
    training_fixture("training-adamw", {
        "generator": "unet_32", "ngf": 1, **layered(1, ndf=2), "optimizer": "adamw",
        "weightDecay": 0.1, "clipGradients": 0.5, "labelSmoothing": 0.1, "lambdaL1": 0,
        "lambdaCharbonnier": 50, "ganWeight": 0.5, "lrG": 3e-4, "lrD": 1e-4, "ema": 0.9},
        side=32, batch=2)
    training_fixture("training-adam", {
        "generator": "unet_32", "ngf": 1, **layered(1, ndf=2), "ganLoss": "lsgan",
        "weightDecay": 0.01, "clipGradients": 0.5, "labelSmoothing": 0.2, "lambdaL2": 20},
        side=32, batch=2)
    training_fixture("training-alone", {
        "generator": "unet_32", "ngf": 1, "ganWeight": 0, "lambdaL2": 10}, side=32)
    # One large batch: the Swift side makes it of parts.
    training_fixture("training-batch", {
        "generator": "resnet_6", "ngf": 1, "norm": "instance", "dropout": False,
        **layered(1, ndf=2)}, side=16, batch=4)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    main()
