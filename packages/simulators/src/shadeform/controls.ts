import type { DiskControls } from "../kit/truth.ts"
import { types, volumeTypes } from "./catalogue.ts"
import { create, fail, giveUp, hold, type Machine, type Order, remove, type State } from "./machine.ts"
import { addVolume, disksOf } from "./volume.ts"
import { shelfOf, type World } from "./world.ts"

/** A machine put into the world without a request: an A6000 of massedcompute unless it says else. */
export interface ShadeformMachineOptions extends Partial<Pick<Order, "name" | "cloud" | "type" | "region" | "isSpot">> {
  /** Default `active`. */
  readonly state?: Exclude<State, "deleting" | "deleted">
  readonly tags?: readonly string[]
}

/** What other customers, the clouds behind and the console do. Each takes place at once. */
export interface ShadeformControls extends DiskControls {
  /** Other customers take all of a type of a cloud, in all regions, on demand and spot. */
  takeCapacity(cloud: string, type: string): void
  /** So many machines of a type of a cloud become free in all regions. */
  freeCapacity(cloud: string, type: string, count: number): void
  /** The machine breaks: `error`, with the cloud's words. */
  failMachine(id: string, words?: string): void
  /** It boots no further, and Shadeform says this of it. */
  holdBoot(id: string, words: string): void
  /** Its cloud takes a spot machine back: `deleting`, `preempted`. */
  preempt(id: string): void
  /** It is deleted in the console, and gone. */
  deleteOutside(id: string): void
  /** Its row reads this status, until something happens to the machine itself. */
  setStatus(id: string, status: string): void
  /** Puts a machine into the world; gives its id. */
  addMachine(options?: ShadeformMachineOptions): string
}

const known = ({ state }: World, id: string): Machine => {
  const machine = state.machines.find((one) => one.id === id)
  if (machine === undefined) throw new Error(`No machine ${id} exists in this simulator`)
  return machine
}

const addMachine = (world: World, { state = "active", ...options }: ShadeformMachineOptions): string => {
  const machine = create(world, {
    ...{ cloud: "massedcompute", type: "A6000", region: "kansascity-usa-1", isSpot: false, name: "theirs" },
    ...{ os: "ubuntu22.04", keyId: world.state.keys[0]?.id ?? "", tags: [], launch: null, envs: null, volumes: [] },
    ...{ autoDelete: null, alert: null, ...options }
  })
  world.state.due = world.state.due.filter(({ id }) => id !== machine.id)
  machine.state = state
  if (state === "active") machine.activeAt = world.state.at
  return machine.id
}

/** Binds the controls to a world. */
export const controls = (world: World): ShadeformControls => {
  const { free } = world.state
  const shelves = (cloud: string, name: string) =>
    types
      .filter((type) => type.cloud === cloud && type.name === name)
      .flatMap(({ places }) =>
        places.flatMap(({ region }) => [false, true].map((spot) => shelfOf(cloud, name, region, spot)))
      )
      .filter((shelf) => shelf in free)
  return {
    takeCapacity: (cloud, type) => {
      for (const shelf of shelves(cloud, type)) free[shelf] = 0
    },
    freeCapacity: (cloud, type, count) => {
      for (const shelf of shelves(cloud, type)) free[shelf] = (free[shelf] ?? 0) + count
    },
    failMachine: (id, words) => fail(world, known(world, id), words),
    holdBoot: (id, words) => hold(world, known(world, id), words),
    preempt: (id) => giveUp(world, known(world, id), "preempted"),
    deleteOutside: (id) => remove(world, known(world, id)),
    setStatus: (id, status) => {
      known(world, id).shown = status
    },
    addMachine: (options = {}) => addMachine(world, options),
    addDisk: (region) => {
      const type = volumeTypes.find((one) => one.region === region)
      if (type === undefined) throw new Error(`No volumes exist in ${region}`)
      return addVolume(world, { cloud: type.cloud, region, name: "data", size: 100 })
    },
    disks: () => disksOf(world)
  }
}
