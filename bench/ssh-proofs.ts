/*
 * What using a machine by ssh promises, counted on a real sshd; nothing here measures time.
 *
 *   ssh-proofs.ts [--only kills] [--shells dash,bash,busybox] [--transports ssh2,openssh] [--lines 100000] [--kills 50] [--seed 1]
 *
 * kills: the client of a job that prints numbered lines is killed (-9) at random moments; the next one comes back by its id.
 */
import { parseArgs } from "node:util"
import { killTest, leftForGood } from "./ssh/kill-test.ts"
import { startMachine } from "./ssh/machine.ts"

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "kills" },
    shells: { type: "string", default: "dash,bash,busybox" },
    transports: { type: "string", default: "ssh2,openssh" },
    lines: { type: "string", default: "100000" },
    kills: { type: "string", default: "50" },
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

process.exitCode = failed ? 1 : 0
