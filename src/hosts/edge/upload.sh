#!/bin/sh
# Uploads the site to S3, made by `waypost host s3`: each file with its type and what browsers may keep.
#
#   sh waypost-upload.sh BUCKET [FOLDER]
#
@limits@
set -eu
bucket=$1
folder=${2:-"@folder@"}
target="s3://$bucket@base@"

some() {
    type=$1
    shift
    set -- --exclude '*' "$@"
    aws s3 sync "$folder" "$target" --no-guess-mime-type --content-type "$type" \
        --cache-control 'max-age=300, must-revalidate' "$@"
}
@types@
# Files of other kinds, and then what is no longer made.
aws s3 sync "$folder" "$target" --cache-control 'max-age=300, must-revalidate'@others@
aws s3 sync "$folder" "$target" --delete --size-only
