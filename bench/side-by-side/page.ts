import { clouds } from "@anygpu/clouds"
import { cloudNames } from "../cloud-list.ts"
import { reliability } from "./reliability-section.ts"
import type { Machine, Results } from "./results.ts"
import { brokenProviders } from "./suites-section.ts"
import { table, times } from "./table.ts"

/** The clouds for people: `A, B and C`. */
const titles = new Intl.ListFormat("en-GB").format(
  cloudNames.map((name) => clouds.find((cloud) => cloud.name === name)?.title ?? name)
)

const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`
const millis = (value: number): string => `${value.toFixed(1)} ms`

const machineTable = ({ date, node, system, processor, cores, memory, load, commit, versions }: Machine): string =>
  table(
    ["", ""],
    [
      ["Date", date],
      ["Commit", commit],
      ["Node", node],
      ["System", system],
      ["Processor", `${processor}, ${cores} cores`],
      ["Memory", `${(memory / 1024 ** 3).toFixed(1)} GiB`],
      ["Load of a minute, before and after", load.map((value) => value.toFixed(1)).join(", ")],
      ...Object.entries(versions).map(([name, version]) => [`\`${name}\``, version])
    ]
  )

const imports = ({ rounds, starts }: Results): ReadonlyArray<string> => {
  const empty = starts.find(({ program }) => program === "empty Node")
  const base = starts.find(({ program }) => program === "undici")
  if (!empty || !base) throw new Error("an empty Node and undici were not started")
  const rows = starts.map(({ program, wall, cpu, rss }) => {
    const grown = rss - empty.rss
    if (program === "empty Node") return [program, "", "", "", "", mebibytes(rss), "", ""]
    return [
      program,
      ...[millis(wall), times(wall / base.wall), millis(cpu), times(cpu / base.cpu)],
      ...[mebibytes(rss), mebibytes(grown), times(grown / (base.rss - empty.rss))]
    ]
  })
  const head = ["", "Time", "Ratio", "Processor", "Ratio", "Memory", "On top of Node", "Ratio"]
  return [
    "## Import",
    `Each in a fresh process, in turns, ${rounds} rounds: the time of the fastest, the memory of the median (resident set). \`anygpu\` is what is published, with the adapters of ${titles}; undici is among what it imports, and so are the models and validators of seven clouds. \`computesdk\` is imported without a provider, and \`@profullstack/sh1pt-core\` without an adapter: alone, neither speaks to any cloud.`,
    table(head, rows)
  ]
}

const offers = ({ rounds, offers: { count, processes, all, ascii } }: Results): ReadonlyArray<string> => {
  const perSecond = (wall: number) => Math.round((count / wall) * 1000).toLocaleString("en-US")
  const cannot = (name: string, why: string) => [name, `cannot: ${why}`, "", "", "", "", ""]
  const rows = (rowsAre: string, { sdk, hand }: typeof all) =>
    Object.entries({ "undici by hand": hand, anygpu: sdk }).map(([way, { wall, cpu, grown }]) => [
      `${way}, ${rowsAre}`,
      ...[perSecond(wall), times(hand.wall / wall), millis(cpu), times(cpu / hand.cpu)],
      ...[mebibytes(grown), times(grown / hand.grown)]
    ])
  return [
    "## Offers",
    `${count.toLocaleString("en-US")} offers of one cloud on this machine: fetched in pages, filtered, cheapest first. ${processes} processes of each way in turns, of ${rounds} searches each; the means of the best process. By hand is undici, \`JSON.parse\`, \`filter\` and \`sort\`. The SDK also checks every row against a schema, brings it into the common model with an exact price, and says what is missing. Memory is by how much the process grew at most.`,
    table(
      ["", "Offers per second", "Ratio", "Processor", "Ratio", "Memory", "Ratio"],
      [
        ...rows("rows as the cloud sends them", all),
        ...rows("ASCII alone", ascii),
        cannot("computesdk", "it creates, gets, lists and destroys sandboxes, and knows no offers and no prices"),
        cannot("@profullstack/sh1pt-core", "`quote()` is one price for one wish, and no adapter is in the package")
      ]
    ),
    'Some rows of the cloud hold a "®". The SDK reads such an answer as text of one byte a character, and `body.text()` of undici as one of two, which is parsed more slowly; with ASCII alone both read it in the same way.'
  ]
}

const reading = [
  "## How to read it",
  [
    "- Ratios are to undici by hand, or as the heading says; they are of one run on one machine. More offers per second are better, less of all else. Absolute times are of this machine alone.",
    "- The fastest round, or process, is what is left when nobody else uses the machine. Processor time counts all threads of the process, garbage collection too; where others use the machine its ratios differ by some hundredths from run to run, and those of time by the clock by a tenth.",
    "- What the rows do is not the same: an import that knows no cloud is quicker than one that knows seven.",
    "- Our mutants were written together with our suite, each for a test of its own: that all are killed says that no test is idle, not that no mistake gets through."
  ].join("\n")
]

const notCompared = [
  "## What is not compared",
  [
    "- Real clouds: nothing here leaves the machine, and a network costs more than all that is measured.",
    "- Programs in other languages, and services that rent on behalf of their users.",
    "- `computesdk`'s own tests of providers: its kit `@computesdk/test-utils` is not found on npm.",
    "- What only one side has: commands in sandboxes there; leases, watching and logs here."
  ].join("\n")
]

/** The page with everything that was measured. */
export const pageOf = (results: Results): string =>
  `${[
    "# Benchmarks",
    "<!-- Written by bench/side-by-side.ts. Run it again, do not change this page. -->",
    "anygpu beside raw undici and the npm packages that come nearest to it, `computesdk` and `@profullstack/sh1pt-core`. All of it is measured in one run of `pnpm --filter @anygpu/bench side-by-side --write`.",
    ...imports(results),
    ...offers(results),
    ...brokenProviders(results),
    ...reliability(results.leaks),
    ...reading,
    ...notCompared,
    "## The machine",
    machineTable(results.machine),
    "How safe launching works is described in [Architecture](architecture.md); what the packages weigh in a bundle, in [Bundle sizes](reference/bundle-size.md)."
  ].join("\n\n")}\n`
