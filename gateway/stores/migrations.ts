import type { Database } from './open-database.ts'

/** Step n brings a database from version n to n + 1. A step that was released is never changed, only followed. */
export const migrations: readonly string[] = [
  // Retention and paging go by (started_at, id): an index ends in the row's id by itself.
  // Empty text stands for "none" in the roll-up's key, because NULLs are all different to a primary key.
  `
  CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    call_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    final INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    dialect TEXT NOT NULL,
    stream INTEGER NOT NULL,
    requested_model TEXT NOT NULL,
    alias TEXT,
    provider TEXT,
    model TEXT,
    key TEXT NOT NULL,
    feature TEXT,
    user_id TEXT,
    outcome TEXT NOT NULL,
    status INTEGER,
    error_code TEXT,
    cache TEXT NOT NULL,
    input_tokens INTEGER,
    cache_read_tokens INTEGER,
    cache_write_tokens INTEGER,
    output_tokens INTEGER,
    reasoning_tokens INTEGER,
    estimated INTEGER NOT NULL,
    cost_nano_usd INTEGER,
    saved_nano_usd INTEGER,
    duration_ms REAL NOT NULL,
    first_token_ms REAL
  ) STRICT;
  CREATE INDEX attempts_started_at ON attempts (started_at);

  CREATE TABLE usage_hours (
    hour INTEGER NOT NULL,
    model TEXT NOT NULL,
    provider TEXT NOT NULL,
    alias TEXT NOT NULL,
    key TEXT NOT NULL,
    feature TEXT NOT NULL,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost_nano_usd INTEGER NOT NULL,
    saved_nano_usd INTEGER NOT NULL,
    cache_hits INTEGER NOT NULL,
    cache_misses INTEGER NOT NULL,
    unpriced_attempts INTEGER NOT NULL,
    estimated_attempts INTEGER NOT NULL,
    PRIMARY KEY (hour, model, provider, alias, key, feature)
  ) STRICT, WITHOUT ROWID;
  `,
  // `journals`: the last line of each writer's journal that is in the tables, so that reading one twice is harmless.
  // `attempts_answered` is all that percentiles need. `bytes` before `json`: their sum need not read the bodies.
  `
  CREATE TABLE journals (
    writer TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE captures (
    call_id TEXT PRIMARY KEY,
    started_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX captures_started_at ON captures (started_at, bytes);

  CREATE INDEX attempts_call_id ON attempts (call_id);
  CREATE INDEX attempts_answered ON attempts (started_at, duration_ms, first_token_ms)
    WHERE final = 1 AND outcome = 'ok' AND attempt > 0;
  `,
  // Semantic hits count apart from exact ones. `guards`: JSON, see GuardFinding.
  `
  ALTER TABLE attempts ADD COLUMN similarity REAL;
  ALTER TABLE attempts ADD COLUMN source_call_id TEXT;
  ALTER TABLE attempts ADD COLUMN guards TEXT;
  ALTER TABLE usage_hours ADD COLUMN semantic_hits INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage_hours ADD COLUMN semantic_saved_nano_usd INTEGER NOT NULL DEFAULT 0;
  `,
]

/**
 * Brings a database up to date, all missing steps in one transaction: a step that fails leaves everything as it was.
 * Throws for a database that a newer gateway has already changed.
 */
export function migrate(database: Database, steps: readonly string[] = migrations): void {
  if (versionOf(database) === steps.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    // Read again, now that no other process can write: it may have just migrated.
    const version = versionOf(database)
    refuseNewer(version, steps.length)
    for (const step of steps.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${steps.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function versionOf(database: Database): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number }
  return row.user_version
}

function refuseNewer(version: number, known: number): void {
  if (version <= known) return
  throw new Error(
    `it was written by a newer LLM Gateway (version ${version} of the schema, this one knows ${known}): ` +
      'update this gateway, or choose another --data-dir',
  )
}
