#!/usr/bin/env bash
# Makes a Debian-like machine ready to build: Swift is checked for, the image libraries' headers are
# installed if they are missing, and libtorch is provided. Does nothing where nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "error: $*" >&2
  exit 1
}

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
libdeflate.h libdeflate-dev
archive.h libarchive-dev
END
echo '#include <vector>' | clang++ -E -x c++ - >/dev/null 2>&1 || missing+=(g++)

if [ ${#missing[@]} -gt 0 ]; then
  advice="run: sudo apt-get install ${missing[*]}"
  command -v apt-get >/dev/null || fail "install what Debian calls ${missing[*]}: this machine has no apt-get."
  if [ "$(id -u)" = 0 ]; then
    as_root=()
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo)
  else
    fail "${missing[*]} must be installed, which takes root's rights; $advice"
  fi
  echo "installing ${missing[*]}" >&2
  { "${as_root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 ||
    fail "apt-get could not install ${missing[*]} (no network?); $advice"
fi

scripts/libtorch.sh
