import type { LaunchRecord, LaunchSpec, Ledger } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createClock, createVastSimulator, type VastSimulatorOptions } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { makeGpu } from "../client/make-gpu.ts"
import { promised, runner } from "../client/promised.ts"
import { memoryLedger } from "../index.ts"
import { leaseWith } from "../lease/lease.ts"
import { leasePromised } from "../lease/promised.ts"
import { audit } from "../upkeep/audit.ts"
import { sweep } from "../upkeep/sweep.ts"

/** A row of the list of machines. */
export type Row = Record<string, unknown>

/** The same cloud, of which each machine's row is changed, in lists and reads. */
const altered =
  (send: typeof fetch, alter: (row: Row) => void): typeof fetch =>
  async (input, init) => {
    const response = await send(input, init)
    const text = await response.text()
    const { status, headers } = response
    if (!text.includes('"instances"')) return new Response(text === "" ? null : text, { status, headers })
    const body: { readonly instances: Row | ReadonlyArray<Row> | null } = JSON.parse(text)
    for (const row of [body.instances].flat()) if (row) alter(row)
    return new Response(JSON.stringify(body), { status, headers })
  }

/**
 * A simulated Vast on a clock that only the test moves, and leases of its machines.
 *
 * - `during` runs something and moves time until it is over.
 */
export const leaseWorld = (
  options: VastSimulatorOptions & { readonly ledger?: Ledger; readonly alter?: (row: Row) => void } = {}
) => {
  const clock = createClock({ mode: "manual", start: new Date("2026-03-01T15:20:00Z") })
  const simulator = createVastSimulator({ clock, rateLimits: false, ...options })
  const cloud = vast({
    apiKey: simulator.apiKey,
    transport: fetchTransport(altered(simulator.fetch, options.alter ?? (() => {})))
  })
  const ledger = options.ledger ?? memoryLedger()
  let sleeping = 0
  const run = runner({
    now: clock.now,
    monotonic: clock.monotonic,
    sleep: (milliseconds, signal) => {
      sleeping += 1
      return clock.sleep(milliseconds, signal).finally(() => {
        sleeping -= 1
      })
    }
  })
  const effects = makeGpu({ clouds: [cloud], ledger })
  const gpu = promised(
    {
      offers: effects.offers,
      rent: (spec: LaunchSpec) => effects.rent(spec),
      get: effects.get,
      terminate: effects.terminate,
      list: effects.list,
      recover: effects.recover
    },
    run
  )
  const leaseEffect = leaseWith({ rent: effects.rent, terminate: effects.terminate, ledger })
  const lease = leasePromised(leaseEffect, run)
  const providers = Object.values(cloud.kinds)
  const during = async <A>(work: Promise<A>): Promise<A> => {
    let over = false
    const watched = work.finally(() => {
      over = true
    })
    watched.catch(() => {})
    while (!over) await clock.advance(500)
    return watched
  }
  const offers = async () => [...(await during(gpu.offers({ kind: "container", limit: 5 })))]
  const spec = async () => {
    const [offer] = await offers()
    if (!offer) throw new Error("the simulator has no offer")
    return { offer, name: "test", image: "ubuntu:24.04" }
  }
  const alive = () => simulator.machines().filter((machine) => machine.alive)
  const ends = () => simulator.requests().filter(({ method }) => method === "DELETE").length
  return {
    ...{ clock, simulator, cloud, ledger, run, gpu, lease, providers, during, offers, spec, alive, ends },
    effects: { ...effects, lease: leaseEffect },
    /** How many waits are under way. */
    sleeping: () => sleeping,
    sweep: () => during(run(sweep(providers, ledger), undefined)),
    audit: () => during(run(audit(providers, ledger), undefined))
  }
}

/** A launch as a ledger keeps it: of another cloud, long ago, unless it is said otherwise. */
export const launchRecord = (marker: string, more: Partial<LaunchRecord> = {}): LaunchRecord => ({
  ...{ marker, key: null, idempotencyKey: marker, provider: "other", kind: "container", name: "job", offerId: "1" },
  ...{ pricePerHour: null, spec: {}, at: 0, state: "created", instanceId: "9", note: null, leaseUntil: 1 },
  ...{ sentAfter: null, owner: null, fence: 0 },
  ...more
})
