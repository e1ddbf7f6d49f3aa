import { expect, test } from 'vitest'
import { linkPath } from '../../main/link.ts'

test.each([
  ['the window', 'llm-gateway://open', '/'],
  [
    'a provider to preview',
    'llm-gateway://provider?name=mine&baseUrl=http%3A%2F%2Fx.test%2Fv1',
    '/providers?from=link&name=mine&baseUrl=http%3A%2F%2Fx.test%2Fv1',
  ],
  [
    'an alias to preview',
    'llm-gateway://alias?name=fast&provider=openai&model=gpt-5',
    '/models?from=link&name=fast&provider=openai&model=gpt-5',
  ],
  ['no secret', 'llm-gateway://provider?name=mine&apiKey=sk-1&key=sk-2', '/providers?from=link&name=mine'],
  ['no more than the page', 'llm-gateway://provider', '/providers'],
  ['nothing it does not know', 'llm-gateway://quit', undefined],
  ['nothing inherited', 'llm-gateway://constructor', undefined],
  ['no other scheme', 'https://provider/?name=x', undefined],
  ['no text that turns around', 'llm-gateway://provider?name=a%E2%80%AEb', '/providers'],
  ['no line breaks', 'llm-gateway://provider?name=a%0Ab', '/providers'],
  ['no long values', `llm-gateway://provider?name=${'a'.repeat(600)}`, '/providers'],
  ['no endless links', `llm-gateway://provider?name=a&x=${'a'.repeat(3000)}`, undefined],
  ['no nonsense', 'llm-gateway://', undefined],
])('a link opens %s', (_name, link, path) => {
  expect(linkPath(link)).toBe(path)
})
