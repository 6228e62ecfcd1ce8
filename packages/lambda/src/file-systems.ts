import type { GpuError } from "@anygpu/core"
import { type Caller, listRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import * as wire from "./wire.ts"

/** Every file system of the account. */
const fileSystemsOf = (caller: Caller) =>
  listRows<wire.FileSystem>(caller, {
    ...{ cloud: "Lambda", operation: "listFilesystems", part: "file systems", field: "data", schema: wire.FileSystem },
    keyOf: ({ id }) => id,
    ask: () => Effect.map(caller.call(endpoints.listFilesystems), (rows) => ({ rows }))
  })

const sentence = ({ id, name, region, bytes_used: bytes }: wire.FileSystem): string => {
  const size = bytes == null ? "" : ` with ${(bytes / 1_073_741_824).toFixed(1)} GiB`
  const place = region ? ` in ${region.name}` : ""
  return `The file system "${name ?? id}"${place}${size} (${id}) is used by no machine and goes on costing by what it stores: delete it if nobody needs it`
}

/**
 * The file systems that no machine uses now, as sentences for people: they outlive machines, and cost by what they store.
 *
 * - One that stores nothing costs nothing. Never fails: the machine is gone, and what could not be read is said.
 *
 * Source: Lambda docs, public-cloud/billing and filesystems.
 */
export const fileSystemsLeft = (caller: Caller): Effect.Effect<ReadonlyArray<string>> =>
  fileSystemsOf(caller).pipe(
    Effect.map(({ items }) => items.filter((one) => one.is_in_use !== true && one.bytes_used !== 0).map(sentence)),
    Effect.catch(({ message }: GpuError) =>
      Effect.succeed([
        `The account's file systems could not be read (${message}): look in the console whether one is left`
      ])
    )
  )
