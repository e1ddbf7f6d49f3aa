import type { Socket } from 'node:net'

/**
 * Connections with an upload under way. `server.readTimeout` is for requests that should be there at once: an upload is
 * as slow as the provider that takes it, and has a limit of its own on silence.
 */
const uploading = new WeakSet<Socket>()

/** Gives back what ends it. */
export function allowSlowUpload(socket: Socket): () => void {
  uploading.add(socket)
  return () => void uploading.delete(socket)
}

export function mayBeSlow(socket: Socket): boolean {
  return uploading.has(socket)
}
