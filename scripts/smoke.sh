#!/usr/bin/env bash
# A tiny dataset and training through the real commands, in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/common.sh

bin=$PWD/.build/release
recipes=$PWD/recipes
reader=$PWD/scripts/read_shards.py
events=$PWD/scripts/check_events.py
weights=$PWD/scripts/check_weights.py
onnx=$PWD/scripts/check_onnx.py
python=$PWD/.venv/bin/python
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Python reads shards and event files with packages of its own: nothing of this project takes part.
python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
[ -x "$python" ] || python3 -m venv .venv
"$python" -c 'import numpy, onnx, onnxruntime, safetensors, tensorboard' 2>/dev/null ||
  "$python" -m pip install -q numpy onnx onnxruntime safetensors tensorboard
# PyTorch's CPU build (190 MB to fetch), from wherever pip is set up to look or from PyTorch's own
# index: its modules take our weights, here and in the tests, which are skipped without it.
"$python" -c 'import torch' 2>/dev/null ||
  "$python" -m pip install -q torch==2.13.0+cpu 2>/dev/null ||
  "$python" -m pip install -q --index-url https://download.pytorch.org/whl/cpu torch==2.13.0+cpu ||
  echo "no CPU build of PyTorch: weights are not checked in it" >&2
cd "$folder"

"$bin/p2p-data" sample --out sample --pairs 8 --seed 7
"$bin/p2p-data" build "$recipes/sample.json" --source sample
"$bin/p2p-data" verify
"$bin/p2p-data" preview
"$bin/p2p-train" --shards out --size 32 --ngf 4 --ndf 4 --epochs 2
"$python" "$reader" out
"$python" "$events" runs/sample-1 --scalar losses/G_L1=G_L1 --scalar validation/L1=val_L1 \
  --scalar epoch/mean_D_real --image samples --hparam lr
if "$python" -c 'import torch' 2>/dev/null; then
  "$python" "$weights" runs/sample-1/checkpoints/latest.safetensors
fi
"$bin/p2p-train" export runs/sample-1 --samples samples.safetensors
"$python" "$onnx" sample-1.onnx samples.safetensors
"$bin/p2p-train" export runs/sample-1 --format safetensors

# The same in 16 bits and floats, and grey.
sed 's/^{/{ "depth": { "input": 16, "target": "float" }, "color": { "input": "gray" },/' \
  "$recipes/sample.json" >wide.json
"$bin/p2p-data" build wide.json --source sample --out wide
"$bin/p2p-data" info --shards wide
"$bin/p2p-data" inspect wide
"$bin/p2p-data" preview --shards wide --out wide.png
"$python" "$reader" wide
"$bin/p2p-train" --shards wide --size 32 --ngf 4 --ndf 4 --epochs 1 --run wide-run
"$bin/p2p-train" export wide-run --norm running --samples wide.safetensors
"$python" "$onnx" wide-run.onnx wide.safetensors

[ -s preview.png ]
[ -s runs/sample-1/checkpoints/latest.safetensors ]
[ -s runs/sample-1/samples/epoch-002.png ]
[ "$(grep -c val_L1_mean_target runs/sample-1/metrics.jsonl)" = 2 ]
[ -s runs/sample-1/report.html ]
[ -s runs/sample-1/checkpoints/best.safetensors ]
