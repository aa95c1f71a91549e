#!/usr/bin/env python3
"""Makes the golden numbers in features/: what others compute by pretrained networks.

The oracles are torchvision (VGG), lpips, pytorch-fid and SciPy. No pretrained weights are needed or
stored: the networks are theirs with a few channels and random weights under the real names. The
tests need no Python. To make the numbers again:

    pip install torch torchvision lpips pytorch-fid scipy numpy safetensors
    python make_feature_fixtures.py

Images are not stored: both sides make them by `images`. Each file's metadata has the versions.
"""

import importlib.metadata
import json
import pathlib

import lpips
import numpy
import safetensors.torch
import torch
import torchvision
from pytorch_fid import fid_score, inception
from torch import nn
from torch.nn import functional

from make_torch_fixtures import images, prefixed

FOLDER = pathlib.Path(__file__).parent / "features"
PACKAGES = ["torch", "torchvision", "lpips", "pytorch-fid", "scipy", "numpy", "safetensors"]
VERSIONS = {name: importlib.metadata.version(name) for name in PACKAGES}
IMAGE_NET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


def save(name, tensors, **metadata):
    tensors = {key: tensor.detach().clone().contiguous() for key, tensor in tensors.items()}
    path = FOLDER / f"{name}.safetensors"
    texts = {key: json.dumps(value) for key, value in metadata.items()} | VERSIONS
    safetensors.torch.save_file(tensors, path, metadata=texts)
    print(path.name, path.stat().st_size, "bytes")


def narrow(network, example, divisor):
    """The same network with fewer channels and random weights that let the signal through."""
    def replace(module):
        for name, child in module.named_children():
            if isinstance(child, nn.Conv2d):
                made = nn.LazyConv2d(max(2, child.out_channels // divisor), child.kernel_size,
                                     child.stride, child.padding, bias=child.bias is not None)
            elif isinstance(child, nn.BatchNorm2d):
                made = nn.LazyBatchNorm2d(eps=child.eps, momentum=1.0)
            else:
                replace(child)
                continue
            setattr(module, name, made)
    replace(network)
    with torch.no_grad():
        network.train()(example)
    randomize(network)
    with torch.no_grad():
        network(example)  # The running statistics become those of this batch.
    return network.eval()


def randomize(network):
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.normal_(module.bias, std=0.1)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.3)


def thinned(gradient):
    """Every third element: enough to compare."""
    return gradient.flatten()[::3]


def through(features, x, indices):
    """What the layers of these numbers make of an image, not changed by the layer after them."""
    outputs = {}
    for index, layer in enumerate(features):
        if isinstance(layer, nn.ReLU):
            layer = nn.ReLU(inplace=False)
        x = layer(x)
        if index in indices:
            outputs[index] = x
    return [outputs[index] for index in indices]


def vgg_fixture(name, network, losses):
    """Features, and perceptual losses with their gradients to the image."""
    features = narrow(network.features, images(1, 1, 3, 64, 64), 64)
    normalize = torchvision.transforms.Normalize(**IMAGE_NET)
    prepared = lambda x: normalize((x.expand(-1, 3, -1, -1) + 1) / 2)
    tensors = prefixed("weights", ((f"features.{key}", value)
                                   for key, value in features.state_dict().items()))
    # torchvision's files have a classifier too.
    tensors["weights.classifier.0.weight"] = torch.zeros(2, 2)
    if name == "vgg16":
        # As torchvision's oldest files are: the stream of before PyTorch 1.6.
        torch.save({key.removeprefix("weights."): value for key, value in tensors.items()},
                   FOLDER / f"{name}.pth", _use_new_zipfile_serialization=False)
    everything = range(len(features))
    for index, output in zip(everything, through(features, prepared(images(2, 1, 3, 32, 36)),
                                                 everything)):
        tensors[f"mean.{index}"] = output.mean()
        if output.numel() <= 256:
            tensors[f"output.{index}"] = output
    for key, (channels, distance, layers) in losses.items():
        image, target = (images(seed, 2, channels, 32, 32) for seed in (3, 4))
        image.requires_grad_()
        pairs = zip(layers.values(), *(through(features, prepared(x), list(layers))
                                       for x in (image, target)))
        measure = {"L1": functional.l1_loss, "L2": functional.mse_loss}[distance]
        loss = sum(weight * measure(a, b) for weight, a, b in pairs)
        loss.backward()
        tensors |= {f"{key}.loss": loss, f"{key}.gradient": thinned(image.grad)}
    save(name, tensors, losses={
        key: {"channels": channels, "distance": distance,
              "layers": [str(index) for index in layers], "weights": list(layers.values())}
        for key, (channels, distance, layers) in losses.items()})


def lpips_fixture(backbone):
    """Distances, and the gradient of their sum to the images; a file's names are the package's own."""
    network = lpips.LPIPS(net=backbone, pretrained=False, pnet_rand=True, verbose=False)
    image, target = (images(seed, 2, 3, 40, 48) for seed in (5, 6))
    target = 0.7 * image + 0.3 * target
    narrow(network.net, image, 32)
    for number, output in enumerate(network.net(image)):
        head = nn.Conv2d(output.shape[1], 1, 1, bias=False)
        nn.init.uniform_(head.weight)  # Heads are not negative.
        getattr(network, f"lin{number}").model[1] = head
    image.requires_grad_()
    distances = network.eval()(image, target)
    distances.sum().backward()
    tensors = prefixed("weights", network.state_dict().items())
    with torch.no_grad():
        grey = network(images(7, 1, 1, 64, 64).expand(-1, 3, -1, -1),
                       images(8, 1, 1, 64, 64).expand(-1, 3, -1, -1))
    tensors |= {"distances": distances.flatten(), "gradient": thinned(image.grad),
                "grey": grey.flatten()}
    save(f"lpips-{backbone}", tensors)


def fid_inception():
    """pytorch-fid's network with random weights, without its download."""
    inception.load_state_dict_from_url = lambda *_, **__: {}
    load, nn.Module.load_state_dict = nn.Module.load_state_dict, lambda *_, **__: None
    try:
        return inception.fid_inception_v3()
    finally:
        nn.Module.load_state_dict = load


def inception_fixture():
    network = fid_inception()
    inception.fid_inception_v3 = lambda: network
    blocks = inception.InceptionV3()
    images_of = lambda seed, *shape: (images(seed, *shape) + 1) / 2
    narrow(blocks, images_of(9, 2, 3, 64, 64), 64)
    # The same modules by the names of the file; `blocks` has copies of none.
    names = {id(module): name for name, module in network.named_modules()}
    tensors = {}
    for block in blocks.blocks:
        for module in block:
            if id(module) in names:
                tensors |= prefixed(f"weights.{names[id(module)]}", module.state_dict().items())
    tensors["weights.fc.weight"] = torch.zeros(2, 2)
    with torch.no_grad():
        tensors["features"] = blocks(images_of(10, 2, 3, 40, 52))[0][:, :, 0, 0]
        tensors["large"] = blocks(images_of(11, 1, 3, 310, 330))[0][:, :, 0, 0]
        tensors["grey"] = blocks(images_of(12, 1, 1, 64, 64).expand(-1, 3, -1, -1))[0][:, :, 0, 0]
    save("inception", tensors)


def frechet_fixture():
    """Distances of correlated samples: more and fewer than features, equal sets, a shifted one."""
    def samples(seed, count, features):
        mixing = images(seed + 50, features, features)
        return images(seed, count, features) @ mixing + images(seed + 90, 1, features)

    sets = {"many": samples(20, 40, 8), "others": samples(21, 60, 8), "few": samples(22, 5, 8),
            "two": samples(23, 2, 8), "shifted": samples(20, 40, 8) + 0.25}
    distances = {}
    for first, a in sets.items():
        for second, b in sets.items():
            statistics = [(x.numpy().astype(numpy.float64).mean(0),
                           numpy.cov(x.numpy().astype(numpy.float64), rowvar=False))
                          for x in (a, b)]
            distances[f"{first} {second}"] = float(fid_score.calculate_frechet_distance(
                *statistics[0], *statistics[1]))
    save("frechet", sets, distances=distances)


def main():
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    FOLDER.mkdir(exist_ok=True)
    vgg_fixture("vgg16", torchvision.models.vgg16(), {
        "squares": (3, "L2", {29: 1.0}),
        "several": (3, "L1", {3: 0.25, 8: 0.5, 15: 1.0, 22: 2.0}),
        "grey": (1, "L2", {15: 1.0, 8: 0.5}),
    })
    vgg_fixture("vgg19", torchvision.models.vgg19(), {
        "squares": (3, "L2", {1: 0.03125, 6: 0.0625, 11: 0.125, 20: 0.25, 29: 1.0}),
    })
    for backbone in ("alex", "vgg", "squeeze"):
        lpips_fixture(backbone)
    inception_fixture()
    frechet_fixture()


if __name__ == "__main__":
    main()
