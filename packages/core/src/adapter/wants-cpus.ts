import type { ResolvedFilter } from "../contract/offer-filter.ts"

/**
 * Whether machines without a GPU are looked for: the filter names the kind and the processors, and nothing of a GPU.
 *
 * - For kinds that have machines with and without a GPU: everywhere else the ones without would come before all others.
 */
export const wantsMachinesWithoutGpu = (filter: ResolvedFilter): boolean => {
  const { kind, minVcpus, gpu, gpuCount, minVramMiB } = filter
  const namesGpu = gpu !== undefined || gpuCount !== undefined || minVramMiB !== undefined
  return kind !== undefined && minVcpus !== undefined && !namesGpu
}
