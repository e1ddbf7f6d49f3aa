import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { saveConfigFile } from '../../../gateway/config/save.ts'
import type { ConfigWatcher } from '../../../gateway/config/watch.ts'
import { watchConfigFile } from '../../../gateway/config/watch.ts'

let directory = ''
let watcher: ConfigWatcher | undefined

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'config-watch-'))
})
afterEach(async () => {
  watcher?.close()
  await rm(directory, { recursive: true, force: true })
})

/** Watches, and answers `next()`: settles with the number of changes so far at the next one. */
function observe(file: string): { next: () => Promise<number>; count: () => number } {
  let count = 0
  let tell: (count: number) => void = () => undefined
  watcher = watchConfigFile(
    file,
    () => {
      count += 1
      tell(count)
    },
    { debounceMs: 20 },
  )
  const next = () =>
    new Promise<number>((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error('no change was seen in 4 s')), 4000)
      tell = (count) => {
        clearTimeout(deadline)
        resolve(count)
      }
    })
  return { next, count: () => count }
}

describe('watchConfigFile sees', () => {
  test('a file written in place', async () => {
    const file = join(directory, 'gateway.yaml')
    await writeFile(file, 'a: 1')
    const { next } = observe(file)
    const changed = next()
    await writeFile(file, 'a: 2')
    expect(await changed).toBe(1)
  })

  test('atomic replacement, again and again', async () => {
    const file = join(directory, 'gateway.yaml')
    await writeFile(file, 'a: 0')
    const { next } = observe(file)
    for (const round of [1, 2, 3]) {
      const changed = next()
      await saveConfigFile(file, `a: ${round}`)
      expect(await changed).toBe(round)
    }
  })

  test('a ConfigMap: the ..data link is swapped', async () => {
    await mkdir(join(directory, '..one'))
    await mkdir(join(directory, '..two'))
    await writeFile(join(directory, '..one', 'gateway.yaml'), 'a: 1')
    await writeFile(join(directory, '..two', 'gateway.yaml'), 'a: 2')
    await symlink('..one', join(directory, '..data'))
    await symlink(join('..data', 'gateway.yaml'), join(directory, 'gateway.yaml'))
    const { next } = observe(join(directory, 'gateway.yaml'))
    const changed = next()
    await symlink('..two', join(directory, '..data_tmp'))
    await rename(join(directory, '..data_tmp'), join(directory, '..data'))
    await rm(join(directory, '..one'), { recursive: true })
    expect(await changed).toBe(1)
  })

  test('the file behind a link into another directory', async () => {
    const elsewhere = join(directory, 'elsewhere')
    await mkdir(elsewhere)
    await mkdir(join(directory, 'here'))
    await writeFile(join(elsewhere, 'real.yaml'), 'a: 1')
    const link = join(directory, 'here', 'gateway.yaml')
    await symlink(join(elsewhere, 'real.yaml'), link)
    const { next } = observe(link)
    const changed = next()
    await writeFile(join(elsewhere, 'real.yaml'), 'a: 2')
    expect(await changed).toBe(1)
  })

  test('a file that appears, and one that comes back different', async () => {
    const file = join(directory, 'gateway.yaml')
    const { next } = observe(file)
    const appeared = next()
    await writeFile(file, 'a: 1')
    expect(await appeared).toBe(1)
    const returned = next()
    await rm(file)
    await writeFile(file, 'a: 2')
    expect(await returned).toBe(2)
  })
})

describe('watchConfigFile does not see', () => {
  test('other files, the same content, and a file that goes away', async () => {
    const file = join(directory, 'gateway.yaml')
    await writeFile(file, 'a: 1')
    const { next, count } = observe(file)
    const changed = next()
    await writeFile(join(directory, 'other.yaml'), 'x')
    await writeFile(file, 'a: 1')
    await rm(file)
    await saveConfigFile(file, 'a: 1')
    // A real change behind them shows that the watcher has come this far.
    await saveConfigFile(file, 'a: 2')
    expect(await changed).toBe(1)
    expect(count()).toBe(1)
  })

  test('anything once it is closed', async () => {
    const [file, witness] = [join(directory, 'gateway.yaml'), join(directory, 'witness.yaml')]
    const closed = observe(file)
    watcher?.close()
    const { next } = observe(witness)
    const changed = next()
    await writeFile(file, 'a: 1')
    await writeFile(witness, 'a: 1')
    await changed
    expect(closed.count()).toBe(0)
  })
})

test('a directory that is not there is an error, told to onError', () => {
  const errors: Error[] = []
  watcher = watchConfigFile(join(directory, 'missing', 'x.yaml'), () => undefined, {
    onError: (error) => errors.push(error),
  })
  expect(errors.map((error) => (error as NodeJS.ErrnoException).code)).toEqual(['ENOENT'])
})
