import type { CommandEntry } from "./entry.ts"
import { cloudOption, filterOptions } from "./options.ts"

/** What finds a machine to rent. */
export const finding: ReadonlyArray<CommandEntry> = [
  {
    name: "offers",
    group: "Find",
    summary: "list what can be rented now, cheapest first",
    arguments: [{ name: "[gpu...]", description: "the GPUs, as with --gpu", completes: "gpu" }],
    options: [
      ...filterOptions,
      { flags: "--interruptible", description: "those that the cloud may take away, which are cheaper" },
      { flags: "--limit <n>", description: "at most so many; 20 by default, 0 for all" }
    ],
    examples: [
      { call: "anygpu offers h100", does: "who has an H100, and for how much" },
      { call: "anygpu offers --min-vram 24GB --country FI --max-per-hour 0.50", does: "by memory, place and price" },
      { call: "anygpu offers --json --limit 0 | jq '.offers[].id'", does: "everything, for a script" }
    ],
    load: () => import("../commands/offers.ts")
  },
  {
    name: "compare",
    group: "Find",
    summary: "rank offers by what a whole job costs on them",
    about:
      "Counts what each cloud really charges: minimum times, whole hours and days, the disk, the traffic. A cost with ~ " +
      "leaves something open, which is said below the table.",
    arguments: [{ name: "[gpu...]", description: "the GPUs, as with --gpu", completes: "gpu" }],
    options: [
      { flags: "--for <duration>", description: 'how long the job takes: 3h, "1 day 12h"; 1h by default' },
      {
        flags: "--start <time>",
        description: "when it starts, where clouds charge by the clock: now, 2026-06-01T15:50Z"
      },
      { flags: "--egress <size>", description: "traffic out of the machine over the whole job: 500GB" },
      { flags: "--ingress <size>", description: "traffic into it" },
      { flags: "--max-total <amount>", description: "at most this for the whole job" },
      { flags: "--prefer <place>", description: "a country or region to take of two equal offers", repeats: true },
      { flags: "--interruptible", description: "only those that the cloud may take away" },
      { flags: "--any-interruptible", description: "both: those that may be taken away and those that may not" },
      ...filterOptions,
      { flags: "--limit <n>", description: "at most so many; 10 by default, all in CSV; 0 for all" },
      { flags: "--csv", description: "print CSV with a header, for a spreadsheet" },
      { flags: "--no-chart", description: "leave out the chart" }
    ],
    examples: [
      { call: "anygpu compare h100 --for 3h", does: "where three hours of an H100 are cheapest" },
      { call: "anygpu compare --min-vram 40GB --for 2d --disk 200GB --max-total 60", does: "with a disk and a limit" },
      { call: "anygpu compare a100 --for 1h --csv > a100.csv", does: "for a spreadsheet" }
    ],
    load: () => import("../commands/compare.ts")
  },
  {
    name: "images",
    group: "Find",
    summary: "list the images and systems that a launch may name",
    about: "Clouds whose containers take any image of a registry have no list of their own.",
    arguments: [{ name: "[text]", description: "only those whose name or id has this text in it" }],
    options: [cloudOption],
    examples: [
      { call: "anygpu images", does: "all of them" },
      { call: "anygpu images ubuntu", does: "the Ubuntus" }
    ],
    load: () => import("../commands/images.ts")
  },
  {
    name: "cost",
    group: "Find",
    summary: "say what a job costs on an offer, or a machine so far and per month",
    arguments: [{ name: "<what>", description: "an offer as `offers` prints it, or a machine", completes: "machine" }],
    options: [
      { flags: "--for <duration>", description: "of an offer: how long the job takes; 1h by default" },
      {
        flags: "--start <time>",
        description: "of an offer: when it starts, where a cloud charges by the clock: now, 2026-06-01T15:50Z"
      },
      { flags: "--disk <size>", description: "of an offer: how much disk" },
      { flags: "--egress <size>", description: "of an offer: traffic out of the machine over the whole job" },
      { flags: "--ingress <size>", description: "of an offer: traffic into it" }
    ],
    examples: [
      { call: "anygpu cost vast/container/5120042 --for 8h --disk 100GB", does: "a job on an offer, line by line" },
      { call: "anygpu cost trainer", does: "what the machine named trainer has cost, and comes to in a month" }
    ],
    load: () => import("../commands/cost.ts")
  }
]
