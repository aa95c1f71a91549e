#!/usr/bin/env bash
# Runs the tests that `make tests` built. What failed is said once more at the end, where it is found.
#
# Arguments go to `swift test`, such as --filter ShardTests.
set -euo pipefail
cd "$(dirname "$0")/.."

log=.build/test.log
swift test -c release --skip-build --disable-xctest "$@" 2>&1 | tee "$log" && exit
status=$?
echo
echo "What failed (all of it: $log):"
# Each issue with its details, which the lines after it have.
awk '/✘ .* recorded an issue/ { on = 1 } /^(◇|✔|✘) / && !/recorded an issue/ { on = 0 } on' "$log"
grep 'Test run with' "$log" || true
exit "$status"
