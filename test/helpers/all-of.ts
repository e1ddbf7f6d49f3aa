/** Everything an async iterable gives (Array.fromAsync is newer than the library we compile against). */
export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
