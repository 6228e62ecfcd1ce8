import { createServer, type RequestListener } from "node:http"
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net"
import { gzipSync } from "node:zlib"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { Agent } from "undici"
import { afterEach, describe, expect, test } from "vitest"
import { fetchTransport } from "./fetch-transport.ts"
import type { WireRequest } from "./transport.ts"
import { undiciTransport } from "./undici-transport.ts"

const open: Array<Server> = []

const listen = async (server: Server): Promise<string> => {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const serve = (listener: RequestListener) => listen(createServer(listener))

afterEach(() => {
  for (const server of open.splice(0)) {
    server.close()
    if ("closeAllConnections" in server) (server as ReturnType<typeof createServer>).closeAllConnections()
  }
})

const get = (url: string, more: Partial<WireRequest> = {}): WireRequest => ({
  method: "GET",
  url,
  headers: {},
  timeout: Duration.seconds(30),
  ...more
})

describe.each([
  ["undici", undiciTransport(), (maxAnswerBytes: number) => undiciTransport({ maxAnswerBytes })],
  ["fetch", fetchTransport(), (maxAnswerBytes: number) => fetchTransport(undefined, { maxAnswerBytes })]
] as const)("%s", (_, transport, limitedTo) => {
  const limited = limitedTo(1_000_000)
  const send = (request: WireRequest) => Effect.runPromise(transport(request))
  const fail = (request: WireRequest) => Effect.runPromise(Effect.flip(transport(request)))

  test("sends what it is given, once, and reads the whole answer whatever its status", async () => {
    const seen: Array<unknown> = []
    const url = await serve(async (request, response) => {
      const chunks: Array<Buffer> = []
      for await (const chunk of request) chunks.push(chunk)
      seen.push([request.method, request.url, request.headers["x-key"], Buffer.concat(chunks).toString()])
      expect(request.headers).not.toHaveProperty("traceparent")
      response.writeHead(418, { "X-Request-Id": "r1", "Content-Type": "text/plain" }).end("tea ☕")
    })
    const body = '{"a":1}'
    const response = await send(get(`${url}/p/?q=1`, { method: "PUT", headers: { "x-key": "k" }, body }))
    expect(response).toMatchObject({ status: 418, text: "tea ☕", headers: { "x-request-id": "r1" } })
    expect(seen).toEqual([["PUT", "/p/?q=1", "k", body]])
  })

  test.each([
    ["announced", true],
    ["in chunks", false]
  ])("reads a long answer whole, %s", async (_, isAnnounced) => {
    const tea = "tea ☕ für alle, ".repeat(200_000)
    for (const [sent, read] of [
      [tea, tea],
      [`\uFEFF${tea}`, tea]
    ] as const) {
      const url = await serve((_request, response) => {
        const bytes = Buffer.from(sent)
        if (isAnnounced) response.setHeader("content-length", bytes.length)
        response.write(bytes.subarray(0, 1_000_001))
        response.end(bytes.subarray(1_000_001))
      })
      const { text } = await send(get(url))
      expect(text.length).toBe(read.length)
      expect(text === read).toBe(true)
    }
  })

  test("an answer without end is given up, whether its length is announced or not", async () => {
    const chunk = Buffer.alloc(64 * 1024, "x")
    let sent = 0
    const endless = await serve((_request, response) => {
      const pour = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length
      }
      response.on("drain", pour)
      pour()
    })
    const announced = await serve((_request, response) => {
      response.setHeader("content-length", 10_000_000)
      response.flushHeaders()
    })
    for (const url of [endless, announced]) {
      const error = await Effect.runPromise(Effect.flip(limited(get(url))))
      expect(error).toMatchObject({ _tag: "Network", reason: "too-large", sent: "maybe", retry: "permanent" })
      expect(error.message).toContain("raise maxAnswerBytes")
    }
    expect(sent).toBeLessThan(50_000_000)
    expect(() => limitedTo(0)).toThrow(/maxAnswerBytes: must be a whole number of bytes above zero/)
  })

  test("a short answer that unpacks into a long one is given up like a long one, or not unpacked", async () => {
    const packed = gzipSync(Buffer.alloc(20_000_000, "x"))
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(packed)
    })
    const answer = await Effect.runPromise(Effect.result(limited(get(url))))
    if (answer._tag === "Failure") expect(answer.failure).toMatchObject({ _tag: "Network", reason: "too-large" })
    else expect(answer.success.text.length).toBeLessThan(packed.length + 1)
  })

  test("an endless answer costs 32 MiB, where nobody says more", async () => {
    let sent = 0
    const chunk = Buffer.alloc(1_000_000, "x")
    const url = await serve((_request, response) => {
      const pour = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length
      }
      response.on("drain", pour)
      pour()
    })
    expect(await fail(get(url))).toMatchObject({ _tag: "Network", reason: "too-large" })
    expect(sent).toBeLessThan(60_000_000)
  })

  test("a long answer that is cut off is lost", async () => {
    const url = await serve((_request, response) => {
      response.setHeader("content-length", 3_000_000)
      response.write(Buffer.alloc(2_000_000, "x"), () => response.destroy())
    })
    expect(await fail(get(url))).toMatchObject({ _tag: "Network", sent: "maybe" })
  })

  test("an interim answer is not the answer", async () => {
    const url = await serve((_request, response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" })
      response.end("the answer")
    })
    expect(await send(get(url))).toMatchObject({ status: 200, text: "the answer" })
  })

  test("sends a body with DELETE", async () => {
    const url = await serve((request, response) => request.pipe(response))
    expect((await send(get(url, { method: "DELETE", body: "{}" }))).text).toBe("{}")
  })

  test("does not follow a redirect", async () => {
    const urls: Array<string | undefined> = []
    const url = await serve((request, response) => {
      urls.push(request.url)
      response.writeHead(301, { location: "/elsewhere/" }).end()
    })
    expect(await send(get(`${url}/x`))).toMatchObject({ status: 301, headers: { location: "/elsewhere/" } })
    expect(urls).toEqual(["/x"])
  })

  test("a refused connection cannot have been seen", async () => {
    const url = await serve(() => {})
    open.splice(0).forEach((server) => void server.close())
    const error = await fail(get(url))
    expect(error).toMatchObject({ _tag: "Network", sent: "no", retry: "temporary" })
    expect(error.message).toContain(new URL(url).host)
    expect(error).toMatchObject({ reason: "refused" })
    expect(error.message).toContain("refused the connection: check baseUrl and the network")
  })

  test.each([
    ["reset before an answer", ""],
    ["cut off in the headers", "HTTP/1.1 200 OK\r\nContent-Le"],
    ["cut off in the body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"],
    ["cut off in a chunked body", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"]
  ])("a connection %s may have been seen", async (_, answer) => {
    const tcp = createTcpServer((socket) =>
      socket.once("data", () => socket.end(answer, () => socket.destroy())).on("error", () => {})
    )
    expect(await fail(get(await listen(tcp), { method: "PUT", body: "{}" }))).toMatchObject({
      _tag: "Network",
      sent: "maybe",
      retry: "temporary"
    })
  })

  test("speaking TLS to what does not is never taken for sent", async () => {
    const url = (await serve(() => {})).replace("http:", "https:")
    expect(await fail(get(url))).toMatchObject({ _tag: "Network" })
  })

  test("interrupting aborts the exchange", async () => {
    const aborted = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    const url = await serve((request) => {
      request.socket.on("close", () => aborted.resolve())
      arrived.resolve()
    })
    const fiber = Effect.runFork(transport(get(url)))
    await arrived.promise
    await Effect.runPromise(Fiber.interrupt(fiber))
    await aborted.promise
  })

  test("a virtual clock runs out over a slow body", async () => {
    const arrived = Promise.withResolvers<void>()
    const url = await serve((_, response) => {
      response.writeHead(200).write("{")
      arrived.resolve()
    })
    const error = await Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(transport(get(url))))
      yield* Effect.promise(() => arrived.promise)
      yield* TestClock.adjust("30 seconds")
      return yield* Fiber.join(fiber)
    }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)
    expect(error).toMatchObject({ _tag: "Timeout", after: Duration.seconds(30) })
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ did not answer within 30s$/)
  })

  test("an invalid URL is not sent and will not be", async () => {
    expect(await fail(get("not a url"))).toMatchObject({ _tag: "Network", sent: "no", retry: "permanent" })
  })
})

test("a browser's opaque redirect is reported as a redirect", async () => {
  const opaque = Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" })
  const response = await Effect.runPromise(fetchTransport(async () => opaque)(get("https://cloud.test/")))
  expect(response).toEqual({ status: 302, headers: {}, text: "" })
})

test("a request that was interrupted while it waited for a connection is never sent", async () => {
  const seen: Array<string | undefined> = []
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const url = await serve(async (request, response) => {
    seen.push(request.url)
    asked.resolve()
    await answer.promise
    response.end()
  })
  const transport = undiciTransport({ dispatcher: new Agent({ connections: 1 }) })
  const first = Effect.runPromise(transport(get(`${url}/first`)))
  await asked.promise
  const second = Effect.runFork(transport(get(`${url}/second`)))
  await Effect.runPromise(Fiber.interrupt(second))
  answer.resolve()
  await first
  await Effect.runPromise(transport(get(`${url}/third`)))
  expect(seen).toEqual(["/first", "/third"])
})
