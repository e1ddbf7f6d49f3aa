import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { trayIcon } from '../../main/tray-icon.ts'

const states = ['running', 'degraded', 'stopped'] as const
const platforms = ['linux', 'win32', 'darwin'] as const
const looks = states.flatMap((state) =>
  platforms.flatMap((platform) => [true, false].map((isDark) => ({ state, platform, isDark }))),
)

test.each(looks)('there is an icon for $state on $platform, dark: $isDark', (look) => {
  const folder = join(import.meta.dirname, '../../build/icons/tray')
  const name = trayIcon(look)
  expect(existsSync(join(folder, name)), name).toBe(true)
  if (name.endsWith('.png')) expect(existsSync(join(folder, name.replace('.png', '@2x.png')))).toBe(true)
  if (look.platform === 'darwin') expect(name).toMatch(/Template\.png$/)
})
