import {
  type FaultEffect,
  type FaultProxy,
  type FaultProxyOptions,
  faultProxy,
  type MachineRequests,
  type Send
} from "./fault-proxy.ts"
import { type Habit, habitual } from "./habits.ts"
import type { VirtualTime, World } from "./harness.ts"
import { type RowControls, type Rows, rowControls } from "./row-controls.ts"

/** A simulated cloud, of the shape that the kit of `@anygpu/simulators` makes. */
export interface SimulatedCloud {
  readonly apiKey: string
  readonly clock: VirtualTime & { close(): void }
  readonly fetch: Send
  truth(): ReadonlyArray<{
    readonly id: string
    readonly name: string
    readonly isAlive: boolean
    readonly isUp: boolean
    readonly endsAt?: number | null
  }>
  disks?(): ReturnType<NonNullable<World["disks"]>>
}

/** What a simulated cloud does not say of itself. */
export interface SimulatedRules extends Omit<FaultProxyOptions, "fetch" | "machines"> {
  readonly machines?: Omit<MachineRequests, "living">
  /** Where rows stand in its answers; without it, single rows cannot be altered. */
  readonly rows?: Rows
  /** How it refuses a create: without stock, beyond a quota, without money. What is left out is not documented. */
  readonly refusals?: { readonly capacity?: FaultEffect; readonly quota?: FaultEffect; readonly funds?: FaultEffect }
  /** What the cloud does where its documents are silent: what `open` of the harness was given. */
  readonly habit?: Habit | undefined
  /** Another account on the same time, whose key is another one. */
  readonly others?: SimulatedCloud
}

/** A world on a simulated cloud, but for what the adapter says: how to connect, what to launch, controls of its own. */
export interface SimulatedWorld
  extends Pick<World, "secret" | "time" | "machines" | "disks" | "requests" | "close" | "habit"> {
  readonly proxy: FaultProxy
  /** How requests under a key are sent, for `fetchTransport`: other people's go to their own account. */
  sendOf(key: string): Send
  readonly controls: World["controls"]
}

const refused = ({ create }: FaultProxy, { capacity, quota, funds }: NonNullable<SimulatedRules["refusals"]> = {}) => ({
  ...(capacity && { createRefusedForCapacity: create(capacity) }),
  ...(quota && { createRefusedForQuota: create(quota) }),
  ...(funds && { createRefusedForFunds: create(funds) })
})

/** Makes what every world on a simulated cloud has. */
export const simulatedWorld = (
  simulator: SimulatedCloud,
  { machines, rows, refusals, others, habit, ...way }: SimulatedRules
): SimulatedWorld => {
  const living = () => simulator.truth().flatMap(({ id, isAlive }) => (isAlive ? [id] : []))
  const asked = machines && { ...machines, living }
  const place = asked && { fetch: simulator.fetch, time: simulator.clock, isMutating: way.isMutating, machines: asked }
  const fetch = place ? habitual(habit, place) : simulator.fetch
  const proxy = faultProxy({ ...way, fetch, ...(asked && { machines: asked }) })
  const ofRows: Partial<RowControls> = rows ? rowControls(rows, proxy, simulator.clock) : {}
  return {
    proxy,
    ...(habit && place && { habit }),
    secret: simulator.apiKey,
    time: simulator.clock,
    sendOf: (key) => (key === others?.apiKey ? others.fetch : proxy.send),
    machines: () =>
      simulator
        .truth()
        .map(({ id, name, isAlive, isUp, endsAt = null }) => ({ id, name, alive: isAlive, running: isUp, endsAt })),
    ...(simulator.disks && { disks: simulator.disks }),
    requests: proxy.requests,
    controls: {
      ...{ ...proxy.controls, ...ofRows, ...refused(proxy, refusals) },
      ...(others && { otherAccount: () => others.apiKey })
    },
    close: () => simulator.clock.close()
  }
}
