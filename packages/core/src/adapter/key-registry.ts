import { sha256 } from "@noble/hashes/sha2.js"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { type GpuError, InvalidRequest } from "../errors.ts"
import type { Listing } from "../model/listing.ts"
import { type SshKey, sshKeyIdentity } from "../model/ssh-key.ts"

/** The keys of an account, and how one is put there. */
export interface KeySource {
  /** By what the list shows a key: its text, or its fingerprint alone. */
  readonly by: "text" | "fingerprint"
  readonly keys: Effect.Effect<Listing<SshKey>, GpuError>
  /** Registers a key that is not there; `name` is never empty. */
  readonly register: (publicKey: string, name: string) => Effect.Effect<SshKey, GpuError>
}

/** A fingerprint without what two spellings of it may differ in. */
const bare = (fingerprint: string): string =>
  fingerprint
    .trim()
    .replace(/^SHA256:/i, "")
    .replace(/={1,3}$/, "")

const bodyOf = (publicKey: string): string => publicKey.trim().split(/\s+/)[1] ?? ""

/**
 * `SHA256:` and the hash of a key's body, as ssh-keygen prints it.
 *
 * - `InvalidRequest` for a text that is no public key.
 */
export const keyFingerprint = (publicKey: string): Effect.Effect<string, InvalidRequest> =>
  Effect.try({
    try: () => {
      const body = Uint8Array.from(atob(bodyOf(publicKey)), (byte) => byte.charCodeAt(0))
      return `SHA256:${bare(btoa(String.fromCharCode(...sha256(body))))}`
    },
    catch: () => InvalidRequest.of("publicKey", "is no key: the part after the algorithm is not base64")
  })

/** What distinguishes a key from others: as it stands in lists, and by its text. */
const marksOf = Effect.fnUntraced(function* (by: KeySource["by"], publicKey: string) {
  if (by === "text") {
    const identity = sshKeyIdentity(publicKey)
    const isSame = (key: SshKey) => key.publicKey !== null && sshKeyIdentity(key.publicKey) === identity
    return { isSame, short: bodyOf(publicKey).slice(-8) }
  }
  const fingerprint = bare(yield* keyFingerprint(publicKey))
  const isSame = (key: SshKey) => key.fingerprint !== null && bare(key.fingerprint) === fingerprint
  return { isSame, short: fingerprint.slice(0, 8) }
})

/**
 * Finds a public key on an account, and registers it only when it is not there: what clouds make of a duplicate is
 * seldom documented.
 *
 * - One at a time, so that two launches with one key do not both miss it.
 * - A key without a name gets that of its comment, else one made of its distinguishing part.
 */
export const keyRegistry = ({ by, keys, register }: KeySource) => {
  const oneByOne = Semaphore.makeUnsafe(1)
  const add = Effect.fnUntraced(function* (publicKey: string, name = ""): Effect.fn.Return<SshKey, GpuError> {
    const { isSame, short } = yield* marksOf(by, publicKey)
    const same = (yield* keys).items.find(isSame)
    if (same) return same
    const comment = publicKey.trim().split(/\s+/).slice(2).join(" ")
    return yield* register(publicKey.trim(), name.trim() || comment || `anygpu-${short}`)
  }, oneByOne.withPermits(1))
  return {
    add,
    /** The ids of several keys, each once, registered where they are not there. */
    idsOf: (publicKeys: ReadonlyArray<string> = []): Effect.Effect<ReadonlyArray<string>, GpuError> =>
      Effect.map(
        Effect.forEach(publicKeys, (key) => add(key)),
        (found) => [...new Set(found.map(({ id }) => id))]
      )
  }
}
