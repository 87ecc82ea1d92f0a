#!/bin/sh
# sh scripts/vendor_viewers.sh: makes src/pressroom/kernel/http/viewers/vendor anew from npm (needs npm).
# To take a newer version, change its number here and in viewers/pages.py.
#
# ReDoc stays at 2: version 3 is twice the size and puts "Open in ChatGPT" beside every operation.
set -eu
cd "$(dirname "$0")/.."
vendor=$PWD/src/pressroom/kernel/http/viewers/vendor
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

unpack() {  # name version: the package's files are in $scratch/package, and $target is empty
  rm -rf "$scratch/package"
  (cd "$scratch" && npm pack --silent "$1@$2" >/dev/null && tar -xzf "$1-$2.tgz")
  target=$vendor/$1-$2
  rm -rf "${vendor:?}/$1"-*
  mkdir -p "$target"
}

keep() { for file; do cp "$scratch/package/$file" "$target/"; done; }

# Compressed once, here: the repository stays small and nothing compresses them while serving.
# Source maps are not shipped, so nothing should look for them.
compress() {
  for file; do
    sed -e '/^\/\/# sourceMappingURL=/d' -e 's/^\/\*# sourceMappingURL=.*\*\/$//' "$scratch/package/$file" |
      gzip -9n >"$target/$(basename "$file").gz"
  done
}

unpack swagger-ui-dist 5.35.0
keep LICENSE NOTICE swagger-ui-bundle.js.LICENSE.txt
compress swagger-ui-bundle.js swagger-ui.css

unpack redoc 2.5.4
# The one thing it would fetch from another host: its maker's logo beside "API docs by Redocly".
sed -i.orig 's#https://cdn\.redoc\.ly/redoc/logo-mini\.svg#data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E#' \
  "$scratch/package/bundles/redoc.standalone.js"
keep LICENSE bundles/redoc.standalone.js.LICENSE.txt
compress bundles/redoc.standalone.js
