#!/bin/sh
# Starts LLM Gateway; the program itself is llm-gateway-bin beside this file.
# As root Chromium ends before the app's first line unless its sandbox is off. Where no window opens there is no page that
# the sandbox could hold, so only there it is turned off; a window as root is refused as before.
set -eu

# Electron needs 150 ms before it can say anything; whoever asks for the version is often another script.
if [ "$#" -eq 1 ]; then
  case "$1" in
    --version | -v) echo '@VERSION@' && exit ;;
  esac
fi

here=$(dirname -- "$(readlink -f -- "$0")")

opens_no_window() {
  case "${1-}" in
    connect | prices | uninstall) return 0 ;;
  esac
  for argument in "$@"; do
    case "$argument" in
      --no-ui | --check | --print-config | --version | -v | --help | -h) return 0 ;;
    esac
  done
  for value in "${LLM_GATEWAY_NO_UI-}" "${LLM_GATEWAY_CHECK-}" "${LLM_GATEWAY_PRINT_CONFIG-}"; do
    case "$value" in
      1 | [Tt][Rr][Uu][Ee] | [Yy][Ee][Ss] | [Oo][Nn]) return 0 ;;
    esac
  done
  return 1
}

if [ "$(id -u)" -eq 0 ] && opens_no_window "$@"; then
  exec "$here/llm-gateway-bin" --no-sandbox "$@"
fi
exec "$here/llm-gateway-bin" "$@"
