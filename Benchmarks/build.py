#!/usr/bin/env python3
"""What it costs to build a dataset from JPEG files, beside Pillow and beside decoding alone.

    swift build -c release --product p2p-data
    Benchmarks/build.py [--images ../shared/data/facades] [--out FOLDER] [--copies 1]
                        [--repeat 5] [--pillow 13.0.0]

Six programs do the same files in turn, again and again, so that whatever else the machine does
falls on all of them: `bare_jpeg.c` (decodes, nothing else), `pillow_build.py` (decodes, cuts,
resizes; then the same with hashes and writing), two `bare_jpeg.c` at once (what the machine gives
two programs that share nothing), `p2p-data build --jobs 1` and `--jobs 2` (decodes,
cuts, resizes, hashes, writes shards).
Prints the milliseconds of CPU (user and system) and of wall-clock time per pair, of the median run,
with the least and the most CPU, the peak of memory, and the ratios.

Every figure of the two commands includes the start of their process; Python's does not. Every build
goes to a folder of its own, all of which are removed at the end: a file system that has just
removed many files, as before a second build to the same place, may take longer to make new ones.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv

from measuring import PACKAGE, Table, binary, run

HERE = pathlib.Path(__file__).resolve().parent
SIZE = 286
# Runs its arguments twice at once; fails if one of them does.
TWICE = '"$@" >/dev/null & "$@" && wait $!'


def python(pillow):
    """A Python with that Pillow, in .venv of the package."""
    folder = PACKAGE / ".venv"
    program = folder / "bin" / "python"
    if not program.exists():
        venv.create(folder, with_pip=True)
    version = [program, "-c", "import PIL; print(PIL.__version__)"]
    found = subprocess.run(version, capture_output=True, text=True).stdout.strip()
    if found != pillow:
        subprocess.run([program, "-m", "pip", "install", "-q", f"pillow=={pillow}"], check=True)
    return program


def compiled(folder):
    """The C program."""
    program = folder / "bare_jpeg"
    compiler = os.environ.get("CC", "cc")
    subprocess.run(
        [compiler, "-O2", "-o", program, HERE / "bare_jpeg.c", "-ljpeg"], check=True
    )
    return program


def recipe(folder, images):
    """A recipe for the images: that of facades, but for the augmentation, which builds nothing."""
    splits = [name for name in ("train", "val", "test") if (images / name).is_dir()]
    path = folder / "recipe.json"
    path.write_text(
        json.dumps(
            {
                "source": {"path": str(images), "input": "right"},
                "split": {"from": "folders"} if splits else {"from": "none"},
                "resize": {"width": SIZE, "height": SIZE, "filter": "bicubic"},
            }
        )
    )
    files = sorted(images.glob("*/*.jpg" if splits else "*.jpg"))
    return path, [file for file in files if not splits or file.parent.name in splits]


def copied(images, count, folder):
    """The images so often under other names, as a larger dataset would be."""
    for file in sorted(images.rglob("*.jpg")):
        for number in range(count):
            place = folder / file.relative_to(images).parent / f"{number}-{file.name}"
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    shared = PACKAGE.parent / "shared" / "data" / "facades"
    parser.add_argument("--images", type=pathlib.Path, default=shared)
    parser.add_argument("--out", type=pathlib.Path, help="where the shards go ($TMPDIR)")
    parser.add_argument("--copies", type=int, default=1, help="take each image so often")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--pillow", default="13.0.0")
    arguments = parser.parse_args()
    program, interpreter = binary("p2p-data"), python(arguments.pillow)

    with tempfile.TemporaryDirectory(dir=arguments.out) as folder:
        folder = pathlib.Path(folder)
        bare = compiled(folder)
        images = arguments.images.resolve()
        if arguments.copies > 1:
            images = copied(images, arguments.copies, folder / "images")
        path, files = recipe(folder, images)
        if not files:
            sys.exit(f"no JPEG files in {arguments.images}: give --images DIR")
        needed = len(files) * (arguments.repeat + 1) * 2 * (2 * SIZE * SIZE * 3)
        if shutil.disk_usage(folder).free < 1.1 * needed:
            sys.exit(f"the builds need {needed / 1e9:.0f} GB in {folder}: give --out FOLDER")
        build = [program, "build", path, "--jobs"]
        commands = {
            "bare decode": [bare, *files],
            "Pillow": [interpreter, HERE / "pillow_build.py", SIZE, "-", *files],
            "Pillow, all": [interpreter, HERE / "pillow_build.py", SIZE, folder / "raw", *files],
            "bare decode, two at once": ["sh", "-c", TWICE, "sh", bare, *files],
            "p2p --jobs 1": [*build, 1],
            "p2p --jobs 2": [*build, 2],
        }
        results = {name: [] for name in commands}
        # The first round only brings the files into memory.
        for number in range(arguments.repeat + 1):
            for name, command in commands.items():
                if name.startswith("p2p"):
                    command = [*command, "--out", folder / f"{number}-{command[-1]}"]
                one = run(command, stderr=subprocess.DEVNULL)
                if name.startswith("Pillow"):
                    loop = json.loads(one.output)
                    one.cpu, one.wall, pillow = loop["cpu"], loop["wall"], loop["pillow"]
                if number > 0:
                    results[name].append(one)

    pairs = len(files)
    print(f"{pairs} pairs, resized to {SIZE}x{SIZE}, {arguments.repeat} rounds, Pillow {pillow}")
    table = Table("ms per pair", ["CPU", "least", "most", "wall", "peak MB"])
    for name, runs in results.items():
        cpus = [1000 * one.cpu / pairs for one in runs]
        table.add(
            name,
            table.median(cpus),
            min(cpus),
            max(cpus),
            table.median([1000 * one.wall / pairs for one in runs]),
            table.median([one.peak / 1e6 for one in runs]),
        )
    table.show()

    def ratio(numerator, denominator, what):
        # Of the same round: what slowed one down slowed the other down.
        ratios = [
            getattr(one, what) / getattr(other, what)
            for one, other in zip(results[numerator], results[denominator])
        ]
        return f"{Table.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"

    print(f"Pillow / p2p, CPU on one core:    {ratio('Pillow', 'p2p --jobs 1', 'cpu')}")
    print(f"the same, Pillow hashing, writing: {ratio('Pillow, all', 'p2p --jobs 1', 'cpu')}")
    print(f"p2p / bare decode, CPU:           {ratio('p2p --jobs 1', 'bare decode', 'cpu')}")
    print(f"two threads, wall-clock:          {ratio('p2p --jobs 1', 'p2p --jobs 2', 'wall')}")
    # What this machine gives two programs that share nothing.
    twice = [
        2 * one.wall / both.wall
        for one, both in zip(results["bare decode"], results["bare decode, two at once"])
    ]
    print(f"two bare decodes at once, each its own: {Table.median(twice):.2f}")


if __name__ == "__main__":
    main()
