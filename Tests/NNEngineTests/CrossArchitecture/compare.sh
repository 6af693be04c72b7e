#!/bin/sh
# Builds the kernels for x86-64 and for arm64 and says whether they give the same bits. arm64 runs by qemu-user:
#   apt-get install qemu-user-static gcc-aarch64-linux-gnu libc6-dev-arm64-cross
# A variant that this machine has not is named and left out; with --all that is a failure for the arm64 ones.
set -eu
# Swift's own, which builds the package: a system's may be too old.
clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
[ -x "$clang" ] || clang=clang
here=$(cd "$(dirname "$0")" && pwd)
kernels="$here/../../../Sources/CKernels"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # NAME CLANG-OPTIONS…
  out="$work/$1"
  shift
  "$clang" "$@" -O2 -I "$kernels/include" "$here/kernel_digest.c" "$kernels"/*.c -lm -o "$out"
}

all=${1:-}
status=0
missing() { # LABEL
  case "$all $1" in "--all arm64"*) status=1 ;; esac
}

check() { # LABEL COMMAND…
  label=$1
  shift
  if "$@" >"$work/out" 2>"$work/err"; then
    if [ ! -e "$work/expected" ]; then cp "$work/out" "$work/expected"; fi
    if cmp -s "$work/out" "$work/expected"; then
      echo "$label: $(tail -n 1 "$work/out")"
    else
      echo "$label differs:"
      diff "$work/expected" "$work/out" || true
      status=1
    fi
  else
    echo "$label: not run, $(head -n 1 "$work/err")"
    missing "$label"
  fi
}

build native
for variant in portable avx2 avx512 neon; do check "native $variant" "$work/native" "$variant"; done
if command -v qemu-aarch64-static >/dev/null && build arm64 --target=aarch64-linux-gnu -static 2>"$work/err"; then
  for variant in portable neon; do check "arm64 $variant" qemu-aarch64-static "$work/arm64" "$variant"; done
else
  echo "arm64: not run, no qemu-user or no cross compiler"
  missing arm64
fi
exit $status
