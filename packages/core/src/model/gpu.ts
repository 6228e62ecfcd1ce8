/** The makers of GPUs that appear in offers. */
export type GpuVendor = "nvidia" | "amd" | "intel" | "unknown"

/**
 * The GPUs of an offer or a machine.
 *
 * - `model` is the canonical name of the alias table, such as `"A100 SXM4"`; a name that the table does not know is
 *   kept as the cloud wrote it, with `known: false`.
 * - `vramMiB` is per GPU; null when the cloud does not say.
 */
export interface Gpu {
  readonly model: string
  readonly known: boolean
  readonly vendor: GpuVendor
  readonly count: number
  readonly vramMiB: number | null
  readonly interface: "sxm" | "pcie" | "nvl" | null
}
