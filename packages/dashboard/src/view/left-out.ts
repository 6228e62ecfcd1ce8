import type { CompareJson } from "@anygpu/operations/protocol"

/** What filters ask, by the names that rules have. */
const texts: Readonly<Record<string, string>> = {
  gpu: "another GPU",
  gpuCount: "another count of GPUs",
  minVramMiB: "too little memory",
  minDiskMiB: "too small a disk",
  storageMiB: "no disk of that size",
  diskMiB: "no disk of that size",
  countries: "another place",
  interruptible: "the cloud may take it away, or may not",
  availability: "not to be had now",
  price: "names no price"
}

/** A rule that offers break. */
export interface BrokenRule {
  readonly text: string
  readonly count: number
  readonly clouds: ReadonlyArray<string>
}

/** What was left out of a comparison, by the first rule that it breaks, the most first. */
export const leftOut = (excluded: CompareJson["excluded"]): ReadonlyArray<BrokenRule> =>
  [...Map.groupBy(excluded, ({ rule }) => rule)]
    .map(([rule, rows]) => ({
      text: texts[rule] ?? rule,
      count: rows.reduce((sum, { count }) => sum + count, 0),
      clouds: [...new Set(rows.map(({ provider }) => provider))].sort()
    }))
    .sort((a, b) => b.count - a.count)
