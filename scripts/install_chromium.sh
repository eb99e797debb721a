#!/bin/sh
# Makes sure that there is a Chromium for the tests of the page; on Debian and its kin it is installed.
set -eu

find_chromium() { command -v chromium || command -v chromium-browser; }

if find_chromium >/dev/null; then
    find_chromium
    exit
fi
if ! command -v apt-get >/dev/null; then
    echo "No Chromium, and no apt-get to install it with: install one and have it on the PATH as chromium" >&2
    exit 1
fi
as_root=
test "$(id -u)" = 0 || as_root="sudo -n"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
find_chromium
