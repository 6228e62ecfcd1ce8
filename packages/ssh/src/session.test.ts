import { mkdirSync, readFileSync } from "node:fs"
import { createServer, connect as dial } from "node:net"
import { join } from "node:path"
import { isGpuError } from "@anygpu/core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, type ConnectOptions, connect, memoryKnownHosts } from "./index.ts"
import { remoteShells, type Sshd, startSshd, withoutSshd } from "./testing/sshd.ts"

const text = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all).toString()
}

const cases = [
  ...remoteShells.map((shell) => ({ shell, transport: "ssh2" as const })),
  { shell: "busybox" as const, transport: "openssh" as const }
]

describe.skipIf(withoutSshd).each(cases)("a session by $transport with $shell as sh", ({ shell, transport }) => {
  let sshd: Sshd
  let machine: ConnectedMachine
  const options = (): ConnectOptions => ({ key: sshd.key, agent: false, transport })
  beforeAll(async () => {
    sshd = await startSshd(shell)
    machine = await connect(sshd, options())
  }, 240_000)
  afterAll(async () => {
    await machine?.close()
    await sshd?.stop()
  })

  test("tells the code and both streams of a command", async () => {
    expect(await machine.exec("echo out; echo err >&2; exit 3")).toEqual({
      ...{ code: 3, signal: null, stdout: "out\n", stderr: "err\n" }
    })
  })

  test.each([0, 1, 127, 255])("tells a code of %i as it is", async (code) => {
    expect(await machine.exec(`exit ${code}`)).toMatchObject({ code, signal: null })
  })

  test("takes a list as a program and its arguments, whatever is in them", async () => {
    const odd = ["a b", "$HOME", "it's", '"', "\\", "*", "!", "new\nline", "-n", "ü"]
    const { stdout } = await machine.exec(["printf", "%s|", ...odd])
    expect(stdout).toBe(odd.map((one) => `${one}|`).join(""))
  })

  test("gives variables, a folder and an input", async () => {
    const cwd = join(sshd.folder, "a folder's")
    mkdirSync(cwd, { recursive: true })
    const env = { TOKEN: "s3cret 'x'\nsecond line $HOME", EMPTY: "" }
    const { stdout, code } = await machine.exec('pwd; printf "%s|%s|" "$TOKEN" "$EMPTY"; cat', {
      cwd,
      env,
      stdin: "in\0put"
    })
    expect(stdout).toBe(`${cwd}\n${env.TOKEN}||in\0put`)
    expect(code).toBe(0)
    expect(await machine.exec("pwd", { cwd: "/does/not/exist" })).toMatchObject({ code: 1, stdout: "" })
  })

  test("shows no variable's value in ps", async () => {
    const seen = await machine.exec("ps -ef; cat /proc/*/cmdline | tr '\\0' ' '", { env: { TOKEN: "unseen-4711" } })
    expect(seen.stdout).toContain("sh")
    expect(seen.stdout).not.toContain("unseen-4711")
  })

  test("tells bytes as they come, both streams apart", async () => {
    await using process = await machine.spawn("echo one; read -r line; echo got $line; echo err >&2", {
      stdin: "two\n"
    })
    const [stdout, stderr] = await Promise.all([text(process.stdout), text(process.stderr)])
    expect([stdout, stderr]).toEqual(["one\ngot two\n", "err\n"])
    expect(await process.exit()).toEqual({ code: 0, signal: null })
  })

  test("tells an exit though nobody reads the output", async () => {
    await using process = await machine.spawn("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2; exit 4")
    expect(await process.exit()).toEqual({ code: 4, signal: null })
  })

  test("ends a command that takes too long, with what it started", async () => {
    const mark = join(sshd.folder, "alive")
    const error = await machine
      .exec(`sh -c 'while :; do date +%s%N > ${mark}; sleep 0.1; done' & wait`, { timeout: 2000 })
      .catch((e) => e)
    expect(error).toMatchObject({ _tag: "Timeout" })
    const last = readFileSync(mark, "utf8")
    await new Promise((done) => setTimeout(done, 400))
    expect(readFileSync(mark, "utf8")).toBe(last)
  })

  test("ends also a command that has not begun when its time is over", async () => {
    const file = join(sshd.folder, "begun-late")
    const works = [1, 5, 20, 60].map((timeout) =>
      machine.exec(`sleep 2; echo begun >> ${file}; sleep 60.${sshd.port}`, { timeout }).catch((error) => error)
    )
    for (const error of await Promise.all(works)) expect(error).toMatchObject({ _tag: "Timeout" })
    expect((await machine.exec(`ps -ef | grep '[s]leep 60.${sshd.port}' | wc -l`)).stdout.trim()).toBe("0")
  })

  test("an abort ends a command, and rejects with its reason", async () => {
    const abort = new AbortController()
    const reason = new Error("enough")
    const done = machine.exec(`sleep 61.${sshd.port}`, { signal: abort.signal }).catch((error) => error)
    setTimeout(() => abort.abort(reason), 200)
    expect(await done).toBe(reason)
    const { stdout } = await machine.exec(`ps -ef | grep '[s]leep 61.${sshd.port}' | wc -l`)
    expect(Number(stdout)).toBe(0)
  })

  test("leads a port to the machine", async () => {
    const server = createServer((socket) => socket.end("from afar"))
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
    const address = server.address()
    const remote = typeof address === "object" && address !== null ? address.port : 0
    await using forward = await machine.forward(0, remote)
    expect(await text(dial(forward.port, "127.0.0.1"))).toBe("from afar")
    const error = await machine.forward(forward.port, remote).catch((e) => e)
    expect(error).toMatchObject({ _tag: "Conflict" })
    server.close()
  })

  test("opens a shell on a terminal", async () => {
    await using shell = await machine.shell()
    await shell.write("echo $((40 + 2)) $TERM; exit 5\n")
    expect(await text(shell.output)).toContain("42 xterm-256color")
    expect(await shell.exit()).toMatchObject({ code: 5 })
  })

  test("wrong values are refused before anything is sent", async () => {
    const error = await machine.exec("true", { env: { "A-B": "secret" } }).catch((e) => e)
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "env.A-B" }] })
    expect(JSON.stringify(error)).not.toContain("secret")
  })

  test("a changed host key is an error of its own, and a forgotten one is not", async () => {
    const knownHosts = memoryKnownHosts()
    await (await connect(sshd, { ...options(), knownHosts })).close()
    const name = `[127.0.0.1]:${sshd.port}`
    expect(await knownHosts.get(name)).toMatch(/^(ssh-ed25519|ecdsa|ssh-rsa)/)
    await sshd.restart({ newHostKeys: true })
    const error = await connect(sshd, { ...options(), knownHosts, within: "5 seconds" }).catch((e) => e)
    expect(isGpuError(error) && error._tag).toBe("HostKeyChanged")
    await knownHosts.forget(name)
    await (await connect(sshd, { ...options(), knownHosts })).close()
  })
})
