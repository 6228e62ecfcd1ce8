import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { memoryLedger } from "@anygpu/core"
import { memoryCloud } from "@anygpu/memory"
import { createClock } from "@anygpu/simulators"
import { createGpu } from "anygpu"
import * as Effect from "effect/Effect"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type RunEvent, type RunRequest, ssh } from "../index.ts"
import { type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"

describe.skipIf(withoutSshd)("a run", () => {
  let sshd: Sshd
  let home: string
  let cwd: string
  beforeAll(async () => {
    sshd = await startSshd()
  }, 240_000)
  afterAll(() => sshd?.stop())
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "anygpu-run-"))
    cwd = join(home, "machine")
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const open = () => {
    const cloud = memoryCloud({ offers: [{ id: "a", gpu: "H100", perHour: "2" }] })
    const [clock, ledger] = [createClock(), memoryLedger()]
    const options = { host: sshd.host, port: sshd.port, user: sshd.user, key: sshd.key, agent: false as const }
    const gpu = () => createGpu({ clouds: [cloud.reopen()], clock, ledger, ssh: ssh(options) })
    const texts = { out: "", err: "" }
    const events: RunEvent[] = []
    const onEvent = (event: RunEvent) => {
      if (event.type === "output") texts[event.stream] += Buffer.from(event.bytes).toString()
      else events.push(event)
    }
    return { cloud, gpu, ledger, texts, events, onEvent }
  }
  const requestOf = (more: Partial<RunRequest> & Pick<RunRequest, "command">): RunRequest => ({
    ...{ job: { duration: "1 hour" }, workload: { os: "ubuntu" }, verify: false, cwd },
    ...more
  })

  test("brings the results home and gives the machine back; its code is the command's", async () => {
    const { cloud, gpu, ledger, texts, events, onEvent } = open()
    mkdirSync(join(home, "code"))
    writeFileSync(
      join(home, "code", "train.sh"),
      'echo "with $LEVEL"; echo oops >&2; mkdir out; echo model > out/m.pt; exit 3'
    )
    const outcome = await gpu().run(
      requestOf({
        command: ["sh", "train.sh"],
        key: "first",
        env: { LEVEL: "s3cret-4711" },
        upload: join(home, "code"),
        download: { globs: "out/**", to: join(home, "results") },
        onEvent
      })
    )
    expect(outcome).toMatchObject({ key: "first", state: "over", end: "exited", code: 3, machine: null, problems: [] })
    expect(texts).toEqual({ out: "with s3cret-4711\n", err: "oops\n" })
    expect(readFileSync(join(home, "results", "out", "m.pt"), "utf8")).toBe("model\n")
    expect(cloud.alive()).toEqual([])
    expect(cloud.truth()).toHaveLength(1)
    expect(events.map(({ type }) => type)).toEqual([
      ...["opened", "launching", "launching", "launching", "machine", "connected", "uploaded", "started", "ended"],
      ...["downloaded", "given-back", "over"]
    ])
    expect(JSON.stringify([await Effect.runPromise(ledger.runs()), events])).not.toContain("s3cret")
  })

  test("is run once under a key, and another command under it is refused", async () => {
    const { cloud, gpu } = open()
    const count = join(home, "count")
    const request = requestOf({ command: `echo once >> ${count}`, key: "k" })
    const first = await gpu().run(request)
    const second = await gpu().run(request)
    expect(second).toMatchObject({ id: first.id, code: 0 })
    expect(readFileSync(count, "utf8")).toBe("once\n")
    expect(cloud.truth()).toHaveLength(1)
    await expect(gpu().run(requestOf({ command: "true", key: "k" }))).rejects.toMatchObject({ _tag: "Conflict" })
  })

  test("that was left goes on, and is come back to at the last byte that was reported", async () => {
    const { cloud, gpu, texts, onEvent } = open()
    const leave = new AbortController()
    const go = join(home, "go")
    const request = requestOf({ command: `echo one; while ! [ -e ${go} ]; do sleep 0.1; done; echo two`, key: "k" })
    const left = gpu().run({
      ...request,
      leave: leave.signal,
      onEvent: (event) => {
        onEvent(event)
        if (texts.out === "one\n") leave.abort()
      }
    })
    await expect(left).rejects.toMatchObject({ _tag: "Conflict", message: expect.stringContaining("left as it is") })
    expect(cloud.alive()).toHaveLength(1)
    writeFileSync(go, "")
    texts.out = ""
    expect(await gpu().attach("k", { onEvent, from: "start" })).toMatchObject({ state: "over", code: 0 })
    expect(texts.out).toBe("one\ntwo\n")
    expect(cloud.alive()).toEqual([])
  })

  test("that is detached answers when its command runs, and is stopped by another process", async () => {
    const { cloud, gpu } = open()
    const request = requestOf({
      command: "trap 'echo saved > state; exit 7' TERM; while :; do sleep 0.1; done",
      key: "k",
      detach: true,
      download: { globs: "state", to: join(home, "results") }
    })
    expect(await gpu().run(request)).toMatchObject({ state: "open", machine: expect.stringContaining("memory/vm/") })
    expect(await gpu().runs({ state: "open" })).toMatchObject([{ key: "k", attempts: [{ state: "running" }] }])
    expect(await gpu().stopRun("k")).toMatchObject({ state: "over", end: "stopped", code: 7 })
    expect(readFileSync(join(home, "results", "state"), "utf8")).toBe("saved\n")
    expect(cloud.alive()).toEqual([])
  })

  test("an abort stops the command, brings home what is there, and then rejects", async () => {
    const { cloud, gpu, events, onEvent } = open()
    const abort = new AbortController()
    const request = requestOf({
      command: "echo part > part; echo ready; sleep 62.5",
      download: { globs: "part", to: join(home, "results") }
    })
    const done = gpu().run({
      ...request,
      signal: abort.signal,
      onEvent: (event) => {
        onEvent(event)
        if (event.type === "output") abort.abort(new Error("enough"))
      }
    })
    await expect(done).rejects.toThrow("enough")
    expect(events.at(-1)).toMatchObject({ type: "over", outcome: { end: "stopped" } })
    expect(existsSync(join(home, "results", "part"))).toBe(true)
    expect(cloud.alive()).toEqual([])
  })

  test("on a machine that is there neither rents nor ends one", async () => {
    const { cloud, gpu } = open()
    const client = gpu()
    const [offer] = await client.offers()
    if (!offer) throw new Error("no offer")
    const { ref } = await client.rent({ offer, name: "mine", os: "ubuntu" })
    await client.waitUntilReady(ref)
    const outcome = await client.run({ command: "echo hello", on: ref, cwd })
    expect(outcome).toMatchObject({ code: 0, machine: String(ref), spent: [] })
    expect(cloud.alive()).toHaveLength(1)
  })

  test("a machine that has lost its command leads to the next one, where the checkpoint is", async () => {
    const { cloud, gpu, events } = open()
    const store = join(home, "store")
    const command =
      "n=$(cat ckpt/n 2>/dev/null || echo 0); mkdir -p ckpt; " +
      "if [ $n = 0 ]; then echo 1 > ckpt/n.part; mv ckpt/n.part ckpt/n; sleep 25; else echo from $n > out; fi"
    const outcome = await gpu().run(
      requestOf({
        ...{ command, key: "k", retry: 1, download: { globs: "out", to: join(home, "results") } },
        checkpoint: { folder: "ckpt", every: "1 second", store },
        onEvent: (event) => {
          events.push(event)
          if (event.type !== "checkpoint" || event.attempt !== 1) return
          rmSync(cwd, { recursive: true, force: true })
          rmSync(join(sshd.folder, "anygpu", "jobs"), { recursive: true, force: true })
        }
      })
    )
    expect(outcome).toMatchObject({ end: "exited", code: 0, attempts: [{ end: "lost" }, { end: "exited" }] })
    expect(readFileSync(join(home, "results", "out"), "utf8")).toBe("from 1\n")
    expect(events).toContainEqual(expect.objectContaining({ type: "restored", attempt: 2 }))
    expect(cloud.truth()).toHaveLength(2)
    expect(cloud.alive()).toEqual([])
  }, 240_000)

  test.each([
    ["attach", "lost"],
    ["stopRun", "stopped"]
  ] as const)("whose machine does not know its command any more is given back by %s", async (call, end) => {
    const { cloud, gpu } = open()
    await gpu().run(requestOf({ command: "sleep 60.5", key: "k", detach: true }))
    rmSync(join(sshd.folder, "anygpu", "jobs"), { recursive: true, force: true })
    expect(await gpu()[call]("k")).toMatchObject({ state: "over", end, code: null, machine: null })
    expect(cloud.alive()).toEqual([])
  })

  test.each([
    ["command", { command: " " }],
    ["job", { command: "true", job: undefined }],
    ["retry", { command: "true", retry: -1 }],
    ["retry", { command: "true", retry: 1, on: "memory/vm/1" }],
    ["key", { command: "true", key: "a/b" }],
    ["env.A-B", { command: "true", env: { "A-B": "x" } }],
    ["grace", { command: "true", grace: "soon" }]
  ])("refuses a wrong %s before anything is sent", async (path, more) => {
    const { cloud, gpu, ledger } = open()
    const run = gpu().run(requestOf(more as Partial<RunRequest> & { command: string }))
    await expect(run).rejects.toMatchObject({ _tag: "InvalidRequest", issues: [{ path }] })
    expect(cloud.calls()).toEqual([])
    expect(await Effect.runPromise(ledger.runs())).toEqual([])
  })
})

test("a run that nobody could log in for rents nothing", async () => {
  const cloud = memoryCloud({ offers: [{ id: "a", gpu: "H100", perHour: "2" }] })
  const gpu = createGpu({ clouds: [cloud], clock: createClock(), ssh: ssh() })
  const run = gpu.run({ command: "true", job: { duration: "1 hour" }, workload: { os: "ubuntu" } })
  await expect(run).rejects.toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "workload.sshKeys" }] })
  expect(cloud.calls()).toEqual([])
})
