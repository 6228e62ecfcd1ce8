import { createClock } from "../clock.ts"
import { createPast } from "../kit/past.ts"
import { createSimulator, type Site } from "../kit/simulator.ts"
import { owedBy } from "./billing.ts"
import { defaultChoices } from "./choices.ts"
import { endBy, type HuddleEffect } from "./fault.ts"
import { toDollars } from "./money.ts"
import { isAuthorized, respond, templateOf } from "./router.ts"
import { createStrokes } from "./strokes.ts"
import { settle } from "./time.ts"
import { truthIn } from "./truth.ts"
import type { HuddleSimulator, HuddleSimulatorOptions } from "./types.ts"
import { createWorld, restoreWorld, storeWorld, type World } from "./world.ts"

/**
 * Creates a simulated Huddle01 GPU cloud.
 *
 * - Everything happens on virtual time and only when somebody looks: there are no timers, no sockets and no files.
 * - Where the documents are silent, see `Choices` and the docstrings of the routes.
 */
export const createHuddleSimulator = (options: HuddleSimulatorOptions = {}): HuddleSimulator => {
  const form = { timeline: options.timeline ?? {}, choices: { ...defaultChoices, ...options.choices } }
  const stored = options.snapshot === undefined ? undefined : restoreWorld(options.snapshot, form)
  const clock = options.clock ?? createClock(stored === undefined ? {} : { start: new Date(stored.state.at) })
  const { seed = 1, offers = 24, credit = 100 } = options
  const world = stored ?? createWorld({ ...form, seed, offers, credit, now: clock.monotonic() })
  const apiKey = options.apiKey ?? "mk_huddle_sim_0123456789abcdef"
  const origin = new URL(options.origin ?? "https://gpu.huddleapis.com").origin

  const now = () => settle(world, clock.monotonic())
  const past = createPast({
    now: () => world.state.at,
    store: () => storeWorld(world),
    restore: (text) => restoreWorld(text, form),
    settle
  })
  const site: Site<HuddleEffect, World> = {
    ...{ world, past, truthIn },
    withoutMachines: (of) => ({ ...of, state: { ...of.state, deployments: [] } }),
    apiKey,
    origin,
    clock,
    authorized: (incoming) => isAuthorized(world, incoming, apiKey),
    templateOf,
    settle: now,
    answer: (of, incoming) => respond(of, incoming, apiKey),
    endBy,
    faultBody: (status) => ({ code: status === 500 ? "INTERNAL" : `HTTP_${status}`, error: `simulated ${status}` })
  }

  return {
    ...createSimulator(site),
    machines: () => {
      now()
      return world.state.deployments.map((deployment) => ({
        id: deployment.id,
        hostname: deployment.hostname,
        clusterType: deployment.type,
        location: deployment.location,
        state: deployment.state,
        spent: toDollars(deployment.charged),
        accrued: toDollars(owedBy(deployment, world.state.at) - deployment.charged),
        alive: deployment.state !== "deleted" && deployment.state !== "failed_no_capacity",
        running: deployment.state === "running",
        metered: deployment.meteredSince !== null
      }))
    },
    volumes: () => {
      now()
      return world.state.volumes
        .filter(({ status }) => status !== "deleted")
        .map(({ id, name, size, isOs, deployments }) => ({ id, name, size, isOs, deployments: [...deployments] }))
    },
    balance: () => {
      now()
      return toDollars(world.state.credit)
    },
    spent: () => {
      now()
      return toDollars(world.state.deployments.reduce((sum, { charged }) => sum + charged, 0n))
    },
    snapshot: () => {
      now()
      return storeWorld(world)
    },
    ...createStrokes(world, clock)
  }
}
