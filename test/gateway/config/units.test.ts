import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  duration,
  formatDuration,
  formatSize,
  megabytes,
  parseDuration,
  parseSize,
  size,
} from '../../../gateway/config/units.ts'

const megabyte = 1024 ** 2

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1m', 60_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['90d', 90 * 86_400_000],
    ['1m500ms', 60_500],
    ['', undefined],
    ['30', undefined],
    ['1 h', undefined],
    ['-5s', undefined],
    ['5y', undefined],
    ['s', undefined],
  ])('%j is %s ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  test.each([
    [500, '500ms'],
    [1500, '1s500ms'],
    [60_000, '1m'],
    [120_000, '2m'],
    [5_400_000, '1h30m'],
    [90 * 86_400_000, '90d'],
    [86_399_999, '23h59m59s999ms'],
  ])('%i ms is written %s, and read back', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
    expect(parseDuration(text)).toBe(milliseconds)
  })

  test('0s is refused: no timeout of this file means "none"', () => {
    expect(duration.safeParse('0s').error?.issues[0]?.message).toBe(
      '"0s" is not a duration; write e.g. 500ms, 30s, 1h30m, 7d',
    )
  })

  test('a bare number is told that it lacks a unit', () => {
    expect(duration.safeParse(30).error?.issues[0]?.message).toBe('30 has no unit; write e.g. 30s or 30ms')
  })
})

describe('sizes', () => {
  test.each([
    ['1B', 1],
    ['512 KB', 512 * 1024],
    ['32MB', 32 * megabyte],
    ['1gb', 1024 * megabyte],
    ['1.5MB', 1.5 * megabyte],
    ['32', undefined],
    ['32M', undefined],
    ['', undefined],
  ])('%j is %s bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  test.each([
    [1, '1B'],
    [1023, '1023B'],
    [1536, '1536B'],
    [2048, '2KB'],
    [512 * megabyte, '512MB'],
    [1024 * megabyte, '1GB'],
  ])('%i bytes are written %s, and read back', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text)
    expect(parseSize(text)).toBe(bytes)
  })

  test.each([
    [size, 1000, 1000],
    [size, '1KB', 1024],
    [megabytes, 512, 512 * megabyte],
    [megabytes, 0.5, 0.5 * megabyte],
    [megabytes, '1GB', 1024 * megabyte],
  ])('a schema reads %#', (schema, input, bytes) => {
    expect(schema.parse(input)).toBe(bytes)
    expect(schema.parse(z.encode(schema, bytes))).toBe(bytes)
  })
})
