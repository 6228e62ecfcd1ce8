import { attempt, sshKeyIdentity } from "@anygpu/core"
import { refusedUnsent } from "../asserts.ts"
import { check, same, show } from "../check.ts"
import { checkMoney } from "../common.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { freshKey, privateKey } from "../refs.ts"
import { leakOf } from "../secrets.ts"

const keys = suite("account keys")
const machineKeys = suite("machine keys")
const account = suite("account")

const isFresh = ({ publicKey }: { readonly publicKey: string | null }): boolean =>
  publicKey !== null && sshKeyIdentity(publicKey) === sshKeyIdentity(freshKey)

/** Keys, money and images of the account. */
export const accountSuite: ReadonlyArray<Entry> = [
  account(
    "the balance is read from the cloud",
    async (bench) => {
      const sent = await bench.sent(async () => {
        const { available, observedAt } = await bench.ok(attempt(bench.provider, "balance"))
        checkMoney(available, "the balance")
        check(available.micros > 0, "an account with money has none")
        check(Number.isFinite(observedAt.epochMilliseconds), "it does not say when it was read")
      })
      check(sent.length > 0, "nothing was asked")
      check(!sent.some(({ mutating }) => mutating), "reading the balance changed something")
    },
    { ops: ["balance"] }
  ),
  account(
    "images have ids and names",
    async (bench) => {
      const { items, complete } = await bench.ok(attempt(bench.provider, "images"))
      check(complete && items.length > 0, "there are none")
      for (const { id, name } of items) check(id && name, `an image without id or name: ${show({ id, name })}`)
    },
    { ops: ["images"] }
  ),
  keys(
    "a key that was added is listed, once",
    async (bench) => {
      const added = await bench.ok(attempt(bench.provider, "addSshKey", freshKey, "conformance"))
      const again = await bench.ok(attempt(bench.provider, "addSshKey", freshKey, "conformance"))
      same(again.id, added.id, "the id of a key that is there already")
      const listing = await bench.ok(attempt(bench.provider, "sshKeys"))
      check(listing.complete, "the list of keys should be complete")
      same(listing.items.filter(({ id }) => id === added.id).length, 1, "how often the key is listed")
      check(listing.items.filter(isFresh).length <= 1, "the key is there twice")
    },
    { ops: ["addSshKey", "sshKeys"] }
  ),
  keys(
    "a text that is no public key is InvalidRequest, not shown, and sends nothing",
    async (bench) => {
      for (const text of [privateKey, "not a key", ""]) {
        const error = await refusedUnsent(bench, attempt(bench.provider, "addSshKey", text), "InvalidRequest")
        check(leakOf(error, ["b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"]) === null, "the error shows the private key")
      }
    },
    { ops: ["addSshKey"] }
  ),
  keys(
    "a key that was removed is gone, and removing it again is success",
    async (bench) => {
      const { id } = await bench.ok(attempt(bench.provider, "addSshKey", freshKey, "conformance"))
      await bench.ok(attempt(bench.provider, "removeSshKey", id))
      await bench.ok(attempt(bench.provider, "removeSshKey", id))
      const listing = await bench.ok(attempt(bench.provider, "sshKeys"))
      check(!listing.items.some((key) => key.id === id), "the key is still listed")
    },
    { ops: ["addSshKey", "removeSshKey", "sshKeys"] }
  ),
  machineKeys(
    "a key that was let in is listed, once",
    async (bench) => {
      const { ref } = await bench.ready()
      await bench.ok(attempt(bench.provider, "attachSshKey", ref, freshKey))
      await bench.ok(attempt(bench.provider, "attachSshKey", ref, freshKey))
      const listing = await bench.ok(attempt(bench.provider, "machineSshKeys", ref))
      same(listing.items.filter(isFresh).length, 1, "how often the key is listed")
    },
    { ops: ["attachSshKey", "machineSshKeys"] }
  ),
  machineKeys(
    "a text that is no public key is InvalidRequest and sends nothing",
    async (bench) => {
      const { ref } = await bench.ready()
      await refusedUnsent(bench, attempt(bench.provider, "attachSshKey", ref, privateKey), "InvalidRequest")
    },
    { ops: ["attachSshKey"] }
  ),
  machineKeys(
    "a key that was taken out is gone, and taking it out again is success",
    async (bench) => {
      const { ref } = await bench.ready()
      await bench.ok(attempt(bench.provider, "attachSshKey", ref, freshKey))
      const before = await bench.ok(attempt(bench.provider, "machineSshKeys", ref))
      const id = before.items.find(isFresh)?.id ?? ""
      await bench.ok(attempt(bench.provider, "detachSshKey", ref, id))
      await bench.ok(attempt(bench.provider, "detachSshKey", ref, id))
      const after = await bench.ok(attempt(bench.provider, "machineSshKeys", ref))
      check(!after.items.some(isFresh), "the key is still let in")
    },
    { ops: ["attachSshKey", "detachSshKey", "machineSshKeys"] }
  )
]
