import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { chromium, type Page } from 'playwright'
import { source } from './bundle.ts'
import { icnsEntries, icnsOf, icoOf, type Picture } from './icon-containers.ts'
import { appIcon, trayIcon, type TrayLook, type TrayState } from './icon-drawings.ts'

/** Draws all icons of the app anew (run it when the drawing changes; what it makes is committed). Needs a Chromium. */
const windowsSizes = [16, 20, 24, 32, 40, 48, 64, 256]
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512]
const states: TrayState[] = ['running', 'degraded', 'stopped']

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const page = await browser.newPage()
await drawApp(page)
for (const state of states) await drawTray(page, state)
await browser.close()

async function drawApp(page: Page): Promise<void> {
  for (const { size, png } of await drawAll(page, appIcon('edge to edge'), linuxSizes)) {
    await save(`${size}x${size}.png`, png)
  }
  await save('icon.ico', icoOf(await drawAll(page, appIcon('edge to edge'), windowsSizes)))
  const sizes = [...new Set(Object.values(icnsEntries))]
  const mac = new Map((await drawAll(page, appIcon('margin'), sizes)).map(({ size, png }) => [size, png]))
  await save(
    'icon.icns',
    icnsOf((size) => mac.get(size) ?? Buffer.alloc(0)),
  )
}

async function drawTray(page: Page, state: TrayState): Promise<void> {
  const colours = { degraded: '#f0a020', stopped: '#9aa0aa' }
  const looks: Record<string, TrayLook> = {
    dark: { state, ink: '#ffffff', dots: colours },
    light: { state, ink: '#1d2026', dots: { degraded: '#c77700', stopped: '#6b7280' } },
  }
  for (const [name, look] of Object.entries(looks)) {
    await save(`tray/tray-${state}-${name}.ico`, icoOf(await drawAll(page, trayIcon(look), windowsSizes.slice(0, -1))))
    await saveBoth(page, `tray/tray-${state}-${name}`, trayIcon(look), 22)
  }
  const template: TrayLook = { state, ink: '#000', dots: { degraded: '#000', stopped: '#000' } }
  await saveBoth(page, `tray/tray-${state}-Template`, trayIcon(template), 16)
}

/** As it is, and for displays with twice the pixels. */
async function saveBoth(page: Page, name: string, drawing: string, size: number): Promise<void> {
  const [once, twice] = await drawAll(page, drawing, [size, size * 2])
  if (once !== undefined) await save(`${name}.png`, once.png)
  if (twice !== undefined) await save(`${name}@2x.png`, twice.png)
}

async function drawAll(page: Page, drawing: string, sizes: readonly number[]): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size })
    await page.setContent(`<body style="margin:0;width:${size}px;height:${size}px;line-height:0">${drawing}</body>`)
    pictures.push({ size, png: await page.screenshot({ omitBackground: true }) })
  }
  return pictures
}

async function save(name: string, content: Buffer): Promise<void> {
  const file = source(`build/icons/${name}`)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
}
