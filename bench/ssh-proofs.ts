/*
 * What using a machine by ssh promises, counted on a real sshd; nothing here measures time.
 *
 *   ssh-proofs.ts [--only kills,output,checkpoints,trees] [--shells dash,bash,busybox] [--transports ssh2,openssh] [--lines 100000] [--kills 50]
 *                 [--megabytes 1074] [--preemptions 100] [--trees 900] [--seed 1]
 *
 * kills: the client of a job that prints numbered lines is killed (-9) at random moments; the next one comes back by its id.
 * output: a job writes much of every byte while its connection is cut. checkpoints: the machines of runs are taken while their
 * command writes its checkpoint in place. trees: random folders with random rules, beside what git ignores.
 */
import { execFileSync } from "node:child_process"
import { parseArgs } from "node:util"
import { killTest, leftForGood } from "./ssh/kill-test.ts"
import { startMachine } from "./ssh/machine.ts"
import { outputTest } from "./ssh/output-test.ts"

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "kills,output,checkpoints,trees" },
    shells: { type: "string", default: "dash,bash,busybox" },
    transports: { type: "string", default: "ssh2,openssh" },
    lines: { type: "string", default: "100000" },
    kills: { type: "string", default: "50" },
    megabytes: { type: "string", default: "1074" },
    preemptions: { type: "string", default: "100" },
    trees: { type: "string", default: "900" },
    seed: { type: "string", default: "1" }
  }
})
const parts = values.only.split(",")
const isTransport = (text: string): text is "ssh2" | "openssh" => text === "ssh2" || text === "openssh"
const transports = values.transports.split(",").filter(isTransport)
const shells = values.shells.split(",")
const [lines, kills, seed] = [Number(values.lines), Number(values.kills), Number(values.seed)]

let failed = false
/** Prints a line of figures, and notes whether they are as they have to be. */
const report = (holds: boolean, ...figures: ReadonlyArray<string>): void => {
  failed ||= !holds
  console.log(`${holds ? "holds" : "FAILS"}  ${figures.join("  ")}`)
}

if (parts.includes("kills")) {
  for (const shell of shells) {
    const machine = await startMachine(shell)
    try {
      const results = transports.map(async (transport) => ({
        transport,
        ...(await killTest(machine, transport, { lines, kills, seed }))
      }))
      const all = await Promise.all(results)
      const left = await leftForGood(machine)
      for (const { transport, ...one } of all) {
        const holds = one.lost + one.repeated + left === 0 && one.code === 42 && one.kills === kills
        const text = `${one.kills} kills (${one.early} before a byte), ${lines} lines: ${one.lost} lost, ${one.repeated} repeated`
        report(holds, "kills", shell.padEnd(7), transport.padEnd(7), `${text}, code ${one.code} of 42, ${left} left`)
      }
    } finally {
      await machine.stop()
    }
  }
}

if (parts.includes("output")) {
  const machine = await startMachine("dash")
  const megabytes = Number(values.megabytes)
  try {
    for (const transport of transports) {
      const { bytes, cuts, isSame, code, mebibytes } = await outputTest(machine, transport, { megabytes, cuts: 5 })
      const same = isSame ? "the same" : "OTHER ones"
      const text = `${bytes} bytes over ${cuts} cuts, ${same}, code ${code} of 42, at most ${mebibytes.toFixed(0)} MiB here`
      report(
        isSame && bytes === megabytes * 1_000_000 && code === 42 && cuts === 5,
        "output",
        transport.padEnd(7),
        text
      )
    }
  } finally {
    await machine.stop()
  }
}

/** Runs a script of the tests and reads the JSON that it prints: a count by its name. */
const countsOf = (script: URL, ...numbers: ReadonlyArray<number>): Readonly<Record<string, number>> => {
  const args = ["--conditions=anygpu-source", script.pathname, ...numbers.map(String)]
  return JSON.parse(execFileSync(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] }).toString())
}

if (parts.includes("checkpoints")) {
  const preemptions = Number(values.preemptions)
  const all = countsOf(
    new URL("../packages/ssh/src/testing/preempted.ts", import.meta.url),
    10,
    Math.ceil(preemptions / 10)
  )
  const text = `${all.preemptions} preemptions (${all.inWriting} in the middle of writing): ${all.taken} checkpoints, ${all.torn} torn; ${all.restored} put back, ${all.restoredTorn} torn; ${all.unfinished} runs unfinished`
  const faults = (all.torn ?? 1) + (all.restoredTorn ?? 1) + (all.unfinished ?? 1)
  report(faults === 0 && (all.preemptions ?? 0) >= preemptions && (all.taken ?? 0) > 0, "checkpoints", text)
}

if (parts.includes("trees")) {
  const { trees, ignored, copied, leftOut } = countsOf(
    new URL("../packages/ssh/src/testing/trees.ts", import.meta.url),
    Number(values.trees),
    seed
  )
  const text = `${trees} trees: of ${ignored} files that git ignores none is copied; ${copied} are, and ${leftOut} that git takes are not`
  report(trees === Number(values.trees) && (ignored ?? 0) > 0, "trees", text)
}

process.exitCode = failed ? 1 : 0
