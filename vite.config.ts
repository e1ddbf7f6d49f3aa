import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/helpers/summary-reporter.ts'

const root = import.meta.dirname

/** `vite build` makes the window (renderer/ -> dist/renderer); vitest runs the tests. */
export default defineConfig({
  root: `${root}/renderer`,
  // Relative, because the same files are served under app://ui/ and under /ui/.
  base: './',
  plugins: [react(), tailwind()],
  build: {
    outDir: `${root}/dist/renderer`,
    emptyOutDir: true,
    // The oldest Chromium it runs in: Electron 33 in the end-to-end tests.
    target: 'chrome130',
    // data: URLs would need another hole in the CSP.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  test: {
    root,
    reporters: ['default', new SummaryReporter()],
    // Unit and in-process tests are fast; `compat/` has the vendors' libraries before a gateway on a loopback port;
    // `real/` starts processes, real sockets and other languages' clients; `clients/` runs other makers' command-line
    // tools; `documents/` runs what the documents say; `deploy/` builds and runs what is shipped; `e2e/` drives the app and
    // the pages.
    projects: [
      {
        root,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['compat', 'real', 'bench', 'clients', 'deploy', 'documents', 'e2e'].map(
            (room) => `test/${room}/**`,
          ),
          sequence: { groupOrder: 0 },
        },
      },
      {
        root,
        test: {
          name: 'compat',
          include: ['test/compat/**/*.test.ts'],
          sequence: { groupOrder: 0 },
          testTimeout: 10_000,
        },
      },
      {
        root,
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        root,
        test: {
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxConcurrency: 2,
          fileParallelism: false,
        },
      },
      {
        root,
        test: {
          name: 'documents',
          include: ['test/documents/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        root,
        test: {
          name: 'deploy',
          include: ['test/deploy/**/*.test.ts'],
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        root,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Last and alone: they measure how smooth the window is.
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
