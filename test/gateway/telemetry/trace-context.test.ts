import { describe, expect, test } from 'vitest'
import { readTraceContext, saneBaggage } from '../../../gateway/telemetry/trace-context.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'
const good = `00-${traceId}-${spanId}-01`

describe('traceparent', () => {
  test.each([
    ['sampled', good, 1],
    ['not sampled', `00-${traceId}-${spanId}-00`, 0],
    ['flags of later versions', `00-${traceId}-${spanId}-ff`, 255],
    ['a later version, which may say more', `cc-${traceId}-${spanId}-01-what-else`, 1],
  ])('%s', (_what, traceparent, flags) => {
    expect(readTraceContext({ traceparent })).toEqual({ traceId, spanId, flags, state: undefined })
  })

  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['twice', `${good}, ${good}`],
    ['capitals', good.toUpperCase()],
    ['version ff', `ff-${traceId}-${spanId}-01`],
    ['version 00 that says more', `${good}-more`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['too short', `00-${traceId.slice(1)}-${spanId}-01`],
    ['a line break', `${good}\n`],
    ['blanks around', ` ${good}`],
  ])('is none: %s', (_what, traceparent) => {
    expect(readTraceContext({ ...(traceparent !== undefined && { traceparent }), tracestate: 'a=1' })).toBeUndefined()
  })
})

describe('tracestate', () => {
  const state = (tracestate: string): string | undefined => readTraceContext({ traceparent: good, tracestate })?.state
  test.each([
    ['vendor=1', 'vendor=1'],
    ['rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'],
    ['a=1 , , fw529a3039@dt=FfSpaces in', 'a=1,fw529a3039@dt=FfSpaces in'],
    [Array.from({ length: 32 }, (_, index) => `k${index}=v`).join(','), expect.any(String)],
  ])('%s', (given, expected) => {
    expect(state(given)).toEqual(expected)
  })

  test.each([
    ['empty', ''],
    ['no value', 'vendor'],
    ['capitals in a key', 'Vendor=1'],
    ['a sign of equality in a value', 'a=b=c'],
    ['one wrong member of two', 'a=1,b'],
    ['a key twice', 'a=1,a=2'],
    ['not Latin', 'a=ü'],
    ['too many', Array.from({ length: 33 }, (_, index) => `k${index}=v`).join(',')],
    ['too long', `a=${'v'.repeat(511)}`],
  ])('is dropped: %s', (_what, given) => {
    expect(state(given)).toBeUndefined()
  })
})

describe('baggage', () => {
  test.each([
    ['user=7', 'user=7'],
    ['a=1;ttl=3 , b=%20x', 'a=1;ttl=3,b=%20x'],
    ['', undefined],
    ['no equals sign', undefined],
    ['a b=1', undefined],
    ['a="quoted"', undefined],
    ['a=1\r\nx-evil: 1', undefined],
    [`a=${'x'.repeat(8192)}`, undefined],
    [Array.from({ length: 65 }, (_, index) => `k${index}=v`).join(','), undefined],
  ])('%j', (baggage, expected) => {
    expect(saneBaggage({ baggage })).toBe(expected)
  })

  test('a hostile list is looked at in no time', () => {
    const before = performance.now()
    saneBaggage({ baggage: `a=1${';a '.repeat(2700)}"` })
    readTraceContext({ traceparent: good, tracestate: `a=${' '.repeat(500)}` })
    expect(performance.now() - before).toBeLessThan(50)
  })
})
