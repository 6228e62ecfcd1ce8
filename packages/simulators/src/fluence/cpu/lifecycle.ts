import { addressOf } from "../../kit/ids.ts"
import { planAt, planPhase } from "../../kit/timeline.ts"
import type { Random } from "../../random.ts"
import type { CpuMachine, OpenPort } from "../machine.ts"
import { nextEpoch } from "../stamp.ts"
import { type CpuStep, cancelPlan, type World } from "../world.ts"
import type { Candidate } from "./constraints.ts"

/**
 * Epochs that leave the account at a create: one is charged at once, one is its reserve.
 *
 * - Source: Fluence docs, Get offerings (`depositEpochs` 2); Manage your deployments (a price reserved, a price spent).
 *   Another page says one day.
 */
export const depositEpochs = 2

/** What a create says of its machines. */
export interface CpuOrder {
  readonly name: string
  readonly osImage: string
  readonly ports: readonly OpenPort[]
  readonly sshKeys?: readonly string[]
  readonly extraStorage: number
}

const change = ({ state }: World, machine: CpuMachine, status: string) => {
  if (machine.status === status) return
  machine.status = status
  machine.statusChangedAt = state.at
}

const address = ({ hex, next }: Random) =>
  `0x${[...hex(40)].map((digit) => (next() < 0.5 ? digit.toUpperCase() : digit)).join("")}`

/** Makes a machine and takes its deposit: Launching, then Active. */
export const createCpu = (world: World, { offer, price }: Candidate, order: CpuOrder): CpuMachine => {
  const { state, random, timeline } = world
  const machine: CpuMachine = {
    ...{ id: address(random), offerId: offer.id, osImage: order.osImage, name: order.name, ports: order.ports },
    ...{ createdAt: state.at, listedAt: state.at + timeline.listing, statusChangedAt: state.at, status: "Launching" },
    ...{ pricePerEpoch: price, extraStorage: order.extraStorage, reserved: price, spent: price },
    ...(order.sshKeys !== undefined && { sshKeys: order.sshKeys }),
    address: addressOf(random, "154.42"),
    ...{ ending: false, rentedUntil: null, over: false, removed: false }
  }
  state.cpus.push(machine)
  state.credit -= price * BigInt(depositEpochs)
  planAt(world, machine.id, nextEpoch(state.at), "epoch")
  planPhase(world, machine.id, timeline.launching, "launched")
  return machine
}

const refill = ({ state }: World, machine: CpuMachine) => {
  const missing = machine.pricePerEpoch - machine.reserved
  const short = missing - state.credit
  const taken = short > 0n ? state.credit : missing
  if (taken <= 0n) return
  state.credit -= taken
  machine.reserved += taken
}

/** Charges an epoch if it can be paid, and says by the status how the account stands. */
const pay = (world: World, machine: CpuMachine): boolean => {
  refill(world, machine)
  if (machine.reserved < machine.pricePerEpoch) return false
  machine.reserved -= machine.pricePerEpoch
  machine.spent += machine.pricePerEpoch
  refill(world, machine)
  if (machine.reserved < machine.pricePerEpoch) change(world, machine, "SmallBalance")
  else if (machine.status !== "Launching") change(world, machine, "Active")
  return true
}

/** Uses new credit for a machine that had too little. */
export const topUp = (world: World, machine: CpuMachine): void => {
  if (machine.over || machine.ending) return
  if (machine.status === "InsufficientFunds") pay(world, machine)
  refill(world, machine)
  if (machine.status === "SmallBalance" && machine.reserved === machine.pricePerEpoch) change(world, machine, "Active")
}

/** Ends a machine as its provider does: Terminated, and its reserve stays until a DELETE. Source: Fluence docs, Manage VM. */
export const endByProvider = (world: World, machine: CpuMachine): void => {
  cancelPlan(world, machine.id)
  machine.over = true
  machine.rentedUntil ??= world.state.at
  change(world, machine, "Terminated")
}

/** Ends a machine as its user does: Stopped, its reserve is paid back, and it leaves the lists a while later. */
export const stopCpu = (world: World, machine: CpuMachine): void => {
  cancelPlan(world, machine.id)
  machine.over = true
  machine.rentedUntil ??= world.state.at
  world.state.credit += machine.reserved
  machine.reserved = 0n
  change(world, machine, "Stopped")
  planPhase(world, machine.id, world.timeline.leaving, "left")
}

/**
 * Accepts the DELETE of a machine: it leaves the lists "once the deletion process is complete".
 *
 * - In between it keeps its status for a short while, then reads Stopped, and is charged no more: undocumented. One its
 *   provider ended is Stopped at once.
 */
export const beginDelete = (world: World, machine: CpuMachine): void => {
  if (machine.ending) return
  machine.ending = true
  machine.rentedUntil ??= world.state.at
  cancelPlan(world, machine.id)
  if (machine.over) stopCpu(world, machine)
  else planPhase(world, machine.id, world.timeline.stopping, "stopped")
}

/**
 * An epoch changes. Source: Fluence docs, Manage your deployments (charged for each epoch), Manage VM (statuses).
 *
 * - One that can't be paid leads to InsufficientFunds, a second one to Terminated: how long the grace is isn't documented.
 */
const changeEpoch = (world: World, machine: CpuMachine) => {
  if (machine.ending) return
  const grace = machine.status === "InsufficientFunds"
  if (!pay(world, machine)) {
    if (grace) return void endByProvider(world, machine)
    change(world, machine, "InsufficientFunds")
  }
  planAt(world, machine.id, nextEpoch(world.state.at), "epoch")
}

/** What each step does to a machine. */
export const cpuSteps: Readonly<Record<CpuStep, (world: World, machine: CpuMachine) => void>> = {
  launched: (world, machine) => {
    if (!machine.over) change(world, machine, "Active")
  },
  epoch: (world, machine) => {
    if (!machine.over) changeEpoch(world, machine)
  },
  stopped: stopCpu,
  left: (_, machine) => {
    machine.removed = true
  }
}
