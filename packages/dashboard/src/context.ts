import type { CloudSetup, OperationContext } from "@anygpu/operations"
import { unattended } from "@anygpu/operations"
import { check } from "@anygpu/operations/run"
import { connect, loginInLedger, type RunPromises } from "@anygpu/ssh"
import { type Cloud, createGpu, type GpuClient, type Ledger, memoryLedger, type PlainClock } from "anygpu"
import { realTimers } from "./timers.ts"

/** What operations work with in a program of one's own: clouds and a ledger that it has opened. */
export interface OwnParts {
  readonly clouds: ReadonlyArray<Cloud>
  readonly ledger: Ledger
  readonly gpu: GpuClient
  readonly runs: RunPromises
  readonly clock: PlainClock | undefined
}

/** How long a machine that is just starting may take to let somebody in. */
const loginPatience = "5 minutes"

/** One cloud that a program has opened: the transport is its own, so that nothing can be said of what passes there. */
const setupOf = (cloud: Cloud, clock: PlainClock | undefined): CloudSetup => ({
  name: cloud.name,
  key: check(cloud.name, "key", "ok", "of the program"),
  open: async () => createGpu({ clouds: [cloud], ledger: memoryLedger(), ...(clock && { clock }) }),
  vocabulary: null
})

/** What operations work with, made of what a program has opened. */
export const ownContext = ({ clouds, ledger, gpu, runs, clock }: OwnParts): Omit<OperationContext, "signal"> => ({
  ...unattended,
  wholeNames: true,
  now: () => clock?.now() ?? Date.now(),
  pause: async (millis, signal) => {
    await (clock ? clock.sleep(millis, signal) : realTimers.pause(millis, signal))
  },
  clouds: async () => clouds,
  gpu: async () => gpu,
  ledger: async () => ledger,
  runs: async () => runs,
  connect: async (machine, { wait, signal }) =>
    connect(machine, {
      ...(await loginInLedger(ledger, machine.ref, { signal })),
      ...(wait && { within: loginPatience }),
      signal
    }),
  presets: async () => ({}),
  setup: async () => ({ checks: [], clouds: clouds.map((cloud) => setupOf(cloud, clock)) })
})
