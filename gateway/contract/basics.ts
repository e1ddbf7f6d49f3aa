import { z } from 'zod'

export const time = z.int().min(0).max(8.64e15)
export const nanoUsd = z.int()
export const known = nanoUsd.nullable()
export const count = z.int().min(0)
export const name = z.string().min(1).max(256)
export const nothing = z.strictObject({})
export const providerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'use letters, digits, ".", "_" and "-"')
export const httpAddress = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' }).max(2048)
