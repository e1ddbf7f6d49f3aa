import { expect, test } from 'vitest'
import type { LoadedConfig } from '../../gateway/config/types.ts'
import { adjustedHome } from '../../main/adjusted-home.ts'

test('whatever is loaded from it is adjusted, the text is not', async () => {
  const loaded = { notices: ['own'] } as LoadedConfig
  const home = adjustedHome(
    {
      kind: 'app',
      file: undefined,
      text: async () => 'text',
      write: async () => loaded,
      edit: async () => loaded,
      load: async () => loaded,
    },
    (given) => ({ ...given, notices: ['first', ...given.notices] }),
  )
  for (const result of [home.load(), home.edit([]), home.write('')]) {
    expect((await result).notices).toEqual(['first', 'own'])
  }
  expect(await home.text()).toBe('text')
})
