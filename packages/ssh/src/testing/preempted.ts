/*
 * Runs on a real sshd whose machine is taken again and again, and prints the sums as JSON.
 *
 *   node --conditions=anygpu-source packages/ssh/src/testing/preempted.ts <runs> <preemptions of each>
 */
import { preemptedRuns } from "./preemptions.ts"
import { startSshd } from "./sshd.ts"

const [runs, times] = process.argv.slice(2).map(Number)
const sshd = await startSshd("dash")
console.log(JSON.stringify(await preemptedRuns(sshd, runs ?? 10, times ?? 10)))
await sshd.stop()
