import { expect, test } from 'vitest'
import { settingGroups, titleOf } from '../../../../renderer/pages/settings/setting-groups.ts'

test('every group has a name of its own', () => {
  expect(new Set(settingGroups.map(({ id }) => id)).size).toBe(settingGroups.length)
  expect(titleOf('storage')).toBe('Privacy and storage')
})
