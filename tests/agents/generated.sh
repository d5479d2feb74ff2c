#!/bin/sh
# The scorecard of a generated site: `tests/agents/generated.sh PAGES [OPTIONS]`. Its pages get the date of one commit. All
# testers see all pages: 1,000 take minutes, 10,000 the better part of an hour, most of it afdocs.
set -eu
case ${1:-} in
'' | *[!0-9]*)
    echo "usage: $0 PAGES [OPTIONS OF scorecard.mjs]" >&2
    exit 2
    ;;
esac
pages=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib/sites.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
with_node "$here/generate.mjs" "$pages" "$work/site"
commit "$work/site"
with_node "$here/scorecard.mjs" "$@" "$work/site"
