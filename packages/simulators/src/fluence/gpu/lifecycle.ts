import { planPhase } from "../../kit/timeline.ts"
import type { ContainerInstance, ContainerSettings, Instance } from "../machine.ts"
import { cancelPlan, type GpuStep, type World } from "../world.ts"
import { chargeHour, refundAll, refundReserve } from "./billing.ts"
import { eventsOfFailure, eventsOfStart, logOfStart, podName, pullsImage } from "./pod.ts"

const touch = ({ state }: World, instance: Instance, status = instance.status) => {
  instance.status = status
  instance.updatedAt = state.at
}

const drop = ({ state }: World, instance: Instance, step: GpuStep) => {
  state.due = state.due.filter((due) => due.id !== instance.id || due.step !== step)
}

/** Begins the life of an instance: INITIALIZED, then ACTIVE. */
export const provision = (world: World, instance: Instance): void =>
  planPhase(world, instance.id, world.timeline.provisioning, "active")

/** Gives up on a deployment: FAILED, and everything is paid back. */
export const failProvisioning = (world: World, instance: Instance): void => {
  cancelPlan(world, instance.id)
  instance.over = true
  instance.rentedUntil ??= world.state.at
  refundAll(world, instance)
  touch(world, instance, "FAILED")
}

/** Ends an instance for good: ENDED, and its reserve is paid back. */
export const end = (world: World, instance: Instance): void => {
  cancelPlan(world, instance.id)
  instance.over = true
  instance.rentedUntil ??= world.state.at
  instance.connected = false
  if (instance.kind === "container") Object.assign(instance, { started: false, pending: null, logs: [], events: [] })
  refundReserve(world, instance)
  touch(world, instance, "ENDED")
}

/** Brings the container of an instance down for good, with an event that says why; one not there yet never comes up. */
export const breakContainer = (instance: ContainerInstance, event: string): void => {
  if (instance.status === "INITIALIZED") {
    instance.doom = event
    return
  }
  instance.started = false
  instance.broken = true
  instance.events.push(`[${instance.pod}]: ${event}`)
}

/** Starts the container of an instance, in a fresh pod; one whose image can't be pulled never starts. */
const startContainer = (world: World, instance: ContainerInstance) => {
  drop(world, instance, "started")
  Object.assign(instance, { started: false, logs: [], events: [], pod: podName(world.random) })
  const { doom } = instance
  instance.doom = null
  instance.broken = !pullsImage(instance.settings)
  if (doom !== null) breakContainer(instance, doom)
  else if (instance.broken) instance.events.push(...eventsOfFailure(instance))
  else planPhase(world, instance.id, world.timeline.starting, "started")
}

const activate = (world: World, instance: Instance) => {
  if (world.state.failures > 0) {
    world.state.failures -= 1
    return failProvisioning(world, instance)
  }
  touch(world, instance, "ACTIVE")
  planPhase(world, instance.id, world.timeline.network, "network")
  if (instance.kind === "container") startContainer(world, instance)
}

/**
 * Accepts an update; only one at a time. Source: Fluence docs, Update a container deployment.
 *
 * - The new configuration shows once it is applied, and the container starts again: when exactly is undocumented.
 */
export const beginUpdate = (
  world: World,
  instance: ContainerInstance,
  update: { readonly name: string; readonly settings: ContainerSettings }
): void => {
  instance.pending = update
  if (!instance.updatesFrozen) planPhase(world, instance.id, world.timeline.updating, "updated")
}

/** Holds the update of a container in the state of being applied, or lets it go on. */
export const freezeUpdates = (world: World, instance: ContainerInstance, frozen: boolean): void => {
  instance.updatesFrozen = frozen
  drop(world, instance, "updated")
  if (!frozen && instance.pending !== null) planPhase(world, instance.id, 0, "updated")
}

const applyUpdate = (world: World, instance: ContainerInstance) => {
  if (instance.pending === null) return
  const { name, settings } = instance.pending
  Object.assign(instance, { name, settings, pending: null })
  touch(world, instance)
  startContainer(world, instance)
}

/**
 * Accepts the DELETE of an instance.
 *
 * - It stays ACTIVE for a short while and is not charged again: undocumented.
 */
export const terminate = (world: World, instance: Instance): void => {
  if (instance.ending) return
  cancelPlan(world, instance.id)
  instance.ending = true
  instance.rentedUntil = world.state.at
  planPhase(world, instance.id, world.timeline.ending, "ended")
}

/** What each step does to an instance that isn't over. */
export const gpuSteps: Readonly<Record<GpuStep, (world: World, instance: Instance) => void>> = {
  active: activate,
  network: (world, instance) => {
    instance.connected = true
    touch(world, instance)
  },
  started: (world, instance) => {
    if (instance.kind !== "container" || instance.broken) return
    instance.started = true
    instance.events.push(...eventsOfStart(instance, world.random))
    instance.logs.push(...logOfStart(instance))
    touch(world, instance)
  },
  updated: (world, instance) => {
    if (instance.kind === "container") applyUpdate(world, instance)
  },
  ended: end,
  // Deleted when a charge fails with the reserve spent. Source: Fluence docs, Instance rent, billing model.
  charge: (world, instance) => {
    if (!instance.ending && !chargeHour(world, instance)) end(world, instance)
  }
}
