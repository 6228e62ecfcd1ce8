import { spawn } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { quote } from "../shell/quote.ts"
import { exports, reader, sent } from "../shell/script.ts"
import { withoutSshd } from "../testing/sshd.ts"
import { type JobStatus, statusesIn, statusOf } from "./job-status.ts"
import { verbScript } from "./verb.ts"

/** What `sh` is on a machine, and whether there is setsid: that is how machines differ. */
export interface SupervisedMachine {
  readonly sh: ReadonlyArray<string>
  readonly setsid: boolean
}

/** A change of the supervisor that brings back an error it once had. */
type Mutant = (script: string) => string

let home = ""

/** What a file holds; nothing where its process has ended meanwhile. */
const textOf = (path: string): string => {
  try {
    return readFileSync(path, "latin1")
  } catch {
    return ""
  }
}

/** The id of a job: no other run of these tests has it, of which the supervisor would see the processes. */
const idOf = (name: string): string => `${basename(home).slice(-6)}${name}`

const folder = (name: string): string => join(home, "jobs", idOf(name))

const supervised = ({ sh, setsid }: SupervisedMachine): void => {
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "anygpu-jobs-"))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  // An error of the script is one in every shell.
  const withMutants = setsid && sh[0] === "dash"

  /** Runs a verb on this computer, as a machine would. */
  const verb = async (
    [name = "", job = "", ...more]: ReadonlyArray<string>,
    before: ReadonlyArray<string> = [],
    mutant: Mutant = (all) => all
  ) => {
    const [program = "", ...args] = sh
    const env: NodeJS.ProcessEnv = { ...process.env, ANYGPU_HOME: home, ...(!setsid && { ANYGPU_NO_SETSID: "1" }) }
    const bin = join(home, "bin")
    if (!existsSync(bin)) {
      mkdirSync(bin)
      const paths = (env.PATH ?? "").split(":").map((path) => join(path, program))
      symlinkSync(paths.find(existsSync) ?? program, join(bin, "sh"))
    }
    const child = spawn(program, [...args, "-c", reader], { env: { ...env, PATH: `${bin}:${env.PATH}` } })
    let errors = ""
    child.stderr.on("data", (chunk) => {
      errors += chunk
    })
    child.stdout.resume()
    child.stdin.end(sent(mutant(verbScript([name, job === "-" ? job : idOf(job), ...more], before))))
    const code = await new Promise<number | null>((done) => child.once("close", done))
    return { errors, code }
  }
  const statusAfter = async (...given: Parameters<typeof verb>): Promise<JobStatus> => {
    const { errors, code } = await verb(...given)
    const status = statusOf(errors, code)
    if (status instanceof Error) throw status
    return status
  }
  const start = (id: string, command: string, before: ReadonlyArray<string> = [], mutant?: Mutant) =>
    statusAfter(["start", id], [...before, `anygpu_cmd() { printf '%s\\n' ${quote(command)}; }`], mutant)
  const output = (id: string, stream = "out") => readFileSync(join(folder(id), stream))
  const count = async (id: string): Promise<number> => {
    const environs = readdirSync("/proc").filter((name) => /^\d+$/.test(name))
    return environs.filter((pid) => textOf(`/proc/${pid}/environ`).includes(`ANYGPU_JOB=:${idOf(id)}:`)).length
  }

  test.each([
    ["exit 0", 0],
    ["exit 255", 255],
    ["exit 127", 127],
    ["kill -KILL $$", 137],
    ["kill -TERM $$", 143]
  ])("keeps how `%s` ended", async (command, code) => {
    await start("a", command)
    expect(await statusAfter(["wait", "a"])).toMatchObject({ state: "exited", code, stopped: false })
  })

  test("keeps every byte of both streams, apart or in one, and the mask of files", async () => {
    await start("a", "printf 'a\\000\\015b'; printf 'e\\377' >&2; umask", ["umask 022"])
    expect(await statusAfter(["wait", "a"])).toMatchObject({ state: "exited", out: 9, err: 2 })
    expect(output("a")).toEqual(Buffer.from("a\0\rb0022\n", "latin1"))
    expect(output("a", "err")).toEqual(Buffer.from("e\xff", "latin1"))
    await start("b", "echo one; echo two >&2", ["export ANYGPU_STREAMS=both"])
    await statusAfter(["wait", "b"])
    expect(output("b").toString()).toBe("one\ntwo\n")
    expect((await verb(["list", "-"])).errors).toMatch(
      new RegExp(`id=${idOf("a")} state=exited[^]*id=${idOf("b")} state=exited`)
    )
    await statusAfter(["remove", "a"])
    expect(statusesIn((await verb(["list", "-"])).errors).map(({ id }) => id)).toEqual([idOf("b")])
  })

  const startAtOnce = async (mutant?: Mutant) => {
    // It goes on until all have their answer, however late one gets its turn.
    const command = `echo ran >> ${home}/ran; until [ -e ${home}/go ]; do sleep 0.1; done`
    const starts = Array.from({ length: 12 }, () => start("a", command, [], mutant).catch(() => null))
    const states = (await Promise.all(starts)).map((status) => status?.state)
    writeFileSync(join(home, "go"), "")
    await statusAfter(["wait", "a"])
    return { states, ran: readFileSync(join(home, "ran"), "utf8") }
  }

  test("runs once what is started twelve times at once", async () => {
    const { states, ran } = await startAtOnce()
    expect(ran).toBe("ran\n")
    expect(new Set(states)).toEqual(new Set(["running"]))
  })

  test.runIf(withMutants)("mutant: a claim that is looked for before it is made is had by several", async () => {
    const twoSteps: Mutant = (script) =>
      script.replace(
        'ln -s "$$.$b" "$d/claim" 2>/dev/null',
        '{ [ ! -L "$d/claim" ] && nap 1 && ln -sf "$$.$b" "$d/claim"; }'
      )
    const { ran } = await startAtOnce(twoSteps)
    expect(ran).not.toBe("ran\n")
  })

  /** A job whose supervisor has ended, and is never collected by the process above it. */
  const withZombie = async (mutant?: Mutant): Promise<JobStatus> => {
    // It ends once the shell is another program, which collects nothing.
    const parent = spawn("sh", ["-c", "sleep 1 & echo $!; exec sleep 60"])
    const pid = await new Promise<string>((done) => parent.stdout.once("data", (text) => done(String(text).trim())))
    let born = ""
    for (;;) {
      const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? []
      born = fields[19] ?? ""
      if (fields[0] === "Z") break
      await new Promise((done) => setTimeout(done, 20))
    }
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
    mkdirSync(folder("z"), { recursive: true })
    symlinkSync(`${pid}.${born}.${boot}`, join(folder("z"), "claim"))
    writeFileSync(join(folder("z"), "sup"), `${pid} ${born}.${boot}\n`)
    writeFileSync(join(folder("z"), "out"), "kept")
    const status = await statusAfter(["status", "z"], [], mutant)
    parent.kill("SIGKILL")
    return status
  }

  test("takes no zombie for a supervisor that lives", async () => {
    expect(await withZombie()).toMatchObject({ state: "lost", out: 4 })
  })

  test.runIf(withMutants)("mutant: without the look for zombies one seems to live", async () => {
    expect(await withZombie((script) => script.replace('[ "$1" != Z ] || return 1; b=', "b="))).toMatchObject({
      state: "running"
    })
  })

  test("says lost after a restart, and that what has its pid now is another process", async () => {
    mkdirSync(folder("a"), { recursive: true })
    symlinkSync("1.5.of-before", join(folder("a"), "claim"))
    writeFileSync(join(folder("a"), "sup"), `${process.pid} 5.of-before\n`)
    expect(await statusAfter(["wait", "a"])).toMatchObject({ state: "lost", code: null })
  })

  test("says stillborn of what never began, and does not begin it later", async () => {
    mkdirSync(folder("a"), { recursive: true })
    symlinkSync("999999.5.x", join(folder("a"), "claim"))
    expect(await start("a", "echo ran")).toMatchObject({ state: "stillborn" })
    expect(existsSync(join(folder("a"), "out"))).toBe(false)
  })

  test("stops with TERM what hears it, and every process of what does not with KILL", async () => {
    await start("a", "trap 'echo heard; exit 3' TERM; while :; do sleep 0.1; done")
    expect(await statusAfter(["stop", "a", "10"])).toMatchObject({ state: "exited", code: 3, stopped: true })
    expect(output("a").toString()).toBe("heard\n")
    const deaf =
      "trap '' TERM; (trap '' TERM; while :; do sleep 0.1; done) & setsid sleep 300 & while :; do sleep 0.1; done"
    await start("b", deaf)
    await expect.poll(() => count("b"), { timeout: 120_000 }).toBeGreaterThan(3)
    expect(await statusAfter(["stop", "b", "1"])).toMatchObject({ state: "exited", stopped: true })
    expect(await count("b")).toBe(0)
  }, 240_000)

  test("stops no job whose id begins with its own", async () => {
    await start("a", "sleep 30")
    await start("a1", "sleep 30")
    await statusAfter(["stop", "a", "1"])
    expect(await statusAfter(["status", "a1"])).toMatchObject({ state: "running" })
    await statusAfter(["stop", "a1", "1"])
  })

  /** The supervisor with a count of the kernel that the test can raise, in the place of /proc/vmstat. */
  const counting: Mutant = (script) =>
    script.replaceAll("/sys/fs/cgroup/memory.events /proc/vmstat", join(home, "vmstat"))

  test("says how many processes the kernel ended for want of memory while the job ran", async () => {
    const vmstat = join(home, "vmstat")
    writeFileSync(vmstat, "pgfault 9\noom_kill 3\nzone_reclaim 0\n")
    const command = `kernel() { echo 'oom_kill 5' > ${vmstat}; kill -KILL "$1"; }; sh -c 'sleep 60' & kernel $!; wait $!`
    await start("a", command, [], counting)
    expect(await statusAfter(["wait", "a"], [], counting)).toMatchObject({ state: "exited", code: 137, oomKills: 2 })
    writeFileSync(vmstat, "pgfault 9\n")
    await start("b", "exit 1", [], counting)
    expect(await statusAfter(["wait", "b"], [], counting)).toMatchObject({ state: "exited", code: 1, oomKills: null })
  })

  test("hands a secret to the job, and writes it nowhere", async () => {
    await start("a", 'printf %s "$TOKEN" | wc -c; sleep 1', exports({ TOKEN: "unseen-4711-$'\"\n." }))
    const visible = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => textOf(`/proc/${pid}/cmdline`))
    const files = readdirSync(folder("a")).filter((name) => !["claim", "stop"].includes(name))
    const kept = files.map((name) => readFileSync(join(folder("a"), name), "latin1"))
    await statusAfter(["wait", "a"])
    expect(output("a").toString().trim()).toBe("17")
    expect([...visible, ...kept].filter((text) => text.includes("unseen-4711"))).toEqual([])
  })
}

/** Declares the tests of the supervisor on each machine. They wait most of the time: each shell has a file of its own. */
export const describeSupervisor = (machines: ReadonlyArray<SupervisedMachine>): void =>
  describe.skipIf(withoutSshd).each(machines)("the supervisor in $sh, setsid: $setsid", supervised)
