import type { DiskControls } from "../kit/truth.ts"
import { locations } from "./catalogue.ts"
import { create, end, evict, fail, type Instance, type Order } from "./instance.ts"
import { createVolume, disksOf, volumesOf } from "./volume.ts"
import { shelfOf, type World } from "./world.ts"

/** A machine put into the world without a request: a running A100 of FIN-01 unless it says else. */
export interface VerdaMachineOptions extends Partial<Pick<Order, "hostname" | "type" | "place" | "isSpot">> {
  /** Default `running`. */
  readonly state?: "ordered" | "running" | "offline" | "error"
}

/** What other customers, hardware, the console and time do to the cloud. Each takes place at once. */
export interface VerdaControls extends DiskControls {
  /** Other customers take all of a type, in all places. */
  takeCapacity(type: string, isSpot?: boolean): void
  /** So many machines of a type become free in each place. */
  freeCapacity(type: string, count: number, isSpot?: boolean): void
  /** Somebody on demand takes the place of a spot machine. */
  evict(id: string): void
  /** The machine breaks: `error`. */
  failMachine(id: string): void
  /** It is shut down in the console. */
  stopOutside(id: string): void
  /** It is deleted in the console, with its disks. */
  deleteOutside(id: string): void
  /** Its row reads this status, until something happens to the machine itself. */
  setStatus(id: string, status: string): void
  /** Every token and refresh that was given is taken no more. */
  revokeTokens(): void
  /** Every token that was given and is still taken, refreshes among them. */
  tokens(): readonly string[]
  /** Puts a machine into the world; gives its id. */
  addMachine(options?: VerdaMachineOptions): string
}

const known = ({ state }: World, id: string): Instance => {
  const machine = state.instances.find((one) => one.id === id)
  if (machine === undefined) throw new Error(`No instance ${id} exists in this simulator`)
  return machine
}

const addMachine = (world: World, { state = "running", ...options }: VerdaMachineOptions): string => {
  const hostname = options.hostname ?? "theirs"
  const machine = create(world, {
    ...{ type: "1A100.22V", place: "FIN-01", isSpot: false, hostname, description: "", image: "ubuntu-24.04" },
    ...{ keyIds: [], publicKeys: [], script: null, volumes: [], existing: [], tags: [] },
    ...{ osVolume: { name: `OS-${hostname}`, size: 50, onDiscontinue: "keep_detached" }, ...options }
  })
  if (machine === undefined) throw new Error("No such machine is free in this simulator")
  if (state === "error") fail(world, machine)
  if (state === "running" || state === "offline") {
    world.state.due = world.state.due.filter(({ id }) => id !== machine.id)
    const osVolumeId = volumesOf(world, machine.id)[0]?.id ?? null
    Object.assign(machine, { state, startedAt: world.state.at, osVolumeId })
  }
  return machine.id
}

/** Binds the controls to a world. */
export const controls = (world: World): VerdaControls => {
  const { state } = world
  const shelves = (type: string, isSpot: boolean) => locations.map(({ code }) => shelfOf(type, code, isSpot))
  return {
    takeCapacity: (type, isSpot = false) => {
      for (const shelf of shelves(type, isSpot)) state.free[shelf] = 0
    },
    freeCapacity: (type, count, isSpot = false) => {
      for (const shelf of shelves(type, isSpot)) state.free[shelf] = (state.free[shelf] ?? 0) + count
    },
    evict: (id) => evict(world, known(world, id)),
    failMachine: (id) => fail(world, known(world, id)),
    stopOutside: (id) => void Object.assign(known(world, id), { state: "offline", shown: null }),
    deleteOutside: (id) =>
      end(world, known(world, id), { ids: volumesOf(world, id).map((volume) => volume.id), isPermanent: true }),
    setStatus: (id, status) => {
      known(world, id).shown = status
    },
    revokeTokens: () => {
      state.tokens = []
    },
    tokens: () => state.tokens.flatMap(({ value, refresh }) => (refresh === null ? [value] : [value, refresh])),
    addMachine: (options = {}) => addMachine(world, options),
    addDisk: (region) =>
      createVolume(world, { name: "data", size: 100, type: "NVMe", place: region, instance: null }).id,
    disks: () => disksOf(world)
  }
}
