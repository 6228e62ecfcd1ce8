import { endpoint } from "@anygpu/core/adapter"
import * as z from "zod"
import * as wire from "./wire.ts"

const manage = "Fluence docs, Manage your deployments"
const order = "Fluence docs, Order a VM"
const offerings = "Fluence docs, Get offerings"

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
  listCpuVms: endpoint({
    operation: "listCpuVms",
    method: "GET",
    path: "/vms/v2",
    answer: wire.Rows,
    repeat: "safe",
    source: manage
  }),
  /** Names a VM, or replaces all its open ports: the ones left out are closed. Generation A: one VM, its fields bare. */
  updateCpuVm: endpoint({
    operation: "updateCpuVm",
    method: "PATCH",
    path: "/vms/v2",
    body: wire.UpdateBody,
    answer: z.unknown(),
    repeat: "safe",
    source: manage
  }),
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
    operation: "searchCpuOffers",
    method: "POST",
    path: "/marketplace/offers",
    body: wire.Constraints,
    answer: wire.Rows,
    repeat: "safe",
    source: offerings
  }),
  /** The names of all configurations, offered now or not. Generation B. */
  cpuConfigurations: endpoint({
    operation: "cpuConfigurations",
    method: "GET",
    path: "/marketplace/basic_configurations",
    answer: z.array(z.string()),
    repeat: "safe",
    source: offerings
  }),
  /** The countries with data centres. Generation B. */
  cpuCountries: endpoint({
    operation: "cpuCountries",
    method: "GET",
    path: "/marketplace/countries",
    answer: z.array(z.string()),
    repeat: "safe",
    source: offerings
  }),
  /** The hardware that constraints can name. Generation B. */
  cpuHardware: endpoint({
    operation: "cpuHardware",
    method: "GET",
    path: "/marketplace/hardware",
    answer: wire.Hardware,
    repeat: "safe",
    source: offerings
  }),
  /** The data centres; the shape of a row is not documented. Generation B, although its path begins like C's. */
  cpuDatacenters: endpoint({
    operation: "cpuDatacenters",
    method: "GET",
    path: "/v1/marketplace/datacenters",
    answer: wire.Rows,
    repeat: "safe",
    source: offerings
  }),
  /** What an order would cost, deposit included. Generation B. */
  estimateCpuVms: endpoint({
    operation: "estimateCpuVms",
    method: "POST",
    path: "/vms/v3/estimate",
    body: wire.EstimateBody,
    answer: wire.Estimate,
    repeat: "safe",
    source: offerings
  }),
  /** The default images of operating systems. Generation B. */
  cpuImages: endpoint({
    operation: "cpuImages",
    method: "GET",
    path: "/vms/v3/default_images",
    answer: wire.Rows,
    repeat: "safe",
    source: order
  }),
  /** Every VM of the account. Generation B: sizes as numbers in GiB. */
  listCpuVmsV3: endpoint({
    operation: "listCpuVmsV3",
    method: "GET",
    path: "/vms/v3",
    answer: wire.Rows,
    repeat: "safe",
    source: manage
  }),
  /** Names VMs, or replaces all their open ports. Generation B: any number of VMs, wrapped in `updates`. */
  updateCpuVmsV3: endpoint({
    operation: "updateCpuVmsV3",
    method: "PATCH",
    path: "/vms/v3",
    body: wire.UpdatesBody,
    answer: z.unknown(),
    repeat: "safe",
    source: manage
  }),
  /** The status of some VMs and nothing else. Generation B. */
  cpuVmStatuses: endpoint({
    operation: "cpuVmStatuses",
    method: "GET",
    path: "/vms/v3/status",
    query: wire.StatusQuery,
    answer: wire.Statuses,
    repeat: "safe",
    source: manage
  })
} as const
