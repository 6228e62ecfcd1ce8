import type { Entry, EntryOf } from "../../src/protocol/index.ts"
import { accounts } from "./accounts.ts"

const iso = (at: number): string => new Date(at).toISOString()

const usd = (amount: string) => ({ amount, currency: "USD" as const })

/** Each cloud's own age; one that failed is older, and says why. */
const placesOf = (now: number, failing: string | null): ReadonlyArray<EntryOf<"place">> =>
  accounts.flatMap(({ name, kinds }, cloud) =>
    kinds.map(({ kind }): EntryOf<"place"> => {
      const failed = name === failing
      return {
        ...{ key: `place/${name}/${kind}`, is: "place", provider: name, kind, askedAt: iso(now - 4000) },
        ...{ state: failed ? "failed" : "answered", answeredAt: iso(now - (failed ? 780_000 : 3000 + cloud * 2000)) },
        error: failed
          ? {
              tag: "Network",
              message: `${name} does not answer: the connection timed out after 10s.`,
              exitCode: 10,
              problems: []
            }
          : null,
        problems: []
      }
    })
  )

const launches = (now: number): ReadonlyArray<EntryOf<"launch">> => {
  const all = [
    ["sweep-07", "vast", "container", "created", null, "vast/container/48000005", 3],
    ["sweep-07", "runpod", "container", "refused", "no capacity: all machines of this offer are taken", null, 4],
    ["sweep-07", "fluence", "vm", "refused", "no capacity", null, 5],
    ["notebook", "huddle", "vm", "created", null, "huddle/vm/dep_911fee02", 36],
    ["eval-llama", "runpod", "container", "created", null, "runpod/container/48000001", 114],
    ["trainer", "vast", "container", "absent", "the answer was lost, and no machine came of it", null, 345],
    ["trainer", "vast", "container", "created", null, "vast/container/48000000", 339]
  ] as const
  return all.map(([name, provider, kind, state, note, ref, minutes], index) => ({
    ...{
      key: `launch/ag${index}`,
      is: "launch",
      ref,
      owner: "ada@lab",
      tags: { team: "nlp" },
      pricePerHour: usd("0.4217")
    },
    launch: {
      ...{ marker: `ag${index}`, key: name === "sweep-07" ? "sweep-07" : null, name, provider, kind, state, note },
      ...{ offer: `${provider}/${kind}/2100${index}`, at: iso(now - minutes * 60_000), until: null }
    }
  }))
}

const sum = (amount: string) => ({ cost: [usd(amount)], paidSeconds: 3600, unobservedSeconds: 0, unpricedSeconds: 0 })

/** Everything but machines. */
export const otherEntries = (now: number, failing: string | null, budget: boolean): ReadonlyArray<Entry> => [
  { key: "ledger", is: "ledger", state: "read", readAt: iso(now), error: null },
  { key: "spent", is: "spent", at: iso(now), today: sum("61.384"), month: sum("847.21") },
  ...(budget
    ? [
        {
          ...{
            key: "budget/team",
            is: "budget" as const,
            name: "team",
            limits: { perDay: usd("150"), perMonth: usd("3000") }
          },
          ...{ perHour: usd("13.1"), today: usd("96.4"), month: usd("981.4"), total: null }
        }
      ]
    : []),
  {
    ...{ key: "keeper/k1", is: "keeper", id: "k1", host: "build-01", since: iso(now - 93_600_000) },
    places: ["vast/container", "runpod/container", "fluence/vm"]
  },
  ...placesOf(now, failing),
  ...launches(now),
  ...accounts.map(
    ({ name }, index): EntryOf<"balance"> => ({
      ...{ key: `balance/${name}`, is: "balance", account: null, provider: name, observedAt: iso(now), error: null },
      available: name === "lambda" || name === "shadeform" ? null : usd(String(40 + index * 37.5))
    })
  )
]
