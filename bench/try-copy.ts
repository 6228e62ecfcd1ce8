import { copyTest } from "./ssh/copy-test.ts"
import { startMachine } from "./ssh/machine.ts"

const machine = await startMachine("dash")
try {
  for (const one of await copyTest(machine, process.argv[2] ?? "ssh2", {
    megabytes: 500,
    files: 10_000,
    rounds: Number(process.argv[3] ?? 1)
  }))
    console.log(one.what.padEnd(28), one.seconds.toFixed(2), one.ratio.toFixed(2), one.mebibytes?.toFixed(0))
} finally {
  await machine.stop()
}
