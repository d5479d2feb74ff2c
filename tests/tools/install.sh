#!/bin/sh
# Installs what the tests need and does not find: Chromium, Java and Node from Debian's or Ubuntu's packages, other
# people's testers from npm at the versions of package-lock.json (Node 22 among them, which some of them need).
set -eu
cd "$(dirname "$0")"

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="$missing chromium fonts-liberation"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
if [ -n "$missing" ]; then
    echo "installing:$missing"
    as_root apt-get update -qq
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if ! cmp -s package-lock.json node_modules/.waypost-lock; then
    echo "installing the testers of tests/tools/package-lock.json"
    npm ci --ignore-scripts --no-progress --loglevel=error
    cp package-lock.json node_modules/.waypost-lock
fi
