import {
  createClock,
  createFluenceSimulator,
  createHuddleSimulator,
  createVastSimulator,
  type VirtualClock
} from "@anygpu/simulators"
import { publicKey } from "./market.ts"
import type { Scenario } from "./scenario.ts"
import type { Clouds } from "./strokes.ts"

const second = 1000

/** Virtual time in whole seconds: no cloud documents what a part of one costs. */
export const createTime = ({ seed }: Scenario): VirtualClock => {
  const clock = createClock({ start: new Date(Date.UTC(2026, 0, 1, seed % 24, (seed * 7) % 60)) })
  return {
    ...clock,
    sleep: (ms, signal) => {
      const due = Math.ceil((clock.now() + Math.max(0, ms)) / second) * second
      return clock.sleep(due - clock.now(), signal)
    }
  }
}

const times = (pace: number) => ({
  vast: {
    ...{ provisioning: pace, created: pace, loading: 3 * pace, stopping: 8, starting: pace, resuming: pace },
    ...{ rebooting: 15, logs: 4 }
  },
  fluence: {
    ...{ provisioning: 4 * pace, network: 8, starting: pace, updating: 15, ending: 5, launching: 4 * pace },
    ...{ listing: 3, stopping: 10, leaving: 60 }
  },
  huddle: { ordered: pace, provisioning: 4 * pace, stopping: 20, starting: 2 * pace, deleting: 30, listing: 600 }
})

const inMillis = (phases: Readonly<Record<string, number>>) => ({
  jitter: 0,
  ...Object.fromEntries(Object.entries(phases).map(([name, seconds]) => [name, seconds * second]))
})

/** One machine of somebody else on each account, whose name is like that of a job. */
export const addStrangers = ({ vast, fluence, huddle }: Clouds): ReadonlySet<string> =>
  new Set([
    String(vast.addMachine({ label: "j1x" })),
    fluence.addMachine({ name: "j1x" }),
    huddle.addMachine({ hostname: "j1x" })
  ])

export const createClouds = ({ seed, pace }: Scenario, clock: VirtualClock): Clouds => {
  const { vast, fluence, huddle } = times(pace)
  const common = { clock, seed, credit: 1_000_000 }
  return {
    vast: createVastSimulator({ ...common, offers: 40, timeline: inMillis(vast), sshKeys: [publicKey] }),
    fluence: createFluenceSimulator({ ...common, timeline: inMillis(fluence) }),
    huddle: createHuddleSimulator({ ...common, offers: 6, timeline: inMillis(huddle) })
  }
}
