import { lookup } from "node:dns"
import { resolve4 } from "node:dns/promises"
import { createServer } from "node:http"
import { get } from "node:https"
import { createRequire } from "node:module"
import { type AddressInfo, connect } from "node:net"
import { connect as tlsConnect } from "node:tls"
import { afterEach, beforeEach, expect, test } from "vitest"
import { takeReachedHosts } from "./vitest-setup.ts"

const undici: typeof import("../packages/core/node_modules/undici/index.js") = createRequire(
  new URL("../packages/core/package.json", import.meta.url)
)("undici")

const host = "console.vast.ai"
const refusal = `A test must not reach ${host}`

/** The message of an error, or of what lies behind it. */
const said = (error: unknown): string =>
  error instanceof Error ? `${error.message} ${error.cause === undefined ? "" : said(error.cause)}` : String(error)

const outcome = (run: () => Promise<unknown>): Promise<string> => run().then(() => "it was sent", said)

const asPromise = (start: (done: (error?: Error | null) => void) => unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()))
  })

const ways: ReadonlyArray<readonly [string, () => Promise<unknown>]> = [
  ["the global fetch", () => fetch(`https://${host}/`)],
  ["undici's request", () => undici.request(`https://${host}/`)],
  ["undici's fetch", () => undici.fetch(`http://${host}/`)],
  ["node:https", () => asPromise((done) => get(`https://${host}/`, () => done()).on("error", done))],
  ["node:net by port and host", () => asPromise((done) => connect(80, host, () => done()))],
  ["node:net by options", () => asPromise((done) => connect({ port: 80, host }, () => done()))],
  ["node:tls", () => asPromise((done) => tlsConnect({ port: 443, host }, () => done()))],
  ["a lookup", () => asPromise((done) => lookup(host, done))],
  ["a resolution", () => resolve4(host)]
]

test.each(ways)("%s does not leave this machine, and the test hears of it", async (_, reach) => {
  expect(await outcome(reach)).toContain(refusal)
  expect(takeReachedHosts()).toContain(host)
  expect(takeReachedHosts()).toEqual([])
})

test("an address that is not ours is refused without a lookup", async () => {
  expect(await outcome(() => fetch("http://203.0.113.7/"))).toContain("A test must not reach 203.0.113.7")
  expect(takeReachedHosts()).toEqual(["203.0.113.7"])
})

const server = createServer((_, response) => response.end("here"))
beforeEach(() => asPromise((done) => server.listen(0, done)))
afterEach(() => asPromise((done) => server.close(done).closeAllConnections()))

test("this machine is reached by every name it has", async () => {
  const { port } = server.address() as AddressInfo
  for (const name of ["127.0.0.1", "localhost"]) {
    expect(await (await fetch(`http://${name}:${port}/`)).text()).toBe("here")
    expect(await (await undici.request(`http://${name}:${port}/`)).body.text()).toBe("here")
  }
  await asPromise((done) => connect(port, "127.0.0.1", () => done()).unref())
  await asPromise((done) => connect({ port }, () => done()).unref())
})

test.fails("a test that swallows the refusal fails all the same", async () => {
  await outcome(() => fetch(`https://${host}/`))
  // What the setup's own `afterEach` does.
  expect(takeReachedHosts()).toEqual([])
})
