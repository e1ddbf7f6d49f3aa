import type { JsonObject } from '../../../chat/json.ts'

/** The body repeats what the path says, and Google refuses a body that says otherwise. */
export function renameModel(body: JsonObject, model: string): JsonObject {
  if (body['model'] === undefined) return body
  return { ...body, model: /^(models|tunedModels)\//.test(model) ? model : `models/${model}` }
}
