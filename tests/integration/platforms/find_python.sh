#!/usr/bin/env bash
# Prints the path of a Python of this version, such as 3.12, from PATH or from pyenv. Fails where there is none.
set -euo pipefail
version=$1
for program in "python$version" "$(command -v pyenv >/dev/null && latest=$(pyenv latest "$version" 2>/dev/null) && pyenv prefix "$latest")/bin/python"; do
  if path=$("$program" -c 'import sys; print(sys.executable)' 2>/dev/null); then
    echo "$path"
    exit
  fi
done
echo "Python $version is neither on PATH nor in pyenv" >&2
exit 1
