#!/bin/sh
# The scorecard of a site, with the Node of tests/tools: `tests/agents/scorecard.sh [OPTIONS] [SITE]`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib/sites.sh"
with_node "$here/scorecard.mjs" "$@"
