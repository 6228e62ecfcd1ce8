import {
  type BillingLook,
  type HistoryQuery,
  InstanceRef,
  type Kind,
  type Money,
  type RunAttempt,
  type RunQuery,
  type RunRecord
} from "@anygpu/core"
import type { Chance } from "./random.ts"

/** The ids of machines that meet in one ledger. */
export const ids = ["1", "2", "3 é/x"] as const

/** What was asked, with all that JSON can hold. */
export const specs = [
  {},
  { image: "pytorch", env: ["TOKEN"] },
  { endsItself: true },
  { "": null, deep: [{ é: 1.5 }, [[]]], left: undefined }
] as const

/** The few providers and kinds whose machines meet in one ledger. */
export const places: readonly [readonly [string, Kind], ...(readonly [string, Kind])[]] = [
  ["north", "container"],
  ["north", "vm"],
  ["south", "vm"]
]

/** What launches are for. */
export const tags = [undefined, {}, { team: "nlp" }, { team: "é x", "a/b": "1" }] as const

/** A machine. */
export const refIn = (chance: Chance): InstanceRef => {
  const [provider, kind] = chance.pick(places)
  return new InstanceRef(provider, kind, chance.pick(ids))
}

/** An amount. */
export const amountIn = (chance: Chance): Money => ({
  micros: chance.below(10),
  currency: chance.once(4) ? "USDC" : "USD"
})

/** A look at what a machine costs. */
export const lookIn = (chance: Chance): BillingLook => ({
  ref: refIn(chance),
  billing: chance.pick(["compute", "storage", "none", "unknown"]),
  pricePerHour: chance.once(4) ? null : amountIn(chance),
  gpu: chance.once(3)
    ? null
    : { model: "RTX é", known: false, vendor: "nvidia", count: 2, vramMiB: null, interface: null },
  launchedAt: chance.once(2) ? null : chance.below(6)
})

/** What of the history is asked for. */
export const historyQueryIn = (chance: Chance): HistoryQuery => ({
  ...(chance.once(3) && { from: chance.below(4) * 400_000 }),
  ...(chance.once(3) && { to: chance.below(4) * 400_000 }),
  ...(chance.once(4) && { refs: Array.from({ length: chance.below(3) }, () => refIn(chance)) })
})

/** A run as a ledger keeps it, that has not begun. */
export const runRecord = (id: string, more: Partial<RunRecord> = {}): RunRecord => ({
  ...{ id, key: `key-${id}`, by: "me@laptop", command: "python train.py", at: 1000, plan: { upload: "/work" } },
  ...{ state: "open", isStopAsked: false, attempts: [], version: 0 },
  ...more
})

const attemptIn = (chance: Chance, number: number): RunAttempt => ({
  ...{ number, at: chance.below(9), job: `job-${number}`, out: chance.below(9), err: chance.below(9) },
  state: chance.pick(["launching", "running", "over"]),
  ref: chance.pick([null, "vast/container/1", "vast/container/3 é%2Fx"]),
  pricePerHour: chance.once(2) ? amountIn(chance) : null,
  code: chance.pick([null, 0, 255]),
  oomKills: chance.pick([null, 0, 2]),
  startedAt: chance.pick([null, 4]),
  end: chance.pick([null, "exited", "lost"]),
  endedAt: chance.pick([null, 7]),
  spent: chance.some([amountIn(chance), amountIn(chance)]),
  note: chance.pick([null, "", "é '\""])
})

/** A run, however far it is. */
export const runIn = (chance: Chance): RunRecord =>
  runRecord(chance.pick(["r", "s"]), {
    ...{ key: chance.pick(["k", "l", "m"]), at: chance.below(6), version: chance.below(3), plan: chance.pick(specs) },
    state: chance.pick(["open", "over"]),
    isStopAsked: chance.once(2),
    attempts: Array.from({ length: chance.below(3) }, (_, index) => attemptIn(chance, index + 1))
  })

/** Which runs are asked for. */
export const runQueryIn = (chance: Chance): RunQuery => ({
  ...(chance.once(3) && { id: "r" }),
  ...(chance.once(3) && { key: "k" }),
  ...(chance.once(3) && { state: chance.pick(["open", "over"] as const) })
})
