#!/usr/bin/env bash
# Provides libtorch: its headers and libraries, from whichever comes first of
#   $LIBTORCH                        a folder with include/ and lib/
#   .libtorch                        what an earlier run of this script left in the project
#   the machine's own torch package  so that a CUDA build of PyTorch is used where there is one
#   the wheel                        unpacked into .libtorch; no Python package is installed
# Ends with .libtorch in place, unless $LIBTORCH is set.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

# The version whose wheel is fetched, and those that are accepted.
wheel_version=2.13.0
oldest=2.11
newest=2.15

# Whether a folder holds libtorch.
holds_libtorch() {
  [ -f "$1/include/ATen/ATen.h" ] && [ -f "$1/lib/libtorch_cpu.so" ]
}

if [ -n "${LIBTORCH:-}" ]; then
  holds_libtorch "$LIBTORCH" ||
    fail "LIBTORCH=$LIBTORCH has no include/ATen/ATen.h and lib/libtorch_cpu.so: point it at libtorch $oldest to $newest, or unset it."
  exit 0
fi
holds_libtorch .libtorch && exit 0
rm -rf .libtorch .libtorch.partial

command -v python3 >/dev/null || apt_install python3 python3-pip

# The torch package of this machine's Python, if its version is one that is accepted.
installed=$(python3 - "$oldest" "$newest" <<'END' || true
import importlib.util, os, re, sys
spec = importlib.util.find_spec("torch")
if spec and spec.origin:
    folder = os.path.dirname(spec.origin)
    text = open(os.path.join(folder, "version.py")).read()
    found = re.search(r"__version__ = '(\d+)\.(\d+)", text)
    oldest, newest = (tuple(map(int, v.split("."))) for v in sys.argv[1:3])
    if found and oldest <= tuple(map(int, found.groups())) <= newest:
        print(folder)
END
)
if [ -n "$installed" ] && holds_libtorch "$installed"; then
  echo "using libtorch of the Python package $installed" >&2
  ln -s "$installed" .libtorch
  exit 0
fi

python3 -m pip --version >/dev/null 2>&1 || apt_install python3-pip

downloads=$(mktemp -d)
trap 'rm -rf "$downloads" .libtorch.partial' EXIT

# Fetches the wheels of some packages. The wheel's Python does not matter: only its libraries are used.
fetch() {
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --implementation cp --python-version 3.11 --abi cp311 --abi none \
    --platform "manylinux_2_28_$(uname -m)" --platform "manylinux_2_27_$(uname -m)" \
    --platform "manylinux2014_$(uname -m)" --dest "$downloads" "$@" >/dev/null 2>&1
}

echo "fetching libtorch $wheel_version (about 190 MB)" >&2
# The CPU build from wherever pip is set up to look, then from PyTorch's own index; last, PyPI's
# CUDA build, which also runs without a GPU, given two of CUDA's libraries.
fetch "torch==$wheel_version+cpu" ||
  fetch --retries 1 --timeout 20 --index-url https://download.pytorch.org/whl/cpu \
    "torch==$wheel_version+cpu" ||
  fetch "torch==$wheel_version" nvidia-cuda-runtime nvidia-cuda-cupti ||
  fail "could not fetch libtorch (no network?): set LIBTORCH to a libtorch $oldest to $newest, or run: pip install torch==$wheel_version"

python3 - "$downloads" <<'END'
import glob, os, re, sys, zipfile

wanted = [
    (re.compile(r"torch/((?:include|lib)/.*)"), r"\1"),
    (re.compile(r"torch/(version\.py)"), r"\1"),
    (re.compile(r"nvidia/.*/lib/(libcu(?:dart|pti)\.so[.\d]*)"), r"lib/\1"),
]
unwanted = re.compile(r"cuda|python|test|backend_with_compiler", re.IGNORECASE)
for wheel in glob.glob(os.path.join(sys.argv[1], "*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            for pattern, target in wanted:
                found = pattern.fullmatch(name)
                if not found or name.endswith("/"):
                    continue
                if name.startswith("torch/lib/") and unwanted.search(os.path.basename(name)):
                    continue
                path = os.path.join(".libtorch.partial", found.expand(target))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with archive.open(name) as source, open(path, "wb") as file:
                    while chunk := source.read(1 << 20):
                        file.write(chunk)
END
holds_libtorch .libtorch.partial || fail "the wheel of torch $wheel_version holds no libtorch: set LIBTORCH to a libtorch $oldest to $newest."
mv .libtorch.partial .libtorch
# SwiftPM keeps what it read from the manifest until the manifest changes.
touch Package.swift
