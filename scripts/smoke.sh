#!/usr/bin/env bash
# A tiny dataset and training through the real commands, in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$PWD/.build/release
recipes=$PWD/recipes
reader=$PWD/scripts/read_shards.py
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

"$bin/p2p-data" sample --out sample --pairs 8 --seed 7
"$bin/p2p-data" build "$recipes/sample.json" --source sample
"$bin/p2p-data" verify
"$bin/p2p-data" preview
"$bin/p2p-train" --shards out --size 32 --ngf 4 --ndf 4 --epochs 2
python3 "$reader" out
[ -s preview.png ]
[ -s runs/sample-1/checkpoints/latest.safetensors ]
[ -s runs/sample-1/samples/epoch-002.png ]
[ "$(grep -c val_L1_mean_target runs/sample-1/metrics.jsonl)" = 2 ]
