import * as timeline from "../kit/timeline.ts"
import { lengthened, planAt } from "../kit/timeline.ts"
import { errorOfImage, slowStepOf, slowSteps } from "./images.ts"
import { changeStatus, type Machine } from "./machine.ts"
import { availabilityOf, holdersOf, minBidOf } from "./market.ts"
import { findMachine, type Step, type World } from "./world.ts"

const stoppedStates = { intended: "stopped", cur: "stopped", next: "stopped" } as const
const wanted = { intended: "running", next: "running" } as const

const plan = (world: World, machine: Machine, ...phases: ReadonlyArray<readonly [number, Step]>) => {
  cancelPlan(world, machine)
  let at = world.state.at
  for (const [ms, step] of phases) {
    at += lengthened(world, ms)
    planAt(world, machine.id, at, step)
  }
}

/** Drops the steps ahead of a machine, except the end of its contract. */
export const cancelPlan = (world: World, { id }: Machine): void => timeline.cancelPlan(world, id, ["expired"])

/** Whether steps are ahead of a machine. */
const hasPlan = (world: World, { id }: Machine): boolean =>
  world.state.due.some((due) => due.id === id && due.step !== "expired")

/** Writes a line into the host's daemon log of a machine. */
const note = (world: World, machine: Machine, text: string): void => {
  machine.daemonLog.push(`${new Date(world.state.at).toISOString()} ${text}`)
}

/** Whether a contract has reached its locked end. */
export const isExpired = (world: World, machine: Machine): boolean => machine.endAt <= world.state.at

const lineOfEcho = /(?:^|[;&|\n]\s*)echo\s+("[^"]*"|'[^']*'|[^;&|\n]+)/g

/** What the container prints when it comes up: the echo statements of its start script, and its own arguments. */
const startOutput = (machine: Machine): string[] => {
  const script = machine.workload.onstart ?? ""
  const echoes = [...script.matchAll(lineOfEcho)].map((match) => (match[1] ?? "").trim().replaceAll(/^["']|["']$/g, ""))
  const args = machine.workload.args.length > 0 ? [`args: ${machine.workload.args.join(" ")}`] : []
  return [`image: ${machine.workload.image}`, ...args, ...echoes]
}

/** A host that cannot pull an image: Docker's words, no allocation, and `loading` for ever, as other clients have seen. */
const failPull = (world: World, machine: Machine, message: string): void => {
  cancelPlan(world, machine)
  changeStatus(machine, { actual: "loading", cur: "stopped", message })
  note(world, machine, message)
}

/** Effects of each step a machine takes by itself. */
const steps: Readonly<Record<Step, (world: World, machine: Machine) => void>> = {
  created: (world, machine) => {
    changeStatus(machine, { actual: "created", cur: "running" })
    note(world, machine, `created ${machine.workload.image}`)
  },
  loading: (world, machine) => {
    changeStatus(machine, { actual: "loading", cur: "running" })
    note(world, machine, `loading ${machine.workload.image}`)
    const error = errorOfImage(world, machine)
    if (error !== null) return failPull(world, machine, error)
    const slow = slowStepOf(world, machine)
    if (slow !== null) {
      machine.pulled = 0
      plan(world, machine, [slow, "pulling"])
    }
  },
  pulling: (world, machine) => {
    machine.pulled = (machine.pulled ?? 0) + 1
    const message = `Pulling ${machine.workload.image}: ${machine.pulled} of ${slowSteps} layers`
    changeStatus(machine, { message })
    plan(world, machine, [slowStepOf(world, machine) ?? 0, machine.pulled < slowSteps ? "pulling" : "running"])
  },
  running: (world, machine) => {
    const message = `success, running ${machine.workload.image.replaceAll(":", "_")}/ssh`
    changeStatus(machine, { actual: "running", cur: "running", message })
    machine.runningSince = world.state.at
    machine.log.push(...startOutput(machine))
    note(world, machine, "running")
  },
  halted: (world, machine) => {
    // A normally stopped instance reads exited as often as stopped. Source: observed by other clients.
    changeStatus(machine, { actual: machine.status.actual === null ? null : machine.stopsAs, cur: "stopped" })
    machine.runningSince = null
    note(world, machine, "stopped")
    release(world, machine)
  },
  expired: (world, machine) => {
    if (machine.status.intended !== "stopped") stop(world, machine)
    machine.waiting = null
  }
}

/** Lets one step of one machine happen. */
export const takeStep = (world: World, machineId: number, step: Step): void => {
  const machine = findMachine(world, machineId)
  if (machine !== undefined) steps[step](world, machine)
}

/** Starts the boot of a fresh machine: null, created, loading, running. Source: Vast docs, show instance, status table. */
export const bootMachine = (world: World, machine: Machine): void => {
  const { provisioning, created, loading } = world.timeline
  plan(world, machine, [provisioning, "created"], [created, "loading"], [loading, "running"])
}

/** Gives the hardware back, which may start a machine that waits for it. */
const release = (world: World, machine: Machine): void => {
  machine.holdsGpu = false
  wake(world, machine.offerId)
}

const canTake = (world: World, machine: Machine): boolean => {
  const offer = world.offers.get(machine.offerId)
  if (offer === undefined || isExpired(world, machine) || world.state.credit <= 0n) return false
  const holders = holdersOf(world)
  const availability = availabilityOf(world, offer, holders, machine)
  if (machine.isBid) {
    if (availability !== "free" && availability !== "bid") return false
    return machine.price >= minBidOf(world, offer, holders, machine)
  }
  return availability === "free" || availability === "bid"
}

/** Takes the hardware for a machine, ending an interruptible rental that has it. */
export const occupy = (world: World, machine: Machine): void => {
  const holder = holdersOf(world).get(machine.offerId)
  machine.holdsGpu = true
  machine.waiting = null
  if (holder !== undefined && holder !== machine) interrupt(world, holder)
}

const begin = (world: World, machine: Machine) => {
  occupy(world, machine)
  const fresh = machine.status.actual === null
  changeStatus(machine, { ...wanted, ...(fresh ? {} : { cur: "running" as const }), message: null })
  if (fresh) return bootMachine(world, machine)
  const { starting, resuming } = world.timeline
  plan(world, machine, [starting, "loading"], [resuming, "running"])
}

/** Starts the machines that wait for an offer's hardware, if it can be had. */
export const wake = (world: World, offerId: number): void => {
  const waiting = world.state.machines.filter(
    (machine) => machine.offerId === offerId && machine.destroyedAt === null && machine.waiting !== null
  )
  const ordered = waiting.sort((a, b) => Number(a.isBid) - Number(b.isBid) || b.price - a.price || a.id - b.id)
  const first = ordered.find((machine) => canTake(world, machine))
  if (first !== undefined && !first.holdsGpu) begin(world, first)
}

/** Asks a machine to stop: the wish shows at once, the container follows later. */
export const stop = (world: World, machine: Machine): void => {
  machine.waiting = null
  changeStatus(machine, { intended: "stopped", next: "stopped" })
  if (!machine.holdsGpu && machine.status.cur === "stopped") cancelPlan(world, machine)
  else plan(world, machine, [world.timeline.stopping, "halted"])
}

/**
 * Asks a machine to run: `started`, `already` on its way, or `queued` until its hardware is free.
 *
 * - A queued start begins, and bills, later by itself. Source: observed by other clients.
 */
export const start = (world: World, machine: Machine): "started" | "already" | "queued" => {
  const { actual, intended } = machine.status
  const busy = machine.holdsGpu && intended === "running" && actual !== "exited" && actual !== "stopped"
  if (busy || (machine.holdsGpu && intended === "running" && hasPlan(world, machine))) return "already"
  if (machine.holdsGpu && actual === "running") {
    cancelPlan(world, machine)
    changeStatus(machine, { ...wanted, cur: "running" })
    return "started"
  }
  if (machine.holdsGpu || canTake(world, machine)) {
    begin(world, machine)
    return "started"
  }
  machine.waiting = machine.isBid ? "bid" : "gpu"
  changeStatus(machine, wanted)
  return "queued"
}

/**
 * Ends an interruptible rental: processes are killed, data is kept, and it resumes when its bid wins again.
 *
 * - All three wished states read `stopped`, as one client observed; no field says who stopped it.
 */
export const interrupt = (world: World, machine: Machine): void => {
  const actual = machine.status.actual === null ? null : machine.stopsAs
  cancelPlan(world, machine)
  changeStatus(machine, { ...stoppedStates, actual })
  machine.runningSince = null
  machine.waiting = "bid"
  machine.holdsGpu = false
  note(world, machine, "outbid")
}

/** Reboots a running machine; other states are undocumented and stay as they are. Source: Vast docs, PUT reboot. */
export const reboot = (world: World, machine: Machine): void => {
  if (machine.status.actual !== "running" || machine.status.intended !== "running") return
  changeStatus(machine, { actual: "rebooting" })
  plan(world, machine, [world.timeline.rebooting, "running"])
}

/** Destroys and recreates the container in place; the hardware is kept, files are lost. Source: Vast docs, PUT recycle. */
export const recycle = (world: World, machine: Machine): void => {
  if (!machine.holdsGpu || machine.status.intended !== "running") return
  changeStatus(machine, { actual: "recycling" })
  machine.recycled = (machine.recycled ?? 0) + 1
  machine.runningSince = null
  machine.log = []
  plan(world, machine, [world.timeline.starting, "loading"], [world.timeline.loading, "running"])
}

/** Ends a contract for good. Whether a row lingers is undocumented; here it's gone at once. */
export const destroy = (world: World, machine: Machine): void => {
  machine.destroyedAt = world.state.at
  machine.waiting = null
  world.state.credit += machine.meter.deposit
  machine.meter.deposit = 0n
  timeline.cancelPlan(world, machine.id)
  release(world, machine)
}

/** A boot the host gave up on, as captured live: created, all three wishes stopped, an OCI message. */
export const abandonBoot = (world: World, machine: Machine, message: string): void => {
  cancelPlan(world, machine)
  changeStatus(machine, { actual: "created", ...stoppedStates, message })
  machine.runningSince = null
  note(world, machine, message)
  release(world, machine)
}

/** The container's own process ended: the contract keeps its hardware, only storage is charged. */
export const exitContainer = (world: World, machine: Machine): void => {
  cancelPlan(world, machine)
  changeStatus(machine, { actual: "exited" })
  machine.runningSince = null
  note(world, machine, "container exited")
}

/** A contract that was made but isn't allowed to run. */
export const keepStopped = (world: World, machine: Machine, waiting: Machine["waiting"]): void => {
  cancelPlan(world, machine)
  changeStatus(machine, stoppedStates)
  machine.waiting = waiting
  release(world, machine)
}
