import { compare, cost, images, offers } from "@anygpu/operations"
import { commandOf } from "../command/command.ts"
import { compareFields } from "../command/fields.ts"
import type { CommandEntry } from "./entry.ts"

const gpuPlace = { field: "gpu", description: "the GPUs, as with --gpu" }

/** What finds a machine to rent. */
export const finding: ReadonlyArray<CommandEntry> = [
  commandOf(offers, {
    ...{ group: "Find", input: offers.input, places: [gpuPlace], asksClouds: true },
    examples: [{ call: "anygpu offers --json --limit 0 | jq '.offers[].id'", does: "everything, for a script" }],
    load: () => import("../commands/offers.ts")
  }),
  commandOf(compare, {
    ...{ group: "Find", input: compareFields, places: [gpuPlace], asksClouds: true },
    about:
      "Counts what each cloud really charges: minimum times, whole hours and days, the disk, the traffic. A cost with ~ " +
      "leaves something open, which is said below the table.",
    examples: [{ call: "anygpu compare a100 --for 1h --csv > a100.csv", does: "for a spreadsheet" }],
    load: () => import("../commands/compare.ts")
  }),
  commandOf(images, {
    ...{ group: "Find", input: images.input, places: ["text"], asksClouds: true },
    load: () => import("../commands/images.ts")
  }),
  commandOf(cost, {
    ...{ group: "Find", input: cost.input, places: ["what"] },
    load: () => import("../commands/cost.ts")
  })
]
