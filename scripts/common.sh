# What the set-up scripts share; sourced, not run.

# Ends the script with one sentence.
fail() {
  echo "error: $*" >&2
  exit 1
}

# Installs Debian packages, as root or through sudo; ends the script with one sentence if it cannot.
apt_install() {
  local advice="run: sudo apt-get install $*" as_root=()
  command -v apt-get >/dev/null || fail "install what Debian calls $*: this machine has no apt-get."
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null ||
      fail "$* must be installed, which takes root's rights; $advice"
    as_root=(sudo)
  fi
  echo "installing $*" >&2
  { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
      --no-install-recommends "$@"; } >/dev/null 2>&1 ||
    fail "apt-get could not install $* (no network?); $advice"
}
