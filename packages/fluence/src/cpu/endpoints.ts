import { endpoint } from "@anygpu/core/adapter"
import * as z from "zod"
import * as wire from "./wire.ts"

const manage = "Fluence docs, Manage your deployments"
const order = "Fluence docs, Order a VM"
const offerings = "Fluence docs, Get offerings"

const read = { method: "GET", repeat: "safe" } as const
const ask = { method: "POST", repeat: "safe", source: offerings } as const
const update = { method: "PATCH", answer: z.unknown(), repeat: "safe", source: manage } as const

/**
 * Every route of Fluence's CPU VMs that this adapter knows, exact in method, path and body.
 *
 * - Fluence's documents describe three generations of this API, of which none says that it ends another. Generation A
 *   lists and changes under `/vms/v2` and deletes under `/vms/v3`; it is what the common operations use. Generation B is
 *   all of `/vms/v3` with `/marketplace`; the common operations take from it only what A's documents lack: creating,
 *   offers and images. The rest of B is here for `native`.
 * - Generation C (`/v2/vms`, `/v1/...`; not to be confused with `/vms/v2`) is not built, nothing here works on it, and
 *   Fluence's newest documents describe only that one: whether A and B still answer is said nowhere.
 */
export const cpuEndpoints = {
  /** Every VM of the account, in one answer. Generation A: sizes as texts in MiB. */
  listCpuVms: endpoint({ ...read, operation: "listCpuVms", path: "/vms/v2", answer: wire.Rows, source: manage }),
  /** Names a VM, or replaces all its open ports: the ones left out are closed. Generation A: one VM, its fields bare. */
  updateCpuVm: endpoint({ ...update, operation: "updateCpuVm", path: "/vms/v2", body: wire.UpdateBody }),
  /** Ends VMs for good, any number at once; what it answers is not documented. Generations A and B alike. */
  deleteCpuVms: endpoint({
    operation: "deleteCpuVms",
    method: "DELETE",
    path: "/vms/v3",
    body: wire.DeleteBody,
    answer: z.unknown(),
    repeat: "safe",
    source: manage
  }),
  /** Rents. Takes no key against a second effect. Generation B. */
  createCpuVms: endpoint({
    operation: "createCpuVms",
    method: "POST",
    path: "/vms/v3",
    body: wire.CreateBody,
    answer: wire.Created,
    repeat: "refused-only",
    timeout: "2 minutes",
    source: order
  }),
  /** What can be rented now: a search, which changes nothing. Generation B. */
  searchCpuOffers: endpoint({
    ...ask,
    operation: "searchCpuOffers",
    path: "/marketplace/offers",
    body: wire.Constraints,
    answer: wire.Rows
  }),
  /** The names of all configurations, offered now or not. Generation B. */
  cpuConfigurations: endpoint({
    ...read,
    operation: "cpuConfigurations",
    path: "/marketplace/basic_configurations",
    answer: z.array(z.string()),
    source: offerings
  }),
  /** The countries with data centres. Generation B. */
  cpuCountries: endpoint({
    ...read,
    operation: "cpuCountries",
    path: "/marketplace/countries",
    answer: z.array(z.string()),
    source: offerings
  }),
  /** The hardware that constraints can name. Generation B. */
  cpuHardware: endpoint({
    ...read,
    operation: "cpuHardware",
    path: "/marketplace/hardware",
    answer: wire.Hardware,
    source: offerings
  }),
  /** The data centres; the shape of a row is not documented. Generation B, although its path begins like C's. */
  cpuDatacenters: endpoint({
    ...read,
    operation: "cpuDatacenters",
    path: "/v1/marketplace/datacenters",
    answer: wire.Rows,
    source: offerings
  }),
  /** What an order would cost, deposit included. Generation B. */
  estimateCpuVms: endpoint({
    ...ask,
    operation: "estimateCpuVms",
    path: "/vms/v3/estimate",
    body: wire.EstimateBody,
    answer: wire.Estimate
  }),
  /** The default images of operating systems. Generation B. */
  cpuImages: endpoint({
    ...read,
    operation: "cpuImages",
    path: "/vms/v3/default_images",
    answer: wire.Rows,
    source: order
  }),
  /** Every VM of the account. Generation B: sizes as numbers in GiB. */
  listCpuVmsV3: endpoint({ ...read, operation: "listCpuVmsV3", path: "/vms/v3", answer: wire.Rows, source: manage }),
  /** Names VMs, or replaces all their open ports. Generation B: any number of VMs, wrapped in `updates`. */
  updateCpuVmsV3: endpoint({ ...update, operation: "updateCpuVmsV3", path: "/vms/v3", body: wire.UpdatesBody }),
  /** The status of some VMs and nothing else. Generation B. */
  cpuVmStatuses: endpoint({
    ...read,
    operation: "cpuVmStatuses",
    path: "/vms/v3/status",
    query: wire.StatusQuery,
    answer: wire.Statuses,
    source: manage
  })
} as const
