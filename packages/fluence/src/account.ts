import { plainName, type SshKey } from "@anygpu/core"
import { type Caller, endpoint } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import * as z from "zod"

const text = z.string().nullish()

/** A key as the account keeps it: its text has one name in the list and another one in the answer to a new key. */
const Key = z.object({ fingerprint: z.string().min(1), name: text, comment: text, publicKey: text, public_key: text })
type Key = z.infer<typeof Key>

const source = "Fluence docs, Manage SSH keys"

/**
 * The account's ssh keys, which all four kinds share: the routes of the API that the pages of the first CPU generation
 * describe.
 *
 * - Newer pages describe only `/v1/ssh_keys`, with ids in place of fingerprints; those routes are not built.
 */
export const keyEndpoints = {
  /** Every key of the account. */
  listSshKeys: endpoint({
    operation: "listSshKeys",
    method: "GET",
    path: "/ssh_keys",
    answer: z.array(Key),
    repeat: "safe",
    source
  }),
  /** Registers a key: 201 for a new one, 200 with the existing one. The answer is one key, or a list of one. */
  createSshKey: endpoint({
    operation: "createSshKey",
    method: "POST",
    path: "/ssh_keys",
    body: z.strictObject({ name: z.string().min(1), publicKey: z.string().min(1) }),
    answer: z.union([Key, z.tuple([Key]).transform(([key]) => key)]),
    repeat: "safe",
    source
  }),
  /** Removes a key by its fingerprint, which travels in the body; machines that run keep it. */
  deleteSshKey: endpoint({
    operation: "deleteSshKey",
    method: "DELETE",
    path: "/ssh_keys",
    body: z.strictObject({ fingerprint: z.string().min(1) }),
    answer: z.unknown(),
    repeat: "safe",
    source
  })
} as const

const keyOf = ({ fingerprint, name, comment, publicKey, public_key }: Key): SshKey => ({
  id: fingerprint,
  name: name || comment || null,
  publicKey: publicKey ?? public_key ?? null,
  fingerprint
})

/** A name for a key that was given none: its comment, in the letters that every generation of the API takes. */
const nameFor = (publicKey: string): string =>
  plainName(publicKey.trim().split(/\s+/).slice(2).join(" ")).slice(0, 25).replace(/-+$/, "")

/**
 * The operations on the account's ssh keys, the same for all four kinds.
 *
 * - A key's id is its fingerprint. One that is registered already is answered, with the name it has.
 * - GPU machines take the text of a key at creation; the account's keys are not let in by themselves. One page asks for
 *   at least one key on the account before a machine is created, all the same.
 */
export const account = ({ call }: Caller) => ({
  sshKeys: () => call(keyEndpoints.listSshKeys).pipe(Effect.map((keys) => keys.map(keyOf))),
  addSshKey: (publicKey: string, name = nameFor(publicKey)) =>
    call(keyEndpoints.createSshKey, { body: { name, publicKey: publicKey.trim() } }).pipe(
      Effect.map((key): SshKey => ({ ...keyOf(key), publicKey: keyOf(key).publicKey ?? publicKey.trim() }))
    ),
  removeSshKey: (fingerprint: string) =>
    call(keyEndpoints.deleteSshKey, { body: { fingerprint } }).pipe(
      Effect.asVoid,
      Effect.catchTag("NotFound", () => Effect.void)
    )
})

/** What {@link account} makes. */
export type Account = ReturnType<typeof account>
