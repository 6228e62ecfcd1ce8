import { cannotHave, type GpuError, InvalidRequest, type Listing, type Volume, withContext } from "@anygpu/core"
import { type Caller, listRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { endpoints } from "./endpoints.ts"
import type { Launch, Resolved } from "./from-domain.ts"
import { placeOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

const fileSystemsOf = (caller: Caller) =>
  listRows<wire.FileSystem>(caller, {
    ...{ cloud: "Lambda", operation: "listFilesystems", part: "file systems", field: "data", schema: wire.FileSystem },
    keyOf: ({ id }) => id,
    ask: () => Effect.map(caller.call(endpoints.listFilesystems), (rows) => ({ rows }))
  })

const usersOf = ({ name }: wire.FileSystem, machines: Listing<wire.Instance>): ReadonlyArray<string> =>
  machines.items.filter(({ file_system_names: names }) => name && names?.includes(name)).map(({ id }) => id)

/**
 * The file systems of the account: they have no size, as they grow with what is in them.
 *
 * - No document has their price: Lambda's page has one as an example. Machines name them, and not they the machines.
 */
export const volumesOf = (
  caller: Caller,
  machines: Effect.Effect<Listing<wire.Instance>, GpuError>
): Effect.Effect<Listing<Volume>, GpuError> =>
  Effect.map(Effect.all([fileSystemsOf(caller), machines], { concurrency: 2 }), ([all, instances]) =>
    all.with(
      all.items.map((row) => ({
        ...{ provider: "lambda", id: row.id, name: row.name ?? null, sizeMiB: null, type: null, pricePerHour: null },
        location: placeOf(row.region),
        attachedTo: instances.complete ? usersOf(row, instances) : null,
        native: row
      }))
    )
  )

type Mount = Resolved["mounts"][number]

/**
 * A file system is mounted below `/lambda/nfs` unless a launch says where. Core has compared the regions where the launch
 * names them; a file system in another one than the offer would be refused.
 *
 * Source: Lambda Cloud API 1.10.0, Filesystem.
 */
const mountOf = (
  rows: ReadonlyArray<wire.FileSystem>,
  { id, path }: NonNullable<Launch["attach"]>[number],
  { offer, at }: { readonly offer: Launch["offer"]; readonly at: string }
): Result.Result<Mount, GpuError> => {
  const row = rows.find((one) => one.id === id)
  if (!row) return Result.fail(InvalidRequest.of(at, `"${id}" is no file system of this account: see volumes()`))
  const problem = cannotHave({ provider: "lambda", id, region: row.region?.name ?? null }, offer)
  if (problem !== null) return Result.fail(withContext(InvalidRequest.of(at, problem), { reach: "here" }))
  const usual = row.mount_point || `/lambda/nfs/${row.name}`
  return Result.succeed({ file_system_id: id, mount_point: path ?? usual })
}

/** Where the file systems of a launch are mounted; they are read where there are some, and nothing is asked where there are none. */
export const mountsOf = (
  caller: Caller,
  { offer, attach = [] }: Launch
): Effect.Effect<ReadonlyArray<Mount>, GpuError> =>
  attach.length === 0
    ? Effect.succeed([])
    : Effect.flatMap(fileSystemsOf(caller), ({ items }) =>
        Effect.forEach(attach, (one, index) =>
          Effect.fromResult(mountOf(items, one, { offer, at: `attach[${index}]` }))
        )
      )

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
