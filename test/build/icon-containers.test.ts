import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const icons = join(import.meta.dirname, '../../build/icons')
const pngMark = '89504e470d0a1a0a'

test('the icon for Windows holds a picture of every size it says', () => {
  const ico = readFileSync(join(icons, 'icon.ico'))
  const count = ico.readUInt16LE(4)
  const sizes = Array.from({ length: count }, (_, index) => {
    const at = 6 + 16 * index
    const png = ico.subarray(ico.readUInt32LE(at + 12), ico.readUInt32LE(at + 12) + ico.readUInt32LE(at + 8))
    expect(png.subarray(0, 8).toString('hex')).toBe(pngMark)
    expect(png.readUInt32BE(16)).toBe(ico.readUInt8(at) || 256)
    return png.readUInt32BE(16)
  })
  expect(sizes).toEqual([16, 20, 24, 32, 40, 48, 64, 256])
})

test('the icon for macOS is whole', () => {
  const icns = readFileSync(join(icons, 'icon.icns'))
  expect(icns.toString('latin1', 0, 4)).toBe('icns')
  expect(icns.readUInt32BE(4)).toBe(icns.length)
  const entries: string[] = []
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    entries.push(icns.toString('latin1', at, at + 4))
    expect(icns.subarray(at + 8, at + 16).toString('hex')).toBe(pngMark)
  }
  expect(entries).toContain('ic10')
})
