import { newMeter } from "../kit/meter.ts"
import { planAt } from "../kit/timeline.ts"
import type { AttachedKey, Machine, Workload } from "./machine.ts"
import type { Offer } from "./offer.ts"
import { portsOfRuntype } from "./runtype.ts"
import type { World } from "./world.ts"

/** A valid order of an instance. `bid` is null for an on-demand rental. */
export interface Order {
  readonly offer: Offer
  readonly label: string | null
  readonly bid: number | null
  readonly disk: number
  readonly workload: Workload
}

/** At most this many ports per container. Source: Vast docs, guides/instances/connect/networking. */
const maxPorts = 64

const portFlag = /^-p\s+(\d+):(\d+)(?:\/(tcp|udp))?$/

/**
 * Gives a contract its public ports.
 *
 * - A requested port gets a random host port; one of 70000 and above has the same number inside and outside, chosen by
 *   the host. Source: Vast docs, guides/instances/connect/networking.
 * - A host without open ports gives none, so a running instance may never have 22/tcp.
 */
const assignPorts = (world: World, order: Order): { ports: Record<string, string>; start: number } => {
  const open = Number(order.offer.fixed.direct_port_count ?? 0)
  const wanted = [...portsOfRuntype(order.workload.runtype)]
  let identical = 0
  for (const [name] of order.workload.env) {
    const [, , inside, protocol = "tcp"] = portFlag.exec(name) ?? []
    if (inside === undefined) continue
    if (Number(inside) >= 70_000) identical += 1
    else wanted.push(`${inside}/${protocol}`)
  }
  const unique = [...new Set(wanted)].slice(0, Math.min(open, maxPorts))
  const start = world.random.integer(20_000, 60_000)
  const ports: Record<string, string> = {}
  unique.forEach((port, index) => {
    ports[port] = String(start + index)
  })
  for (let index = 0; index < identical && unique.length + index < Math.min(open, maxPorts); index++) {
    const port = String(start + unique.length + index)
    ports[`${port}/tcp`] = port
  }
  return { ports, start: Object.keys(ports).length > 0 ? start : -1 }
}

const nameOf = (publicKey: string) => publicKey.trim().split(/\s+/)[2] ?? ""

/** An account or attached key as an instance keeps it; its name is the key's comment. */
export const attachedKey = (id: number, publicKey: string): AttachedKey => ({ id, name: nameOf(publicKey), publicKey })

/**
 * Makes a contract, not started yet: status null, wished running.
 *
 * - Its price and end are locked now; it has the account's SSH keys of this moment.
 */
export const createContract = (world: World, order: Order, price: number): Machine => {
  const { random, state } = world
  const id = state.nextContract
  state.nextContract += random.integer(1, 9)
  const { ports, start } = assignPorts(world, order)
  const machine: Machine = {
    id,
    offerId: order.offer.id,
    createdAt: state.at,
    endAt: order.offer.endAt,
    isBid: order.bid !== null,
    disk: order.disk,
    storageCost: order.offer.storageCost,
    workload: order.workload,
    jupyterToken: random.hex(64),
    sshIndex: random.integer(1, 9),
    sshPort: 10_000 + (id % 50_000),
    ports,
    directPortStart: start,
    stopsAs: random.next() < 0.5 ? "exited" : "stopped",
    label: order.label,
    price,
    status: { actual: null, intended: "running", cur: "stopped", next: "running", message: null },
    holdsGpu: false,
    waiting: null,
    offlineSince: null,
    runningSince: null,
    destroyedAt: null,
    keys: state.keys.map((key) => attachedKey(key.id, key.publicKey)),
    log: [],
    daemonLog: [],
    meter: newMeter(),
    discountMonths: 0,
    apiKey: random.hex(64)
  }
  state.machines.push(machine)
  planAt(world, id, machine.endAt, "expired")
  return machine
}
