import { version } from '../gateway/version.ts'
import { callPaths } from './openapi-calls.ts'
import { gatewayPaths } from './openapi-gateway.ts'
import { managementPaths, managementSchemas } from './openapi-management.ts'
import { compactJson } from './compact-json.ts'
import { components, type Json, type Operation } from './openapi-parts.ts'

const tags: Record<string, string> = {
  Models: 'Calls to models, each in the format the client knows.',
  'Handed on': 'Images, audio, files, batches: handed on to a provider that has the endpoint.',
  'Lists of models': 'What there is, in the forms that clients of different makers read.',
  Operations: 'For people and machines that run the gateway.',
  Management: 'What the window and the dashboard use. It needs the admin token.',
  Dashboard: 'The same window in a browser; not served by the desktop app.',
}

/** docs/openapi.json: the HTTP interface as OpenAPI 3.1. */
export function openApiDocument(): Json {
  const paths: Record<string, Partial<Record<string, Operation>>> = { ...gatewayPaths() }
  for (const [path, operations] of Object.entries({ ...callPaths(), ...managementPaths() })) {
    paths[path] = { ...paths[path], ...operations }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'LLM Gateway',
      version,
      description: 'One local address for every model provider. See http-api.md for what is not in a schema.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:8080', description: 'On this machine, at the usual port.' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(Object.entries(paths).toSorted(([one], [other]) => (one < other ? -1 : 1))),
    components: { ...components, schemas: usedSchemas([paths, components], managementSchemas()) },
  }
}

/** Of the contract's schemas those that something names, directly or through others. */
function usedSchemas(users: unknown, all: Json): Json {
  const used: Json = { ...components.schemas }
  const waiting: unknown[] = [users]
  while (waiting.length > 0) {
    const names = JSON.stringify(waiting.pop()).matchAll(/"#\/components\/schemas\/([^"]+)"/g)
    for (const [, name = ''] of names) {
      if (name in used) continue
      used[name] = all[name]
      waiting.push(all[name])
    }
  }
  return used
}

/** As it lies in the file. */
export function generatedOpenApi(): string {
  return `${compactJson(openApiDocument())}\n`
}
