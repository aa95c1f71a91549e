#!/usr/bin/env python3
"""Makes the files in weights/: what torch.save writes, in all its ways, and what attackers write.

The tests import them and compare with what PyTorch computed; Python is not needed to run them. Made with
PyTorch 2.13.0+cpu, numpy 2.4 and safetensors 0.8.0:

    pip install torch numpy safetensors
    python make_weights_fixtures.py

The networks are those of reference_networks.py, as small as they can be. All weights are rounded to
bfloat16, so that a file of any float type holds the same numbers.
"""

import collections
import io
import json
import os
import pathlib
import pickle
import struct
import subprocess
import types
import zipfile

import numpy
import safetensors.torch
import torch
from torch import nn

import reference_networks as reference

FOLDER = pathlib.Path(__file__).parent / "weights"
HOSTILE = FOLDER / "hostile"
STREAM = {"_use_new_zipfile_serialization": False}
PREFIX = b"".join(pickle.dumps(value, 2) for value in (
    0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True,
                                   "type_sizes": {"short": 2, "int": 4, "long": 4}}))


def weights(options, inputs, outputs, seed, maker=reference.generator):
    """A network with weights that matter, statistics too."""
    torch.manual_seed(seed)
    arguments = (inputs, outputs) if maker is reference.generator else (inputs,)
    network = maker(options, *arguments)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if name.endswith("num_batches_tracked"):
                tensor.fill_(7)
            elif name.endswith("running_var"):
                tensor.uniform_(0.5, 2)
            else:
                tensor.normal_(1 if tensor.dim() == 1 and name.endswith("weight") else 0, 0.3)
            if tensor.is_floating_point():
                tensor.copy_(tensor.bfloat16().float())
    return network.eval()


def upsampled_first(network):
    """The same U-Net, that joins what was doubled before what was halved."""
    def forward(self, x):
        made = self.model(x)
        return made if self.outermost else torch.cat([made, x], 1)
    for module in network.modules():
        if isinstance(module, reference.Level):
            module.forward = types.MethodType(forward, module)
    return network


def save(name, value, **options):
    torch.save(value, FOLDER / f"{name}.pth", **options)


def odd(state):
    """The same numbers in every type, order and kind of storage."""
    kinds = [torch.half, torch.bfloat16, torch.double, torch.float]
    made, shared = {}, []
    for number, (name, tensor) in enumerate(state.items()):
        if not tensor.is_floating_point():
            made[name] = tensor
        elif tensor.dim() == 4 and number % 3 == 0:
            kind = kinds[number // 3 % 4]
            made[name] = nn.Parameter(tensor.to(kind).permute(3, 1, 0, 2).contiguous().permute(2, 1, 3, 0))
        elif tensor.dim() == 1:
            made[name] = None  # Its place in the order.
            shared.append(name)
        else:
            made[name] = tensor.to(kinds[number % 4])
    whole = torch.cat([torch.full((3,), 99.0)] + [state[name] for name in shared])
    for name, part in zip(shared, whole[3:].split([state[name].numel() for name in shared])):
        made[name] = part
    return made


def big_endian(state, source, target):
    """What torch.save writes on a machine with the other order of bytes."""
    kinds = ["<f4" if tensor.is_floating_point() else "<i8" for tensor in state.values()]
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("byteorder"):
                data = b"big"
            elif "/data/" in entry.filename:
                kind = kinds[int(entry.filename.rsplit("/", 1)[1])]
                data = numpy.frombuffer(data, kind).byteswap().tobytes()
            new.writestr(zipfile.ZipInfo(entry.filename), data)


def python2(path):
    """A stream as PyTorch 0.1 wrote it from Python 2: byte strings, pairs in a list, part of a storage."""
    text = lambda value: b"U" + bytes([len(value)]) + value.encode()
    storage = lambda key, view: (
        b"((" + text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text("cpu") + b"K\x06"
        + view + b"tQ")
    view = b"(" + text("view") + b"K\x02K\x03t"
    tensor = lambda store, offset, shape, strides: (
        b"ctorch._utils\n_rebuild_tensor\n" + store + offset + shape + strides + b"tR")
    entry = lambda name, made: b"](" + text(name) + made + b"e"
    body = (
        b"\x80\x02ccollections\nOrderedDict\n](" +
        entry("whole", tensor(storage("8", b"N"), b"K\x00", b"K\x02K\x03\x86", b"K\x01K\x02\x86")) +
        entry("part", tensor(storage("8", view), b"K\x01", b"K\x02\x85", b"K\x01\x85")) +
        b"e\x85R."
    )
    numbers = numpy.arange(6, dtype="<f4").tobytes()
    path.write_bytes(PREFIX + body + pickle.dumps(["8"], 2) + struct.pack("<q", 6) + numbers)


def stream(body, keys=(), tail=b""):
    """A stream around a pickle."""
    return PREFIX + body + pickle.dumps(list(keys), 2) + tail


def archive(body, storages=(), **entries):
    """A zip archive around a pickle."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a/data.pkl", body)
        for key, data in storages:
            made.writestr(f"a/data/{key}", data)
        for name, data in entries.items():
            made.writestr(f"a/{name}", data)
    return file.getvalue()


class Call:
    """Runs something when it is read by Python."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def tensor_pickle(numel=b"K\x04", offset=b"K\x00", shape=b"K\x04\x85", strides=b"K\x01\x85", key="0"):
    """A dictionary of one tensor, by hand."""
    key = key.encode()
    return (
        b"\x80\x02}X\x01\x00\x00\x00tctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storage"
        b"ctorch\nFloatStorage\nX" + struct.pack("<I", len(key)) + key + b"X\x03\x00\x00\x00cpu" + numel
        + b"tQ" + offset + shape + strides + b"\x89ccollections\nOrderedDict\n)RtRs.")


def long(value):
    data = pickle.encode_long(value)
    return b"\x8a" + bytes([len(data)]) + data


def hostile():
    """Files that must be refused: the name says what they try, the manifest what the error must say."""
    expected = {}

    def add(name, data, says):
        (HOSTILE / f"{name}.pth").write_bytes(data)
        expected[name] = says

    touch = "touch /tmp/p2p-was-here"
    calls = {
        "system": (Call(os.system, touch), "posix.system"),
        "eval": (Call(eval, "1 + 1"), "eval"),
        "exec": (Call(exec, "x = 1"), "exec"),
        "getattr": (Call(getattr, nn.Module, "__init__"), "getattr"),
        "popen": (Call(subprocess.Popen, touch), ".Popen"),
        "hub": (Call(torch.hub.load, "x", "y"), "torch.hub.load"),
        "numpy": (numpy.float64(1), "scalar"),
        "partial": (Call(__import__("functools").partial, print), "functools.partial"),
    }
    for name, (call, says) in calls.items():
        for protocol in (2, 4):
            body = pickle.dumps({"model.model.0.weight": call}, protocol)
            add(f"{name}-{protocol}-stream", stream(body), says)
            add(f"{name}-{protocol}-zip", archive(body), says)
    add("protocol-0", stream(b"cos\nsystem\n(S'" + touch.encode() + b"'\ntR."), "os.system")
    add("instance", stream(b"(S'" + touch.encode() + b"'\nios\nsystem\n."), "instruction 0x53")
    add("newobj", stream(b"\x80\x02ctorch\nFloatStorage\n)\x81."), "instruction 0x81")
    add("dotted", stream(b"\x80\x04\x8c\x05torch\x8c\x0bhub.os.name\x93."), "torch.hub.os.name")
    add("escape", stream(b"\x80\x02c\x1b[2Jos\nsystem\n."), "?[2Jos.system")
    add("set-state", stream(b"\x80\x02ccollections\nOrderedDict\n)}b."), "makes no sense")
    add("call-storage", stream(b"\x80\x02ctorch\nFloatStorage\nK\x05\x85R."), "makes no sense")
    add("plain-pickle", pickle.dumps({"a": 1}, 2), "another pickle")

    none = "found none in it"
    many = 30_000
    add("deep-lists", stream(b"\x80\x02" + b"]" * many + b"a" * (many - 1) + b"."), none)
    add("deep-tuples", stream(b"\x80\x02)" + b"\x85" * many + b"."), none)
    add("deep-dictionaries", stream(b"\x80\x02}" + b"K\x00}" * many + b"s" * many + b"."), none)
    add("itself", stream(b"\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s."), none)
    double = b"".join(b"h\x00h\x00\x86q\x00" for _ in range(5000))
    add("doubling", stream(b"\x80\x02)q\x00(" + double + b"t\x86."), none)
    pairs = b"ccollections\nOrderedDict\nq\x01]q\x00(" + b"NN\x86" * 3000 + b"e\x85R" \
        + b"h\x01h\x00\x85R\x86" * 3000
    add("copies", stream(b"\x80\x02" + pairs + b"."), "more than any state dict does")
    add("marks", stream(b"\x80\x02" + b"(" * many + b"."), "makes no sense")
    add("memo", stream(b"\x80\x02Nr\xff\xff\xff\xff."), none)
    add("memo-missing", stream(b"\x80\x02j\xff\xff\xff\xff."), "makes no sense")
    add("text", stream(b"\x80\x04\x8d" + struct.pack("<Q", 2**63 - 1) + b"x."), "cut short")
    add("frame", stream(b"\x80\x04\x95" + struct.pack("<Q", 2**64 - 1) + b"N."), none)
    add("long", stream(b"\x80\x02\x8b\xff\xff\xff\x7f."), "cut short")
    add("negative-long", stream(b"\x80\x02\x8b\xff\xff\xff\xff."), "cut short")

    data = struct.pack("<4f", 1, 2, 3, 4)
    tail = struct.pack("<q", 4) + data
    outside = "does not lie in its storage"
    huge = long(2**62)
    for name, body, says in [
            ("shape", tensor_pickle(shape=huge + b"\x85"), outside),
            ("overflow", tensor_pickle(shape=huge + huge + b"\x86", strides=b"K\x00K\x00\x86"), outside),
            ("expanded", tensor_pickle(shape=long(2**24) + b"\x85", strides=b"K\x00\x85"),
             "share their numbers"),
            ("offset", tensor_pickle(offset=b"K\x01"), outside),
            ("negative-offset", tensor_pickle(offset=long(-1)), outside),
            ("negative-stride", tensor_pickle(offset=b"K\x03", strides=long(-1) + b"\x85"), outside),
            ("stride", tensor_pickle(strides=huge + b"\x85"), outside),
            ("rank", tensor_pickle(shape=b"(" + b"K\x01" * 9 + b"t", strides=b"(" + b"K\x01" * 9 + b"t"),
             "makes no sense"),
            ("numel", tensor_pickle(numel=huge), "makes no sense"),
            ("numel-wrong", tensor_pickle(numel=b"K\x03"), "expected 3 F32"),
    ]:
        add(f"{name}-stream", stream(body, ["0"], tail), says)
        add(f"{name}-zip", archive(body, [("0", data)]), says)
    for name, numel in [("negative", -1), ("large", 2**62), ("beyond", 5)]:
        add(f"{name}-numel", stream(tensor_pickle(), ["0"], struct.pack("<q", numel) + data), "damaged")
    add("no-storage", stream(tensor_pickle(), []), "damaged")
    add("path", archive(tensor_pickle(key="../../../etc/passwd")), "no entry")
    with zipfile.ZipFile(HOSTILE / "two-folders.pth", "w") as made:
        made.writestr("a/data.pkl", b"")
        made.writestr("b/data.pkl", b"")
    expected["two-folders"] = "2 of them"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a/data.pkl", bytes(1 << 20))
    add("bomb", file.getvalue(), "compressed")
    good = archive(tensor_pickle(), [("0", data)])
    end = good.rindex(b"PK\x05\x06")
    add("directory-beyond", good[:end + 16] + b"\xf0\xff\xff\x7f" + good[end + 20:], "directory is wrong")
    add("directory-long", good[:end + 12] + b"\xf0\xff\xff\x7f" + good[end + 16:], "directory is wrong")
    add("other-zip", archive(b"", x=b"y").replace(b"data.pkl", b"data.txt"), "found another one")

    torch.save({"a": torch.zeros(1, dtype=torch.complex64)}, HOSTILE / "complex.pth")
    expected["complex"] = "numbers of the kind torch.ComplexFloatStorage"
    network = nn.Sequential(nn.Conv2d(1, 1, 1))
    torch.save(network, HOSTILE / "module-zip.pth")
    torch.save(network, HOSTILE / "module-stream.pth", **STREAM)
    expected |= {f"module-{kind}": "torch.nn.modules.container.Sequential, such as a whole pickled module"
                 for kind in ("zip", "stream")}
    torch.jit.save(torch.jit.trace(network, torch.zeros(1, 1, 2, 2)), HOSTILE / "script.pth")
    expected["script"] = "TorchScript"
    (HOSTILE / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


def main():
    HOSTILE.mkdir(parents=True, exist_ok=True)
    options = {"generator": "unet_32", "ngf": 1}
    network = weights(options, 3, 3, seed=1)
    state = network.state_dict()
    outputs = {"unet": network, "upsampled-first": upsampled_first(weights(options, 3, 3, seed=1))}

    save("unet", state)
    save("unet-stream", state, **STREAM)
    save("unet-protocol-4", state, pickle_protocol=4)
    big_endian(state, FOLDER / "unet.pth", FOLDER / "unet-big-endian.pth")
    swapped = torch.load(FOLDER / "unet-big-endian.pth")
    assert all(swapped[name].equal(tensor) for name, tensor in state.items())
    save("unet-half", {name: tensor.half() if tensor.is_floating_point() else tensor
                       for name, tensor in state.items()})
    parallel = {f"module.{name}": tensor for name, tensor in odd(state).items()
                if not name.endswith("num_batches_tracked")}
    critic = weights({"ndf": 1, "discriminator": "n_layers", "nLayersD": 1}, 6, 1, 2, reference.discriminator)
    checkpoint = {"epoch": 3, "best": 0.5, "size": torch.Size([32, 32]), "state_dict": parallel,
                  "discriminator": critic.state_dict(),
                  "optimizer": {"state": {}, "param_groups": [{"lr": 1e-4}]}}
    save("checkpoint", checkpoint)
    save("checkpoint-stream", checkpoint, **STREAM)
    save("two-generators", {"G_A": state, "G_B": {"model.1.weight": torch.zeros(1, 1, 7, 7)}})
    save("flat", {f"netG.{name}": tensor for name, tensor in state.items()}
         | {f"netD.{name}": tensor for name, tensor in critic.state_dict().items()})
    save("tiny", {"a": torch.arange(3.0), "b": torch.arange(4.0).half().reshape(2, 2).t()})
    save("discriminator", critic.state_dict())

    for dropout in (True, False):
        options = {"generator": "resnet_6", "ngf": 1, "norm": "batch" if dropout else "instance",
                   "dropout": dropout}
        network = weights(options, 2, 1, seed=3)
        name = "resnet-dropout" if dropout else "resnet-instance"
        outputs[name] = network
        state = network.state_dict()
        if not dropout:  # What PyTorch 0.3 kept beside instance normalisation.
            for bias in [key for key in state if key.endswith("bias")][:-1]:
                *start, index, _ = bias.split(".")
                for kind in ("running_mean", "running_var"):
                    state[".".join([*start, str(int(index) + 1), kind])] = torch.ones(len(state[bias]))
        save(name, state, **({} if dropout else STREAM))

    tensors = {}
    for name, network in outputs.items():
        inputs = 2 if name.startswith("resnet") else 3
        image = (torch.arange(inputs * 32 * 32) % 255 / 127 - 1).reshape(1, inputs, 32, 32)
        with torch.no_grad():
            tensors[name] = network(image).contiguous()
    safetensors.torch.save_file(tensors, FOLDER / "outputs.safetensors")
    python2(FOLDER / "python2.pth")
    old = torch.load(FOLDER / "python2.pth", weights_only=False, encoding="utf-8")
    assert old["whole"].tolist() == [[0, 2, 4], [1, 3, 5]] and old["part"].tolist() == [3, 4], old
    hostile()


if __name__ == "__main__":
    main()
