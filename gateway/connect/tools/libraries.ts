import type { Card, CopyTool, Target } from '../tool.ts'

const library = { kind: 'copy', hasSmallModel: false, model: 'optional', cannot: [] } as const

function card(title: string, language: string, lines: string[]): Card {
  return { title, language, text: `${lines.join('\n')}\n` }
}

function modelOf({ model }: Target, fallback = 'MODEL'): string {
  return model ?? fallback
}

/** A value in the source of a program. */
function literal(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`
}

export const openaiSdk: CopyTool = {
  ...library,
  id: 'openai-sdk',
  name: 'OpenAI SDK',
  summary: 'Programs with the openai package, and everything that reads OPENAI_BASE_URL.',
  documentation: 'https://platform.openai.com/docs/libraries',
  notes: ['The variables need no change in the program.'],
  cards: (target) => [
    card('Variables', 'shell', [`export OPENAI_BASE_URL=${target.baseUrl}/v1`, `export OPENAI_API_KEY=${target.key}`]),
    card('TypeScript', 'typescript', [
      `import OpenAI from 'openai'`,
      '',
      `const client = new OpenAI({ baseURL: ${literal(`${target.baseUrl}/v1`)}, apiKey: ${literal(target.key)} })`,
      `const reply = await client.responses.create({ model: ${literal(modelOf(target))}, input: 'Hello' })`,
      'console.log(reply.output_text)',
    ]),
    card('Python', 'python', [
      'from openai import OpenAI',
      '',
      `client = OpenAI(base_url=${literal(`${target.baseUrl}/v1`)}, api_key=${literal(target.key)})`,
      `reply = client.responses.create(model=${literal(modelOf(target))}, input='Hello')`,
      'print(reply.output_text)',
    ]),
  ],
}

export const anthropicSdk: CopyTool = {
  ...library,
  id: 'anthropic-sdk',
  name: 'Anthropic SDK',
  summary: 'Programs with the anthropic package. Its address has no /v1.',
  documentation: 'https://platform.claude.com/docs/en/api/client-sdks',
  notes: ['The variables need no change in the program.'],
  cards: (target) => [
    card('Variables', 'shell', [
      `export ANTHROPIC_BASE_URL=${target.baseUrl}`,
      `export ANTHROPIC_API_KEY=${target.key}`,
    ]),
    card('TypeScript', 'typescript', [
      `import Anthropic from '@anthropic-ai/sdk'`,
      '',
      `const client = new Anthropic({ baseURL: ${literal(target.baseUrl)}, apiKey: ${literal(target.key)} })`,
      'const reply = await client.messages.create({',
      `  model: ${literal(modelOf(target))},`,
      '  max_tokens: 1024,',
      `  messages: [{ role: 'user', content: 'Hello' }],`,
      '})',
      'console.log(reply.content)',
    ]),
    card('Python', 'python', [
      'import anthropic',
      '',
      `client = anthropic.Anthropic(base_url=${literal(target.baseUrl)}, api_key=${literal(target.key)})`,
      'reply = client.messages.create(',
      `    model=${literal(modelOf(target))}, max_tokens=1024, messages=[{'role': 'user', 'content': 'Hello'}]`,
      ')',
      'print(reply.content)',
    ]),
  ],
}

export const googleSdk: CopyTool = {
  ...library,
  id: 'google-genai',
  name: 'Google Gen AI SDK',
  summary: 'Programs with the @google/genai or google-genai package.',
  documentation: 'https://ai.google.dev/gemini-api/docs/libraries',
  notes: [],
  cards: (target) => [
    card('TypeScript', 'typescript', [
      `import { GoogleGenAI } from '@google/genai'`,
      '',
      `const client = new GoogleGenAI({ apiKey: ${literal(target.key)}, httpOptions: { baseUrl: ${literal(target.baseUrl)} } })`,
      `const reply = await client.models.generateContent({ model: ${literal(modelOf(target))}, contents: 'Hello' })`,
      'console.log(reply.text)',
    ]),
    card('Python', 'python', [
      'from google import genai',
      '',
      `client = genai.Client(api_key=${literal(target.key)}, http_options={'base_url': ${literal(target.baseUrl)}})`,
      `reply = client.models.generate_content(model=${literal(modelOf(target))}, contents='Hello')`,
      'print(reply.text)',
    ]),
  ],
}

export const aiSdk: CopyTool = {
  ...library,
  id: 'ai-sdk',
  name: 'AI SDK',
  summary: 'Programs with the ai package and its OpenAI, Anthropic or Google provider.',
  documentation: 'https://ai-sdk.dev/providers/ai-sdk-providers/openai',
  notes: ['Its Anthropic provider wants the address with /v1, its Google provider with /v1beta.'],
  cards: (target) => [
    aiCard(target, { name: 'OpenAI', package: '@ai-sdk/openai', create: 'createOpenAI', path: '/v1' }),
    aiCard(target, { name: 'Anthropic', package: '@ai-sdk/anthropic', create: 'createAnthropic', path: '/v1' }),
    aiCard(target, { name: 'Google', package: '@ai-sdk/google', create: 'createGoogleGenerativeAI', path: '/v1beta' }),
  ],
}

interface AiProvider {
  name: string
  package: string
  create: string
  path: string
}

function aiCard(target: Target, { name, package: from, create, path }: AiProvider): Card {
  return card(name, 'typescript', [
    `import { ${create} } from '${from}'`,
    `import { generateText } from 'ai'`,
    '',
    `const gateway = ${create}({ baseURL: ${literal(target.baseUrl + path)}, apiKey: ${literal(target.key)} })`,
    `const { text } = await generateText({ model: gateway(${literal(modelOf(target))}), prompt: 'Hello' })`,
    'console.log(text)',
  ])
}

export const langchain: CopyTool = {
  ...library,
  id: 'langchain',
  name: 'LangChain',
  summary: 'Programs with LangChain or LangGraph.',
  documentation: 'https://docs.langchain.com/oss/python/integrations/chat/openai',
  notes: ['The Python package also reads OPENAI_API_BASE and OPENAI_API_KEY.'],
  cards: (target) => [
    card('Python', 'python', [
      'from langchain_openai import ChatOpenAI',
      '',
      'model = ChatOpenAI(',
      `    model=${literal(modelOf(target))}, base_url=${literal(`${target.baseUrl}/v1`)}, api_key=${literal(target.key)}`,
      ')',
      `print(model.invoke('Hello').content)`,
    ]),
    card('TypeScript', 'typescript', [
      `import { ChatOpenAI } from '@langchain/openai'`,
      '',
      'const model = new ChatOpenAI({',
      `  model: ${literal(modelOf(target))},`,
      `  apiKey: ${literal(target.key)},`,
      `  configuration: { baseURL: ${literal(`${target.baseUrl}/v1`)} },`,
      '})',
      `console.log((await model.invoke('Hello')).content)`,
    ]),
  ],
}
