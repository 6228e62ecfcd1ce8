import { placeOf } from "../kit/stock.ts"
import type { DiskControls } from "../kit/truth.ts"
import { instanceTypes, regions } from "./catalogue.ts"
import { addFileSystem, disksOf } from "./file-system.ts"
import { begin, create, end, fail, type Instance, type Order } from "./instance.ts"
import type { World } from "./world.ts"

/** An instance put into the world without a request: a `gpu_1x_a10` in `us-west-1` unless it says else. */
export interface LambdaMachineOptions extends Partial<Pick<Order, "name" | "type" | "region" | "tags">> {
  /** Default `active`. */
  readonly state?: "booting" | "active" | "unhealthy"
}

/** What other customers, hardware and the console do to the cloud. Each takes place at once. */
export interface LambdaControls extends DiskControls {
  /** Other customers take all of a type, everywhere. */
  takeCapacity(type: string): void
  /** So many of a type become free in a region; in every region where it stands, if none is named. */
  freeCapacity(type: string, count: number, region?: string): void
  /** The instance breaks: `unhealthy`. */
  failMachine(id: string): void
  /** It is ended in the console. */
  deleteOutside(id: string): void
  /** It is taken away: `preempted`, a word that no document explains. */
  preempt(id: string): void
  /** Its row reads this status, until something happens to the instance itself. */
  setStatus(id: string, status: string): void
  /** A file system comes to hold so many bytes. */
  fillFileSystem(name: string, bytes: number): void
  /** Puts an instance into the world; gives its id. */
  addMachine(options?: LambdaMachineOptions): string
}

const known = ({ state }: World, id: string): Instance => {
  const instance = state.instances.find((one) => one.id === id)
  if (instance === undefined) throw new Error(`No instance ${id} exists in this simulator`)
  return instance
}

const addMachine = (world: World, { state = "active", ...options }: LambdaMachineOptions): string => {
  const order: Order = {
    ...{ name: "theirs", hostname: null, type: "gpu_1x_a10", region: "us-west-1", keyName: "theirs" },
    ...{ fileSystems: [], tags: [], rulesets: [] },
    ...options
  }
  const shelf = placeOf(order.type, order.region)
  world.state.free[shelf] = (world.state.free[shelf] ?? 0) + 1
  const instance = create(world, order)
  if (instance === undefined) throw new Error(`No ${shelf} is free in this simulator`)
  if (state === "active") begin(world, instance)
  if (state === "unhealthy") fail(world, instance)
  return instance.id
}

/** Binds the controls to a world. */
export const controls = (world: World): LambdaControls => {
  const { free } = world.state
  return {
    takeCapacity: (type) => {
      for (const { name } of regions) delete free[placeOf(type, name)]
    },
    freeCapacity: (type, count, region) => {
      const usual = instanceTypes.find(({ name }) => name === type)?.regions ?? []
      for (const place of region === undefined ? usual : [region]) {
        free[placeOf(type, place)] = (free[placeOf(type, place)] ?? 0) + count
      }
    },
    failMachine: (id) => fail(world, known(world, id)),
    deleteOutside: (id) => end(world, known(world, id)),
    preempt: (id) => {
      fail(world, known(world, id))
      known(world, id).state = "preempted"
    },
    setStatus: (id, status) => {
      known(world, id).shown = status
    },
    fillFileSystem: (name, bytes) => {
      for (const one of world.state.fileSystems) if (one.name === name) one.bytes = bytes
    },
    addMachine: (options = {}) => addMachine(world, options),
    addDisk: (region) =>
      addFileSystem(world, { name: `data-${world.state.fileSystems.length}`, region, bytes: 1e11 }).id,
    disks: () => disksOf(world)
  }
}
