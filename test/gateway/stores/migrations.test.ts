import { beforeEach, describe, expect, test } from 'vitest'
import { migrate, migrations } from '../../../gateway/stores/migrations.ts'
import { openDatabase } from '../../../gateway/stores/open-database.ts'
import type { Database } from '../../../gateway/stores/open-database.ts'

describe('migrate', () => {
  let database: Database
  const version = (): unknown => Object.values(database.prepare('PRAGMA user_version').get() ?? {})[0]
  const tables = (): unknown[] =>
    database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all()
      .map((row) => Object.values(row)[0])

  beforeEach(() => {
    database = openDatabase(':memory:')
  })

  test('makes the tables, once', () => {
    migrate(database)
    migrate(database)
    expect(tables()).toEqual(['attempts', 'captures', 'journals', 'usage_hours'])
    expect(version()).toBe(migrations.length)
  })

  test('a ledger of the first version keeps its rows', () => {
    migrate(database, migrations.slice(0, 1))
    database.exec("INSERT INTO usage_hours VALUES (1, 'm', 'p', '', 'k', '', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)")
    migrate(database)
    expect(database.prepare('SELECT model FROM usage_hours').all()).toMatchObject([{ model: 'm' }])
    expect(version()).toBe(migrations.length)
  })

  test('takes only the steps that are missing', () => {
    migrate(database, ['CREATE TABLE a (x)'])
    migrate(database, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)', 'CREATE TABLE c (x)'])
    expect(tables()).toEqual(['a', 'b', 'c'])
    expect(version()).toBe(3)
  })

  test('a step that fails leaves everything as it was', () => {
    migrate(database, ['CREATE TABLE a (x)'])
    const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x)', 'CREATE TABLE c (x); CREATE NONSENSE']
    expect(() => migrate(database, steps)).toThrow(/syntax error/)
    expect(tables()).toEqual(['a'])
    expect(version()).toBe(1)
    migrate(database, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'])
    expect(version()).toBe(2)
  })

  test('refuses what a newer gateway wrote', () => {
    database.exec('PRAGMA user_version = 99')
    expect(() => migrate(database)).toThrow(/newer LLM Gateway \(version 99 .* update this gateway/)
    expect(tables()).toEqual([])
  })
})
