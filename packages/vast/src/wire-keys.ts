import { jsonText, lenient } from "@anygpu/core/adapter"
import * as z from "zod"
import { Id } from "./ids.ts"

const text = z.string().nullish()
const success = z.literal(true)

/** The key's text has three names in three answers. */
export const Key = z.object({ id: Id, name: text, key: text, public_key: text, ssh_key: text, deleted_at: text })
export type Key = z.infer<typeof Key>

const rows = z.array(z.unknown())

/** Rows stay unknown here: they are decoded one by one, so that one bad row costs only itself. */
export const KeysAnswer = z.union([
  rows,
  z.object({ ssh_keys: rows.nullable() }).transform((answer) => answer.ssh_keys ?? [])
])

export const KeyBody = z.strictObject({ ssh_key: z.string().min(1) })
export const CreateKeyAnswer = z.object({ success, key: lenient(Key) })

/** An array, or the same array as a JSON text. */
export const InstanceKeysAnswer = z
  .object({ ssh_keys: z.union([jsonText(rows), rows]).nullable() })
  .transform(({ ssh_keys }) => ssh_keys ?? [])
