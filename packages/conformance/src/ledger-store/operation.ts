import type {
  EndClaimOptions,
  EndFence,
  KeeperRecord,
  LaunchQuery,
  LaunchRecord,
  LaunchState,
  Ledger,
  Outcome,
  Reservation
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { type Operation, operation } from "./call.ts"
import { allOrders, orderOperations } from "./orders.ts"
import { marketQueryIn, pricedOffer, priceLooksIn, priceQueryIn } from "./prices.ts"
import type { Chance } from "./random.ts"
import { amountIn, historyQueryIn, ids, lookIn, places, refIn, runIn, runQueryIn, specs, tags } from "./values.ts"

const states: readonly [LaunchState, ...LaunchState[]] = ["open", "created", "refused", "absent", "lapsed", "unsettled"]
const markers = ["a", "b", "c", "d"] as const
const budgets = ["team", "agents"] as const
const owners = [null, "me", "you"] as const
const named = ["keys=a", "id=1 keys=a", "id=1 keys=b", "id=2 keys=c"] as const
const accounts = [undefined, ...named] as const
const ends = [null, 0, 3, 1_800_000_000_000] as const
/** A launch as a ledger keeps it, with something in every field that can have something. */
export const launchRecord = (marker: string, more: Partial<LaunchRecord> = {}): LaunchRecord => ({
  ...{ marker, key: null, idempotencyKey: `idem-${marker}`, provider: "north", kind: "container", name: "job" },
  ...{ offerId: "42", pricePerHour: { micros: 402_074, currency: "USD" }, spec: { image: "pytorch" }, at: 1000 },
  ...{ state: "open", instanceId: null, note: null, leaseUntil: null, sentAfter: null, owner: null, fence: 0 },
  ...more
})

const launchIn = (chance: Chance): LaunchRecord => {
  const [provider, kind] = chance.pick(places)
  const at = chance.below(6)
  const account = chance.pick(accounts)
  const [ownedBy, tagged] = [chance.pick([undefined, "ann", "é x"]), chance.pick(tags)]
  return launchRecord(chance.pick(markers), {
    ...(chance.once(2) && { monotonicAt: chance.below(100) }),
    ...(account !== undefined && { account }),
    ...(chance.once(3) && { accountName: "team é" }),
    ...(tagged !== undefined && { tags: tagged }),
    ...(ownedBy !== undefined && { ownedBy }),
    ...{ provider, kind, at, key: chance.pick([null, "k", "l"]), state: chance.pick(states) },
    ...{ spec: chance.pick(specs), leaseUntil: chance.pick(ends), owner: chance.pick(owners), fence: chance.below(4) },
    pricePerHour: at > 2 ? null : { micros: at, currency: "USDC" }
  })
}

const outcomeIn = (chance: Chance): Outcome => {
  const by = chance.pick(owners)
  return {
    state: chance.pick(states),
    ...(by !== null && { by }),
    ...(chance.once(2) && { fence: chance.below(4) }),
    ...(!chance.once(3) && { instanceId: chance.pick(ids) }),
    ...(chance.once(2) && { note: chance.pick(["", "sold out", "é \u0000 '\""]) }),
    ...(chance.once(4) && { at: chance.below(9) })
  }
}

const reservationIn = (chance: Chance, name: string = chance.pick(budgets)): Reservation => ({
  budget: {
    name,
    ...(chance.once(2) && { perHour: amountIn(chance) }),
    ...(chance.once(3) && { perDay: { micros: chance.below(400), currency: "USD" as const } }),
    ...(chance.once(3) && { perMonth: { micros: chance.below(9000), currency: "USD" as const } }),
    ...(chance.once(2) && { total: amountIn(chance) })
  },
  cost: {
    perHour: chance.once(8) ? null : amountIn(chance),
    total: chance.once(8) ? null : amountIn(chance)
  }
})

const queryIn = (chance: Chance): LaunchQuery => ({
  ...(chance.once(3) && { states: chance.some(states) }),
  ...(chance.once(4) && { provider: "north" }),
  ...(chance.once(4) && { kind: "vm" as const }),
  ...(chance.once(4) && { key: "k" }),
  ...(chance.once(4) && { marker: chance.pick(markers) }),
  ...(chance.once(4) && { instanceId: chance.pick(ids) }),
  ...(chance.once(4) && { leased: chance.once(2) }),
  ...(chance.once(4) && { endsBefore: chance.pick([0, 1, 4]) }),
  ...(chance.once(4) && { owned: chance.once(2) })
})

/** Over at once, or not for as long as a test takes: nothing depends on how quick it is. */
const spans = [0, 3_600_000] as const

const claimIn = (chance: Chance): EndClaimOptions => ({
  ...{ by: chance.pick(["a", "b é"]), lasts: chance.pick(spans) },
  ...(chance.once(2) && { anyTime: chance.once(2) })
})

const fenceIn = (chance: Chance): EndFence => ({ marker: chance.pick(markers), fence: 1 + chance.below(3) })

const keeperIn = (chance: Chance): KeeperRecord => ({
  ...{ id: chance.pick(["k1", "k2", "K3 é"]), host: chance.pick(["a", "b"]), since: chance.below(9) },
  places: chance.some(["north/vm", "south/vm"])
})

/** Makes each call that a ledger has, with what it is called with. */
const calls: Readonly<Record<keyof Ledger, (chance: Chance) => Operation>> = {
  openLaunch: (chance) => {
    const reservations = chance.some(budgets).map((name) => reservationIn(chance, name))
    return operation("openLaunch", [launchIn(chance), ...reservations] as const, (ledger, args) =>
      ledger.openLaunch(...args)
    )
  },
  recommit: (chance) =>
    operation("recommit", [chance.pick(markers), reservationIn(chance)] as const, (ledger, args) =>
      ledger.recommit(...args)
    ),
  commitments: (chance) =>
    operation("commitments", [chance.pick(budgets)] as const, (ledger, args) => ledger.commitments(...args)),
  claimLaunch: (chance) =>
    operation("claimLaunch", [chance.pick(markers), chance.below(4), chance.below(6)] as const, (ledger, args) =>
      ledger.claimLaunch(...args)
    ),
  settleLaunch: (chance) =>
    operation("settleLaunch", [chance.pick(markers), outcomeIn(chance)] as const, (ledger, args) =>
      ledger.settleLaunch(...args)
    ),
  renewLease: (chance) =>
    operation("renewLease", [chance.pick(markers), chance.pick([...ends, 1.5, Number.NaN])] as const, (ledger, args) =>
      ledger.renewLease(...args)
    ),
  launches: (chance) => operation("launches", [queryIn(chance)] as const, (ledger, args) => ledger.launches(...args)),
  intend: (chance) => {
    const intent = { action: chance.pick(["start", "restart", "stop", "terminate"] as const), at: chance.below(6) }
    const claim = chance.once(3) ? [fenceIn(chance)] : []
    return operation("intend", [refIn(chance), chance.once(5) ? null : intent, ...claim] as const, (ledger, args) =>
      ledger.intend(...args)
    )
  },
  // Two clocks never show the same: that a ledger has one is all that can be compared.
  now: () => operation("now", [] as const, (ledger) => Effect.map(ledger.now(), Number.isSafeInteger)),
  claimEnd: (chance) =>
    operation("claimEnd", [chance.pick(markers), claimIn(chance)] as const, (ledger, args) => ledger.claimEnd(...args)),
  confirmEnd: (chance) =>
    operation("confirmEnd", [fenceIn(chance), chance.pick(spans)] as const, (ledger, args) =>
      ledger.confirmEnd(...args)
    ),
  settleEnd: (chance) =>
    operation("settleEnd", [fenceIn(chance)] as const, (ledger, args) => ledger.settleEnd(...args)),
  announceKeeper: (chance) =>
    operation("announceKeeper", [keeperIn(chance), chance.pick(spans)] as const, (ledger, args) =>
      ledger.announceKeeper(...args)
    ),
  keepers: () => operation("keepers", [] as const, (ledger) => ledger.keepers()),
  seen: (chance) => {
    const refs = Array.from({ length: chance.below(4) }, () => refIn(chance))
    return operation("seen", [refs, chance.below(6), chance.pick(accounts)] as const, (ledger, [some, at, account]) =>
      account === undefined ? ledger.seen(some, at) : ledger.seen(some, at, account)
    )
  },
  billed: (chance) => {
    const looks = Array.from({ length: 1 + chance.below(2) }, () => lookIn(chance))
    return operation("billed", [looks, chance.below(4) * 400_000] as const, (ledger, args) => ledger.billed(...args))
  },
  history: (chance) =>
    operation("history", [historyQueryIn(chance)] as const, (ledger, args) => ledger.history(...args)),
  named: (chance) =>
    operation("named", [refIn(chance), chance.pick(["a", "b é"])] as const, (ledger, args) => ledger.named(...args)),
  keepHostKey: (chance) =>
    operation(
      "keepHostKey",
      [refIn(chance), chance.pick([null, "ssh-ed25519 AAAA", "ssh-rsa é"])] as const,
      (ledger, args) => ledger.keepHostKey(...args)
    ),
  gone: (chance) =>
    operation("gone", [refIn(chance), chance.below(6)] as const, (ledger, args) => ledger.gone(...args)),
  machines: (chance) => operation("machines", chance.pick(places), (ledger, args) => ledger.machines(...args)),
  machine: (chance) => operation("machine", [refIn(chance)] as const, (ledger, args) => ledger.machine(...args)),
  failed: (chance) =>
    operation("failed", [chance.pick(["h1", "h2", "h3"]), chance.below(20_000_000)] as const, (ledger, args) =>
      ledger.failed(...args)
    ),
  nameAccount: (chance) =>
    operation(
      "nameAccount",
      [chance.pick(["north", "south"]), chance.pick(["team", "é"]), chance.pick(named)] as const,
      (ledger, args) => ledger.nameAccount(...args)
    ),
  failures: () => operation("failures", [] as const, (ledger) => ledger.failures()),
  openRun: (chance) => operation("openRun", [runIn(chance)] as const, (ledger, args) => ledger.openRun(...args)),
  changeRun: (chance) => operation("changeRun", [runIn(chance)] as const, (ledger, args) => ledger.changeRun(...args)),
  runs: (chance) => operation("runs", [runQueryIn(chance)] as const, (ledger, args) => ledger.runs(...args)),
  ...orderOperations,
  recordPrices: (chance) =>
    operation("recordPrices", priceLooksIn(chance), (ledger, args) => ledger.recordPrices(...args)),
  priceChanges: (chance) =>
    operation("priceChanges", [priceQueryIn(chance)] as const, (ledger, args) => ledger.priceChanges(...args)),
  marketHours: (chance) =>
    operation("marketHours", [marketQueryIn(chance)] as const, (ledger, args) => ledger.marketHours(...args))
}

/** What a launch goes through comes twice as often: it has the most rules. Of prices only several looks show anything. */
const names = [
  ...Object.values(calls),
  ...[calls.openLaunch, calls.settleLaunch, calls.recordPrices, calls.openOrder, calls.claimOrder, calls.settleOrder]
]

/** So many calls, the same for the same seed. */
export const operationsOf = (chance: Chance, count: number): ReadonlyArray<Operation> =>
  Array.from({ length: count }, () => (names[chance.below(names.length)] ?? calls.launches)(chance))

/** Reads all that a ledger has. */
export const everything: ReadonlyArray<Operation> = [
  operation("launches", [] as const, (ledger) => ledger.launches()),
  operation("failures", [] as const, (ledger) => ledger.failures()),
  operation("runs", [] as const, (ledger) => ledger.runs()),
  allOrders,
  operation("history", [] as const, (ledger) => ledger.history()),
  ...places.map((place) => operation("machines", place, (ledger, args) => ledger.machines(...args))),
  ...budgets.map((name) => operation("commitments", [name] as const, (ledger, args) => ledger.commitments(...args))),
  operation("keepers", [] as const, (ledger) => ledger.keepers()),
  ...markers.flatMap((marker) =>
    [1, 2].map((fence) =>
      operation("confirmEnd", [{ marker, fence }, 0] as const, (ledger, args) => ledger.confirmEnd(...args))
    )
  ),
  operation("marketHours", [] as const, (ledger) => ledger.marketHours()),
  operation("priceChanges", [pricedOffer] as const, (ledger, args) => ledger.priceChanges(...args))
]
