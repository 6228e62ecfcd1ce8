import { Conflict } from "../../errors.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import type { LaunchOptions, LaunchSpec } from "../../model/launch-spec.ts"
import { launchOptionRows, launchOptions, mapOptions } from "../launch-options.ts"
import { isFields } from "../shape.ts"

const known = (kept: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined))

/**
 * Launch options as the ledger keeps them: what people need to recognise a launch, and nothing that can hold a secret.
 */
export const redactedOptions = (options: Partial<LaunchOptions>): Record<string, unknown> =>
  known(Object.fromEntries(mapOptions(options, (option, { kept }, value) => [option, kept(value)])))

/** The spec as the ledger keeps it: its offer and its options, redacted. */
export const redactedSpec = <P extends string, K extends Kind>(spec: LaunchSpec<P, K>): Record<string, unknown> => {
  const { id, gpu, location, interruptible } = spec.offer
  return known({
    offer: { id, gpu, location, interruptible },
    ...redactedOptions(spec as Partial<LaunchOptions>),
    maxPerHour: spec.maxPerHour
  })
}

/** A launch as far as a key is held to it. */
export type Wish = Pick<LaunchRecord, "key" | "provider" | "kind" | "name" | "spec">

/** One entry of a list as a text: ports as `8000/tcp`, volumes as `data 10240`, those that exist as `vol-1 /data`. */
const entryText = (entry: unknown): string => {
  if (!isFields(entry)) return String(entry)
  const { port, protocol = "tcp", name, sizeMiB, type, id, path } = entry
  return port === undefined
    ? [id, path, name, sizeMiB, type].filter((part) => part !== undefined).join(" ")
    : `${port}/${protocol}`
}

/** A part as it is compared and shown: lists in any order. */
const partText = (value: unknown): string => {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(entryText).sort().join(", ")
  return value === undefined || value === null ? "none" : `"${value}"`
}

/**
 * Why a launch is another one than that which holds its key: another cloud, kind, name, image or other part of it that
 * the ledger keeps is a mistake that must not be passed over. Null when the ledger shows no difference.
 *
 * - Limits and bids are not held to the key, nor is who may log in: they do not make another machine.
 */
export const differenceOf = (held: Wish, asked: Wish): Conflict | null => {
  const own = (["provider", "kind", "name"] as const).map((field) => [field, `"${held[field]}"`, `"${asked[field]}"`])
  const kept = launchOptions.flatMap((option) => {
    const { heldTo } = launchOptionRows[option]
    return heldTo === null ? [] : [[heldTo, ...[held, asked].map(({ spec }) => partText(spec[option]))]]
  })
  const differs = [...own, ...kept].find(([, before, now]) => before !== now)
  if (!differs) return null
  const [what, before, now] = differs
  return usedOtherwise(asked.key, `${what} ${before}, not ${now}`)
}

/** The error for a key that names another launch, which differs in this. */
export const usedOtherwise = (key: string | null, difference: string): Conflict =>
  new Conflict({
    message:
      `The key "${key}" was used for another launch (${difference}): nothing was sent; use a key of its own for each ` +
      "launch",
    retry: "permanent"
  })

/** What lets a key go whose launch came to nothing. */
export const freed = { state: "refused", note: "no machine came of it; its key is free again" } as const

/** The error for a key whose launch may have made a machine that has ended by itself since: one key never pays twice. */
export const lapsedBy = ({ key, leaseUntil }: LaunchRecord): Conflict =>
  new Conflict({
    message:
      `The launch with the key "${key}" may have made a machine, which has ended by itself after ` +
      `${new Date(leaseUntil ?? 0).toISOString()}, before anybody could look: nothing was sent; launch with another key`,
    retry: "permanent"
  })
