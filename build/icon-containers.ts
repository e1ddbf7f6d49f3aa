export interface Picture {
  /** Pixels, each way. */
  size: number
  png: Buffer
}

/** An .ico that holds PNGs, as Windows reads them since Vista. */
export function icoOf(pictures: readonly Picture[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  pictures.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index
    // 256 is written as 0.
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  })
  return Buffer.concat([head, ...pictures.map(({ png }) => png)])
}

/** Name of the entry -> pixels. `ic11` to `ic14` are the ones for sharp displays. */
export const icnsEntries = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 }

/** An .icns that holds PNGs, as macOS reads them since 10.7. `pngOf`: the picture of that many pixels. */
export function icnsOf(pngOf: (size: number) => Buffer): Buffer {
  const entries = Object.entries(icnsEntries).map(([name, size]) => chunk(name, pngOf(size)))
  return chunk('icns', Buffer.concat(entries))
}

function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32BE(content.length + head.length, 4)
  return Buffer.concat([head, content])
}
