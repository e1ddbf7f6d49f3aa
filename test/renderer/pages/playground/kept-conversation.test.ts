import { expect, test } from 'vitest'
import { ask, emptyConversation } from '../../../../renderer/pages/playground/conversation.ts'
import { keepConversation, readConversation } from '../../../../renderer/pages/playground/kept-conversation.ts'

function storage(text: string | null = null) {
  let kept = text
  return { getItem: () => kept, setItem: (_: string, value: string) => void (kept = value) }
}

test('comes back; what was still coming is stopped', () => {
  const place = storage()
  const models = { left: 'fast', right: null }
  keepConversation(
    place,
    ask({ ...emptyConversation, models, draft: 'Hello', system: 'S' }, () => 'one'),
  )
  const back = readConversation(place)
  expect(back).toMatchObject({ system: 'S', models })
  expect(back.turns[0]).toMatchObject({ question: 'Hello', answers: { left: { state: 'stopped' } } })
})

test.each([null, 'null', '{', '[]', '{"turns":1}'])('what is no conversation is an empty one: %s', (text) => {
  expect(readConversation(storage(text))).toEqual(emptyConversation)
})

test('a storage that is full loses nothing on the page', () => {
  const full = {
    setItem: () => {
      throw new Error('QuotaExceededError')
    },
  }
  expect(() => keepConversation(full, emptyConversation)).not.toThrow()
})
