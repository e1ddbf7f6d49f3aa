import { expect, test } from 'vitest'
import { licenceName, packageOf } from '../../../../renderer/pages/settings/licence-names.ts'

test.each([
  ['../../../node_modules/react/LICENSE', 'react'],
  ['../../../node_modules/@tanstack/react-query/LICENSE', '@tanstack/react-query'],
])('packageOf(%s)', (path, name) => expect(packageOf(path)).toBe(name))

test.each([
  ['The MIT License (MIT)', 'MIT'],
  ['Copyright Someone\n\nPermission is hereby granted, free of charge, to any person', 'MIT'],
  ['ISC License\n\nPermission to use', 'ISC'],
  ['SIL OPEN FONT LICENSE Version 1.1', 'SIL Open Font Licence'],
  ['Apache License\nVersion 2.0', 'Apache 2.0'],
  ['Something of its own', 'see its text'],
])('licenceName(%j)', (text, name) => expect(licenceName(text)).toBe(name))
