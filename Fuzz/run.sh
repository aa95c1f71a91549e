#!/bin/sh
# Fuzzes the image decoders: Fuzz/run.sh [SECONDS] [jpeg|png|tiff ...]
#
# Builds each target with the Swift toolchain's clang, libFuzzer, and the address and undefined
# behaviour sanitizers, and runs it for SECONDS (10). Fails on any finding, which it leaves in
# .build/fuzz/NAME-findings. What it learns stays in .build/fuzz/NAME-corpus for the next run.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-10}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- jpeg png tiff

swift=$(command -v swift) || { echo "swift is not in PATH" >&2; exit 1; }
clang=$(dirname "$(readlink -f "$swift")")/clang
[ -x "$clang" ] || { echo "no clang beside $swift" >&2; exit 1; }
resources=$("$clang" -print-resource-dir)
if [ -z "$(find "$resources/lib" -name 'libclang_rt.fuzzer*' 2>/dev/null)" ]; then
    echo "$clang has no libFuzzer (libclang_rt.fuzzer): use the toolchain of swift.org" >&2
    exit 1
fi

codecs=Sources/DatasetKit/CImageCodecs
work=.build/fuzz
shared=${P2P_SHARED:-../shared}
mkdir -p "$work"

for name in "$@"; do
    "$clang" -std=c11 -g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-recover=undefined -fuse-ld=lld -I "$codecs/include" \
        "Fuzz/fuzz_$name.c" "$codecs"/*.c -ljpeg -lpng -ltiff -o "$work/$name"

    # Seeds: small files of the format, whatever their folder.
    case $name in
        jpeg) pattern='*.jp*g' ;;
        tiff) pattern='*.tif*' ;;
        *) pattern="*.$name" ;;
    esac
    seeds=$work/$name-seeds
    mkdir -p "$seeds" "$work/$name-corpus" "$work/$name-findings"
    for folder in Tests/Fixtures/images "$shared/hostile"; do
        [ -d "$folder" ] || continue
        find "$folder" -name "$pattern" -size -32k -exec cp {} "$seeds" \;
    done

    echo "$name: $(ls "$seeds" | wc -l) seeds, $seconds seconds"
    log=$work/$name.log
    if ! "$work/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=32768 \
        -verbosity=1 -artifact_prefix="$work/$name-findings/" "$work/$name-corpus" "$seeds" \
        2>"$log"; then
        tail -40 "$log" >&2
        echo "$name: a finding in $work/$name-findings" >&2
        exit 1
    fi
    grep '^Done' "$log"
done
