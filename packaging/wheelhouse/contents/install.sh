#!/bin/sh
# Installs the wheels of this folder: ./install.sh [FOLDER]. The variable PYTHON names another Python.
set -eu
here=$(dirname "$0")
exec "${PYTHON:-$(command -v python{python} || echo python3)}" "$here/install.py" "$@"
