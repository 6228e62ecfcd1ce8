import { defineSimulator } from "../kit/cloud.ts"
import type { Life } from "../kit/timeline.ts"
import { usualFaults } from "../kit/usual-faults.ts"
import { controls } from "./controls.ts"
import { cpuSteps, topUp } from "./cpu/lifecycle.ts"
import { door } from "./door.ts"
import { denied } from "./form.ts"
import { refill } from "./gpu/billing.ts"
import { gpuSteps } from "./gpu/lifecycle.ts"
import { failed } from "./http.ts"
import { loginOf } from "./login.ts"
import type { CpuMachine, Instance } from "./machine.ts"
import { money } from "./money.ts"
import type { FluenceMachineRecord, FluenceSimulator, FluenceSimulatorOptions } from "./types.ts"
import { type CpuStep, type GpuStep, type World, worlds } from "./world.ts"

type Machine = Instance | CpuMachine

const isGpuStep = (step: GpuStep | CpuStep): step is GpuStep => Object.hasOwn(gpuSteps, step)

/** Nothing happens between steps: rent is charged at the change of an hour and of an epoch, which are steps too. */
const life: Life<World> = {
  take: (world, { id, step }) => {
    if (isGpuStep(step)) {
      const instance = world.state.instances.find((candidate) => candidate.id === id)
      if (instance !== undefined && !instance.over) gpuSteps[step](world, instance)
      return
    }
    const machine = world.state.cpus.find((candidate) => candidate.id === id)
    if (machine !== undefined) cpuSteps[step](world, machine)
  }
}

/** A container is up when it has started; a VM of the GPU family when its network is there. */
const isUp = (machine: Machine): boolean => {
  if (!("kind" in machine)) return machine.status === "Active" || machine.status === "SmallBalance"
  if (machine.status !== "ACTIVE") return false
  return machine.kind === "container" ? machine.started : machine.connected
}

const offerOf = (machine: Machine): string => {
  if (!("kind" in machine)) return machine.offerId
  return machine.kind === "container" ? `${machine.planId}@${machine.location}` : machine.planId
}

const define = defineSimulator({
  ...worlds,
  origin: "https://api.fluence.dev",
  apiKey: "fluence-sim-key-0123456789abcdef",
  credit: 100,
  ...{ money, door, life, controls },
  credited: (world) => {
    for (const instance of world.state.instances) refill(world, instance)
    for (const machine of world.state.cpus) topUp(world, machine)
  },
  machines: ({ state }: World): readonly Machine[] => [...state.instances, ...state.cpus],
  withoutMachines: (state) => ({ ...state, instances: [], cpus: [] }),
  record: (machine): FluenceMachineRecord => ({
    id: machine.id,
    kind: "kind" in machine ? machine.kind : "cpu-vm",
    name: machine.name,
    status: machine.status,
    planId: "kind" in machine ? machine.planId : machine.offerId,
    spent: money.toDollars(machine.spent),
    reserved: money.toDollars(machine.reserved),
    alive: !machine.over
  }),
  login: loginOf,
  // Metered from its order until its end was accepted, in steps of the clock.
  truth: (machine, { state }) => ({
    id: machine.id,
    name: machine.name,
    of: offerOf(machine),
    kind: "kind" in machine ? machine.kind : "cpu-vm",
    isUp: isUp(machine),
    isAlive: !machine.over,
    isEnding: !machine.over && machine.ending,
    madeAt: machine.createdAt,
    lines: [
      {
        item: "compute",
        micros: money.toMicros(machine.spent),
        ms: (machine.rentedUntil ?? state.at) - machine.createdAt
      },
      { item: "reserve", micros: money.toMicros(machine.reserved), ms: 0 }
    ]
  }),
  spent: ({ spent }) => spent,
  endBy: usualFaults({
    noCapacity: ({ url }) =>
      url.pathname.startsWith("/gpu/")
        ? denied("Selected plan is no longer available")
        : failed(422, "No suitable offer found"),
    fields: ["status", "instance_status"],
    status: "MIGRATING"
  }),
  faultBody: (status) => ({ error: `simulated ${status}` })
})

/**
 * Creates a simulated Fluence: the GPU family, the CPU family with its v2 and v3, and the account's SSH keys.
 *
 * - Everything happens on virtual time and only when somebody looks: there are no timers, no sockets and no files.
 * - The newer API of CPU machines (`/v2/vms`, `/v1/*`), balances and API keys aren't simulated.
 */
export const createFluenceSimulator = (options: FluenceSimulatorOptions = {}): FluenceSimulator => define(options)
