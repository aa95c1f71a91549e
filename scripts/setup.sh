#!/usr/bin/env bash
# Makes a Debian-like machine ready to build: Swift is checked for, the image libraries' headers are
# installed if they are missing, and libtorch is provided. Does nothing where nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/common.sh

# Swift itself comes from swift.org: no Debian package has it.
command -v swift >/dev/null || fail "install Swift 6.2 or newer from https://www.swift.org/install/linux and put its usr/bin on the PATH."
swift_version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
[ "$(printf '6.2\n%s\n' "$swift_version" | sort -V | head -n 1)" = 6.2 ] ||
  fail "install Swift 6.2 or newer from https://www.swift.org/install/linux; this is Swift $swift_version."

# Each header that the build includes, and the Debian package it is in.
missing=()
while read -r header package; do
  echo "#include <stdio.h>
#include <$header>" | clang -E -x c - >/dev/null 2>&1 || missing+=("$package")
done <<'END'
png.h libpng-dev
jpeglib.h libjpeg-dev
tiffio.h libtiff-dev
isa-l/crc.h libisal-dev
archive.h libarchive-dev
END
echo '#include <vector>' | clang++ -E -x c++ - >/dev/null 2>&1 || missing+=(g++)

[ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"

scripts/libtorch.sh
