import { type Family, providerNames } from '../helpers/four-providers.ts'
import { text } from '../helpers/upstream-plays.ts'
import { type Scenario, says } from './scenario.ts'

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const pdf = Buffer.from('%PDF-1.4 tiny').toString('base64')
function userParts(...parts: object[]): Record<Family, object> {
  const [openai, anthropic, gemini] = parts
  return {
    openai: { messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, openai] }] },
    anthropic: { messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, anthropic] }] },
    gemini: { contents: [{ role: 'user', parts: [{ text: 'What is it?' }, gemini] }] },
  }
}

export const media: Scenario[] = [
  {
    name: 'an image in base64',
    request: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}`, detail: 'low' } },
          ],
        },
      ],
    },
    play: text('A pixel'),
    seen: userParts(
      { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}`, detail: 'low' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
      { inlineData: { mimeType: 'image/png', data: pixel } },
    ),
    reply: says('A pixel'),
  },
  {
    name: 'an image by address',
    request: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url: 'https://images.example/cat.png' } },
          ],
        },
      ],
    },
    play: text('A cat'),
    seen: userParts(
      { type: 'image_url', image_url: { url: 'https://images.example/cat.png' } },
      { type: 'image', source: { type: 'url', url: 'https://images.example/cat.png' } },
      {},
    ),
    reply: says('A cat'),
    // Gemini does not fetch; the gateway would have to, and there is no such host.
    providers: providerNames.filter((name) => name !== 'google'),
  },
  {
    name: 'a PDF file',
    request: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'file', file: { filename: 'paper.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
          ],
        },
      ],
    },
    play: text('A paper'),
    seen: userParts(
      { type: 'file', file: { filename: 'paper.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
      { inlineData: { mimeType: 'application/pdf', data: pdf } },
    ),
    reply: says('A paper'),
  },
]
