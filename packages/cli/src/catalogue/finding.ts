import { compare, cost, images, marketShow, offers, presets } from "@anygpu/operations"
import { commandOf } from "../command/command.ts"
import { compareFields, marketFields } from "../command/fields.ts"
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
    ...{ group: "Find", input: compareFields, places: [gpuPlace], asksClouds: true, takesPreset: true },
    about:
      "Counts what each cloud really charges: minimum times, whole hours and days, the disk, the traffic. A cost with ~ " +
      "leaves something open, which is said below the table.",
    examples: [
      { call: "anygpu compare a100 --for 1h --csv > a100.csv", does: "for a spreadsheet" },
      { call: "anygpu compare h100 --for 3h --html report.html", does: "a page with charts, to hand on" }
    ],
    load: () => import("../commands/compare.ts")
  }),
  commandOf(images, {
    ...{ group: "Find", input: images.input, places: ["text"], asksClouds: true },
    load: () => import("../commands/images.ts")
  }),
  commandOf(cost, {
    ...{ group: "Find", input: cost.input, places: ["what"] },
    load: () => import("../commands/cost.ts")
  }),
  commandOf(marketShow, {
    ...{ group: "Find", input: marketFields, places: ["action", "gpu"], asksClouds: true },
    name: "market",
    summary: "what GPUs have cost over time: write it down, and show it",
    about:
      "`record` looks at all offers and keeps in the ledger what has changed. `show` reads that: prices are of one GPU and hour, " +
      "and what nobody looked at stays empty.",
    calls: [
      { call: "anygpu market record --every 5m", does: "look every five minutes, until Ctrl-C" },
      { call: "anygpu market show h100 --since 7d", does: "what an H100 has cost in the last week" },
      { call: "anygpu market show h100 --csv > h100.csv", does: "for a spreadsheet" },
      { call: "anygpu market show h100 --html h100.html", does: "a page with a chart, to hand on" }
    ],
    load: () => import("../commands/market.ts")
  }),
  commandOf(presets, {
    ...{ group: "Find", input: presets.input, places: ["name"] },
    about:
      'A preset stands in the config file: { "presets": { "train": { "gpu": "RTX 4090", "image": "pytorch/pytorch", "disk": ' +
      '"100GB", "env": ["HF_TOKEN"], "ports": [8888] } } }. Of variables it has the names; values are those of this shell. ' +
      "What is written on the command line goes before it.",
    examples: [{ call: "anygpu launch --preset train --for 3h", does: "rents what it says" }],
    load: () => import("../commands/presets.ts")
  })
]
