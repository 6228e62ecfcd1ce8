import { createClock } from "../clock.ts"
import { createPast } from "../kit/past.ts"
import { createSimulator, type Site } from "../kit/simulator.ts"
import { endBy, type VastEffect } from "./fault.ts"
import { spentOn, toDollars } from "./money.ts"
import { answer, isAuthorized, templateOf } from "./router.ts"
import { logOrigin } from "./routes/logs.ts"
import { createStrokes } from "./strokes.ts"
import { settle } from "./time.ts"
import { truthIn } from "./truth.ts"
import type { VastSimulator, VastSimulatorOptions } from "./types.ts"
import { createWorld, restoreWorld, storeWorld, type World } from "./world.ts"

const usualKey = "vast-sim-key-0123456789abcdef"

/** The id of the documents' example for the usual key, another one for each other key. */
const userIdOf = (apiKey: string): number =>
  apiKey === usualKey
    ? 123_456
    : 200_000 + [...apiKey].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 700_001, 7)

/**
 * Creates a simulated Vast.ai.
 *
 * - Everything happens on virtual time and only when somebody looks: there are no timers, no sockets and no files.
 * - Bandwidth, what volumes cost, teams, webhooks and reserved discounts aren't simulated.
 */
export const createVastSimulator = (options: VastSimulatorOptions = {}): VastSimulator => {
  const stored = options.snapshot === undefined ? undefined : restoreWorld(options.snapshot, options.boot ?? {})
  const clock = options.clock ?? createClock(stored === undefined ? {} : { start: new Date(stored.state.at) })
  const world =
    stored ??
    createWorld({
      seed: options.seed ?? 1,
      offers: options.offers ?? 60,
      credit: options.credit ?? 25,
      sshKeys: options.sshKeys ?? [],
      boot: options.boot ?? {},
      now: clock.monotonic()
    })
  const apiKey = options.apiKey ?? usualKey
  const userId = options.userId ?? userIdOf(apiKey)
  const origin = new URL(options.origin ?? "https://console.vast.ai").origin
  const { rateLimits = true, v0ListRetired = false } = options
  const now = () => settle(world, clock.monotonic())
  const past = createPast({
    now: () => world.state.at,
    store: () => storeWorld(world),
    restore: (stored) => restoreWorld(stored, world.boot),
    settle
  })
  const site: Site<VastEffect, World> = {
    ...{ world, past, truthIn },
    withoutMachines: (of) => ({ ...of, state: { ...of.state, machines: [] } }),
    apiKey,
    origin,
    clock,
    otherOrigins: [logOrigin],
    authorized: (incoming) => isAuthorized(incoming, apiKey),
    templateOf,
    settle: now,
    answer: (of, incoming) => answer(of, incoming, { apiKey, userId, rateLimits, v0ListRetired }),
    endBy: (effect, incoming, act) => endBy(world, effect, incoming, act),
    faultBody: (status) => ({ success: false, msg: `simulated ${status}` })
  }

  return {
    ...createSimulator(site),
    machines: () => {
      now()
      return world.state.machines.map((machine) => ({
        id: machine.id,
        label: machine.label,
        offerId: machine.offerId,
        actualStatus: machine.status.actual,
        isBid: machine.isBid,
        spent: spentOn(machine),
        alive: machine.destroyedAt === null
      }))
    },
    balance: () => {
      now()
      return toDollars(world.state.credit)
    },
    spent: () => {
      now()
      return toDollars(world.state.machines.reduce((sum, { meter }) => sum + meter.gpu + meter.storage, 0n))
    },
    snapshot: () => {
      now()
      return storeWorld(world)
    },
    ...createStrokes(world, clock)
  }
}
