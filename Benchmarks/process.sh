#!/usr/bin/env bash
# Times the whole process: start, read the table, train the sentence's network for 100 epochs, exit.
# Prints the median and the fastest of the runs, for the demo's table and for one of 1,000 rows.
set -euo pipefail

binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
runs=${2:-21}
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/../scripts" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

sentence='model < dense 6 relu input 4; dense 6 relu; dense 2 > compile loss=mae opt=sgd; fit data.csv epochs=100 seed=42'

measure() { # LABEL FOLDER
  local times=() start end
  cd "$2"
  "$binary" -e "$sentence" >/dev/null 2>&1
  for ((run = 0; run < runs; run++)); do
    start=$(date +%s%N)
    "$binary" -e "$sentence" >/dev/null 2>&1
    end=$(date +%s%N)
    times+=($(((end - start) / 1000)))
  done
  local sorted
  sorted=$(printf '%s\n' "${times[@]}" | sort -n)
  printf '%-12s median %7.1f ms   fastest %7.1f ms   (%d runs)\n' "$1" \
    "$(sed -n "$((runs / 2 + 1))p" <<<"$sorted" | awk '{print $1 / 1000}')" \
    "$(head -1 <<<"$sorted" | awk '{print $1 / 1000}')" "$runs"
}

# The demo's rows over and over, up to 1,000.
{
  head -1 "$scripts/data.csv"
  for _ in 1 2 3; do tail -n +2 "$scripts/data.csv"; done | head -1000
} >"$folder/data.csv"

measure '392 rows' "$scripts"
measure '1,000 rows' "$folder"
