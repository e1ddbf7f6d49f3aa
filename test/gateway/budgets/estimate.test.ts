import { describe, expect, test } from 'vitest'
import { estimateCost, estimateOutput, estimatePrompt } from '../../../gateway/budgets/estimate.ts'
import { scanMembers, type Members } from '../../../gateway/dialects/members.ts'
import { freePrice, overridePrice } from '../../../gateway/models/price.ts'

function members(body: object): Members {
  return scanMembers(Buffer.from(JSON.stringify(body))) as Members
}

describe('the prompt', () => {
  test('is four bytes to a token', () => {
    expect(estimatePrompt({ bytes: Buffer.alloc(401) })).toBe(101)
  })

  test('an image is what images cost, however many bytes it has', () => {
    const data = Buffer.alloc(3_000_000, 7).toString('base64')
    const text = 'Look at this. '.repeat(2000)
    const forms = [
      { messages: [{ content: [{ type: 'text', text }, { image_url: { url: `data:image/png;base64,${data}` } }] }] },
      { messages: [{ content: [{ type: 'text', text }, { source: { type: 'base64', data } }] }] },
      { contents: [{ parts: [{ text }, { inlineData: { mimeType: 'image/png', data } }] }] },
    ]
    for (const body of forms) {
      const tokens = estimatePrompt(members(body))
      expect(tokens).toBeGreaterThan(7000 + 800)
      expect(tokens).toBeLessThan(7000 + 900)
    }
  })

  test('a long text that only speaks of base64 counts as text', () => {
    const text = 'the word base64 and no image '.repeat(1000)
    expect(estimatePrompt(members({ messages: [{ content: text }] }))).toBeGreaterThan(7000)
  })
})

describe('the answer', () => {
  test.each<[string, object, number]>([
    ['max_tokens', { max_tokens: 50 }, 50],
    ['max_completion_tokens', { max_completion_tokens: 60 }, 60],
    ['max_output_tokens', { max_output_tokens: 70 }, 70],
    ['Gemini', { generationConfig: { maxOutputTokens: 80 } }, 80],
    ['several choices', { max_tokens: 50, n: 3 }, 150],
    ['nobody says', {}, 4096],
    ['null is nobody', { max_tokens: null }, 4096],
  ])('%s', (_, body, tokens) => {
    expect(estimateOutput(members(body), 'some-model')).toBe(tokens)
  })
})

test('an answer of more tokens than there are numbers is held as more than any budget, and can be given back', () => {
  for (const tokens of [1e300, Infinity]) {
    const held = estimateCost(overridePrice({ input: 1, output: 1 }), 10, () => tokens)
    expect(held).toBeGreaterThan(1e15)
    expect(Number.isSafeInteger(held)).toBe(true)
  }
})

describe('money', () => {
  const price = overridePrice({ input: 2.5, output: 10 })
  test.each([
    ['input and output', price, 1000, 100, 3_500_000],
    ['rounded up', overridePrice({ input: 0.0001, output: 0 }), 1, 0, 1],
    ['a higher tier', { rates: { input: { base: 1000, tiers: [{ above: 10, price: 2000 }] } } }, 11, 0, 22],
    ['free', freePrice, 1000, 1000, 0],
    ['not known', undefined, 1000, 1000, undefined],
  ])('%s', (_, of, input, output, nanoUsd) => {
    expect(estimateCost(of, input, () => output)).toBe(nanoUsd)
  })
})
