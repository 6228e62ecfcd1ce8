import { execFileSync } from "node:child_process"
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { canonicalGpu } from "@anygpu/core"
import { createClock, createVastSimulator, type VastSimulator } from "@anygpu/simulators"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect, memoryKnownHosts } from "./index.ts"

/** What is said of a machine that nobody rented from a real cloud: the unchanged client, by both of its transports. */

let folder = ""
let key = ""
let simulator: VastSimulator
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "anygpu-simulated-"))
  key = join(folder, "key")
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
  const sshKeys = [readFileSync(`${key}.pub`, "utf8")]
  simulator = createVastSimulator({ ssh: true, sshKeys, clock: createClock({ mode: { speed: 1 } }) })
})
afterAll(async () => {
  await simulator.ssh.close()
  simulator.clock.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A machine that runs. */
const rented = async () => {
  const id = simulator.addMachine({ runtype: "ssh_direct", disk: 10 })
  await simulator.ssh.settle()
  return simulator.ssh.of(id)
}

const textOf = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all).toString()
}

describe.each(["ssh2", "openssh"] as const)("a simulated machine by %s", (transport) => {
  let machine: ConnectedMachine
  let simulated: Awaited<ReturnType<typeof rented>>
  beforeAll(async () => {
    simulated = await rented()
    machine = await connect(simulated, { key, agent: false, transport, knownHosts: memoryKnownHosts() })
  })
  afterAll(() => machine?.close())

  test("runs commands: codes, streams, arguments, variables, folders, input", async () => {
    expect(await machine.exec("echo out; echo err >&2; exit 3")).toEqual({
      ...{ code: 3, signal: null, stdout: "out\n", stderr: "err\n" }
    })
    for (const code of [0, 1, 127, 255]) expect(await machine.exec(`exit ${code}`)).toMatchObject({ code })
    const odd = ["a b", "$HOME", "it's", '"', "\\", "*", "new\nline", "ü"]
    expect((await machine.exec(["printf", "%s|", ...odd])).stdout).toBe(odd.map((one) => `${one}|`).join(""))
    const env = { TOKEN: "s3cret 'x'\nsecond line $HOME", EMPTY: "" }
    const { stdout } = await machine.exec('pwd; printf "%s|%s|" "$TOKEN" "$EMPTY"; cat', {
      cwd: "/tmp",
      env,
      stdin: "in\0put"
    })
    expect(stdout).toBe(`/tmp\n${env.TOKEN}||in\0put`)
    expect(await machine.exec("pwd", { cwd: "/does/not/exist" })).toMatchObject({ code: 1, stdout: "" })
    const seen = await machine.exec("ps -ef; cat /proc/*/cmdline | tr '\\0' ' '", { env: { TOKEN: "unseen-4711" } })
    expect(seen.stdout).toContain("sh -c")
    expect(seen.stdout).not.toContain("unseen-4711")
  })

  test("tells bytes as they come, and an exit though nobody reads", async () => {
    await using talk = await machine.spawn("echo one; read -r line; echo got $line; echo err >&2", { stdin: "two\n" })
    expect(await Promise.all([textOf(talk.stdout), textOf(talk.stderr)])).toEqual(["one\ngot two\n", "err\n"])
    await using flood = await machine.spawn("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2; exit 4")
    expect(await flood.exit()).toEqual({ code: 4, signal: null })
  })

  test("ends a command that takes too long, with what it started", async () => {
    const loop = "sh -c 'while :; do date +%s%N > alive; sleep 0.1; done' & wait"
    const error = await machine.exec(loop, { timeout: 500 }).catch((thrown) => thrown)
    expect(error).toMatchObject({ _tag: "Timeout" })
    const { stdout } = await machine.exec("cat alive; sleep 0.4; cat alive; ps -ef | grep -c 'while [:]'")
    const [before, after, left] = stdout.trim().split("\n")
    expect([before, left]).toEqual([after, "0"])
  })

  test("keeps a job that no connection holds: its output, its code, its end", async () => {
    const job = await machine.start("echo hi; sleep 0.2; echo bye >&2; exit 42", { env: { A: "b" } })
    expect(await textOf(job.output())).toBe("hi\n")
    expect(await textOf(job.output({ stream: "err" }))).toBe("bye\n")
    expect(await job.wait()).toMatchObject({ state: "exited", code: 42, out: 3, err: 4 })
    const twice = await machine.start("echo again", { id: job.id })
    expect(await textOf(twice.output())).toBe("hi\n")
    const stubborn = await machine.start("trap '' TERM; setsid sleep 100 & sleep 100")
    expect(await stubborn.stop({ grace: "1 second" })).toMatchObject({ state: "exited", code: 137, stopped: true })
    expect((await machine.exec("pgrep sleep")).code).toBe(1)
    const lost = await machine.start("sleep 100")
    simulated.restart()
    expect(await lost.status()).toMatchObject({ state: "lost" })
    expect((await machine.jobs()).map(({ state }) => state).sort()).toEqual(["exited", "exited", "lost"])
  })

  test("takes folders and gives them back: rights, times, links, and only what is not the same", async () => {
    const from = join(folder, `tree-${transport}`)
    mkdirSync(join(from, "sub"), { recursive: true })
    writeFileSync(join(from, "a.txt"), "hello")
    writeFileSync(join(from, "sub/run.sh"), "#!/bin/sh\necho ran $1\n")
    chmodSync(join(from, "sub/run.sh"), 0o750)
    symlinkSync("a.txt", join(from, "link"))
    expect(await machine.upload(from, "work")).toMatchObject({ files: 3 })
    expect(await machine.upload(from, "work")).toMatchObject({ bytes: 0, unchanged: 2 })
    expect(await machine.exec("cat link; sub/run.sh here", { cwd: "work" })).toMatchObject({
      stdout: "helloran here\n"
    })
    const to = join(folder, `back-${transport}`)
    await machine.exec("mkdir -p work/out; head -c 3000000 /dev/urandom > work/out/big; chmod 640 work/out/big")
    expect(await machine.download("work/**", to)).toMatchObject({ files: 4 })
    expect(await machine.download("work/**", to)).toMatchObject({ bytes: 0, unchanged: 3 })
    expect(readFileSync(join(to, "work/out/big")).equals(simulated.read("work/out/big"))).toBe(true)
    expect(statSync(join(to, "work/out/big")).mode & 0o777).toBe(0o640)
    expect(readlinkSync(join(to, "work/link"))).toBe("a.txt")
  })

  test("takes a big file and gives it back, with its rights and times", async () => {
    const [from, to] = [join(folder, `big-${transport}`), join(folder, `big-back-${transport}`)]
    mkdirSync(from)
    const big = Buffer.alloc(17 * 1024 * 1024, "line of a big file\n")
    writeFileSync(join(from, "big"), big, { mode: 0o640 })
    expect(await machine.upload(from, "big")).toMatchObject({ files: 1, bytes: big.length })
    expect(await machine.upload(from, "big")).toMatchObject({ files: 0, unchanged: 1 })
    expect(await machine.download("big/**", to)).toMatchObject({ files: 1, bytes: big.length })
    expect(readFileSync(join(to, "big/big")).equals(big)).toBe(true)
    expect(statSync(join(to, "big/big")).mode & 0o777).toBe(0o640)
    expect(await machine.download("big/**", to)).toMatchObject({ files: 0, unchanged: 1 })
  })

  test("says that its disk is full", async () => {
    const full = await rented()
    full.fillDisk(1000)
    const from = join(folder, `full-${transport}`)
    mkdirSync(from)
    writeFileSync(join(from, "large"), Buffer.alloc(100_000))
    await using other = await connect(full, { key, agent: false, transport, knownHosts: memoryKnownHosts() })
    const error = await other.upload(from, "work").catch((thrown) => thrown)
    expect(error).toMatchObject({ _tag: "RemoteFailed" })
    expect(error.message).toContain("No space left on device")
    full.fillDisk()
    expect(await other.start("true").catch((thrown) => thrown)).toMatchObject({ _tag: "RemoteFailed" })
  })

  test("leads a port to what listens there", async () => {
    simulated.write("site/a.txt", "from afar")
    const job = await machine.start("serve 8123 site")
    await using forward = await machine.forward(0, 8123)
    const ask = () => fetch(`http://127.0.0.1:${forward.port}/a.txt`).then((answer) => answer.text())
    while ((await ask().catch(() => "")) === "") await new Promise((done) => setTimeout(done, 20))
    expect(await ask()).toBe("from afar")
    await job.stop()
  })

  test("opens a shell on a terminal", async () => {
    await using shell = await machine.shell()
    await shell.write("echo $((40 + 2)) $TERM; exit 5\n")
    expect(await textOf(shell.output)).toContain("42 xterm-256color")
    expect(await shell.exit()).toMatchObject({ code: 5 })
  })

  test("is verified as what was rented, and as what it truly is", async () => {
    const found = await machine.verify({ gpu: null, vcpus: null, memoryMiB: null, diskMiB: null })
    expect(found.observation.cores).toBeGreaterThan(0)
    const { stdout } = await machine.exec("nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits")
    const [name = "", memory] = (stdout.split("\n")[0] ?? "").split(", ")
    const count = stdout.trim().split("\n").length
    const gpu = {
      ...canonicalGpu(name.replace(/^NVIDIA |GeForce /g, ""), { vramMiB: Number(memory) }),
      count,
      vramMiB: Number(memory)
    }
    const offer = { gpu, vcpus: null, memoryMiB: null, diskMiB: null }
    expect(await machine.verify(offer, { write: 1 })).toMatchObject({ outcome: "as-offered" })
    simulated.change((hardware) => ({ ...hardware, gpus: [] }))
    expect((await machine.verify(offer)).outcome).not.toBe("as-offered")
  })
})

test("100,000 numbered lines and more over 40 lost connections: none is lost, and none comes twice", async () => {
  const simulated = await rented()
  const options = { key, agent: false, knownHosts: memoryKnownHosts(), keepAlive: "2 seconds" } as const
  await using machine = await connect(simulated, options)
  // In parts, and as many as it takes until all cuts are made.
  const job = await machine.start(
    "i=0; while [ $i -lt 100 ] || [ ! -e enough ]; do seq $((i * 1000 + 1)) $((i * 1000 + 1000)); i=$((i+1)); sleep 0.1; done; echo $i > parts; exit 42"
  )
  let text = ""
  let cuts = 0
  let told: Promise<unknown> | undefined
  for await (const chunk of job.output()) {
    text += Buffer.from(chunk)
    if (cuts < 40) cuts += simulated.cut(cuts % 2 === 0 ? "reset" : "close")
    else told ??= machine.exec("touch enough")
  }
  await told
  const lines = text.trim().split("\n")
  const parts = Number((await machine.exec("cat parts")).stdout)
  expect(parts).toBeGreaterThanOrEqual(100)
  expect(lines.length).toBe(parts * 1000)
  expect(lines.findIndex((line, index) => line !== String(index + 1))).toBe(-1)
  expect(cuts).toBe(40)
  expect(await job.status()).toMatchObject({ state: "exited", code: 42 })
}, 240_000)

test("a key that it does not know, and a key of the machine that is another one, are different errors", async () => {
  const simulated = await rented()
  const stranger = join(folder, "stranger")
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", stranger])
  const refused = await connect(simulated, { key: stranger, agent: false, knownHosts: memoryKnownHosts() }).catch(
    (e) => e
  )
  expect(refused).toMatchObject({ _tag: "LoginRefused", user: "root" })
  const knownHosts = memoryKnownHosts()
  await knownHosts.remember(`[${simulated.host}]:${simulated.port}`, (await rented()).hostKey)
  const changed = await connect(simulated, { key, agent: false, knownHosts }).catch((e) => e)
  expect(changed).toMatchObject({ _tag: "HostKeyChanged" })
})
