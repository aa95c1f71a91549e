#!/bin/sh
# Fuzzes the readers: Fuzz/run.sh [SECONDS] [jpeg|png|tiff|recipe|index|shard|weights ...]
#
# Builds each target with the Swift toolchain, libFuzzer and the address sanitizer (and that for
# undefined behaviour in C), and runs it for SECONDS (10); the image decoders also read every file of
# the hostile suites, of any size. Fails on any finding, which it leaves in .build/fuzz/NAME-findings.
# What it learns stays in .build/fuzz/NAME-corpus for the next run.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-10}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- jpeg png tiff recipe index shard weights

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
program=.build/release/p2p-data
mkdir -p "$work"

# The decoders are C; pattern: the names of their files.
build_decoder() {
    "$clang" -std=c11 -g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-recover=undefined -fuse-ld=lld -I "$codecs/include" \
        "Fuzz/fuzz_$1.c" "$codecs"/*.c -ljpeg -lpng -ltiff -o "$work/$1"
    case $1 in
        jpeg) pattern='*.jp*g' ;;
        tiff) pattern='*.tif*' ;;
        *) pattern="*.$1" ;;
    esac
    for folder in Tests/Fixtures/images "$shared/hostile"; do
        [ -d "$folder" ] || continue
        find "$folder" -name "$pattern" -size -32k -exec cp {} "$seeds" \;
    done
    [ -d "$shared/hostile" ] || return 0
    # Whole files with the limit of real use, each once.
    find "$shared/hostile" -name "$pattern" -print0 |
        P2P_FUZZ_PIXELS=178956970 xargs -0 "$work/$1" -timeout=60 -rss_limit_mb=8192 \
            -artifact_prefix="$findings/" >"$work/$1-suites.log" 2>&1 || {
        tail -40 "$work/$1-suites.log" >&2
        exit 1
    }
    echo "$1: $(grep -c '^Executed' "$work/$1-suites.log") files of the hostile suites"
}

# The others are Swift: Fuzz/Readers.
build_reader() {
    P2P_FUZZ=1 swift build -c debug --build-path "$work/swift" --product FuzzReaders \
        --sanitize=address -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld >"$work/swift.log" 2>&1 || {
        grep error "$work/swift.log" >&2
        exit 1
    }
    printf '#!/bin/sh\nexec %s %s "$@"\n' "$PWD/$work/swift/debug/FuzzReaders" "$1" >"$work/$1"
    chmod +x "$work/$1"
    if [ "$1" = recipe ]; then
        cp recipes/[!r]*.json Fuzz/recipes/*.json "$seeds"
        return
    fi
    if [ "$1" = weights ]; then
        find Tests/Fixtures/weights -name '*.pth' -size -32k -exec cp {} "$seeds" \;
        return
    fi
    [ -x "$program" ] || { echo "no $program: run make first" >&2; exit 1; }
    rm -rf "$work/sample" "$work/out"
    "$program" sample --out "$work/sample" --pairs 2 --seed 1 >/dev/null
    echo '{"source": {"path": "sample"}, "resize": {"width": 5, "height": 4}}' >"$work/tiny.json"
    "$program" build "$work/tiny.json" --out "$work/out" >/dev/null
    if [ "$1" = index ]; then cp "$work/out/index.json" "$seeds"; fi
    if [ "$1" = shard ]; then cp "$work/out"/*.safetensors "$seeds"; fi
}

for name in "$@"; do
    seeds=$work/$name-seeds findings=$work/$name-findings
    mkdir -p "$seeds" "$work/$name-corpus" "$findings"
    case $name in
        jpeg | png | tiff) build_decoder "$name" ;;
        recipe | index | shard | weights) build_reader "$name" ;;
        *) echo "no target $name" >&2; exit 64 ;;
    esac

    echo "$name: $(ls "$seeds" | wc -l) seeds, $seconds seconds"
    log=$work/$name.log
    if ! "$work/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=32768 \
        -verbosity=1 -artifact_prefix="$findings/" "$work/$name-corpus" "$seeds" 2>"$log"; then
        tail -40 "$log" >&2
        echo "$name: a finding in $findings" >&2
        exit 1
    fi
    rm -rf /dev/shm/p2p-fuzz-*
    grep '^Done' "$log"
done
