import { createServer, request } from "node:http"
import type { AddressInfo, Server } from "node:net"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { afterEach, expect, test, vi } from "vitest"
import { undiciTransport } from "./undici-transport.ts"

const open: Server[] = []

const listen = async (server: Server): Promise<number> => {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve))
  return (server.address() as AddressInfo).port
}

afterEach(() => {
  vi.unstubAllEnvs()
  for (const server of open.splice(0)) server.close()
})

/** A proxy that leads every request to one port, and remembers what it was asked for. */
const proxyTo = async (port: number) => {
  const asked: Array<{ readonly url: string | undefined; readonly login: string | undefined }> = []
  const server = createServer((asking, answer) => {
    asked.push({ url: asking.url, login: asking.headers["proxy-authorization"] })
    asking.pipe(request({ port, path: "/", host: "localhost" }, (response) => response.pipe(answer)))
  })
  return { port: await listen(server), asked }
}

const ask = (url: string) =>
  Effect.runPromise(undiciTransport()({ method: "GET", url, headers: {}, timeout: Duration.seconds(20) }))

test("the proxy of the environment is used, with its login, but for hosts that need none", async () => {
  const cloud = await listen(createServer((_, response) => response.end("the cloud")))
  const proxy = await proxyTo(cloud)
  vi.stubEnv("HTTP_PROXY", `http://me:secret@localhost:${proxy.port}`)
  expect((await ask("http://cloud.test/api")).text).toBe("the cloud")
  expect(proxy.asked).toEqual([
    { url: "http://cloud.test/api", login: `Basic ${Buffer.from("me:secret").toString("base64")}` }
  ])
  vi.stubEnv("NO_PROXY", "localhost")
  expect((await ask(`http://localhost:${cloud}/api`)).text).toBe("the cloud")
  expect(proxy.asked).toHaveLength(1)
})

test("a proxy that is not there, or refuses, is named as the reason", async () => {
  vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1")
  const error = await Effect.runPromise(
    Effect.flip(
      undiciTransport()({ method: "GET", url: "https://cloud.test/", headers: {}, timeout: Duration.seconds(20) })
    )
  )
  expect(error).toMatchObject({ _tag: "Network", sent: "no", reason: "proxy" })
  expect(error.message).toBe("The proxy did not lead to cloud.test: check the proxy and the login to it")
})

test("what is no address of a proxy is refused by the name of its variable", () => {
  vi.stubEnv("HTTPS_PROXY", "proxy.example")
  expect(() => undiciTransport()).toThrow(/HTTPS_PROXY: is no address of a proxy/)
})
