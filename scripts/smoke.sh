#!/usr/bin/env bash
# A tiny dataset and training through the real commands, in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/common.sh

bin=$PWD/.build/release
recipes=$PWD/recipes
reader=$PWD/scripts/read_shards.py
python=$PWD/.venv/bin/python
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Python reads shards and event files with packages of its own: nothing of this project takes part.
python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
[ -x "$python" ] || python3 -m venv .venv
"$python" -c 'import numpy, safetensors, tensorboard' 2>/dev/null ||
  "$python" -m pip install -q numpy safetensors tensorboard
cd "$folder"

"$bin/p2p-data" sample --out sample --pairs 8 --seed 7
"$bin/p2p-data" build "$recipes/sample.json" --source sample
"$bin/p2p-data" verify
"$bin/p2p-data" preview
"$bin/p2p-train" --shards out --size 32 --ngf 4 --ndf 4 --epochs 2
"$python" "$reader" out

# The same in 16 bits and floats, and grey.
sed 's/^{/{ "depth": { "input": 16, "target": "float" }, "color": { "input": "gray" },/' \
  "$recipes/sample.json" >wide.json
"$bin/p2p-data" build wide.json --source sample --out wide
"$bin/p2p-data" info --shards wide
"$bin/p2p-data" inspect wide
"$bin/p2p-data" preview --shards wide --out wide.png
"$python" "$reader" wide

[ -s preview.png ]
[ -s runs/sample-1/checkpoints/latest.safetensors ]
[ -s runs/sample-1/samples/epoch-002.png ]
[ "$(grep -c val_L1_mean_target runs/sample-1/metrics.jsonl)" = 2 ]
