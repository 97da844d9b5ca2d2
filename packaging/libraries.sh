#!/bin/bash
# Builds the libraries that a release links statically but for which Debian has no suitable archives: Poco, and libgit2
# without a TLS library. Uses the Debian sources of the installed packages. Prints the folder for cmake's
# FLOWSHIP_STATIC, which also lists everything that is linked (share/doc/libraries) and the licenses.
# The result is cached by versions and flags; building it takes about 4 minutes on 2 cores.
#
#   packaging/libraries.sh
#   FLOWSHIP_DEPENDENCIES=DIR    cache in DIR instead of ~/.cache/flowship
#   FLOWSHIP_EXACT_SOURCES=1     fail rather than take an older source if no mirror has the installed version's
set -euo pipefail
shopt -s inherit_errexit

cache=${FLOWSHIP_DEPENDENCIES:-${XDG_CACHE_HOME:-$HOME/.cache}/flowship}

fail() {
  echo "libraries: $*" >&2
  exit 1
}

for tool in apt-get cmake dpkg-buildflags dpkg-query dpkg-source ninja; do
  command -v "$tool" >/dev/null || fail "$tool not found; on Debian 12 or a derivative, run" \
    "tests/install.sh build package. Elsewhere, build flowship without FLOWSHIP_STATIC"
done

# installed FIELD PACKAGE: the name or version of the source package that an installed package was built from.
installed() {
  dpkg-query --show --showformat "\${source:$1}" "$2" ||
    fail "the package $2 is not installed; run tests/install.sh build package"
}

# Libraries whose archives come from Debian: package, source package and its version.
from_debian() {
  local package source version
  for package in libhttp-parser-dev libpcre3-dev libssl-dev "libstdc++-$(g++ -dumpversion)-dev" zlib1g-dev; do
    source=$(installed Package "$package")
    version=$(installed Version "$package")
    echo "$package $source $version"
  done
}

# sources_for FOLDER: makes apt-get find sources in the suites of the installed packages, without changing the system.
sources_for() {
  mkdir -p "$1/parts" "$1/lists/partial" "$1/cache/archives/partial"
  local file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$1/parts/${file##*/}"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -f "$file" ] || sed -n 's/^deb\(-src\)\?[[:blank:]]/deb-src /p' "$file" | sort -u >"$1/parts/${file##*/}"
  done
  apt=(apt-get -qq -o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$1/parts"
    -o "Dir::State::Lists=$1/lists" -o "Dir::Cache=$1/cache" -o APT::Sandbox::User=root)
  "${apt[@]}" update >&2 || fail "apt-get can't download the source lists of this system's suites"
}

# unpack SOURCE VERSION FOLDER: prints the version that it unpacked, an older one if no mirror has VERSION.
unpack() {
  local version versions
  versions=$("${apt[@]/apt-get/apt-cache}" showsrc "$1" | sed -n 's/^Version: //p' | sort -rVu)
  [ -z "${FLOWSHIP_EXACT_SOURCES:-}" ] || versions=
  for version in "$2" $versions; do
    mkdir -p "$3/$1"
    (cd "$3/$1" && "${apt[@]}" source --download-only "$1=$version") >&2 || continue
    if [ "$version" != "$2" ]; then
      echo "libraries: WARNING: no mirror has the source of the installed $1 $2; using $version instead" >&2
    fi
    # apt-get has verified the download.
    dpkg-source --no-check --no-copy --extract "$3/$1"/*.dsc "$3/$1/source" >/dev/null
    echo "$version"
    return
  done
  fail "no mirror has the source of the installed $1 $2"
}

# build SOURCE OPTION…: installs into $made, built with Debian's flags but without debug information.
build() {
  (
    cd "$work/$1/source"
    export DEB_CFLAGS_STRIP=-g DEB_CXXFLAGS_STRIP=-g
    eval "$(dpkg-buildflags --export=sh)"
    # CMake does not read CPPFLAGS.
    CFLAGS="$CFLAGS $CPPFLAGS" CXXFLAGS="$CXXFLAGS $CPPFLAGS" cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release \
      -DBUILD_SHARED_LIBS=OFF -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_PREFIX="$prefix" "${@:2}"
    cmake --build build --parallel 2
    cmake --install build --prefix "$made"
  ) >&2
  cp "$work/$1/source/debian/copyright" "$made/share/doc/licenses/$1"
}

build_libgit2() {
  # Only the user's git uses the network. Regular expressions come from the C library.
  build libgit2 -DUSE_HTTPS=OFF -DUSE_SSH=OFF -DUSE_NTLMCLIENT=OFF -DUSE_HTTP_PARSER=system -DREGEX_BACKEND=regcomp \
    -DENABLE_REPRODUCIBLE_BUILDS=ON -DBUILD_TESTS=OFF -DBUILD_CLI=OFF
}

build_poco() {
  local part parts=()
  for part in XML ENCODINGS MONGODB REDIS DATA DATA_SQLITE DATA_MYSQL DATA_ODBC DATA_POSTGRESQL ZIP JWT PAGECOMPILER \
    PAGECOMPILER_FILE2PAGE ACTIVERECORD ACTIVERECORD_COMPILER TESTS; do
    parts+=("-DENABLE_$part=OFF")
  done
  # Poco requires its XML library even if built without it.
  sed -i /PocoXML/d "$work/poco/source/Util/cmake/PocoUtilConfig.cmake"
  build poco -DPOCO_UNBUNDLED=ON "${parts[@]}"
  # Poco finds PCRE with this module, which Debian's patches don't install.
  cp "$work/poco/source/cmake/FindPCRE.cmake" "$made/lib/cmake/Poco/"
}

# folder_for LIBGIT2 POCO: the name identifies everything that affects the build.
folder_for() {
  local key
  key=$({
    echo "$*" && from_debian && gcc --version && g++ --version && (cd / && dpkg-buildflags --export=sh) &&
      declare -f build build_libgit2 build_poco
  } | sha256sum)
  echo "$cache/libraries-${key:0:16}"
}

libgit2=$(installed Version libgit2-dev)
poco=$(installed Version libpoco-dev)
prefix=$(folder_for "$libgit2" "$poco")
if [ ! -d "$prefix" ]; then
  work=$(mktemp -d)
  made=
  trap 'rm -rf -- "$work" ${made:+"$made"}' EXIT
  sources_for "$work/apt"
  libgit2=$(unpack libgit2 "$libgit2" "$work")
  poco=$(unpack poco "$poco" "$work")
  prefix=$(folder_for "$libgit2" "$poco")
fi
if [ ! -d "$prefix" ]; then
  mkdir -p "$cache"
  made=$(mktemp -d "$prefix.XXXXXX")
  chmod 755 "$made"
  mkdir -p "$made/share/doc/licenses"
  build_libgit2
  build_poco
  printf '%s\n' "libgit2 $libgit2" "poco $poco" >"$made/share/doc/libraries"
  while read -r package source version; do
    cp "/usr/share/doc/$package/copyright" "$made/share/doc/licenses/$source"
    echo "$source $version" >>"$made/share/doc/libraries"
  done < <(from_debian)
  # Another run may have finished first.
  mv -T "$made" "$prefix" || [ -d "$prefix" ]
fi
echo "$prefix"
