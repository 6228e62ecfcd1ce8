import type { EndedBy } from "anygpu/effect"

/** Who ends a machine in time, in words for a column. */
export const enderWords: Readonly<Record<EndedBy, string>> = {
  cloud: ", by the cloud",
  itself: ", by itself",
  keeper: ", by a keeper",
  process: ", by this process",
  nobody: ""
}
