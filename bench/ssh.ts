/*
 * A job that prints numbered lines over a real sshd, whose connection is cut at random moments, also while it logs in or
 * starts: how many lines are lost or come twice, and whether its code is right. And 100 commands on one connection.
 *
 *   ssh.ts [--lines 100000] [--cuts 200] [--shells dash,bash,busybox] [--transports ssh2,openssh] [--seed 1]
 */
import { parseArgs } from "node:util"
import { cutTest, hundredCommands } from "./ssh/cut-test.ts"
import { startMachine } from "./ssh/machine.ts"

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "100000" },
    cuts: { type: "string", default: "200" },
    shells: { type: "string", default: "dash,bash,busybox" },
    transports: { type: "string", default: "ssh2,openssh" },
    seed: { type: "string", default: "1" }
  }
})
const isTransport = (text: string): text is "ssh2" | "openssh" => text === "ssh2" || text === "openssh"

let failed = false
for (const shell of values.shells.split(",")) {
  for (const transport of values.transports.split(",").filter(isTransport)) {
    const machine = await startMachine(shell)
    try {
      const plan = { lines: Number(values.lines), cuts: Number(values.cuts), seed: Number(values.seed) }
      const { lost, repeated, cuts, code, seconds } = await cutTest(machine, transport, plan)
      failed ||= lost + repeated > 0 || code !== 42 || cuts < plan.cuts
      const commands = await hundredCommands(machine, transport)
      const told = `${lost} lost, ${repeated} repeated, code ${code} of 42, ${cuts} cuts in ${seconds.toFixed(0)} s`
      console.log(`${shell.padEnd(8)} ${transport.padEnd(8)} ${told}; 100 commands ${commands.toFixed(2)} s`)
    } finally {
      await machine.stop()
    }
  }
}
process.exitCode = failed ? 1 : 0
