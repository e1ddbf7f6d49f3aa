/** What is used of it: the package has no types of its own. */
declare module 'better-sqlite3' {
  interface Statement {
    run(...values: unknown[]): { changes: number | bigint }
    all(...values: unknown[]): object[]
    get(...values: unknown[]): object | undefined
  }
  class BetterDatabase {
    constructor(file: string)
    exec(sql: string): unknown
    prepare(sql: string): Statement
    close(): void
  }
  export default BetterDatabase
}
