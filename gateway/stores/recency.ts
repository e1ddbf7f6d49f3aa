/**
 * An item's place in the order of use. A Map that is re-ordered by delete and set would do, but V8 keeps what was
 * deleted in its chains until it rehashes: with 200,000 entries a popular key then costs 0.4 ms a look.
 */
export interface Place<Item> {
  item: Item
  older: Place<Item> | undefined
  newer: Place<Item> | undefined
}

/** The order of use, as a linked list: every change takes the same short time, however long it is. */
export class Recency<Item> {
  #oldest: Place<Item> | undefined
  #newest: Place<Item> | undefined

  get oldest(): Place<Item> | undefined {
    return this.#oldest
  }

  add(item: Item): Place<Item> {
    const place: Place<Item> = { item, older: undefined, newer: undefined }
    this.#append(place)
    return place
  }

  remove(place: Place<Item>): void {
    const { older, newer } = place
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
  }

  /** Makes it the newest. */
  touch(place: Place<Item>): void {
    if (place === this.#newest) return
    this.remove(place)
    this.#append(place)
  }

  #append(place: Place<Item>): void {
    place.older = this.#newest
    place.newer = undefined
    if (this.#newest === undefined) this.#oldest = place
    else this.#newest.newer = place
    this.#newest = place
  }
}
