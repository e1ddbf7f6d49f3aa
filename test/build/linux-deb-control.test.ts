import { expect, test } from 'vitest'
import { controlFile } from '../../build/linux-deb-control.ts'

const facts = {
  name: 'llm-gateway',
  version: '0.1.0~beta',
  architecture: 'amd64',
  maintainer: 'A <a@example.invalid>',
  homepage: 'https://example.invalid',
  description: 'Synopsis\n A long line.\n\nAnother.',
  priority: 'optional',
  depends: ['libgtk-3-0', 'libnss3'],
  recommends: [],
  installedBytes: 1025,
}

test('fields stand as Debian reads them; one without a value is left out', () => {
  expect(controlFile(facts)).toBe(
    [
      'Package: llm-gateway',
      'Version: 0.1.0~beta',
      'Architecture: amd64',
      'Maintainer: A <a@example.invalid>',
      'Installed-Size: 2',
      'Depends: libgtk-3-0, libnss3',
      'Section: devel',
      'Priority: optional',
      'Homepage: https://example.invalid',
      'Description: Synopsis',
      ' A long line.',
      ' .',
      ' Another.',
      '',
    ].join('\n'),
  )
})
