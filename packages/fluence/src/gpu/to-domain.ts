import {
  type BillingTerms,
  canonicalGpu,
  type Endpoints,
  type Gpu,
  gpuModels,
  type InstanceFacts,
  type Kind,
  type Location,
  type Money,
  money,
  noEndpoints,
  type Offer,
  type PortMapping,
  placed,
  type SshEndpoint,
  splitMarker,
  sshEndpoint,
  vramTolerance
} from "@anygpu/core"
import type * as DateTime from "effect/DateTime"
import { mibOf, portOf, timeOf, vramOf } from "../values.ts"
import { wordsOf } from "./events.ts"
import { type ContainerNative, containerNativeOf, type VmNative, vmNativeOf } from "./native.ts"
import type * as wire from "./wire.ts"

/** What a plan, an option and a machine say alike of their size. */
const sizesOf = (sizes: Partial<wire.Supply> | null | undefined) => ({
  vcpus: sizes?.vcpu?.count ?? null,
  memoryMiB: mibOf(sizes?.memory?.count, sizes?.memory?.units),
  storageMiB: mibOf(sizes?.storage?.count, sizes?.storage?.units)
})

/** The sizes of what can be rented: nobody chooses a disk, it is the plan's. */
const offeredSizes = (sizes: Partial<wire.Supply> | null | undefined) => {
  const { storageMiB, ...others } = sizesOf(sizes)
  return { ...others, diskMiB: storageMiB, storageMiB }
}

const vendors = ["nvidia", "amd", "intel"] as const

/**
 * The GPUs of a plan or a machine.
 *
 * - `vram` is taken as the memory of one GPU: the plans of VMs state one model, with one `vram`, above all numbers of
 *   GPUs. The documents do not say so, and show one GPU only: where there are several and the model is not sold with
 *   that much, it stays null.
 */
const gpuOf = (model: wire.Model | null | undefined, count: number | null | undefined): Gpu | null => {
  if (!model?.model || !count || !Number.isInteger(count) || count < 0) return null
  const memory = vramOf(model.vram)
  const named = canonicalGpu(model.model, { interface: model.interface ?? null, vramMiB: memory })
  const sold = gpuModels.find((row) => row.model === named.model)?.vramGiB ?? []
  const fits = sold.some((gib) => memory !== null && memory <= gib * 1024 && memory >= gib * 1024 * vramTolerance)
  const vendor = vendors.find((name) => name === model.vendor?.toLowerCase()) ?? "unknown"
  return {
    ...named,
    vendor: named.known ? named.vendor : vendor,
    count,
    vramMiB: count === 1 || sold.length === 0 || fits ? named.vramMiB : null
  }
}

/** The currencies that the plans can name; the pages also write USD for USDC, so each is kept as it stands. */
const currencies = ["USDC", "USD"] as const

/** More than this per hour is no price: it would not fit into an amount of money either. */
const dearest = 1_000_000_000

/** A price above zero in a currency that is known; anything else is a price that nobody knows. */
const priceOf = (hour: number | null | undefined, currencyText: string | null | undefined): Money | null => {
  const currency = currencies.find((name) => name === currencyText?.toUpperCase())
  return currency && hour != null && hour > 0 && hour < dearest ? money(hour, currency) : null
}

/**
 * Prepaid clock hours, the disk included: the upfront hours leave the account at deploy, one is charged for the hour that
 * has begun, and the others are a reserve that comes back.
 *
 * - Null without a number of upfront hours: what a launch takes is then not known.
 * - What traffic costs is not documented.
 *
 * Source: Fluence docs, Rent GPU instances: billing model.
 */
const termsOf = (pricing: wire.Pricing | null | undefined): BillingTerms | null => {
  const perHour = priceOf(pricing?.hour, pricing?.currency)
  const hours = pricing?.upfront_hours
  if (perHour === null || hours == null || hours < 0) return null
  return {
    compute: { perHour, stepSeconds: 3600, stepsFrom: "clock", minimumSeconds: 0 },
    storage: null,
    traffic: "unknown",
    upfront: hours > 0 ? { seconds: hours * 3600, refundableSeconds: Math.max(0, hours - 1) * 3600 } : null,
    accountFloor: null
  }
}

/**
 * VMs and bare metal are placed by names of data centres: these are the ones of Fluence's examples that name their country.
 * Others, such as `us-central-3` and `Texas`, name none for sure.
 *
 * Source: Fluence docs, get plans.
 */
const countries: Readonly<Record<string, string>> = {
  ...{ "culpeper-usa-1": "US", "dulles-usa-1": "US", "newyork-usa-1": "US", "sanjose-usa-2": "US" },
  ...{ "kristiansand-norway-2": "NO", "tokyo-japan-2": "JP" }
}

const dataCentreOf = (text: string | null | undefined): Location => placed(countries, text)

/** Containers are placed by country code. */
const countryOf = (text: string | null | undefined): Location =>
  text && /^[A-Za-z]{2}$/.test(text) ? { country: text.toUpperCase(), region: null, native: text } : dataCentreOf(text)

const common = (observedAt: DateTime.Utc, pricing: wire.Pricing | null | undefined, native: unknown) => ({
  provider: "fluence" as const,
  pricePerHour: priceOf(pricing?.hour, pricing?.currency),
  minimumBid: null,
  terms: termsOf(pricing),
  availability: "available" as const,
  interruptible: false,
  reliability: null,
  observedAt,
  native
})

/** A container plan in common terms: one offer per place, `<plan>@<place>`, and one without a place when it names none. */
export const containerOffers = (
  { plan, attributes }: wire.ContainerPlan,
  native: unknown,
  observedAt: DateTime.Utc
): ReadonlyArray<Offer<"fluence", "container">> => {
  const places = [...new Set(attributes?.location ?? [])]
  return (places.length > 0 ? places : [null]).map((place) => ({
    id: place === null ? plan.id : `${plan.id}@${place}`,
    kind: "container",
    gpu: gpuOf(plan.gpu_model, plan.supply?.gpu_count),
    ...offeredSizes(plan.supply),
    location: countryOf(place),
    ...common(observedAt, plan.pricing, native)
  }))
}

/** A plan of a VM or a bare metal machine, in common terms; its GPUs follow from the groups it stands in. */
export const machineOffer = <K extends Kind>(
  kind: K,
  { model, count }: { readonly model: wire.Model | null | undefined; readonly count: number | null | undefined },
  option: wire.Option,
  native: unknown,
  observedAt: DateTime.Utc
): Offer<"fluence", K> => ({
  id: option.id,
  kind,
  gpu: gpuOf(model, count),
  ...offeredSizes(option),
  location: dataCentreOf(option.location),
  ...(option.os_options && { systems: option.os_options }),
  // The place of a VM is a data centre by its id. Source: Fluence docs, get plans.
  datacenter: option.location ? true : null,
  ...common(observedAt, option.pricing, native)
})

const protocols = ["tcp", "udp", "http"] as const

const portsOf = (row: wire.Machine, host: string): ReadonlyArray<PortMapping> =>
  (row.network?.forwarded_ports ?? []).flatMap((forwarded) => {
    const port = portOf(forwarded.port)
    const externalPort = portOf(forwarded.external_port)
    const protocol = protocols.find((name) => name === forwarded.protocol?.toLowerCase())
    return port && externalPort && protocol ? [{ port, protocol, host, externalPort }] : []
  })

const urlsOf = (uri: string | null | undefined): ReadonlyArray<string> =>
  uri ? [/^https?:\/\//i.test(uri) ? uri : `http://${uri}`] : []

/**
 * Where a machine is reached; null while it has no address.
 *
 * - One page says that a single machine has all fields of a list, `domain` among them; its examples have it under
 *   `network` alone.
 */
export const hostOf = ({ network, domain }: wire.Machine): string | null => network?.domain || domain || null

/** A container's port 22, with the user of Fluence's own images and examples; all other ports, and its HTTP address. */
const containerEndpoints = (row: wire.Container, host: string): Endpoints => {
  const ports = portsOf(row, host)
  const ssh = ports.find(({ port, protocol }) => port === 22 && protocol === "tcp")
  return {
    ssh: ssh ? [sshEndpoint(host, ssh.externalPort, "root", "direct")] : [],
    ports: ports.filter((port) => port !== ssh),
    urls: urlsOf(row.network?.uri)
  }
}

/** `ssh ubuntu@216.81.248.90`, with `-p 2222` before or after; another command is not read. */
const sshOf = (command: string | null | undefined): ReadonlyArray<SshEndpoint> => {
  const match = /^ssh(?:\s+-p\s*(\d+))?\s+([\w.-]+)@([\w.:-]+)(?:\s+-p\s*(\d+))?$/.exec((command ?? "").trim())
  const [, before, user, host, after] = match ?? []
  const port = portOf(before ?? after ?? "22")
  return user && host && port ? [sshEndpoint(host, port, user, "direct")] : []
}

/** Who may log in stands in `ssh_connection` alone: without it there is an address, and no user is made up. */
const machineEndpoints = (row: wire.Vm, host: string): Endpoints => ({
  ssh: sshOf(row.ssh_connection),
  ports: portsOf(row, host),
  urls: urlsOf(row.network?.uri)
})

/** What all three kinds say alike, in common terms. */
const factsOf = <Row extends wire.Machine>(
  row: Row,
  endpointsAt: (row: Row, host: string) => Endpoints,
  location: Location
): Omit<InstanceFacts, "native"> => {
  const { name, marker } = splitMarker(row.name ?? "")
  const supply = row.resources?.supply
  const host = hostOf(row)
  return {
    id: row.id,
    name: name || null,
    marker,
    gpu: gpuOf(row.resources?.gpu_model, supply?.gpu_count),
    ...sizesOf(supply),
    location,
    pricePerHour: priceOf(row.billing?.hourly_usage, "USDC"),
    interruptible: false,
    endpoints: host === null ? noEndpoints : endpointsAt(row, host),
    createdAt: timeOf(row.created_at),
    endsAt: null
  }
}

/** A container in common terms; the values of its variables, the ssh key among them, are left out. */
export const containerOf = (row: wire.Container): InstanceFacts<ContainerNative> => ({
  ...factsOf(row, containerEndpoints, countryOf(row.location)),
  native: containerNativeOf(row),
  ...(row.events && { said: wordsOf(row) })
})

/** A VM or a bare metal machine in common terms. */
export const machineOf = (row: wire.Vm): InstanceFacts<VmNative> => ({
  ...factsOf(row, machineEndpoints, dataCentreOf(row.location)),
  native: vmNativeOf(row)
})
