#!/usr/bin/env bash
# Installs ClickHouse's engine as a library, which the analytics tests run behind a small HTTP front.
# A real server can be given instead: PHANTOM_CLICKHOUSE=http://user:password@host:8123
set -euo pipefail

version=26.5.3
cache="${XDG_CACHE_HOME:-$HOME/.cache}/phantomsync/chdb"
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) package=@chdb/lib-linux-x64-gnu ;;
  Linux-aarch64) package=@chdb/lib-linux-arm64-gnu ;;
  *) echo "There is no ClickHouse engine for $(uname -s)-$(uname -m); set PHANTOM_CLICKHOUSE." >&2; exit 1 ;;
esac

installed="$cache/node_modules/$package/package.json"
if [ -f "$installed" ] && grep -q "\"version\": \"$version\"" "$installed"; then exit 0; fi
mkdir -p "$cache"
npm install --prefix "$cache" --no-audit --no-fund --no-save --ignore-scripts --loglevel=error "$package@$version"
