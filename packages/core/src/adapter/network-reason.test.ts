import { createServer as createPlain } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo, Server } from "node:net"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Agent, ProxyAgent } from "undici"
import { afterEach, describe, expect, test } from "vitest"
import { certificates } from "./certificates.test-support.ts"
import { fetchTransport } from "./fetch-transport.ts"
import type { Transport } from "./transport.ts"
import { undiciTransport } from "./undici-transport.ts"

const open: Array<Server> = []

const listen = async (server: Server): Promise<number> => {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return (server.address() as AddressInfo).port
}

afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

const secure = (cert: string) => listen(createServer({ cert, key: certificates.key }, (_, answer) => answer.end("{}")))

const failing = (transport: Transport, url: string) =>
  Effect.runPromise(Effect.flip(transport({ method: "GET", url, headers: {}, timeout: Duration.seconds(20) })))

const trusting = (cert: string) => undiciTransport({ dispatcher: new Agent({ connect: { ca: cert } }) })

describe.each([
  ["undici", undiciTransport()],
  ["fetch", fetchTransport()]
])("over %s", (_, transport) => {
  test("a certificate of its own", async () => {
    const port = await secure(certificates.here)
    const error = await failing(transport, `https://127.0.0.1:${port}/`)
    expect(error).toMatchObject({ _tag: "Network", reason: "tls-self-signed", sent: "no", retry: "permanent" })
    expect(error.message).toContain("NODE_EXTRA_CA_CERTS")
  })

  test("no TLS where TLS is spoken to", async () => {
    const port = await listen(createPlain(() => {}))
    expect(await failing(transport, `https://127.0.0.1:${port}/`)).toMatchObject({ _tag: "Network", reason: "tls" })
  })
})

test("a certificate that has expired", async () => {
  const port = await secure(certificates.old)
  const error = await failing(trusting(certificates.old), `https://127.0.0.1:${port}/`)
  expect(error).toMatchObject({ _tag: "Network", reason: "tls-expired", sent: "no", retry: "permanent" })
  expect(error.message).toContain("check this computer's clock")
})

test("a certificate of another host", async () => {
  const port = await secure(certificates.elsewhere)
  const error = await failing(trusting(certificates.elsewhere), `https://127.0.0.1:${port}/`)
  expect(error).toMatchObject({ _tag: "Network", reason: "tls-wrong-host", sent: "no", retry: "permanent" })
})

test("a proxy that wants a login", async () => {
  const proxy = createPlain().on("connect", (_, socket) => socket.end("HTTP/1.1 407 Login\r\n\r\n"))
  const uri = `http://127.0.0.1:${await listen(proxy)}`
  const error = await failing(undiciTransport({ dispatcher: new ProxyAgent(uri) }), "https://cloud.invalid/")
  expect(error).toMatchObject({ _tag: "Network", reason: "proxy", sent: "no", retry: "temporary" })
  expect(error.message).toBe("The proxy did not lead to cloud.invalid: check the proxy and the login to it")
})
