/** The option behind each field of a filter, for what is said of a wrong one. */
export const flagsByField: Readonly<Record<string, string>> = {
  gpu: "--gpu",
  gpuCount: "--count",
  kind: "--kind",
  minVramMiB: "--min-vram",
  minVcpus: "--min-vcpus",
  minMemoryMiB: "--min-memory",
  minDiskMiB: "--disk",
  countries: "--country",
  regions: "--region",
  minReliability: "--min-reliability",
  maxPricePerHour: "--max-per-hour",
  maxPerHour: "--max-per-hour",
  maxTotal: "--max-total",
  duration: "--for",
  storageMiB: "--disk",
  egressGiB: "--egress",
  ingressGiB: "--ingress",
  startAt: "--start"
}
