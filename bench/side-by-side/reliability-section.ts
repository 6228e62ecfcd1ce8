import { formatMoney } from "@anygpu/core"
import { type Sum, strikesIn } from "../reliability/report.ts"
import { table } from "./table.ts"

const heading = "## Dollars leaked"

const head = [
  ...["", "Runs", "Something wrong", "Asked for", "Paid for", "Unaccounted for", "Wrong ends", "Second machines"],
  ...["Limits passed", "Leaked", "Dollars leaked", "For 100 asked"]
]

const rowOf = (sum: Sum): ReadonlyArray<string> => {
  const { contender, runs, bad, asked, paid, unaccounted, wrongEnds, twice, exceeded, leaked, micros } = sum
  return [
    contender,
    ...[runs, bad, asked, paid, unaccounted, wrongEnds, twice, exceeded, leaked].map((count) =>
      count.toLocaleString("en-US")
    ),
    formatMoney({ micros, currency: "USD" }, 2),
    formatMoney({ micros: asked === 0 ? 0 : (micros / asked) * 100, currency: "USD" }, 2)
  ]
}

/** What the reliability run found, and how often each thing went wrong on purpose. */
export const reliability = (sums: ReadonlyArray<Sum>): ReadonlyArray<string> => [
  heading,
  "The same seeds for each: machines are launched, watched and ended on seven simulated clouds that lose answers, reset connections, lag behind and fail; that claim ends which they do not carry out, deny machines that run, and answer from a gateway or a retired route instead; that carry creates out minutes late; whose boots fail and whose hosts go away. The processes are killed, or frozen while the next one goes on with the same keys and ledger; writes of the ledger fail, and the wall clock is set back and forward by hours and days. `pnpm --filter @anygpu/bench reliability` makes the same runs; `--seed <n> --runs 1 --story` shows one.",
  table(head, sums.map(rowOf)),
  [
    "- Unaccounted for: machines that are there when all jobs are over. Wrong ends: machines taken for gone while they lived, or ended although nobody had asked. Second machines: jobs that had or paid for more machines than were asked for. Limits passed: what was bound by launches when another one was made, against limits for the client, for a launch over several offers and for a lease; the others have no limits, and are checked against the same ones.",
    "- Leaked is what a machine cost that no user knew of, or after its job was over, until 24 hours after the run: a longer time makes it more. A user who was refused a machine is not counted as having asked.",
    '- "fetch and retry" is a client by hand, with up to five tries of each request. `computesdk` goes to the next provider by its own `fallbackOnError`, over providers of its kit that send one request for each method; its program asks up to five times for an end. Both keep what they know where it outlives them.'
  ].join("\n"),
  "How often each thing struck, lies only where they were about a machine that lived. Who takes fewer steps is killed and frozen less often, and who asks less meets less:",
  table(
    ["Struck", ...sums.map(({ contender }) => contender)],
    strikesIn(sums).map((sort) => [sort, ...sums.map(({ strikes }) => (strikes[sort] ?? 0).toLocaleString("en-US"))])
  ),
  "`@profullstack/sh1pt-core` is not in this table: it has no adapter of these clouds and no code that launches or tries again, so that the run would measure the adapter that we wrote for it."
]

/** The page with this section written again. */
export const withReliability = (page: string, sums: ReadonlyArray<Sum>): string => {
  const from = page.indexOf(`${heading}\n`)
  const to = page.indexOf("\n## ", from + 1)
  if (from < 0 || to < 0) throw new Error(`the page has no section "${heading}"`)
  return `${page.slice(0, from)}${reliability(sums).join("\n\n")}\n${page.slice(to)}`
}
