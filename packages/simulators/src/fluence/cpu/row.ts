import { inSeconds } from "../../kit/fields.ts"
import type { Row } from "../gpu/row.ts"
import type { CpuMachine } from "../machine.ts"
import { toBalance, toDecimal } from "../money.ts"
import { nextEpoch } from "../stamp.ts"
import type { World } from "../world.ts"
import type { Candidate } from "./constraints.ts"
import { type CpuOffer, cpuOffers, type Datacenter, extraStorage, storagePrice } from "./offers.ts"

/** The version of a list: v2 counts supplies as text in MiB, v3 as numbers in GiB. Source: Fluence docs, Manage your deployments, Manage VMs. */
export type ListVersion = "v2" | "v3"

const sized = (version: ListVersion, gib: number) =>
  version === "v2" ? { supply: String(gib * 1024), units: "MiB" } : { supply: gib, units: "GiB" }

const resourcesOf = ({ vcpu, memory, storage, hardware }: CpuOffer, extra: number, version: ListVersion) => [
  { type: "VCPU", quantity: vcpu, details: { model: "7702p" }, metadata: hardware.cpu },
  {
    ...{ type: "RAM", ...sized(version, memory), metadata: hardware.memory },
    details: { manufacturer: "Samsung", model: "DGX", speed: 3600 }
  },
  {
    ...{ type: "STORAGE", ...sized(version, storage + extra), metadata: hardware.storage },
    details: { manufacturer: "WD", sequentialWriteSpeed: 15_000 }
  },
  { type: "PUBLIC_IP", quantity: 1, details: {}, metadata: { version: "4" } }
]

/** Where a machine has its address: it answers in these. Source: Fluence docs, Manage your deployments (null if not active). */
const reachable: ReadonlySet<string> = new Set(["Active", "SmallBalance"])

/** The address of a machine, null unless it can be reached: where it truly answers, if anything does. */
const publicIpOf = ({ reach }: World, { id, status, address }: CpuMachine): string | null => {
  const real = reach(id)
  return reachable.has(status) && real !== null ? (real?.host ?? address) : null
}

/**
 * A machine in a list. Source: Fluence docs, Manage your deployments; without data centre once ended: Manage VM.
 *
 * - `statusChangedAt` in v3: a client of the API typed from its specification; the documents' example has it not.
 */
export const cpuRow = (world: World, machine: CpuMachine, version: ListVersion): Row => {
  const offer = cpuOffers.find(({ id }) => id === machine.offerId)
  return {
    ...{ id: machine.id, vmName: machine.name, status: machine.status },
    pricePerEpoch: toDecimal(machine.pricePerEpoch),
    resources: offer === undefined ? [] : resourcesOf(offer, machine.extraStorage, version),
    createdAt: inSeconds(machine.createdAt),
    ...(version === "v3" && { statusChangedAt: inSeconds(machine.statusChangedAt) }),
    ...(machine.over ? {} : { nextBillingAt: inSeconds(nextEpoch(world.state.at)) }),
    ...{ osImage: machine.osImage, datacenter: machine.over ? null : (offer?.datacenter ?? null) },
    ...{ publicIp: publicIpOf(world, machine), ports: machine.ports },
    ...{ reservedBalance: toBalance(machine.reserved), totalSpent: toBalance(machine.spent) }
  }
}

/** The status of a machine by itself. Source: a client of the API typed from its specification; the documents give the path alone. */
export const statusRow = (world: World, machine: CpuMachine): Row => {
  const publicIp = publicIpOf(world, machine)
  return {
    ...{ id: machine.id, status: machine.status, statusChangedAt: inSeconds(machine.statusChangedAt) },
    ...(publicIp !== null && { publicIp })
  }
}

/** A data centre. Source: the vendor's Terraform provider, as it reads them; no document shows a row. */
export const datacenterRow = ({ countryCode, cityCode, cityIndex, tier, certifications }: Datacenter): Row => {
  const slug = `${countryCode}-${cityCode}-${cityIndex}`.toLowerCase()
  return { id: slug, countryCode, cityCode, index: cityIndex, tier, certifications, slug }
}

/** An offer of the marketplace; prices of single resources are made up. Source: Fluence docs, Get offerings. */
export const offerRow = ({ offer, left }: Candidate): Row => {
  const { slug, price, datacenter, hardware } = offer
  const storage = { type: "STORAGE", metadata: hardware.storage, price: storagePrice }
  const extra = { ...storage, supply: extraStorage.supply, units: "GiB", perVmLimit: extraStorage.perVmLimit }
  return {
    configuration: { slug, price },
    resources: [
      { type: "VCPU", metadata: hardware.cpu, price: "0.005" },
      { type: "RAM", metadata: hardware.memory, price: "0.002" },
      storage
    ],
    datacenter,
    servers: [{ availableBasicInstances: left, additionalResources: [extra] }],
    maxAdditionalSupply: [extra]
  }
}
