/** Commands that the documents show and that are not run here, each with the reason. One that fits nothing fails. */
export const notRun: { command: RegExp; reason: string }[] = [
  { command: /^npm (ci|install)\b/, reason: 'asks a registry; a fresh container follows README before a release' },
  { command: /^npm test$|^npm run (check|test:\w+)\b|^\.ci\/run/, reason: 'runs this test, among others' },
  { command: /^npm run (build|bench|screenshots|package:dir)\b/, reason: 'takes minutes; the build server runs it' },
  { command: /vitest run --project/, reason: 'a whole project of tests; npm test runs it' },
  { command: /^\.ci\/install-clients/, reason: 'fetches 1.5 GB of other makers’ tools; .ci/run runs it' },
  { command: /\bclaude\b.*--model smart$/, reason: 'needs Claude Code; test/clients runs it' },
  { command: /^llm-gateway prices (diff|update) https:/, reason: 'asks a server on the internet' },
  {
    command: /^llm-gateway uninstall\b/,
    reason: 'may ask the keychain of whoever tests; test/gateway/commands/uninstall-command.test.ts runs it',
  },
  {
    command: /^(install|systemctl|systemd-creds|systemd-tmpfiles|journalctl|loginctl)\b/,
    reason: 'changes the machine; npm run test:deploy checks the units',
  },
  {
    command: /^docker\b/,
    reason: 'needs Docker and a registry; npm run test:deploy builds and runs the image without them',
  },
  { command: /^cd deploy\/compose$|^cp env\.example \.env$/, reason: 'belongs to docker compose, which is not run' },
  { command: /^helm\b/, reason: 'needs a cluster; npm run test:deploy lints and renders the chart' },
]
