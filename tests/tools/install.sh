#!/bin/sh
# Installs what the tests need and does not find: Chromium, Java, Node, Python and three web servers from Debian's or
# Ubuntu's packages, other people's testers from npm at the versions of package-lock.json (Node 22 among them, which some
# of them need) and from PyPI at those of requirements.txt.
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
for server in nginx caddy apache2; do
    PATH="$PATH:/usr/sbin" command -v "$server" >/dev/null 2>&1 || missing="$missing $server"
done
python3 -c 'import ensurepip' >/dev/null 2>&1 || missing="$missing python3-venv"
if [ -n "$missing" ]; then
    echo "installing:$missing"
    as_root apt-get update -qq
    # With this run level no package starts its server.
    # shellcheck disable=SC2086
    as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if ! cmp -s package-lock.json node_modules/.waypost-lock; then
    echo "installing the testers of tests/tools/package-lock.json"
    npm ci --ignore-scripts --no-progress --loglevel=error
    cp package-lock.json node_modules/.waypost-lock
fi

if ! cmp -s requirements.txt venv/.waypost-lock; then
    echo "installing the testers of tests/tools/requirements.txt"
    python3 -m venv --clear venv
    venv/bin/pip install --quiet --no-input -r requirements.txt
    cp requirements.txt venv/.waypost-lock
fi
