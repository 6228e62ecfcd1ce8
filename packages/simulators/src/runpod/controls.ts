import type { DiskControls } from "../kit/truth.ts"
import { dataCenters } from "./catalogue.ts"
import { print } from "./log.ts"
import { create, end, exit, fail, type Order, type Pod } from "./pod.ts"
import { addVolume, disksOf } from "./volume.ts"
import { shelfOf, type World } from "./world.ts"

/** A pod put into the world without a request: an RTX 4090 of Secure Cloud unless it says else. */
export interface RunpodMachineOptions
  extends Partial<Pick<Order, "name" | "gpu" | "cpu" | "cloud" | "place" | "disk" | "mounts">> {
  /** Default `RUNNING`. */
  readonly state?: "PROVISIONING" | "RUNNING" | "EXITED" | "ERROR"
}

/** What other customers, hardware and the console do to the cloud. Each takes place at once. */
export interface RunpodControls extends DiskControls {
  /** Other customers take all of a type, in all data centres of a cloud. */
  takeCapacity(type: string, cloud?: "SECURE" | "COMMUNITY"): void
  /** So much of a type becomes free in all data centres of a cloud. */
  freeCapacity(type: string, count: number, cloud?: "SECURE" | "COMMUNITY"): void
  /** The pod breaks: `ERROR`. */
  failMachine(id: string): void
  /** It is stopped in the console, or for an image that cannot be pulled: `EXITED`. */
  stopOutside(id: string): void
  /** It is deleted in the console. */
  deleteOutside(id: string): void
  /** Its row reads this status, until something happens to the pod itself. */
  setStatus(id: string, status: string): void
  /** Its container prints a line. */
  writeLog(id: string, line: string): void
  /** Puts a pod into the world; gives its id. */
  addMachine(options?: RunpodMachineOptions): string
}

const known = ({ state }: World, id: string): Pod => {
  const pod = state.pods.find((one) => one.id === id)
  if (pod === undefined) throw new Error(`No pod ${id} exists in this simulator`)
  return pod
}

const addMachine = (world: World, { state = "RUNNING", ...options }: RunpodMachineOptions): string => {
  const gpu = options.cpu ? null : { id: "NVIDIA GeForce RTX 4090", count: 1 }
  const pod = create(world, {
    ...{ name: "theirs", image: "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404", gpu, cpu: null, cloud: "SECURE" },
    ...{
      place: "US-KS-2",
      disk: 20,
      mounts: {},
      ports: ["22/tcp"],
      env: {},
      cmd: null,
      entrypoint: null,
      registry: null
    },
    ...options
  })
  if (state === "EXITED") exit(world, pod)
  if (state === "ERROR") fail(world, pod)
  if (state === "RUNNING") {
    world.state.due = world.state.due.filter(({ id }) => id !== pod.id)
    Object.assign(pod, { state, hasPorts: true, startedAt: world.state.at })
  }
  return pod.id
}

/** Binds the controls to a world. */
export const controls = (world: World): RunpodControls => {
  const { free } = world.state
  const shelves = (type: string, cloud: string) => dataCenters.map(({ id }) => shelfOf(type, id, cloud))
  return {
    takeCapacity: (type, cloud = "SECURE") => {
      for (const shelf of shelves(type, cloud)) free[shelf] = 0
    },
    freeCapacity: (type, count, cloud = "SECURE") => {
      for (const shelf of shelves(type, cloud)) free[shelf] = (free[shelf] ?? 0) + count
    },
    failMachine: (id) => fail(world, known(world, id)),
    stopOutside: (id) => exit(world, known(world, id)),
    deleteOutside: (id) => end(world, known(world, id)),
    setStatus: (id, status) => {
      known(world, id).shown = status
    },
    writeLog: (id, line) => print(world, known(world, id), "container", line),
    addMachine: (options = {}) => addMachine(world, options),
    addDisk: (region) => addVolume(world, { name: "data", size: 100, dataCenter: region, type: "STANDARD" }).id,
    disks: () => disksOf(world)
  }
}
