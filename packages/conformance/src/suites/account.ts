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

/** Keys, money, images and disks of the account. */
export const accountSuite: ReadonlyArray<Entry> = [
  account(
    "the balance is read from the cloud",
    async (context) => {
      const sent = await context.sent(async () => {
        const { available, observedAt } = await context.ok(attempt(context.provider, "balance"))
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
    async (context) => {
      const { items, complete } = await context.ok(attempt(context.provider, "images"))
      check(complete && items.length > 0, "the list of images is empty or incomplete")
      for (const { id, name } of items) check(id && name, `an image without id or name: ${show({ id, name })}`)
    },
    { ops: ["images"] }
  ),
  account(
    "disks are of this cloud, and reading them changes nothing",
    async (context) => {
      const sent = await context.sent(async () => {
        const { items } = await context.ok(attempt(context.provider, "volumes"))
        for (const { id, provider, pricePerHour } of items) {
          check(id, "a disk has no id")
          same(provider, context.provider.provider, "the cloud of a disk")
          if (pricePerHour) checkMoney(pricePerHour, "the price of a disk")
        }
      })
      check(sent.length > 0, "nothing was asked")
      check(!sent.some(({ mutating }) => mutating), "reading the disks changed something")
    },
    { ops: ["volumes"] }
  ),
  keys(
    "a key that was added is listed, once",
    async (context) => {
      const added = await context.ok(attempt(context.provider, "addSshKey", freshKey, "conformance"))
      const again = await context.ok(attempt(context.provider, "addSshKey", freshKey, "conformance"))
      same(again.id, added.id, "the id of a key that is there already")
      const listing = await context.ok(attempt(context.provider, "sshKeys"))
      check(listing.complete, "the list of keys should be complete")
      same(listing.items.filter(({ id }) => id === added.id).length, 1, "how often the key is listed")
      check(listing.items.filter(isFresh).length <= 1, "the key is there twice")
    },
    { ops: ["addSshKey", "sshKeys"] }
  ),
  keys(
    "a text that is no public key is InvalidRequest, not shown, and sends nothing",
    async (context) => {
      for (const text of [privateKey, "not a key", ""]) {
        const error = await refusedUnsent(context, attempt(context.provider, "addSshKey", text), "InvalidRequest")
        check(leakOf(error, ["b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"]) === null, "the error shows the private key")
      }
    },
    { ops: ["addSshKey"] }
  ),
  keys(
    "a key that was removed is gone, and removing it again is success",
    async (context) => {
      const { id } = await context.ok(attempt(context.provider, "addSshKey", freshKey, "conformance"))
      await context.ok(attempt(context.provider, "removeSshKey", id))
      await context.ok(attempt(context.provider, "removeSshKey", id))
      const listing = await context.ok(attempt(context.provider, "sshKeys"))
      check(!listing.items.some((key) => key.id === id), "the key is still listed")
    },
    { ops: ["addSshKey", "removeSshKey", "sshKeys"] }
  ),
  machineKeys(
    "a key that was let in is listed, once",
    async (context) => {
      const { ref } = await context.ready()
      await context.ok(attempt(context.provider, "attachSshKey", ref, freshKey))
      await context.ok(attempt(context.provider, "attachSshKey", ref, freshKey))
      const listing = await context.ok(attempt(context.provider, "machineSshKeys", ref))
      same(listing.items.filter(isFresh).length, 1, "how often the key is listed")
    },
    { ops: ["attachSshKey", "machineSshKeys"] }
  ),
  machineKeys(
    "a text that is no public key is InvalidRequest and sends nothing",
    async (context) => {
      const { ref } = await context.ready()
      await refusedUnsent(context, attempt(context.provider, "attachSshKey", ref, privateKey), "InvalidRequest")
    },
    { ops: ["attachSshKey"] }
  ),
  machineKeys(
    "a key that was taken out is gone, and taking it out again is success",
    async (context) => {
      const { ref } = await context.ready()
      await context.ok(attempt(context.provider, "attachSshKey", ref, freshKey))
      const before = await context.ok(attempt(context.provider, "machineSshKeys", ref))
      const id = before.items.find(isFresh)?.id ?? ""
      await context.ok(attempt(context.provider, "detachSshKey", ref, id))
      await context.ok(attempt(context.provider, "detachSshKey", ref, id))
      const after = await context.ok(attempt(context.provider, "machineSshKeys", ref))
      check(!after.items.some(isFresh), "the key is still let in")
    },
    { ops: ["attachSshKey", "detachSshKey", "machineSshKeys"] }
  )
]
