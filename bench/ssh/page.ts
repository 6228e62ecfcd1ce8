import { cpus } from "node:os"
import type { Measured } from "./copy-test.ts"
import type { CutCopy } from "./cut-copy-test.ts"
import type { CutResult } from "./cut-test.ts"
import type { HundredCommands } from "./exec-test.ts"

/** Everything that one run has measured. */
export interface Figures {
  readonly megabytes: number
  readonly files: number
  readonly rounds: number
  readonly jobs: Array<
    CutResult & {
      readonly shell: string
      readonly transport: string
      readonly lines: number
    }
  >
  readonly execs: Array<HundredCommands & { readonly transport: string }>
  readonly copies: Array<Measured & { readonly transport: string }>
  readonly cuts: Array<CutCopy & { readonly transport: string }>
}

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const copiesOf = ({ megabytes, files, rounds, copies }: Figures): string => `## Copies

Each in a process of its own, from before the login, in turns: the median of ${rounds} rounds, and the most memory of all of them
(resident set; the program is one file, as the command is published, and an empty Node takes 45 to 70 MiB of it). Random bytes: one file of ${megabytes} MB, and ${files} files of 1 to 12 kB in 100
folders. The ratio is to \`ssh cat\` and \`ssh tar\` of the same rounds, and for a second upload of the unchanged folder to the
first one.

${table(
  ["Transport", "Copy", "Time", "Ratio", "Memory"],
  copies.map(({ transport, what, seconds, ratio, mebibytes }) => [
    ...[transport, what, `${seconds.toFixed(2)} s`, `${ratio.toFixed(2)}×`],
    mebibytes === null ? "" : `${mebibytes.toFixed(0)} MiB`
  ])
)}
`

const cutsOf = ({ megabytes, cuts }: Figures): string => `## A big file under cuts

One file of ${megabytes} MB goes up while its connection is cut at random moments.

${table(
  ["Transport", "Cuts", "Bytes", "Sent again"],
  cuts.map((one) => [
    ...[one.transport, String(one.cuts), one.isSame ? "the same" : "others"],
    `${(100 * one.sentAgain).toFixed(1)} %`
  ])
)}
`

const jobsOf = ({ jobs }: Figures): string => `## Jobs under cuts

A job prints numbered lines while its connection is cut at random moments, also while it logs in or starts.

${table(
  ["Shell", "Transport", "Lines", "Cuts", "Lost", "Repeated", "Code"],
  jobs.map((one) => [
    ...[one.shell, one.transport, String(one.lines), String(one.cuts), String(one.lost), String(one.repeated)],
    `${one.code} of 42`
  ])
)}
`

const execsOf = ({ rounds, execs }: Figures): string => `## 100 commands

One after the other on one connection, beside processes of \`ssh\` that share one (ControlMaster) and that log in each (ten of them,
times ten): the median of ${rounds} rounds.

${table(
  ["Transport", "anygpu", "ssh, shared", "ssh, a login each"],
  execs.map((one) => [one.transport, ...[one.ours, one.shared, one.single].map((seconds) => `${seconds.toFixed(2)} s`)])
)}
`

/** The page with the figures of a run: of what was left out, nothing is said. */
export const pageOf = (figures: Figures): string =>
  [
    `# Benchmarks of ssh

<!-- Written by bench/ssh.ts. Run it again, do not change this page. -->

All of it is measured in one run of \`pnpm --filter @anygpu/bench ssh --write\`, on ${cpus().length} processors that did other work
besides, against a real sshd on a loopback port: there a copy takes what the processor takes, and no network hides it.
`,
    ...(figures.execs.length > 0 ? [execsOf(figures)] : []),
    ...(figures.copies.length > 0 ? [copiesOf(figures)] : []),
    ...(figures.cuts.length > 0 ? [cutsOf(figures)] : []),
    ...(figures.jobs.length > 0 ? [jobsOf(figures)] : [])
  ].join("\n")
