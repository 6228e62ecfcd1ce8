import { giveBack, placeOf, takeOne } from "../kit/stock.ts"
import { cancelPlan, hasPlan, type Life, lengthened, plan } from "../kit/timeline.ts"
import { bill, startMeter, stopMeter } from "./billing.ts"
import type { Deployment, State } from "./deployment.ts"
import { placeVolume, releaseVolumes, volumesOf } from "./volume.ts"
import type { Step, World } from "./world.ts"

const change = (world: World, deployment: Deployment, state: State) => {
  deployment.state = state
  deployment.shown = null
  deployment.updatedAt = world.state.at
}

/** Takes hardware for a deployment, if there is some. */
export const occupy = (world: World, deployment: Deployment): boolean => {
  if (!takeOne(world.state.free, placeOf(deployment.type, deployment.location))) return false
  deployment.holds = true
  return true
}

const release = (world: World, deployment: Deployment) => {
  if (!deployment.holds) return
  deployment.holds = false
  giveBack(world.state.free, placeOf(deployment.type, deployment.location))
}

/** Starts a boot: ordered, provisioning, running. `lost` ends it without capacity instead. */
export const boot = (world: World, deployment: Deployment, lost: boolean): void => {
  const { ordered, provisioning } = world.timeline
  const first = lengthened(world, ordered)
  deployment.allocated = !lost
  if (lost) {
    plan(world, deployment.id, first, "no-capacity")
    return
  }
  if (world.choices.billFrom === "deploy") startMeter(world, deployment)
  plan(world, deployment.id, first, "provisioning")
  plan(world, deployment.id, first + lengthened(world, provisioning), "running")
}

/** The deployment is online: its address shows, its volumes are attached. */
export const run = (world: World, deployment: Deployment): void => {
  change(world, deployment, "running")
  deployment.minimumOwed = true
  for (const volume of volumesOf(world, deployment)) volume.status = "attached"
  startMeter(world, deployment)
}

/** Stopped, its hardware kept. Whether it's billed then is undocumented: "deducted while running", so it isn't. */
export const halt = (world: World, deployment: Deployment): void => {
  change(world, deployment, "offline")
  stopMeter(world, deployment)
}

/** Broken. Whether it's billed is undocumented: it isn't. The deployment, its hardware and its volumes stay. */
export const fail = (world: World, deployment: Deployment): void => {
  change(world, deployment, "error")
  stopMeter(world, deployment)
}

/** A delete makes the minimum due, whatever the deployment came to, unless it was broken. */
const oweMinimum = (deployment: Deployment) => {
  if (deployment.state !== "error" && deployment.state !== "deleting") deployment.minimumOwed = true
}

/** Begins to tear a deployment down; the meter ends with the request. */
export const beginDelete = (world: World, deployment: Deployment): void => {
  oweMinimum(deployment)
  change(world, deployment, "deleting")
  stopMeter(world, deployment)
  plan(world, deployment.id, lengthened(world, world.timeline.deleting), "deleted")
}

/** A deployment is gone for good; its row reads `deleted` for a while. */
export const finishDelete = (world: World, deployment: Deployment): void => {
  oweMinimum(deployment)
  change(world, deployment, "deleted")
  stopMeter(world, deployment)
  release(world, deployment)
  releaseVolumes(world, deployment)
  plan(world, deployment.id, world.timeline.listing, "gone")
}

const loseCapacity = (world: World, deployment: Deployment) => {
  change(world, deployment, "failed_no_capacity")
  cancelPlan(world, deployment.id)
  release(world, deployment)
  releaseVolumes(world, deployment)
}

const isPowering = (world: World, { id }: Deployment) => hasPlan(world, id, "offline", "running")

/** Asks a running deployment to stop: there is no status for it, so it reads `running` until it's `offline`. */
export const stop = (world: World, deployment: Deployment): boolean => {
  if (deployment.state !== "running" || isPowering(world, deployment)) return false
  plan(world, deployment.id, lengthened(world, world.timeline.stopping), "offline")
  return true
}

/** Asks a stopped deployment to start: it reads `offline` until it's `running`. */
export const start = (world: World, deployment: Deployment): boolean => {
  if (deployment.state !== "offline" || isPowering(world, deployment)) return false
  plan(world, deployment.id, lengthened(world, world.timeline.starting), "running")
  return true
}

/** What no credit does to everything on the meter: undocumented, see the choices. */
const stopEverything = (world: World) => {
  const { whenBroke } = world.choices
  if (whenBroke === "nothing" || world.state.credit > 0n) return
  for (const deployment of world.state.deployments) {
    if (deployment.meteredSince === null) continue
    if (whenBroke === "offline" && deployment.state === "running") halt(world, deployment)
    else if (whenBroke === "deleted") beginDelete(world, deployment)
  }
}

const steps: Readonly<Record<Exclude<Step, "volume">, (world: World, deployment: Deployment) => void>> = {
  provisioning: (world, deployment) => {
    change(world, deployment, "provisioning")
    for (const volume of volumesOf(world, deployment)) volume.status = "attaching"
  },
  "no-capacity": loseCapacity,
  running: run,
  offline: halt,
  deleted: finishDelete,
  gone: (_, deployment) => {
    deployment.gone = true
  },
  bill: (world, deployment) => {
    bill(world, deployment)
    stopEverything(world)
  }
}

/** How the cloud lives by itself: steps of deployments, and of volumes. Money moves by steps alone. */
export const life: Life<World> = {
  take: (world, { id, step }) => {
    const { state } = world
    const deployment = state.deployments.find((one) => one.id === id)
    if (deployment !== undefined && step !== "volume") return steps[step](world, deployment)
    const volume = state.volumes.find((one) => one.id === id)
    if (volume === undefined) return
    if (step === "volume") placeVolume(volume)
    else state.volumes = state.volumes.filter((other) => other !== volume)
  }
}
