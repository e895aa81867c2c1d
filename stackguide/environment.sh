#!/bin/sh
# Makes a virtual environment and installs a lock file into it, for the Makefile and the tests.
#
#     stackguide/environment.sh PYTHON FOLDER LOCK-FILE STAMP
#
# The stamp is written last: without it everything is done again. Every way to fail says one
# sentence and leaves nothing behind that would stop the next try.
set -eu

python=$1 folder=$2 lock=$3 stamp=$4

refuse() {
    echo "StackGuide: $1" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 ||
    refuse "there is no '$python' here; install Python 3.11 or newer, or name it with PYTHON=..."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    refuse "'$python' is not Python 3.11 or newer; name a newer one with PYTHON=python3.12, say."

# An environment of another Python, or one that was interrupted, is no use to anybody.
same='import sys; sys.exit(sys.version_info[:2] != tuple(map(int, sys.argv[1].split("."))))'
wanted=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if ! "$folder/bin/python" -c "$same" "$wanted" 2>/dev/null; then
    rm -rf "$folder"
    if ! "$python" -m venv "$folder" >/dev/null 2>&1; then
        # Debian's Python has no ensurepip until python3-venv is installed; its own pip can
        # install into an environment that has none.
        rm -rf "$folder"
        "$python" -m venv --without-pip "$folder" >/dev/null 2>&1 || {
            rm -rf "$folder"
            refuse "'$python' cannot make a virtual environment in $(pwd); check that the folder can be written to, and on Debian install python3-venv."
        }
    fi
fi

if "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    install() { "$folder/bin/python" -m pip install "$@"; }
elif "$python" -m pip --python "$folder/bin/python" --version >/dev/null 2>&1; then
    install() { "$python" -m pip --python "$folder/bin/python" install "$@"; }
else
    rm -rf "$folder"
    refuse "'$python' has no pip; install it (on Debian: python3-venv) and run this again."
fi

echo "StackGuide: installing $lock into $folder ..."
install --quiet --disable-pip-version-check --no-warn-script-location --require-hashes \
    --retries 2 -r "$lock" ||
    refuse "the packages in $lock could not be installed (see above); the first run needs a package index that pip can reach."
: >"$stamp"
