import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect } from "../index.ts"
import { makeSmallMemory, type SmallMemory, withoutSmallMemory } from "../testing/small-memory.ts"
import { type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"

const countsKills = !withoutSshd && /^oom_kill \d/m.test(readFileSync("/proc/vmstat", "utf8"))

/** Keeps 100 MB in memory: `tail` has to, since all of it is one line. */
const greedy = "head -c 100000000 /dev/zero | tail -n 1 > /dev/null"

describe.skipIf(withoutSmallMemory || !countsKills)("a machine whose memory is too small (a cgroup, as root)", () => {
  let sshd: Sshd
  let machine: ConnectedMachine
  let memory: SmallMemory
  beforeAll(async () => {
    sshd = await startSshd("dash")
    memory = makeSmallMemory(1 << 25)
    machine = await connect(sshd, { key: sshd.key, agent: false })
  }, 240_000)
  afterAll(async () => {
    await machine?.close()
    memory?.remove()
    await sshd?.stop()
  })

  test("the kernel ends a process of the job, and the job says so", async () => {
    const job = await machine.start(`${memory.within(greedy)}; echo "code $?"; exit 137`)
    expect(await job.wait()).toMatchObject({ state: "exited", code: 137, oomKills: 1 })
    let text = ""
    for await (const chunk of job.output({ stream: "out" })) text += Buffer.from(chunk)
    expect(text).toBe("code 137\n")
  })

  test("a job that needs little says that the kernel ended nobody", async () => {
    const job = await machine.start(memory.within("echo little"))
    expect(await job.wait()).toMatchObject({ state: "exited", code: 0, oomKills: 0 })
  })
})
