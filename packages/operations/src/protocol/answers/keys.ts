import { z } from "zod"
import { listing } from "../listing.ts"

const key = z
  .object({
    ref: z.string().describe("what keys remove takes: provider/id"),
    provider: z.string(),
    id: z.string(),
    name: z.string().nullable(),
    publicKey: z.string().nullable(),
    fingerprint: z.string().nullable(),
    native: z.record(z.string(), z.unknown()).describe("what else the cloud says, under its own names")
  })
  .meta({ id: "Key" })

/** `anygpu keys --json`; after `add` and `remove`, the keys that were added or removed. */
export const keysShape = z.object({
  keys: z.array(key),
  lacking: z.array(z.string()).describe("clouds whose account holds no keys"),
  ...listing
})

/** The keys in JSON. */
export type KeysJson = z.output<typeof keysShape>
