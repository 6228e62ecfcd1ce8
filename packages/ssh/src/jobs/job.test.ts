import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { connect } from "../index.ts"
import { cutMachine, shellsAndClients } from "../testing/cut-machine.ts"
import { withoutSshd } from "../testing/sshd.ts"

const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

describe.skipIf(withoutSshd).each(shellsAndClients)("a job by $transport with $shell as sh", ({ shell, transport }) => {
  const on = cutMachine(shell, { transport, patience: "30 seconds" })

  test("loses no line and repeats none, however often the connection is cut", async () => {
    const lines = 5000
    const command = `i=0; while [ $i -lt ${lines} ]; do i=$((i + 1)); echo "line $i"; [ $((i % 200)) = 0 ] && sleep 0.3; done; exit 42`
    const job = await on.machine.start(command)
    let cuts = 0
    let output = ""
    let since = 0
    for await (const chunk of job.output()) {
      output += Buffer.from(chunk)
      since += chunk.length
      // At each of these moments the job writes on.
      if (since < 4000) continue
      since = 0
      on.cutter.cut(cuts++ % 2 === 0 ? "close" : "reset")
    }
    expect(cuts).toBeGreaterThanOrEqual(3)
    expect(output).toBe(Array.from({ length: lines }, (_, i) => `line ${i + 1}\n`).join(""))
    expect(await job.wait()).toMatchObject({ state: "exited", code: 42, out: output.length })
  }, 240_000)

  test("is found again by its id, from any byte on", async () => {
    const id = "found-again"
    await on.machine.start("printf 0123456789; printf errors >&2; exit 1", { id })
    await using later = await connect(on.sshd, { key: on.sshd.key, agent: false, transport })
    const job = later.job(id)
    expect((await bytesOf(job.output({ from: 7 }))).toString()).toBe("789")
    expect((await bytesOf(job.output({ stream: "err" }))).toString()).toBe("errors")
    expect(await job.wait()).toMatchObject({ id, state: "exited", code: 1, out: 10, err: 6 })
    expect(await later.job("nobody").status()).toMatchObject({ state: "none" })
  })

  test("runs once, though it is started twice", async () => {
    const file = join(on.sshd.folder, `once-${transport}`)
    const jobs = await Promise.all(
      [1, 2, 3].map(() => on.machine.start(`echo ran >> ${file}; sleep 1`, { id: "once" }))
    )
    await jobs[0]?.wait()
    expect(readFileSync(file, "utf8")).toBe("ran\n")
  })

  test("has its folder and variables, and begins nothing where there is no such folder", async () => {
    const cwd = join(on.sshd.folder, "work here")
    mkdirSync(cwd, { recursive: true })
    const job = await on.machine.start(["sh", "-c", 'pwd; echo "$A"'], { cwd, env: { A: "it's" } })
    expect((await bytesOf(job.output())).toString()).toBe(`${cwd}\nit's\n`)
    const error = await on.machine.start("true", { cwd: "/does/not/exist", id: "nowhere" }).catch((e) => e)
    expect(error._tag).toBe("BadResponse")
    expect(error.message).toContain("/does/not/exist")
    expect(await on.machine.job("nowhere").status()).toMatchObject({ state: "none" })
  })

  test("stops whole, also while the connection is lost", async () => {
    const job = await on.machine.start("sh -c 'trap \"\" TERM; while :; do sleep 0.1; done' & wait")
    setTimeout(() => on.cutter.cut("reset"), 300)
    expect(await job.stop({ grace: "1 second" })).toMatchObject({ state: "exited", stopped: true })
  })

  test("is lost when its machine is started again: here all its processes are killed", async () => {
    const job = await on.machine.start("echo kept; sleep 300")
    const marked = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && isOf(job.id, pid))
    execFileSync("sh", ["-c", `kill -KILL ${marked.join(" ")}`])
    expect(await job.wait()).toMatchObject({ state: "lost", code: null, out: 5 })
    expect((await bytesOf(job.output())).toString()).toBe("kept\n")
  })
})

/** Whether a process belongs to a job: what it runs carries its mark, and its supervisor names its folder. */
const isOf = (id: string, pid: string): boolean => {
  try {
    const texts = ["environ", "cmdline"].map((file) => readFileSync(`/proc/${pid}/${file}`, "latin1"))
    return texts.some((text) => text.includes(`ANYGPU_JOB=:${id}:`) || text.includes(`/jobs/${id}/`))
  } catch {
    return false
  }
}
