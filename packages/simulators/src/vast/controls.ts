import type { Random } from "../random.ts"
import { createContract } from "./contract.ts"
import type { ImageRule } from "./images.ts"
import { abandonBoot, cancelPlan, exitContainer, interrupt, keepStopped, occupy, takeStep, wake } from "./lifecycle.ts"
import { changeStatus, type Machine } from "./machine.ts"
import { availabilityOf, basePriceOf, changePrice } from "./market.ts"
import { round } from "./offer.ts"
import { reportedRuntype } from "./runtype.ts"
import { stirMarket } from "./stir.ts"
import { setHostOnline } from "./time.ts"
import { askOf, findMachine, type World } from "./world.ts"

/** The status fields of an instance, under the names of the API. */
export interface VastStatusFields {
  readonly actual_status: string | null
  readonly intended_status: string
  readonly cur_state: string
  readonly next_state: string
  readonly status_msg: string | null
}

/** A machine put into the world without a request. */
export interface VastMachineOptions {
  /** Default: the first offer that is free. */
  readonly offerId?: number
  readonly label?: string
  /** USD per hour; makes it interruptible. */
  readonly bid?: number
  readonly disk?: number
  readonly image?: string
  readonly runtype?: string
  readonly env?: Readonly<Record<string, string>>
  /** Default `running`. */
  readonly state?: "running" | "stopped"
}

/** What hosts, competitors and the vendor do to the cloud. Each takes place at once. */
export interface VastControls {
  /** Outbids an interruptible machine: it stops, keeps its data, and waits. */
  preempt(id: number): void
  /** The competing bid goes away: a waiting machine resumes by itself. */
  outbidBack(id: number): void
  /** Another customer rents an offer on demand: it leaves the market, and starts on it queue. */
  takeOffer(offerId: number): void
  /** That customer leaves: queued starts begin. */
  freeOffer(offerId: number): void
  /** The host withdraws an offer for good. */
  removeOffer(offerId: number): void
  /** Multiplies the price of an offer for new rentals. */
  changePrice(offerId: number, factor: number): void
  /** The host drops off the network: the row reads `offline`, nothing is charged, nothing proceeds. */
  hostOffline(id: number): void
  /** The host is back: the status underneath shows again and proceeds. */
  hostOnline(id: number): void
  /** The host gives up on a boot: `created`, all three wishes `stopped`, and a message. */
  failBoot(id: number, message?: string): void
  /** From now on no host can pull an image, with these words of Docker; null lets them again. */
  breakImage(image: string, message: string | null): void
  /** From now on an image takes so long to pull, and `status_msg` says how far it is. */
  slowImage(image: string, minutes: number): void
  /** The container's process ends: `exited`, the contract keeps its hardware. */
  exitContainer(id: number): void
  /** Sets raw status fields and drops what was ahead of the machine, so that they stay. */
  setStatus(id: number, status: Partial<VastStatusFields>): void
  /** Adds a line to a container's log. */
  writeLog(id: number, line: string): void
  /** What Vast puts into the environment of a container besides what its launch names. Source: Vast docs, docker environment. */
  environmentOf(id: number): Readonly<Record<"CONTAINER_ID" | "CONTAINER_API_KEY" | "VAST_CONTAINERLABEL", string>>
  /** The host wants more for a machine from the end of its contract on, times `factor`; gives the id of the increase. */
  raisePrice(id: number, factor: number): number
  /** Puts a machine into the world; gives its id. */
  addMachine(options?: VastMachineOptions): number
  /** Lets the market move a little: some hosts change their prices, some offers are rented by others, some are free again. */
  stir(random: Random): void
}

/** The message of an abandoned boot, as captured live. */
const ociMessage =
  "Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: could not apply required modification to OCI specification: error modifying OCI spec: failed to inject CDI devices: unresolvable CDI devices"

const known = (world: World, id: number): Machine => {
  const machine = findMachine(world, id)
  if (machine === undefined) throw new Error(`No instance ${id} exists in this simulator`)
  return machine
}

const knownOffer = (world: World, offerId: number) => {
  const offer = world.offers.get(offerId)
  if (offer === undefined) throw new Error(`No offer ${offerId} exists in this simulator`)
  return offer
}

const addMachine = (world: World, options: VastMachineOptions = {}): number => {
  const free = [...world.offers.values()].find((offer) => availabilityOf(world, offer) === "free")
  const offer = options.offerId === undefined ? free : knownOffer(world, options.offerId)
  if (offer === undefined) throw new Error("No offer is free in this simulator")
  const bid = options.bid ?? null
  const workload = {
    image: options.image ?? "ubuntu:22.04",
    runtype: reportedRuntype(options.runtype ?? "ssh_direct"),
    env: Object.entries(options.env ?? {}),
    ...{ onstart: null, args: [], templateId: null, templateHash: null, vm: false }
  }
  const order = { offer, label: options.label ?? null, bid, disk: options.disk ?? 10, workload }
  const machine = createContract(world, order, bid ?? basePriceOf(world, offer))
  if (options.state === "stopped") {
    keepStopped(world, machine, null)
    changeStatus(machine, { actual: machine.stopsAs })
  } else {
    occupy(world, machine)
    takeStep(world, machine.id, "running")
  }
  return machine.id
}

const fieldNames = {
  actual_status: "actual",
  intended_status: "intended",
  cur_state: "cur",
  next_state: "next",
  status_msg: "message"
} as const

const setStatus = (world: World, machine: Machine, status: Partial<VastStatusFields>) => {
  cancelPlan(world, machine)
  const wire: ReadonlyArray<readonly [string, unknown]> = Object.entries(status)
  for (const [name, stored] of Object.entries(fieldNames)) {
    const found = wire.find(([field]) => field === name)
    if (found !== undefined) Object.assign(machine.status, { [stored]: found[1] })
  }
  if (machine.status.actual === "running") machine.runningSince ??= world.state.at
  else machine.runningSince = null
}

const setImage = (world: World, image: string, rule: ImageRule) => {
  world.state.images[image] = rule
}

/** Binds the controls to a world. */
export const controls = (world: World): VastControls => {
  const { state } = world
  return {
    preempt: (id) => {
      const machine = known(world, id)
      if (!machine.isBid) throw new Error(`Instance ${id} isn't interruptible, so nobody can outbid it`)
      askOf(world, machine.offerId).minBid = round(machine.price * 1.25)
      interrupt(world, machine)
    },
    outbidBack: (id) => {
      const machine = known(world, id)
      askOf(world, machine.offerId).minBid = machine.price
      wake(world, machine.offerId)
    },
    takeOffer: (offerId) => {
      knownOffer(world, offerId)
      askOf(world, offerId).taken = true
      for (const machine of world.state.machines) {
        if (machine.offerId === offerId && machine.isBid && machine.holdsGpu) interrupt(world, machine)
      }
    },
    freeOffer: (offerId) => {
      knownOffer(world, offerId)
      askOf(world, offerId).taken = false
      wake(world, offerId)
    },
    removeOffer: (offerId) => {
      knownOffer(world, offerId)
      askOf(world, offerId).removed = true
    },
    changePrice: (offerId, factor) => {
      knownOffer(world, offerId)
      changePrice(world, offerId, factor)
    },
    hostOffline: (id) => setHostOnline(world, known(world, id), false),
    hostOnline: (id) => setHostOnline(world, known(world, id), true),
    failBoot: (id, message = ociMessage) => abandonBoot(world, known(world, id), message),
    breakImage: (image, message) => setImage(world, image, message === null ? {} : { error: message }),
    slowImage: (image, minutes) => setImage(world, image, { minutes }),
    exitContainer: (id) => exitContainer(world, known(world, id)),
    setStatus: (id, status) => setStatus(world, known(world, id), status),
    writeLog: (id, line) => void known(world, id).log.push(line),
    environmentOf: (id) => ({
      ...{ CONTAINER_ID: `${id}`, CONTAINER_API_KEY: known(world, id).apiKey, VAST_CONTAINERLABEL: `C.${id}` }
    }),
    raisePrice: (id, factor) => {
      const increase = {
        id: state.nextPriceIncrease,
        contract: known(world, id).id,
        factor,
        createdAt: state.at
      }
      state.nextPriceIncrease = increase.id + 1
      state.priceIncreases.push(increase)
      return increase.id
    },
    addMachine: (options) => addMachine(world, options),
    stir: (random) => stirMarket(world, random)
  }
}
