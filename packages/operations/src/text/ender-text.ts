import type { EndedBy } from "anygpu/effect"

/** Who ends a machine in time, in words that go behind when; a sweep has to where nobody does. */
export const enderTexts: Readonly<Record<EndedBy, string>> = {
  cloud: "its cloud",
  itself: "the machine itself",
  keeper: "a keeper",
  process: "this process",
  nobody: "anygpu sweep"
}
