import type { Offer } from "@anygpu/core"
import type * as wire from "./wire.ts"

/** So many ports a container can open, besides that of ssh. Source: Vast.ai docs, guides/instances/connect/networking. */
export const mostPorts = 64

/** A version that Vast writes as a number: 12.8, and 13 for 13.0. */
const versionOf = (number: number | null | undefined): string | null =>
  number == null || !(number > 0) || number > 9999 ? null : number.toFixed(1)

const datacenters: Readonly<Record<number, boolean>> = { 0: false, 1: true }

type HostFacts = Pick<
  Offer,
  "supplier" | "maxCuda" | "computeCapability" | "downloadMbps" | "uploadMbps" | "openPorts" | "datacenter"
>

/**
 * What a row says of the host: its supplier, driver, line and ports.
 *
 * - Speeds are taken as Mb/s, as the console and the command write them; the search's own document says MB/s.
 */
export const hostFactsOf = (row: wire.Offer): HostFacts => ({
  supplier: row.host_id == null ? null : String(row.host_id),
  maxCuda: versionOf(row.cuda_max_good),
  computeCapability: versionOf(row.compute_cap == null ? null : row.compute_cap / 100),
  downloadMbps: row.inet_down ?? null,
  uploadMbps: row.inet_up ?? null,
  openPorts: row.direct_port_count == null ? null : Math.min(mostPorts, row.direct_port_count),
  datacenter: datacenters[row.hosting_type ?? -1] ?? null
})
