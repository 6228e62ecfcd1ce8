import { BadResponse, Listing, type Money, money, plainName, type SshKey } from "@anygpu/core"
import { type Caller, endpoint, lenient } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as z from "zod"

const text = z.string().nullish()

/** A key as the account keeps it: its text has one name in the list and another one in the answer to a new key. */
const Key = z.object({
  fingerprint: z.string().min(1),
  name: text,
  comment: text,
  publicKey: text,
  public_key: text,
  /** Whether it can be used now. */
  active: z.boolean().nullish(),
  algorithm: text,
  /** Missing from one documented answer to a new key. */
  createdAt: text
})
type Key = z.infer<typeof Key>

const Balance = z.object({
  userId: text,
  featureKey: text,
  balance: text,
  usage: text,
  estimatedUsage: text,
  overage: text,
  totalDepositedAmount: text,
  usageDaysLeft: z.number().nullish()
})

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
    /** Rows are decoded one by one, so that one bad row costs only itself. */
    answer: z.array(z.unknown()),
    repeat: "safe",
    source
  }),
  /** Registers a key: 201 for a new one, 200 with the existing one. The answer is one key, or a list of one. */
  createSshKey: endpoint({
    operation: "createSshKey",
    method: "POST",
    path: "/ssh_keys",
    body: z.strictObject({ name: z.string().min(1), publicKey: z.string().min(1) }),
    answer: z.union([lenient(Key, "fingerprint"), z.tuple([lenient(Key, "fingerprint")]).transform(([key]) => key)]),
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
  }),
  /**
   * What is left of each of the account's entitlements, as decimal texts. Whether an entry is the money of the GPU cloud,
   * and whether an API key may ask, is not documented; nor is more of the list than its entries.
   */
  userBalances: endpoint({
    operation: "userBalances",
    method: "GET",
    path: "/v2/users/balances",
    answer: z.array(Balance),
    repeat: "safe",
    source: "Fluence API, OpenAPI 0.10: users"
  })
} as const

const keyOf = ({ fingerprint, name, comment, publicKey, public_key, active, algorithm, createdAt }: Key): SshKey => ({
  id: fingerprint,
  name: name || comment || null,
  publicKey: publicKey ?? public_key ?? null,
  fingerprint,
  native: { active, algorithm, comment, createdAt }
})

/** A name for a key that was given none: its comment, in the letters that every generation of the API takes. */
const nameFor = (publicKey: string): string =>
  plainName(publicKey.trim().split(/\s+/).slice(2).join(" ")).slice(0, 25).replace(/-+$/, "")

/**
 * The operations on the account, its ssh keys and its balance, the same for all four kinds.
 *
 * - A key's id is its fingerprint. One that is registered already is answered, with the name it has.
 * - GPU machines take the text of a key at creation; the account's keys are not let in by themselves. One page asks for
 *   at least one key on the account before a machine is created, all the same.
 */
export const account = ({ call, rows: decoded }: Caller) => ({
  sshKeys: () =>
    Effect.gen(function* () {
      const observedAt = yield* DateTime.now
      const at = { part: "keys", operation: "listSshKeys", id: "fingerprint" }
      const { rows, problems } = yield* decoded(Key, yield* call(keyEndpoints.listSshKeys), at)
      return Listing.read({ items: rows.map(keyOf), observedAt, problems })
    }),
  addSshKey: (publicKey: string, name = nameFor(publicKey)) =>
    call(keyEndpoints.createSshKey, { body: { name, publicKey: publicKey.trim() } }).pipe(
      Effect.map((key): SshKey => ({ ...keyOf(key), publicKey: keyOf(key).publicKey ?? publicKey.trim() }))
    ),
  balance: () => call(keyEndpoints.userBalances).pipe(Effect.flatMap(balanceIn)),
  removeSshKey: (fingerprint: string) =>
    call(keyEndpoints.deleteSshKey, { body: { fingerprint } }).pipe(
      Effect.asVoid,
      Effect.catchTag("NotFound", () => Effect.void)
    )
})

/**
 * The one balance of the account, in USD as its top-ups are documented to be.
 *
 * - `BadResponse` when it names several, or none that can be read: which of them pays for machines is not documented, and
 *   money is not guessed. `native.userBalances()` has them all.
 */
const balanceIn = (entries: ReadonlyArray<z.infer<typeof Balance>>): Effect.Effect<Money, BadResponse> => {
  const [entry, ...others] = entries
  const text = entry?.balance?.trim() ?? ""
  if (others.length === 0 && /^\d{1,9}(\.\d{1,18})?$/.test(text)) return Effect.succeed(money(text))
  const message =
    `userBalances: Fluence names ${entries.length} balances, and which one pays for machines is not known: look at ` +
    "native.userBalances()"
  return Effect.fail(new BadResponse({ message, retry: "permanent", path: "balance" }))
}

/** What {@link account} makes. */
export type Account = ReturnType<typeof account>
