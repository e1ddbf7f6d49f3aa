/** The members that are not undefined: `undefined` = not told, and absent members stay absent. */
export function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: { [K in keyof T]?: Exclude<T[K], undefined> } = {}
  for (const key of Object.keys(members) as (keyof T)[]) {
    if (members[key] !== undefined) result[key] = members[key] as Exclude<T[typeof key], undefined>
  }
  return result
}
