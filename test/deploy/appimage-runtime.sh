#!/bin/sh
# Stands for the runtime of an AppImage where there is none to be had: it does what `--appimage-extract-and-run` does, with
# Debian's unsquashfs. The file system begins right behind this script's last line.
set -eu
APPIMAGE=$(readlink -f -- "$0")
APPDIR="${TMPDIR:-/tmp}/appimage-of-test-$$"
offset=$(($(grep -a -b -o -m 1 '^#FILESYSTEM#$' "$APPIMAGE" | head -n 1 | cut -d : -f 1) + 13))
unsquashfs -no-progress -quiet -no-xattrs -offset "$offset" -dest "$APPDIR" "$APPIMAGE" >/dev/null
export APPIMAGE APPDIR
"$APPDIR/AppRun" "$@" &
app=$!
trap 'kill -TERM "$app"' TERM INT
code=0
wait "$app" || code=$?
# A signal ends the first wait; the program's own end is waited for by the second.
if kill -0 "$app" 2>/dev/null; then code=0 && wait "$app" || code=$?; fi
rm -rf "$APPDIR"
exit "$code"
#FILESYSTEM#
