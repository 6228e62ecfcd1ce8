/*
 * A job that prints numbered lines over a real sshd, whose connection is cut at random moments, also while it logs in or
 * starts: how many lines are lost or come twice, and whether its code is right.
 *
 * Then 100 commands on one connection, beside ssh; copies, beside ssh, tar and rsync in the same rounds; and one big file
 * whose connection is cut.
 *
 *   ssh.ts [--only jobs,execs,copies,cuts] [--lines 100000] [--cuts 200] [--shells dash,bash,busybox] [--transports ssh2,openssh]
 *          [--seed 1] [--megabytes 500] [--files 10000] [--rounds 5] [--write]
 *
 * `--write` writes docs/benchmarks-ssh.md.
 */
import { writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { copyTest } from "./ssh/copy-test.ts"
import { cutCopyTest } from "./ssh/cut-copy-test.ts"
import { cutTest } from "./ssh/cut-test.ts"
import { hundredCommands } from "./ssh/exec-test.ts"
import { startMachine } from "./ssh/machine.ts"
import { type Figures, pageOf } from "./ssh/page.ts"

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "jobs,execs,copies,cuts" },
    lines: { type: "string", default: "100000" },
    cuts: { type: "string", default: "200" },
    shells: { type: "string", default: "dash,bash,busybox" },
    transports: { type: "string", default: "ssh2,openssh" },
    seed: { type: "string", default: "1" },
    megabytes: { type: "string", default: "500" },
    files: { type: "string", default: "10000" },
    rounds: { type: "string", default: "5" },
    write: { type: "boolean", default: false }
  }
})
const parts = values.only.split(",")
const isTransport = (text: string): text is "ssh2" | "openssh" => text === "ssh2" || text === "openssh"
const transports = values.transports.split(",").filter(isTransport)
const [megabytes, files, rounds] = [Number(values.megabytes), Number(values.files), Number(values.rounds)]

const figures: Figures = { megabytes, files, rounds, jobs: [], execs: [], copies: [], cuts: [] }
let failed = false

for (const shell of parts.includes("jobs") ? values.shells.split(",") : []) {
  for (const transport of transports) {
    const machine = await startMachine(shell)
    try {
      const plan = { lines: Number(values.lines), cuts: Number(values.cuts), seed: Number(values.seed) }
      const result = await cutTest(machine, transport, plan)
      const { lost, repeated, cuts, code, seconds } = result
      failed ||= lost + repeated > 0 || code !== 42 || cuts < plan.cuts
      figures.jobs.push({ shell, transport, ...result, lines: plan.lines })
      const line = `${lost} lost, ${repeated} repeated, code ${code} of 42, ${cuts} cuts in ${seconds.toFixed(0)} s`
      console.log(`${shell.padEnd(8)} ${transport.padEnd(8)} ${line}`)
    } finally {
      await machine.stop()
    }
  }
}

const needsOne = ["execs", "copies", "cuts"].some((part) => parts.includes(part))
for (const transport of needsOne ? transports : []) {
  const machine = await startMachine("dash")
  try {
    if (parts.includes("execs")) {
      const one = await hundredCommands(machine, transport, rounds)
      figures.execs.push({ transport, ...one })
      const beside = `ssh on one connection ${one.shared.toFixed(2)} s, ssh with a login each ${one.single.toFixed(2)} s`
      console.log(`${transport.padEnd(8)} 100 commands ${one.ours.toFixed(2)} s; ${beside}`)
    }
    const copies = parts.includes("copies") ? await copyTest(machine, transport, { megabytes, files, rounds }) : []
    for (const one of copies) {
      figures.copies.push({ transport, ...one })
      const memory = one.mebibytes === null ? "" : `, ${one.mebibytes.toFixed(0)} MiB`
      console.log(
        `${transport.padEnd(8)} ${one.what.padEnd(26)} ${one.seconds.toFixed(2)} s, ${one.ratio.toFixed(2)}x${memory}`
      )
    }
    if (!parts.includes("cuts")) continue
    const cut = await cutCopyTest(machine, transport, { megabytes, cuts: 15, seed: Number(values.seed) })
    figures.cuts.push({ transport, ...cut })
    failed ||= !cut.isSame || cut.cuts < 15 || cut.sentAgain > 0.25
    console.log(
      `${transport.padEnd(8)} ${megabytes} MB with ${cut.cuts} cuts: ${cut.isSame ? "the same bytes" : "OTHER BYTES"}, ${(100 * cut.sentAgain).toFixed(0)} % sent again`
    )
  } finally {
    await machine.stop()
  }
}

if (values.write) writeFileSync(new URL("../docs/benchmarks-ssh.md", import.meta.url), pageOf(figures))
process.exitCode = failed ? 1 : 0
