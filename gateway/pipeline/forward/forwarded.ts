import type { ForwardId } from '../../providers/forwards.ts'
import type { Upload } from './upload.ts'

/** What is handed on besides the call itself: where to, and the client's own bytes. */
export interface Forwarded {
  id: ForwardId
  method: 'GET' | 'POST' | 'DELETE'
  /** What follows the endpoint's path, checked and encoded: `/file-1/content`. */
  below: string
  /** The client's, without what is ours; no `?`. */
  query: string
  accept: string | undefined
  /** The call names a model: it decides who is asked. */
  namesModel: boolean
  /** The answer is somebody's file: never held, never looked into. */
  isRaw: boolean
  /** Asking twice might do it twice. */
  once: boolean
  /** A form that is still arriving; undefined: the body is the call's own. */
  upload: Upload | undefined
  hasBody: boolean
  /** The answer came as a stream, asked for or not. Set by the exchange. */
  isStreamed: boolean
  /** Where the client reaches the gateway: `http://127.0.0.1:8080`. */
  gatewayUrl: string
  /** Breaks the connection: an answer that was cut short must not look like a whole one. */
  sever: () => void
}
