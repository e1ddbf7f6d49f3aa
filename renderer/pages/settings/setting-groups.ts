/** The parts of the Settings page: `/settings?group=network` goes to one. The palette finds them by these words. */
export const settingGroups = [
  { id: 'network', title: 'Network', keywords: ['port', 'host', 'lan', 'cors', 'proxy'] },
  { id: 'access', title: 'Access', keywords: ['anonymous', 'keys'] },
  { id: 'storage', title: 'Privacy and storage', keywords: ['retention', 'capture', 'bodies', 'delete'] },
  { id: 'logging', title: 'Logging', keywords: ['log level', 'metrics', 'prometheus'] },
  { id: 'appearance', title: 'Appearance', keywords: ['theme', 'dark', 'light'] },
  { id: 'app', title: 'App', keywords: ['start at login', 'tray', 'updates', 'window'] },
  { id: 'about', title: 'About', keywords: ['version', 'licences', 'data folder'] },
] as const

export type SettingGroup = (typeof settingGroups)[number]['id']

export function titleOf(group: SettingGroup): string {
  return settingGroups.find(({ id }) => id === group)?.title ?? group
}
