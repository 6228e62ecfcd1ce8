import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect } from "../index.ts"
import { remoteShells, type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"

/** How a process gets away from the one that began it; each writes its pid and sleeps. */
const ways: Readonly<Record<string, string>> = {
  child: "SLEEP & wait",
  grandchild: "sh -c 'sh -c \"SLEEP & wait\" & wait' & wait",
  "double fork": "(SLEEP &) &",
  "own session": "setsid sh -c 'SLEEP' &",
  "own session, double fork": "(setsid sh -c '(SLEEP &) &' &) &",
  "deaf to TERM and HUP": "(trap '' TERM HUP; SLEEP) &",
  "without its environment": "env -i PATH=$PATH sh -c 'SLEEP' &",
  "own session, without its environment": "(env -i PATH=$PATH setsid sh -c 'SLEEP'; true) &",
  "the same, deaf to TERM": "(env -i PATH=$PATH setsid sh -c \"trap '' TERM; SLEEP\"; true) &",
  "own group": "bash -c 'set -m; (SLEEP) & wait' &",
  nohup: "nohup sh -c 'SLEEP' > /dev/null 2>&1 &"
}

/** Whether a process is there, and no zombie. */
const lives = (pid: string): boolean => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"))
  } catch {
    return false
  }
}

const linesOf = (path: string): ReadonlyArray<string> => {
  try {
    return readFileSync(path, "utf8").split("\n").filter(Boolean)
  } catch {
    return []
  }
}

const cases = remoteShells.map((shell, index) => ({ shell, transport: (["openssh", "ssh2"] as const)[index % 2] }))

describe.skipIf(withoutSshd).each(cases)("a stop under $shell, by $transport", ({ shell, transport }) => {
  let sshd: Sshd
  let machine: ConnectedMachine
  beforeAll(async () => {
    sshd = await startSshd(shell)
    machine = await connect(sshd, { key: sshd.key, agent: false, transport })
  }, 240_000)
  afterAll(async () => {
    await machine?.close()
    await sshd?.stop()
  })

  /** Starts a job whose processes get away in all ways, and answers their pids. */
  const scattered = async (id: string, last: string) => {
    const file = join(sshd.folder, `pids-${id}`)
    const script = join(sshd.folder, `sleeper-${id}`)
    await machine.exec(`printf '%s\\n' 'echo $$ >> ${file}' 'while :; do sleep 0.2; done' > ${script}`)
    const lines = Object.values(ways).map((way) => `(${way.replaceAll("SLEEP", `sh ${script}`)}) &`)
    const job = await machine.start([...lines, last].join("\n"), { id })
    await expect.poll(() => linesOf(file).length, { timeout: 120_000 }).toBe(lines.length)
    const pids = linesOf(file)
    expect(pids.filter(lives)).toEqual(pids)
    return { job, pids }
  }

  test("ends every process of a job, however far it has got from it", async () => {
    const { job, pids } = await scattered("running", "wait; sleep 300")
    expect(await job.stop({ grace: "1 second" })).toMatchObject({ state: "exited", stopped: true })
    expect(pids.filter(lives)).toEqual([])
  }, 240_000)
})
