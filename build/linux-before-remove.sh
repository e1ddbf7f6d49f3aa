#!/bin/sh
# Run by the package manager before the files go. It is not a user's session and must not ask: so it tells.
set -eu

if [ "${1-}" = remove ]; then
  echo 'LLM Gateway: AI tools that are connected to it stay connected. Each user can take that back before the removal with'
  echo '  llm-gateway uninstall --undo-tools --remove-keys'
  echo 'and afterwards from the copies in ~/.config/LLM Gateway/connect/originals.'
fi
