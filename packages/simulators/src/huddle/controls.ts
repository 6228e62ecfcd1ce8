import { giveBack, placeOf } from "../kit/stock.ts"
import type { Deployment } from "./deployment.ts"
import { boot, fail, finishDelete, halt, occupy, run } from "./lifecycle.ts"
import { createDeployment } from "./routes/deploy.ts"
import type { World } from "./world.ts"

/** A deployment put into the world without a request: it isn't refused for credit, and needs no free capacity. */
export interface HuddleMachineOptions {
  /** Default `1A100.22V`. */
  readonly clusterType?: string
  /** Default: the type's first location. */
  readonly location?: string
  /** Default `theirs`. */
  readonly hostname?: string
  readonly sshKeyIds?: readonly string[]
  /** Data volumes in GB. */
  readonly volumes?: readonly { readonly name: string; readonly size: number }[]
  /** Default `running`; from `ordered` it boots as any other. */
  readonly state?: "ordered" | "running" | "offline" | "error"
}

/** What other customers, hardware and the console do to the cloud. Each takes place at once. */
export interface HuddleControls {
  /** Other customers take all of a type, at one location or at all. */
  takeCapacity(clusterType: string, location?: string): void
  /** Machines of a type become free (default one), at one location or at all. */
  freeCapacity(clusterType: string, location?: string, count?: number): void
  /** The next accepted deploys (default one) end in `failed_no_capacity`: somebody was faster. */
  loseCapacityOnDeploy(times?: number): void
  /** The deployment breaks: `error`. */
  failMachine(id: string): void
  /** Somebody stops it in the console: `offline`. */
  stopOutside(id: string): void
  /** Somebody deletes it in the console: `deleted`, and a 404 a while later. */
  deleteOutside(id: string): void
  /** Its row reads this status, until something happens to the deployment itself. */
  setStatus(id: string, status: string): void
  /** Its row has no `ip`, or has it again. */
  holdIp(id: string, held?: boolean): void
  /** Puts a deployment into the world; gives its id. */
  addMachine(options?: HuddleMachineOptions): string
  /** Every volume that isn't deleted, as it is now. */
  volumes(): readonly HuddleVolumeRecord[]
}

/** The truth about one volume that isn't deleted. */
export interface HuddleVolumeRecord {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly isOs: boolean
  /** The deployments it belongs to; none when it's detached. */
  readonly deployments: readonly string[]
}

const known = (world: World, id: string): Deployment => {
  const deployment = world.state.deployments.find((one) => one.id === id && !one.gone)
  if (deployment === undefined) throw new Error(`No deployment ${id} exists in this simulator`)
  return deployment
}

const knownType = (world: World, name: string) => {
  const type = world.types.get(name)
  if (type === undefined) throw new Error(`No instance type ${name} exists in this simulator`)
  return type
}

const addMachine = (world: World, options: HuddleMachineOptions = {}): string => {
  const type = knownType(world, options.clusterType ?? "1A100.22V")
  const deployment = createDeployment(world, {
    type: type.name,
    image: "e79a91e9-8750-44cb-af19-bf6ab83121ee",
    hostname: options.hostname ?? "theirs",
    sshKeyIds: options.sshKeyIds ?? [],
    location: options.location ?? type.regions[0] ?? "FIN-01",
    bootDisk: 50,
    volumes: (options.volumes ?? []).map((volume) => ({ ...volume, type: "NVMe" }))
  })
  occupy(world, deployment)
  const state = options.state ?? "running"
  if (state === "ordered") boot(world, deployment, false)
  else run(world, deployment)
  if (state === "offline") halt(world, deployment)
  if (state === "error") fail(world, deployment)
  return deployment.id
}

/** Binds the controls to a world. */
export const controls = (world: World): HuddleControls => {
  const { free } = world.state
  const places = (clusterType: string, location?: string) =>
    (location === undefined ? knownType(world, clusterType).regions : [location]).map((code) =>
      placeOf(clusterType, code)
    )
  return {
    takeCapacity: (clusterType, location) => {
      for (const place of places(clusterType, location)) free[place] = 0
    },
    freeCapacity: (clusterType, location, count = 1) => {
      for (const place of places(clusterType, location)) giveBack(free, place, count)
    },
    loseCapacityOnDeploy: (times = 1) => {
      world.state.losing += times
    },
    failMachine: (id) => fail(world, known(world, id)),
    stopOutside: (id) => halt(world, known(world, id)),
    deleteOutside: (id) => finishDelete(world, known(world, id)),
    setStatus: (id, status) => {
      known(world, id).shown = status
    },
    holdIp: (id, held = true) => {
      known(world, id).ipHeld = held
    },
    addMachine: (options) => addMachine(world, options),
    volumes: () =>
      world.state.volumes
        .filter(({ status }) => status !== "deleted")
        .map(({ id, name, size, isOs, deployments }) => ({ id, name, size, isOs, deployments: [...deployments] }))
  }
}
