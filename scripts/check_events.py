#!/usr/bin/env python3
"""Opens a run's event files with TensorBoard itself, and checks what it shows.

    pip install tensorboard
    python3 scripts/check_events.py runs/facades-1
    python3 scripts/check_events.py runs/facades-1 --scalar loss/G_L1 --image samples --hparam lr

Every record is read and its checksums verified; every image is decoded; every scalar series whose
last name (`G_L1` of `loss/G_L1`) is a name in the run's metrics.jsonl, or that --scalar gives one,
must have its values. Then the real server is started on a free port and asked for the same. What
is given by --scalar, --image, --text and --hparam must be there. Uses nothing of this project.
"""

import argparse
import json
import math
import pathlib
import re
import signal
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

PATIENCE = 60  # Seconds for the server to start and to read the files.


def require(condition, *message):
    """Ends with the message unless the condition holds; unlike `assert`, always."""
    if not condition:
        sys.exit("error: " + " ".join(map(str, message)))


def single(value):
    """The nearest 32-bit float, which is what an event file holds."""
    if math.isfinite(value):
        value = struct.unpack("<f", struct.pack("<f", value))[0]
    return value


def read_metrics(folder):
    """For each name of metrics.jsonl: values by step, and those of whole epochs in order."""
    steps, epochs = {}, {}
    path = folder / "metrics.jsonl"
    for line in path.read_text().splitlines() if path.exists() else []:
        record = json.loads(line)
        for name, value in record.items():
            if "step" in record:
                steps.setdefault(name, {})[int(record["step"])] = value
            else:
                epochs.setdefault(name, []).append(value)
    return steps, epochs


def compare(tag, key, events, metrics):
    """Checks one series; returns how many values were compared."""
    steps, epochs = metrics
    require(key in steps or key in epochs, f"{tag}: metrics.jsonl has no {key}")
    numbers = [event.step for event in events]
    require(numbers == sorted(set(numbers)), f"{tag}: repeated or unordered steps: {numbers}")
    if key in steps:
        for event in events:
            require(event.step in steps[key], f"{tag}: metrics.jsonl has no step {event.step}")
        expected = [steps[key][event.step] for event in events]
    else:
        expected = epochs[key]
    found = [event.value for event in events]
    require(len(found) == len(expected), f"{tag}: {len(found)} values, {len(expected)} epochs")
    for event, value in zip(events, expected):
        require(
            event.value == single(value),
            f"{tag}, step {event.step}: {event.value}, metrics.jsonl has {value} of {key}",
        )
    return len(found)


def check_image(data, width, height, name):
    """Checks that a PNG decodes to its size; by Pillow, which TensorBoard needs anyway."""
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(data))
    image.load()
    require(image.format == "PNG", f"{name}: {image.format}, expected PNG")
    require(image.size == (width, height), f"{name}: {image.size}, announced {width}x{height}")


def check_files(folder, options):
    """Reads the files as TensorBoard's own loaders do; returns the series' names by kind."""
    paths = sorted(folder.glob("*tfevents*"))
    require(paths, f"{folder}: no event files")
    for path in paths:
        # The loader verifies both checksums of each record, and passes over a cut last one.
        events = list(EventFileLoader(str(path)).Load())
        require(events and events[0].file_version == "brain.Event:2", f"{path}: no file version")
        times = [event.wall_time for event in events]
        require(min(times) > 1.6e9 and max(times) <= time.time(), f"{path}: impossible times")

    # 0: keep all.
    sizes = {"scalars": 0, "images": 0, "tensors": 0}
    run = EventAccumulator(str(folder), size_guidance=sizes).Reload()
    tags = run.Tags()

    metrics = read_metrics(folder)
    given = dict(part.split("=", 1) if "=" in part else (part, None) for part in options.scalar)
    compared = 0
    for tag in given:
        require(tag in tags["scalars"], f"no scalar series {tag}; there are {tags['scalars']}")
    for tag in tags["scalars"]:
        key = given.get(tag) or tag.split("/")[-1]
        if given.get(tag) or key in metrics[0] or key in metrics[1]:
            compared += compare(tag, key, run.Scalars(tag), metrics)

    for tag in options.image:
        require(tag in tags["images"], f"no images {tag}; there are {tags['images']}")
    images = 0
    for tag in tags["images"]:
        for event in run.Images(tag):
            check_image(event.encoded_image_string, event.width, event.height, tag)
            images += 1

    for tag in options.text:
        require(tag in tags["tensors"], f"no text {tag}; there are {tags['tensors']}")
        for event in run.Tensors(tag):
            require(event.tensor_proto.string_val[0].decode(), f"{tag}: an empty text")
    print(
        f"{folder}: {len(paths)} event file(s); {len(tags['scalars'])} scalar series, "
        f"{compared} values as in metrics.jsonl; {images} images decoded"
    )
    return tags


class Server:
    """`tensorboard --logdir FOLDER` on a free port."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tensorboard.main", "--logdir", str(folder), "--port", "0",
             "--host", "127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.said, self.address = [], None
        # Goes on reading: a full pipe would stop the server.
        threading.Thread(target=self.listen, daemon=True).start()
        deadline = time.monotonic() + PATIENCE
        while self.address is None:
            gone = self.process.poll() is not None
            if gone or time.monotonic() > deadline:
                self.stop()
                sys.exit("error: TensorBoard did not start:\n" + "".join(self.said))
            time.sleep(0.1)

    def listen(self):
        for line in self.process.stderr:
            self.said.append(line)
            if match := re.search(r"http://127\.0\.0\.1:\d+", line):
                self.address = match.group()

    def fetch(self, path, body=None, **query):
        """The bytes at an address; a body is posted."""
        url = f"{self.address}/data/plugin/{path}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"error: {url}: {error}: {error.read()[:500]}") from None

    def json(self, path, body=None, **query):
        return json.loads(self.fetch(path, body, **query))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def check_server(folder, tags, options):
    """Asks the real server for what its pages ask for."""
    server = Server(folder)
    try:
        run, kinds = ".", {"scalars": set(tags["scalars"]), "images": set(tags["images"])}
        kinds = {kind: names for kind, names in kinds.items() if names}
        deadline = time.monotonic() + PATIENCE
        for kind, names in kinds.items():
            shown = set()
            while shown != names and time.monotonic() < deadline:
                shown = set(server.json(f"{kind}/tags").get(run, {}))
                time.sleep(0.2)
            require(shown == names, f"{kind}: TensorBoard shows {shown}, expected {names}")
        for tag in kinds.get("scalars", ()):
            points = server.json("scalars/scalars", tag=tag, run=run)
            steps = [step for _, step, _ in points]
            require(points and steps == sorted(set(steps)), f"{tag}: shown as {points}")
        for tag in kinds.get("images", ()):
            for image in server.json("images/images", tag=tag, run=run, sample=0):
                data = server.fetch(f"images/individualImage?{image['query']}")
                require(data.startswith(b"\x89PNG"), f"{tag}: TensorBoard gives no PNG")
        if options.text:
            shown = server.json("text/tags").get(run, [])
            require(set(options.text) <= set(shown), f"texts: TensorBoard shows {shown}")
        if options.hparam:
            check_hparams(server, options.hparam)
    finally:
        server.stop()
    print(f"{folder}: TensorBoard's server shows all of it")


def check_hparams(server, names):
    """Checks the table of the HPARAMS tab: its columns, and the run's row."""
    experiment = server.json("hparams/experiment", {"experimentName": ""})
    columns = {info["name"] for info in experiment["hparamInfos"]}
    require(set(names) <= columns, f"HPARAMS has columns {columns}, expected {names}")
    statuses = ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]
    request = {
        "experimentName": "", "startIndex": 0, "sliceSize": 10, "allowedStatuses": statuses,
        "colParams": [{"hparam": name, "includeInResult": True} for name in names],
    }
    groups = server.json("hparams/session_groups", request)["sessionGroups"]
    require(len(groups) == 1, f"HPARAMS has {len(groups)} rows, expected one")
    row = groups[0]["hparams"]
    require(set(names) <= set(row), f"HPARAMS has {row}, expected {names}")
    shown = {value["name"]["tag"] for value in groups[0].get("metricValues", [])}
    wanted = {info["name"]["tag"] for info in experiment["metricInfos"]}
    require(shown == wanted, f"HPARAMS has metrics {shown}, expected {wanted}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="the run's folder")
    parser.add_argument("--scalar", action="append", default=[], metavar="TAG[=KEY]",
                        help="a series that must be there, and its name in metrics.jsonl")
    parser.add_argument("--image", action="append", default=[], metavar="TAG")
    parser.add_argument("--text", action="append", default=[], metavar="TAG")
    parser.add_argument("--hparam", action="append", default=[], metavar="NAME")
    options = parser.parse_args()
    # A parent may have blocked SIGTERM, and the server would inherit that and never stop.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    tags = check_files(options.folder, options)
    check_server(options.folder, tags, options)


if __name__ == "__main__":
    main()
