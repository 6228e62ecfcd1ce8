import { createServer, type Server } from "node:net"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect, type KnownHosts, memoryKnownHosts } from "./index.ts"
import { type Cut, type Cutter, startCutter } from "./testing/cutter.ts"
import { startServer } from "./testing/server.ts"
import { type Sshd, startSshd, withoutSshd } from "./testing/sshd.ts"

/** What a promise rejects with. */
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "it went well",
    (error) => error
  )

const tagOf = (error: unknown): unknown => (error instanceof Error && "_tag" in error ? error._tag : error)

const drained = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
  for await (const _ of chunks) {
    // Only its end matters.
  }
}

/** Bytes for as long as somebody takes them. */
async function* endless(): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(65_536)
  for (;;) {
    yield chunk
    await new Promise((done) => setImmediate(done))
  }
}

/** What is under way when the connection is lost. */
const uses: Readonly<Record<string, (machine: ConnectedMachine) => Promise<unknown>>> = {
  "a command that is waited for": (machine) => machine.exec("sleep 30"),
  "an output that is read": async (machine) => {
    await using process = await machine.spawn("while :; do echo line; sleep 0.05; done")
    await drained(process.stdout)
  },
  "an input that is written": (machine) => machine.exec("sleep 30; cat > /dev/null", { stdin: endless() }),
  "an output that nobody reads": async (machine) => {
    await using process = await machine.spawn("sleep 30")
    await process.exit()
  }
}

const cuts: ReadonlyArray<Cut> = ["close", "reset", "silence"]
const cases = (["ssh2", "openssh"] as const).flatMap((transport) => cuts.map((cut) => ({ transport, cut })))

describe.skipIf(withoutSshd).each(cases)("a connection of $transport lost by $cut", ({ transport, cut }) => {
  let sshd: Sshd
  let cutter: Cutter
  let machine: ConnectedMachine
  beforeAll(async () => {
    sshd = await startSshd()
    cutter = await startCutter(sshd.port)
    machine = await connect(sshd, { port: cutter.port, key: sshd.key, agent: false, transport, keepAlive: "1 second" })
  }, 240_000)
  afterAll(async () => {
    await machine?.close()
    await cutter?.stop()
    await sshd?.stop()
  })

  test("looks like an end to nothing that was under way, and the next call works", async () => {
    const works = Object.entries(uses).map(async ([name, use]) => [name, await failure(use(machine))] as const)
    // Until all of them are under way on the machine.
    await new Promise((done) => setTimeout(done, 1000))
    expect(cutter.cut(cut)).toBeGreaterThan(0)
    for (const [name, error] of await Promise.all(works)) expect([name, tagOf(error)]).toEqual([name, "ConnectionLost"])
    expect(await machine.exec("echo again")).toMatchObject({ stdout: "again\n", code: 0 })
  }, 240_000)
})

describe.skipIf(withoutSshd).each(["ssh2", "openssh"] as const)("a connection of %s", (transport) => {
  test("that is lost right after the login is no connection", async () => {
    const sshd = await startSshd()
    const cutter = await startCutter(sshd.port)
    const known = memoryKnownHosts()
    let remembered = 0
    const knownHosts: KnownHosts = {
      ...known,
      remember: async () => {
        if (remembered++ === 0) cutter.cut("reset")
        await new Promise((done) => setTimeout(done, 500))
      }
    }
    const options = { port: cutter.port, key: sshd.key, agent: false as const, transport, knownHosts }
    expect(await failure(connect(sshd, options))).toMatchObject({ _tag: "Unreachable", reason: "reset" })
    await using machine = await connect(sshd, { ...options, within: "10 seconds" })
    expect(await machine.exec("echo in")).toMatchObject({ stdout: "in\n" })
    await cutter.stop()
    await sshd.stop()
  }, 240_000)
})

test("a connection that is reset before the login began is an error, and ends no process", async () => {
  const server = createServer((socket) => socket.resetAndDestroy())
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const slow: KnownHosts = {
    ...memoryKnownHosts(),
    get: async () => {
      await new Promise((done) => setTimeout(done, 200))
      return null
    }
  }
  const inside = await startServer()
  const error = await failure(connect({ host: "127.0.0.1", port }, { key: inside.key, agent: false, knownHosts: slow }))
  expect(error).toMatchObject({ _tag: "Unreachable", reason: "reset" })
  server.close()
  await inside.stop()
})

describe("a server that does what it should not", () => {
  test("closes a command without its exit status: that is a loss, not an end", async () => {
    const server = await startServer({
      onExec: (channel) => {
        channel.write("half of it")
        channel.close()
      }
    })
    await using machine = await connect(server, { key: server.key, agent: false })
    expect(await failure(machine.exec("true"))).toMatchObject({ _tag: "ConnectionLost" })
    await server.stop()
  })

  test("tells the exit status and is gone before the output is whole: that is a loss", async () => {
    const server = await startServer({
      onExec: (channel, client) => {
        channel.write("half of it")
        channel.exit(0)
        setTimeout(() => client.end(), 50)
      }
    })
    await using machine = await connect(server, { key: server.key, agent: false })
    expect(await failure(machine.exec("true"))).toMatchObject({ _tag: "ConnectionLost" })
    await server.stop()
  })

  test("opens no session: it is the machine that failed", async () => {
    const server = await startServer({ refuseSessions: true })
    await using machine = await connect(server, { key: server.key, agent: false })
    expect(await failure(machine.exec("true"))).toMatchObject({ _tag: "RemoteFailed", code: null })
    await server.stop()
  })

  test("lets nobody in: the error names the key, and not what is in it", async () => {
    const server = await startServer({ allow: () => false })
    const error = await failure(connect(server, { key: server.key, agent: false }))
    expect(error).toMatchObject({ _tag: "LoginRefused", user: "tester", tried: ["the key that was given"] })
    expect(JSON.stringify(error)).not.toContain("PRIVATE")
    await server.stop()
  })

  test("lets in late: a connection within a time goes on trying", async () => {
    let refusals = 2
    const server = await startServer({ allow: () => refusals-- <= 0 })
    await using machine = await connect(server, { key: server.key, agent: false, within: "20 seconds" })
    expect(machine.address()).toMatchObject({ port: server.port })
    await server.stop()
  })
})

describe("a machine that cannot be reached", () => {
  const listening = async (server: Server): Promise<number> => {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
    const address = server.address()
    return typeof address === "object" && address !== null ? address.port : 0
  }
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----"

  test("is an error with its reason: nothing listens", async () => {
    const server = createServer()
    const port = await listening(server)
    await new Promise((done) => server.close(done))
    const error = await failure(connect({ host: "127.0.0.1", port }, { key, agent: false }))
    expect(error).toMatchObject({ _tag: "Unreachable", reason: "refused", port, retry: "temporary" })
    const late = await failure(connect({ host: "127.0.0.1", port }, { key, agent: false, within: "1 second" }))
    expect(late).toMatchObject({ _tag: "Unreachable", reason: "refused", retry: "exhausted" })
  })

  test.each([
    [
      "malformed",
      (server: Server) => server.on("connection", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n".repeat(99)))
    ],
    ["reset", (server: Server) => server.on("connection", (socket) => socket.end())],
    ["connect-timeout", (server: Server) => server.on("connection", () => {})]
  ] as const)("is an error with its reason: %s", async (reason, behave) => {
    const inside = await startServer()
    const server = behave(createServer())
    const port = await listening(server)
    const error = await failure(
      connect({ host: "127.0.0.1", port }, { key: inside.key, agent: false, tryFor: "1 second" })
    )
    expect(error).toMatchObject({ _tag: "Unreachable", reason, port })
    server.close()
    await inside.stop()
  })

  test("has no way in that anybody named", async () => {
    const ref = { provider: "vast", kind: "container", id: "7" } as const
    const error = await failure(connect({ ref, endpoints: { ssh: [], ports: [], urls: [] } }, {}))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "target" }] })
  })
})
