import {
  type BillingTerms,
  canonicalGpu,
  countryNamed,
  type Endpoints,
  type Gpu,
  type InstanceFacts,
  type Kind,
  type Location,
  type Money,
  money,
  type Offer,
  type SshKey,
  scaleMoney,
  splitMarker,
  sshEndpoint,
  sshKeyIdentity
} from "@anygpu/core"
import { maskAssignments } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import { hostFactsOf } from "./host-facts.ts"
import { portsOf } from "./ports.ts"
import type { PriceIncrease } from "./price-endpoints.ts"
import { noticeOf, type Priced } from "./price-increases.ts"
import type * as wire from "./wire.ts"

const bytesPerMiB = 1_048_576
const bytesPerGB = 1_000_000_000
const bytesPerGiB = 1_073_741_824

/** Vast's GB are taken as 10^9 bytes both ways, so that nobody gets less disk than they asked for. */
export const mibOfGB = (gb: number): number => Math.floor((gb * bytesPerGB) / bytesPerMiB)

/** The smallest disk that Vast rents, in GB. */
const leastGB = 8

/** The GB to ask for: 10 is Vast's own default. */
export const gbOfMiB = (mib: number | undefined): number =>
  mib === undefined ? 10 : Math.max(leastGB, Math.ceil((mib * bytesPerMiB) / bytesPerGB))

const whole = (value: number | null | undefined): number | null => (value == null ? null : Math.floor(value))

/** A price above zero; anything else is a price that nobody knows. */
const priceOf = (amount: number | null | undefined): Money | null =>
  amount != null && Number.isFinite(amount) && amount > 0 ? money(amount) : null

const gpuOf = (row: Pick<wire.Offer, "gpu_name" | "num_gpus" | "gpu_ram">): Gpu | null => {
  if (!row.gpu_name || !row.num_gpus || !Number.isInteger(row.num_gpus)) return null
  const vramMiB = whole(row.gpu_ram)
  return { ...canonicalGpu(row.gpu_name, { vramMiB }), count: row.num_gpus }
}

/** So many different values of one field are remembered; then it starts again. */
const mostRemembered = 2_000

/**
 * The function with its answers remembered and shared: thousands of offers have a few dozen places and rates.
 *
 * - What is shared is frozen: nobody changes one offer by another.
 */
const remembered = <Key, Made extends object | null>(make: (key: Key) => Made): ((key: Key) => Made) => {
  const known = new Map<Key, Made>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = Object.freeze(make(key))
    if (known.size >= mostRemembered) known.clear()
    known.set(key, made)
    return made
  }
}

/** "Washington, US" and ", US" end in a country's code, "California, United States" in its name. */
const locationOf = (text: string | null | undefined, code?: string | null): Location => {
  const last = text ? text.slice(text.lastIndexOf(",") + 1).trim() : ""
  const country = code || (/^[A-Z]{2}$/.test(last) ? last : last.length > 2 ? countryNamed(last) : null)
  return { country, region: null, native: text ?? null }
}

/** The offer's part of the whole machine's memory. */
const memoryOf = (row: Pick<wire.Offer, "cpu_ram" | "gpu_frac">): number | null =>
  row.cpu_ram == null ? null : Math.floor(row.cpu_ram * (row.gpu_frac ?? 1))

const placeOf = remembered((text: string | null | undefined) => locationOf(text))

const perGiB = remembered((perGB: number | null | undefined): Money | null =>
  perGB == null || perGB < 0 ? null : Object.freeze(scaleMoney(money(perGB), bytesPerGiB, bytesPerGB))
)

/** USD per GB and month of 720 hours, charged while stopped as well. */
const storageTerms = remembered(
  (perGBMonth: number): NonNullable<BillingTerms["storage"]> => ({
    perUnitMonth: Object.freeze(money(perGBMonth)),
    unit: "whole GB",
    minimumUnits: leastGB,
    hoursPerMonth: 720,
    whileStopped: true
  })
)

/** Per second for the GPU, per hour of a 720 hour month for the disk also while stopped, per GB for traffic. */
const termsOf = (row: wire.Offer): BillingTerms | null => {
  const perHour = priceOf(row.dph_base)
  if (perHour === null || row.storage_cost == null || row.storage_cost < 0) return null
  const outPerGiB = perGiB(row.inet_up_cost)
  const inPerGiB = perGiB(row.inet_down_cost)
  return {
    compute: { perHour, stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 },
    storage: storageTerms(row.storage_cost),
    traffic: outPerGiB && inPerGiB ? { outPerGiB, inPerGiB } : "unknown",
    upfront: null,
    accountFloor: null
  }
}

/** Whether a row of the market is a machine with GPUs: disks are rented out there too. */
export const isGpuOffer = ({ num_gpus, resource_type }: wire.Offer): boolean =>
  num_gpus !== 0 && (resource_type == null || resource_type.trim().toLowerCase() === "gpu")

/** What a search says of all its rows. */
export interface Searched<K extends Kind> {
  readonly kind: K
  readonly interruptible: boolean
  /** The disk that the search allocated, in GB: what the prices include. */
  readonly diskGB: number
  readonly observedAt: DateTime.Utc
}

/**
 * An offer in common terms.
 *
 * - `disk_space` is what the host has free, and no part of the price.
 */
export const offerOf = <K extends Kind>(
  row: wire.Offer,
  native: unknown,
  { kind, interruptible, diskGB, observedAt }: Searched<K>
): Offer<"vast", K> => ({
  id: String(row.id),
  provider: "vast",
  kind,
  gpu: gpuOf(row),
  vcpus: row.cpu_cores_effective ?? null,
  memoryMiB: memoryOf(row),
  diskMiB: mibOfGB(diskGB),
  storageMiB: row.disk_space == null ? null : mibOfGB(row.disk_space),
  location: placeOf(row.geolocation),
  pricePerHour: priceOf(row.dph_total),
  minimumBid: interruptible ? priceOf(row.min_bid) : null,
  terms: termsOf(row),
  availability: row.rentable === false || row.rented === true ? "unavailable" : row.rentable ? "available" : "unknown",
  interruptible,
  host: row.machine_id == null ? null : String(row.machine_id),
  ...hostFactsOf(row),
  reliability: row.reliability2 ?? row.reliability ?? null,
  observedAt,
  native
})

/** Whether ports of the machine were asked for, as far as its row says; older answers name only the first port. */
const opensPorts = ({ extra_env, direct_port_start }: wire.Instance): boolean => extra_env ?? direct_port_start !== -1

/**
 * The ways in: straight to the machine first, then Vast's ssh proxy. A machine that runs its image's own command has
 * no ssh, and without ports no way in at all.
 */
const endpointsOf = (row: wire.Instance): Endpoints => {
  const host = row.public_ipaddr?.trim() ?? ""
  const ports = host ? portsOf(row, host) : []
  const hasSsh = !row.image_runtype || /ssh|jupyter/.test(row.image_runtype)
  const direct = ports.find(({ port, protocol }) => port === 22 && protocol === "tcp")
  const ssh = [
    ...(direct ? [sshEndpoint(host, direct.externalPort, "root", "direct")] : []),
    ...(row.ssh_host && row.ssh_port ? [sshEndpoint(row.ssh_host, row.ssh_port, "root", "proxy")] : [])
  ]
  const reached = { ssh: hasSsh ? ssh : [], ports: ports.filter((port) => !hasSsh || port !== direct), urls: [] }
  return hasSsh || ports.length > 0 || opensPorts(row) ? reached : { ...reached, expected: false }
}

const timeOf = (seconds: number | null | undefined): DateTime.Utc | null =>
  seconds == null || !Number.isFinite(seconds) ? null : DateTime.makeUnsafe(Math.floor(seconds * 1000))

/** Whether an image is one of Vast's for virtual machines. */
export const isVmImage = (image: string): boolean => /^(docker\.io\/)?vastai\/kvm([:@]|$)/.test(image)

/** Whether a row of the one list is a VM: Vast says it only by the image, which comes from `vastai/kvm`. */
export const kindOf = (row: wire.Instance): "container" | "vm" => (isVmImage(row.image_uuid ?? "") ? "vm" : "container")

/** The kind that a row shows; null for one that names no image. */
export const toldKindOf = (row: wire.Instance): "container" | "vm" | null => (row.image_uuid ? kindOf(row) : null)

/**
 * Vast's own facts of a machine, under its names: its label, the status fields, and its message without what may be secret.
 */
export type VastNative = Readonly<
  Pick<wire.Instance, "label" | "actual_status" | "intended_status" | "cur_state" | "next_state"> & {
    status_msg: string | null
    /** Left out where nobody asked, as on a read of one machine. */
    price_increase?: PriceIncrease | null
  }
>

/** A machine in common terms. Its secrets (tokens, environment, start script) are not even read. */
export const instanceOf = (row: Priced): InstanceFacts<VastNative> => {
  const { name, marker } = splitMarker(row.label ?? "")
  const { label, actual_status, intended_status, cur_state, next_state, status_msg, is_bid, price_increase } = row
  return {
    id: String(row.id),
    name: name || null,
    marker,
    gpu: gpuOf(row),
    vcpus: row.cpu_cores_effective ?? null,
    memoryMiB: memoryOf(row),
    storageMiB: row.disk_space == null ? null : mibOfGB(row.disk_space),
    location: locationOf(row.geolocation, row.country_code),
    pricePerHour: priceOf(row.dph_total),
    interruptible: is_bid ?? false,
    endpoints: endpointsOf(row),
    createdAt: timeOf(row.start_date),
    endsAt: timeOf(row.end_date),
    native: {
      label,
      actual_status,
      intended_status,
      cur_state,
      next_state,
      status_msg: status_msg == null ? null : maskAssignments(status_msg.trim()),
      ...(price_increase !== undefined && { price_increase })
    },
    ...(price_increase && { notice: noticeOf(price_increase) }),
    said: status_msg ?? null
  }
}

/** A key; its text has three names. Deleted keys do not count. */
export const keyOf = (row: wire.Key): ReadonlyArray<SshKey> => {
  if (row.deleted_at) return []
  const publicKey = row.public_key ?? row.key ?? row.ssh_key ?? null
  const comment = publicKey?.trim().split(/\s+/).slice(2).join(" ")
  return [{ id: String(row.id), name: row.name || comment || null, publicKey, fingerprint: null }]
}

/** The key among these that is the same as a public key, whatever its comment. */
export const keyLike = (keys: ReadonlyArray<SshKey>, publicKey: string): SshKey | undefined =>
  keys.find((key) => key.publicKey !== null && sshKeyIdentity(key.publicKey) === sshKeyIdentity(publicKey))
