/** `../../node_modules/@scope/name/LICENSE` -> `@scope/name` */
export function packageOf(path: string): string {
  const [, inside = path] = /node_modules\/(.+)\/[^/]+$/.exec(path) ?? []
  return inside
}

const marks: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/SIL OPEN FONT LICENSE/i, 'SIL Open Font Licence'],
  [/Apache License/i, 'Apache 2.0'],
  [/ISC License|Permission to use, copy, modify, and\/or distribute/i, 'ISC'],
  [/MIT License|Permission is hereby granted, free of charge/i, 'MIT'],
  [/Redistribution and use in source and binary forms/i, 'BSD'],
]

/** By the words it is known by. */
export function licenceName(text: string): string {
  return marks.find(([pattern]) => pattern.test(text))?.[1] ?? 'see its text'
}
