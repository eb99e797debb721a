#!/bin/sh
# Print the path of a Python 3.11 to 3.13 that can make virtual environments, or explain and exit 1.
#
# usage: find_python.sh             the newest one on PATH (what `make` uses)
#        find_python.sh --oldest    the oldest one on PATH or among pyenv's versions
#        find_python.sh --newest    the newest one on PATH or among pyenv's versions
set -eu

choice=${1:-}
case $choice in
    --oldest) minors="11 12 13" ;;
    --newest | "") minors="13 12 11" ;;
    *) echo "find_python.sh: unknown option '$choice' (allowed: --oldest, --newest)" >&2; exit 2 ;;
esac
pyenv_versions=${PYENV_ROOT:-${HOME:-}/.pyenv}/versions

# The real path of interpreter $1 if it is Python 3.$2 and has venv and pip; nothing otherwise.
# Running it is the only sure test: a pyenv shim stands on PATH for versions that are switched off.
real_path() {
    "$1" -c '
import sys
if sys.version_info[:2] != (3, int(sys.argv[1])):
    sys.exit(1)
import ensurepip, venv
print(sys.executable)' "$2" 2>/dev/null || true
}

for minor in $minors; do
    for name in "python3.$minor" python3 python; do
        candidate=$(command -v "$name") || continue
        found=$(real_path "$candidate" "$minor")
        [ -z "$found" ] || { echo "$found"; exit 0; }
    done
    [ -n "$choice" ] || continue
    for candidate in "$pyenv_versions"/3."$minor".*/bin/python3; do
        [ -x "$candidate" ] || continue
        found=$(real_path "$candidate" "$minor")
        [ -z "$found" ] || { echo "$found"; exit 0; }
    done
done

echo "No Python 3.11, 3.12 or 3.13 with venv and pip was found on PATH." >&2
echo "Install one (on Debian or Ubuntu also its python3-venv package), or name it: make PYTHON=/path/to/python3.12" >&2
exit 1
