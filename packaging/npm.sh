#!/bin/bash
# Packs an installed tree as an npm package, whose one program is flowship itself: no script of npm's runs it, so signals
# and exit codes are its own. npm refuses to install it on other systems (`os`, `cpu`, `libc`).
#
#   packaging/npm.sh VERSION TREE FOLDER     writes FOLDER/flowship-VERSION-npm.tgz; TREE has bin/flowship
#
# The same tree and SOURCE_DATE_EPOCH give the same bytes.
set -euo pipefail
shopt -s inherit_errexit

version=$1 tree=$2 folder=$3
here=$(dirname "$0")
case $(uname -m) in
  x86_64) cpu=x64 ;;
  aarch64) cpu=arm64 ;;
  *) cpu=$(uname -m) ;;
esac
stage=$(mktemp -d)
trap 'rm -rf -- "$stage"' EXIT
umask 022

mkdir -p "$stage/package/bin" "$stage/package/share/doc"
cp "$tree/bin/flowship" "$stage/package/bin/flowship"
chmod 755 "$stage/package/bin/flowship"
cp -r "$tree/share/doc/flowship" "$stage/package/share/doc/"
cp "$here/../LICENSE" "$here/../README.md" "$here/../CHANGELOG.md" "$stage/package/"
cat >"$stage/package/package.json" <<JSON
{
  "name": "flowship",
  "version": "$version",
  "description": "Deploys Descope authentication flows from git",
  "license": "MIT",
  "bin": {"flowship": "bin/flowship"},
  "os": ["linux"],
  "cpu": ["$cpu"],
  "libc": ["glibc"],
  "files": ["bin", "share", "CHANGELOG.md"]
}
JSON
tar --create --sort=name --mtime="@${SOURCE_DATE_EPOCH:?}" --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r-w \
  --directory "$stage" package | gzip -9n >"$folder/flowship-$version-npm.tgz"
