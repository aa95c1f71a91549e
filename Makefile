# make demo    everything from an empty machine to pictures of a trained model
# make test    every test
# make         the two commands, in .build/release
#
# Each does its own set-up; nothing is done twice. See `make help`.

SHELL := /bin/bash

# The same libtorch for every call: see scripts/libtorch.sh.
export LIBTORCH_FOLDER := $(or $(LIBTORCH),$(CURDIR)/.libtorch)
SWIFT := LIBTORCH="$(LIBTORCH_FOLDER)" swift
BIN := .build/release

.PHONY: build help setup test tests demo lint format smoke clean

build: setup
	$(SWIFT) build -c release --product p2p-data
	$(SWIFT) build -c release --product p2p-train

help:
	@sed -n 's/^# \(make.*\)/\1/p' Makefile
	@echo "make lint    check the format; make format mends it"
	@echo "make tests   build the commands and the tests, run none"
	@echo "make smoke   a tiny dataset and training through the real commands"
	@echo "make clean   remove builds and demo"

setup:
	@scripts/setup.sh

# The tests run in the configuration that is shipped, and share its build. By their product's name:
# `--build-tests` would compile Google's protoc too, which swift-protobuf brings along for its plugin.
test: tests
	LIBTORCH="$(LIBTORCH_FOLDER)" scripts/test.sh

# Before the commands, whose own sources are few: whatever can be compiled at once then is.
tests: setup
	$(SWIFT) build -c release --product p2pPackageTests
	$(MAKE) build

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks Fuzz

format:
	swift format format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks Fuzz

smoke: build
	scripts/smoke.sh

clean:
	rm -rf .build demo

# The demo: each step is done when what it makes is there.

demo: build demo/preview.png demo/run/checkpoints/latest.safetensors
	@echo
	@echo "The dataset, as training will see it:  demo/preview.png"
	@echo "What the model has learned:            $$(ls demo/run/samples/epoch-*.png | tail -n 1)"
	@echo "How it got there, epoch by epoch:      demo/run/report.html, demo/run/samples/montage.png"

datasets/sample/train: | build
	$(BIN)/p2p-data sample --out datasets/sample --pairs 96 --seed 7

demo/out/index.json: | build datasets/sample/train
	@mkdir -p demo
	$(BIN)/p2p-data build recipes/sample.json --out demo/out
	$(BIN)/p2p-data verify --shards demo/out

demo/preview.png: | demo/out/index.json
	$(BIN)/p2p-data preview --shards demo/out --out demo/preview.png

demo/run/checkpoints/latest.safetensors: | demo/out/index.json
	rm -rf demo/run
	$(BIN)/p2p-train --shards demo/out --run demo/run --size 128 --ngf 32 --ndf 32 \
	  --epochs 8 --decay-epochs 4
