import { ok, type Reply } from "../kit/http.ts"
import { publicKeyIn } from "../kit/public-key.ts"
import { type Call, type FluenceRoute, failed } from "./http.ts"
import { toDecimal } from "./money.ts"
import { expanded } from "./stamp.ts"
import type { AccountKey } from "./world.ts"

/** A key of the account from its line; undefined when the line is no public key. */
export const accountKey = (name: string, line: string, createdAt: number): AccountKey | undefined => {
  const fingerprint = publicKeyIn(line)?.fingerprint
  return fingerprint === undefined ? undefined : { name, publicKey: line.trim(), fingerprint, createdAt }
}

const shared = ({ name, publicKey, fingerprint }: AccountKey) => {
  const key = publicKeyIn(publicKey)
  return { active: true, algorithm: key?.type ?? "", comment: key?.comment ?? "", fingerprint, name }
}

/** A key in the list: `publicKey` and a time. Source: Fluence docs, List SSH keys. */
const listRow = (key: AccountKey) => ({
  ...shared(key),
  publicKey: key.publicKey,
  createdAt: expanded(key.createdAt)
})

/** A key as it was added: `public_key` and no time. Source: Fluence docs, Add an SSH key. */
const addedRow = (key: AccountKey) => ({ ...shared(key), public_key: key.publicKey })

/** POST: 201 for a new key, 200 with the one that is there. What is no key is a 400: undocumented. Source: as above. */
const add = ({ world: { state }, body }: Call): Reply => {
  const { name, publicKey } = body
  if (typeof name !== "string" || typeof publicKey !== "string") return failed(400, "name and publicKey are required")
  const key = accountKey(name, publicKey, state.at)
  if (key === undefined) return failed(400, "Invalid public key")
  const existing = state.keys.find(({ fingerprint }) => fingerprint === key.fingerprint)
  if (existing !== undefined) return ok(addedRow(existing))
  state.keys.push(key)
  return { status: 201, json: addedRow(key) }
}

/** DELETE by fingerprint. The body of the answer, and what an unknown one gives, are undocumented. Source: Fluence docs, Delete an SSH key. */
const remove = ({ world: { state }, body }: Call): Reply => {
  const left = state.keys.filter(({ fingerprint }) => fingerprint !== body.fingerprint)
  if (left.length === state.keys.length) return failed(404, "SSH key not found")
  state.keys = left
  return { status: 200 }
}

/**
 * The account's money as an entry of its balances; that there is one, and a bare list around it, is undocumented. Source:
 * Fluence API, OpenAPI 0.10, users.
 */
const balances = ({ world: { state } }: Call): Reply => {
  const zero = "0"
  return ok([
    {
      ...{ balance: toDecimal(state.credit), estimatedUsage: zero, overage: zero, totalDepositedAmount: zero },
      ...{ usage: zero, usageDaysLeft: null, userId: "9ba32273-49e6-4655-b193-b29f61752c2f" }
    }
  ])
}

/** The SSH keys of the account, and its money. */
export const keyRoutes: readonly FluenceRoute[] = [
  { method: "GET", path: "/ssh_keys", handler: ({ world }) => ok(world.state.keys.map(listRow)) },
  { method: "POST", path: "/ssh_keys", handler: add },
  { method: "DELETE", path: "/ssh_keys", handler: remove },
  { method: "GET", path: "/v2/users/balances", handler: balances }
]
