#!/bin/sh
# The scorecard of real documentation: `tests/agents/corpus.sh NAME [OPTIONS]`, with the folder ../shared/corpora/NAME and
# tests/corpora/NAME.toml as its book.toml. Its pages get the date of one commit. Skipped aloud where it is absent.
set -eu
name=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib/sites.sh"
corpus="$here/../../../shared/corpora/$name"
if [ ! -d "$corpus" ]; then
    echo "SKIPPED: the corpus $name is not present"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cp -r "$corpus" "$work/site"
cp "$here/../corpora/$name.toml" "$work/site/book.toml"
commit "$work/site"
# Pages over 100,000 characters and links that lead nowhere are their authors': what the testers say of them is printed only.
with_node "$here/scorecard.mjs" --judge-rows "$@" "$work/site"
