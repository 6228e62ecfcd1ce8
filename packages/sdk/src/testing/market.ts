import {
  type AnyProvider,
  attachMarker,
  type BillingTerms,
  type Cloud,
  defineProvider,
  type GpuError,
  type Kind,
  type LaunchOption,
  type Lifecycle,
  Listing,
  money,
  type Offer,
  type Operations,
  ProviderFault,
  RateLimited,
  splitMarker,
  sshEndpoint
} from "@anygpu/core"
import { makeAccount } from "@anygpu/core/adapter"
import { createClock } from "@anygpu/simulators"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Fate, refusals, said } from "./fates.ts"

export type { Fate } from "./fates.ts"

/** An offer of a made-up cloud. */
export interface Stand {
  readonly id: string
  perHour: string
  readonly fate?: Fate
  readonly bootMs?: number
  readonly more?: Partial<Offer>
  /** What its machine costs, when that is not what the offer says. */
  readonly costs?: string
  gone?: boolean
}

/** A machine of a made-up cloud. */
export interface StandMachine {
  readonly id: string
  readonly label: string
  /** The account that it is on. */
  readonly cloud: CloudScript
  readonly stand: Stand
  readonly at: number
  endedAt: number | null
}

/** A cloud that a test makes up. */
export interface CloudScript {
  readonly name: string
  readonly kind?: Kind
  /** Whose key it is: by the cloud's word `id`, or by the key alone; `name` is what the client calls it. */
  readonly account?: { readonly apiKey: string; readonly id?: string; readonly name?: string }
  readonly stands: ReadonlyArray<Stand>
  /** Before offers are answered. */
  readonly latencyMs?: number
  /** Before a create takes effect, and again before it is answered. */
  readonly createMs?: number
  /** Before an end takes effect. */
  readonly endMs?: number
  /** Before a new machine is in any list. */
  readonly appearMs?: number
  /** Offers cannot be had. */
  offersFail?: GpuError
  /** Some offers cannot be had: those that are gone may be among them. */
  offersMissing?: GpuError
  /** The next so many ends are refused for good. */
  endsFail?: number
  /** Machines cannot be looked for. */
  findFails?: GpuError
  /** Machines cannot be listed. */
  listFails?: GpuError
  /** The delay of a list, of a look by marker, and of a read of the account. */
  listMs?: number
  /** What the account holds, for a cloud that gives it. */
  readonly balance?: string
  /** The next so many reads of a machine are refused: too many requests. */
  readsLimited?: number
  /** What the launch takes besides an image or `os`. */
  readonly takes?: ReadonlyArray<LaunchOption>
  readonly terms?: Partial<BillingTerms>
}

const terms = (perHour: string, more: Partial<BillingTerms> = {}): BillingTerms => ({
  compute: { perHour: money(perHour), stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 },
  ...{ storage: null, traffic: null, upfront: null, accountFloor: null },
  ...more
})

const offerOf = ({ name, kind = "vm", terms: own }: CloudScript, { id, perHour, more }: Stand): Offer => ({
  ...{ id, provider: name, kind, vcpus: 8, memoryMiB: 65_536, minimumBid: null },
  ...{ diskMiB: 102_400, storageMiB: 102_400 },
  gpu: { model: "H100", known: true, vendor: "nvidia", interface: null, count: 1, vramMiB: 81_920 },
  location: { country: "FI", region: null, native: null },
  ...{ pricePerHour: money(perHour), terms: terms(perHour, own), availability: "available", interruptible: false },
  ...{ reliability: null, observedAt: DateTime.makeUnsafe(0), native: null },
  ...more
})

const row = { actions: ["terminate"], billing: "compute", note: "as it says", source: "test" } as const
const lifecycle: Lifecycle<{ state: string }> = {
  domain: { state: ["booting", "up", "broken", "homeless", "ended"] },
  rows: [
    { ...row, when: { state: "booting" }, status: "provisioning" },
    { ...row, when: { state: "up" }, status: "running" },
    { ...row, when: { state: "broken" }, status: "failed", billing: "unknown" },
    { ...row, when: { state: "homeless" }, status: "failed", reason: "no-capacity", billing: "none" },
    { ...row, when: { state: "ended" }, status: "terminated", billing: "none", actions: [] }
  ],
  fallback: { billing: "unknown", actions: [] }
}

const accountOf = (provider: string, { apiKey, id }: NonNullable<CloudScript["account"]>) =>
  makeAccount({ provider, apiKey, ...(id !== undefined && { identify: Effect.succeed(id) }) })

const fault = (message: string) => new ProviderFault({ message, retry: "temporary" })

/** Clouds that a test makes up, on one virtual clock. */
export const market = (...scripts: ReadonlyArray<CloudScript>) => {
  const clock = createClock()
  const machines: StandMachine[] = []
  const creates: string[] = []

  const stateOf = ({ stand, at, endedAt }: StandMachine) => {
    if (endedAt !== null) return "ended"
    if (clock.monotonic() - at < (stand.bootMs ?? 60_000)) return "booting"
    if (stand.fate && said[stand.fate]) return "broken"
    if (stand.fate === "breaks") return "broken"
    if (stand.fate === "no-hardware") return "homeless"
    return stand.fate === "never-boots" ? "booting" : "up"
  }

  const providerOf = (script: CloudScript): AnyProvider => {
    const { name, kind = "vm", stands, latencyMs = 0 } = script
    const listed = (items: ReadonlyArray<StandMachine>) =>
      new Listing({ items, complete: true, observedAt: DateTime.makeUnsafe(clock.monotonic()), problems: [] })
    const mine = () =>
      machines.filter(({ cloud, at }) => cloud === script && clock.monotonic() - at >= (script.appearMs ?? 0))
    const pause = (milliseconds = 0) => (milliseconds > 0 ? Effect.sleep(milliseconds) : Effect.void)
    const answersBalance = (balance: string): Partial<Operations<StandMachine>> => ({
      balance: () => Effect.as(pause(script.listMs), money(balance))
    })
    return defineProvider({
      provider: name,
      kind,
      ...(script.account && { account: accountOf(name, script.account) }),
      launchOptions: [kind === "container" ? "image" : "os", "env", "location", ...(script.takes ?? [])],
      requiredOptions: [],
      lifecycle,
      timing: {
        ...{ pollEvery: "5 seconds", bootWithin: "5 minutes", createWithin: "1 minute" },
        ...{ appearWithin: "30 seconds", terminateWithin: "2 minutes" }
      },
      offers: () =>
        Effect.gen(function* () {
          yield* pause(latencyMs)
          if (script.offersFail) return yield* Effect.fail(script.offersFail)
          const items = stands.filter(({ gone }) => !gone).map((stand) => offerOf(script, stand))
          const { offersMissing: error } = script
          const problems = error ? [{ provider: name, kind, part: "a page", error }] : []
          const observedAt = DateTime.makeUnsafe(clock.monotonic())
          return new Listing({ items, complete: !error, observedAt, problems })
        }),
      prepare: (spec) => Effect.succeed(spec),
      create: (spec, { marker }) =>
        Effect.gen(function* () {
          const stand = stands.find(({ id }) => id === spec.offer.id)
          if (!stand) return yield* fault("no such offer")
          creates.push(`${name}/${stand.id}`)
          yield* pause(script.createMs)
          const refusal = stand.fate && refusals[stand.fate]
          const isMade = !refusal || stand.fate === "answer-lost"
          if (!isMade) return yield* Effect.fail(refusal)
          const id = `${name}-${machines.length + 1}`
          machines.push({
            id,
            label: attachMarker(spec.name, marker, 63),
            cloud: script,
            stand,
            at: clock.monotonic(),
            endedAt: null
          })
          yield* pause(script.createMs)
          return refusal ? yield* Effect.fail(refusal) : id
        }),
      find: (marker) =>
        Effect.suspend(() =>
          script.findFails
            ? Effect.fail(script.findFails)
            : Effect.sync(() => listed(mine().filter(({ label }) => label.endsWith(marker))))
        ).pipe(Effect.delay(script.listMs ?? 0)),
      read: (id) =>
        Effect.suspend(() => {
          if ((script.readsLimited ?? 0) === 0) {
            return Effect.succeed(mine().find((machine) => machine.id === id) ?? null)
          }
          script.readsLimited = (script.readsLimited ?? 0) - 1
          return Effect.fail(new RateLimited({ message: "call less often", retry: "exhausted" }))
        }),
      readAll: () =>
        Effect.suspend(() =>
          script.listFails ? Effect.fail(script.listFails) : Effect.sync(() => listed(mine()))
        ).pipe(Effect.delay(script.listMs ?? 0)),
      describe: (machine: StandMachine) => ({
        ...{ id: machine.id, ...splitMarker(machine.label), gpu: null, vcpus: null, memoryMiB: null, storageMiB: null },
        ...{
          location: { country: null, region: null, native: null },
          pricePerHour: money(machine.stand.costs ?? machine.stand.perHour)
        },
        endpoints: {
          ssh: stateOf(machine) === "up" ? [sshEndpoint("203.0.113.7", 22, "root", "direct")] : [],
          ports: [],
          urls: []
        },
        ...{ interruptible: false, createdAt: null, endsAt: null, native: {} },
        said: (stateOf(machine) === "broken" && machine.stand.fate && said[machine.stand.fate]) || null
      }),
      facts: (machine) => ({ state: stateOf(machine) }),
      destroy: (id) =>
        Effect.gen(function* () {
          yield* pause(script.endMs)
          if ((script.endsFail ?? 0) > 0) {
            script.endsFail = (script.endsFail ?? 0) - 1
            return yield* new ProviderFault({ message: "it cannot be ended", retry: "permanent" })
          }
          const machine = mine().find((one) => one.id === id)
          if (machine) machine.endedAt ??= clock.monotonic()
        }),
      operations: script.balance === undefined ? {} : answersBalance(script.balance)
    })
  }

  const cloudOf = (script: CloudScript): Cloud => ({
    name: script.name,
    ...(script.account?.name !== undefined && { account: script.account.name }),
    kinds: { machines: providerOf(script) },
    native: {}
  })
  const open = () => scripts.map(cloudOf)
  const alive = () => machines.filter(({ endedAt }) => endedAt === null)
  return { clock, clouds: open(), open, machines, creates, alive }
}
