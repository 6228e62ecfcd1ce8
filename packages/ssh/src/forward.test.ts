import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { type AddressInfo, createServer, connect as dial, type Server } from "node:net"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect } from "./index.ts"
import { type Sshd, startSshd, withoutSshd } from "./testing/sshd.ts"

const portOf = async (server: Server): Promise<number> => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return (server.address() as AddressInfo).port
}

describe.skipIf(withoutSshd).each(["ssh2", "openssh"] as const)("a forwarded port by %s", (transport) => {
  let sshd: Sshd
  let machine: ConnectedMachine
  beforeAll(async () => {
    sshd = await startSshd()
    machine = await connect(sshd, { key: sshd.key, agent: false, transport })
  }, 240_000)
  afterAll(async () => {
    await machine?.close()
    await sshd?.stop()
  })

  test("brings every byte, and then the end, also to one that reads slowly", async () => {
    const bytes = randomBytes(8_000_000)
    const server = createServer((socket) => socket.end(bytes))
    await using forward = await machine.forward(0, await portOf(server))
    const socket = dial(forward.port, "127.0.0.1").pause()
    await new Promise((done) => setTimeout(done, 500))
    const got: Uint8Array[] = []
    for await (const chunk of socket) {
      got.push(chunk)
      if (got.length % 20 === 0) await new Promise((done) => setTimeout(done, 5))
    }
    expect(Buffer.concat(got).equals(bytes)).toBe(true)
    server.close()
  }, 240_000)

  test("answers one that has ended its own side", async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      let request = ""
      socket.on("data", (chunk) => {
        request += chunk
      })
      socket.once("end", () => setTimeout(() => socket.end(`answer to ${request}`), 100))
    })
    await using forward = await machine.forward(0, await portOf(server))
    const socket = dial({ port: forward.port, host: "127.0.0.1", allowHalfOpen: true })
    socket.end("question")
    let answer = ""
    for await (const chunk of socket) answer += chunk
    expect(answer).toBe("answer to question")
    server.close()
  }, 240_000)

  test("resets what comes in where nothing listens there", async () => {
    const server = createServer()
    const port = await portOf(server)
    await new Promise((done) => server.close(done))
    await using forward = await machine.forward(0, port)
    const socket = dial(forward.port, "127.0.0.1").resume()
    const [error] = await once(socket, "error")
    expect(error).toMatchObject({ code: "ECONNRESET" })
  }, 240_000)
})
