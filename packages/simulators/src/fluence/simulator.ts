import { createClock } from "../clock.ts"
import { createPast } from "../kit/past.ts"
import { settled } from "../kit/settled.ts"
import { createSimulator, type Site } from "../kit/simulator.ts"
import { endBy, type FluenceEffect } from "./fault.ts"
import { accountKey } from "./keys.ts"
import type { CpuMachine, Instance } from "./machine.ts"
import { toDollars } from "./money.ts"
import { answer, isAuthorized, templateOf } from "./router.ts"
import { createStrokes } from "./strokes.ts"
import { settle } from "./time.ts"
import { truthIn } from "./truth.ts"
import type { FluenceMachineRecord, FluenceSimulator, FluenceSimulatorOptions } from "./types.ts"
import { createWorld, restoreWorld, storeWorld, type World } from "./world.ts"

const recordOf = (machine: Instance | CpuMachine): FluenceMachineRecord => ({
  id: machine.id,
  kind: "kind" in machine ? machine.kind : "cpu-vm",
  name: machine.name,
  status: machine.status,
  planId: "kind" in machine ? machine.planId : machine.offerId,
  spent: toDollars(machine.spent),
  reserved: toDollars(machine.reserved),
  alive: !machine.over
})

/**
 * Creates a simulated Fluence: the GPU family, the CPU family with its v2 and v3, and the account's SSH keys.
 *
 * - Everything happens on virtual time and only when somebody looks: there are no timers, no sockets and no files.
 * - The newer API of CPU machines (`/v2/vms`, `/v1/*`), balances and API keys aren't simulated.
 */
export const createFluenceSimulator = (options: FluenceSimulatorOptions = {}): FluenceSimulator => {
  const stored = options.snapshot === undefined ? undefined : restoreWorld(options.snapshot, options.boot ?? {})
  const clock = options.clock ?? createClock(stored === undefined ? {} : { start: new Date(stored.state.at) })
  const keyOf = (line: string, index: number) => {
    const key = accountKey(`key-${index + 1}`, line, clock.monotonic())
    if (key === undefined) throw new Error(`Not a public key: ${line}`)
    return key
  }
  const world =
    stored ??
    createWorld({
      seed: options.seed ?? 1,
      credit: options.credit ?? 100,
      keys: (options.sshKeys ?? []).map(keyOf),
      timeline: options.boot ?? {},
      now: clock.monotonic()
    })
  const apiKey = options.apiKey ?? "fluence-sim-key-0123456789abcdef"
  const now = () => settle(world, clock.monotonic())
  const past = createPast({
    now: () => world.state.at,
    store: () => storeWorld(world),
    restore: (text) => restoreWorld(text, world.timeline),
    settle
  })
  const site: Site<FluenceEffect, World> = {
    ...{ world, past, truthIn },
    withoutMachines: (of) => ({ ...of, state: { ...of.state, instances: [], cpus: [] } }),
    apiKey,
    clock,
    origin: new URL(options.origin ?? "https://api.fluence.dev").origin,
    authorized: (incoming) => isAuthorized(incoming, apiKey),
    templateOf,
    settle: now,
    answer: (of, incoming) => answer(of, incoming, apiKey),
    endBy,
    faultBody: (status) => ({ error: `simulated ${status}` })
  }
  const at = settled(now)
  const everything = () => [...world.state.instances, ...world.state.cpus]
  return {
    ...createSimulator(site),
    machines: at(() => everything().map(recordOf)),
    balance: at(() => toDollars(world.state.credit)),
    spent: at(() => toDollars(everything().reduce((sum, { spent }) => sum + spent, 0n))),
    snapshot: at(() => storeWorld(world)),
    ...createStrokes(world, at)
  }
}
