import { endByProvider, stopCpu } from "./cpu/lifecycle.ts"
import { isFree } from "./gpu/deploy.ts"
import { breakContainer, end, failProvisioning, freezeUpdates } from "./gpu/lifecycle.ts"
import type { ContainerInstance, CpuMachine, Instance } from "./machine.ts"
import { addMachine, type FluenceMachineOptions } from "./stock.ts"
import { cancelPlan, type World } from "./world.ts"

/**
 * What a provider, another customer and the cloud itself do. Each takes place at once.
 *
 * - Ids of plans and options are those of the plans, an offer of CPU machines is `<slug>@<country>-<city>-<index>`.
 */
export interface FluenceControls {
  /** An instance that is being provisioned fails and is paid back; without an id, the next one to become active does. */
  failProvisioning(id?: string): void
  /** A container doesn't come up, also one yet to be provisioned: NOT_STARTED until an update, and this event says why. */
  failContainer(id: string, why?: string): void
  /** The process of a container ends: NOT_STARTED until an update. */
  exitContainer(id: string): void
  /** Keeps the domain of an instance null, or lets it show. */
  holdDomain(id: string, held?: boolean): void
  /** Holds the update of a container in the state of being applied, or lets it go on. */
  freezeUpdates(id: string, frozen?: boolean): void
  /** The system, or the user elsewhere, ends a machine: ENDED, or Stopped for one of the CPU family. */
  endOutside(id: string): void
  /** A machine ends and its row is in no answer any more. */
  deleteOutside(id: string): void
  /** A CPU machine is ended by its provider: Terminated, its reserve is held until a DELETE. */
  providerTerminates(id: string): void
  /** Sets the raw status and drops what was ahead of the machine, except rent, so that it stays. */
  setStatus(id: string, status: string): void
  /** Adds a line to the log of a container. */
  writeLog(id: string, line: string): void
  /** Adds an event to a container, such as `[Warning] [BackOff] Back-off pulling image`. */
  writeEvent(id: string, event: string): void
  /** Another customer takes a plan, an option or a CPU offer: it is no longer available. */
  takeOption(planId: string): void
  /** It is available again. */
  freeOption(planId: string): void
  /** Puts a machine into the world that has everything; gives its id. */
  addMachine(options?: FluenceMachineOptions): string
}

/** A machine of either family that still has a row. */
const known = ({ state }: World, id: string): Instance | CpuMachine => {
  const found = [...state.instances, ...state.cpus].find((machine) => machine.id === id && !machine.removed)
  if (found === undefined) throw new Error(`No machine ${id} exists in this simulator`)
  return found
}

const knownInstance = (world: World, id: string): Instance => {
  const machine = known(world, id)
  if (!("kind" in machine)) throw new Error(`Machine ${id} is of the CPU family`)
  return machine
}

const knownContainer = (world: World, id: string): ContainerInstance => {
  const machine = knownInstance(world, id)
  if (machine.kind !== "container") throw new Error(`Machine ${id} is no container`)
  return machine
}

const endMachine = (world: World, id: string) => {
  const machine = known(world, id)
  if (!("kind" in machine)) stopCpu(world, machine)
  else if (!machine.over) end(world, machine)
  return machine
}

/** Binds the controls to a world. */
export const controls = (world: World): FluenceControls => {
  const { state } = world
  return {
    failProvisioning: (id) => {
      if (id === undefined) {
        state.failures += 1
        return
      }
      const instance = knownInstance(world, id)
      if (instance.status !== "INITIALIZED") throw new Error(`Instance ${id} isn't being provisioned`)
      failProvisioning(world, instance)
    },
    failContainer: (id, why = "[Warning] [Failed] Error: failed to create containerd task") =>
      breakContainer(knownContainer(world, id), why),
    exitContainer: (id) =>
      breakContainer(knownContainer(world, id), "[Warning] [BackOff] Back-off restarting failed container service-1"),
    holdDomain: (id, held = true) => {
      knownInstance(world, id).domainHeld = held
    },
    freezeUpdates: (id, frozen = true) => freezeUpdates(world, knownContainer(world, id), frozen),
    endOutside: (id) => void endMachine(world, id),
    deleteOutside: (id) => {
      endMachine(world, id).removed = true
    },
    providerTerminates: (id) => {
      const machine = known(world, id)
      if ("kind" in machine) throw new Error(`Machine ${id} is of the GPU family`)
      endByProvider(world, machine)
    },
    setStatus: (id, status) => {
      cancelPlan(world, id)
      known(world, id).status = status
    },
    writeLog: (id, line) => {
      const container = knownContainer(world, id)
      container.logs.push(`[${container.pod}] ${line}`)
    },
    writeEvent: (id, event) => {
      const container = knownContainer(world, id)
      container.events.push(`[${container.pod}]: ${event}`)
    },
    takeOption: (planId) => {
      const option = world.options.get(planId)
      if (option !== undefined && !isFree(world, option)) throw new Error(`Option ${planId} is rented already`)
      state.taken.push(planId)
    },
    freeOption: (planId) => {
      state.taken = state.taken.filter((id) => id !== planId)
    },
    addMachine: (options) => addMachine(world, options)
  }
}
