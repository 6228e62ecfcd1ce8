import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { afterEach, describe, expect, test } from "vitest"
import { fetchTransport } from "./fetch-transport.ts"
import type { OpenAnswer } from "./open-answer.ts"
import type { WireRequest } from "./transport.ts"
import { undiciTransport } from "./undici-transport.ts"

const closing: Array<() => void> = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A server whose answers stay open, until their reader goes away. */
const serve = async (begin: (response: ServerResponse) => void) => {
  const gone = Promise.withResolvers<void>()
  const server = createServer((_, response) => {
    response.on("close", () => gone.resolve())
    begin(response)
  })
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, gone: gone.promise }
}

const request = (url: string, open: Partial<OpenAnswer> = {}): WireRequest => ({
  ...{ method: "GET", url, headers: {}, timeout: Duration.seconds(30) },
  open: {
    within: Duration.seconds(5),
    quiet: Duration.seconds(1),
    bytes: 1_000_000,
    hasAll: () => () => false,
    ...open
  }
})

describe.each([
  ["undici", undiciTransport()],
  ["fetch", fetchTransport()]
] as const)("an open answer, by %s", (_, transport) => {
  const onVirtualTime = <A>(effect: Effect.Effect<A>) => Effect.runPromise(Effect.provide(effect, TestClock.layer()))

  /** Sends, and lets virtual time go on once the first text has come. */
  const afterText = (url: string, open: Partial<OpenAnswer>, step: Duration.Input) => {
    const came = Promise.withResolvers<void>()
    const hasAll = () => () => {
      came.resolve()
      return false
    }
    return onVirtualTime(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.result(transport(request(url, { hasAll, ...open }))))
        yield* Effect.promise(() => came.promise)
        yield* TestClock.adjust(step)
        return yield* Fiber.join(fiber)
      })
    )
  }

  /** Sends, and lets virtual time go on until there is an outcome. */
  const untilDone = (wire: WireRequest) =>
    onVirtualTime(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.result(transport(wire)))
        while (fiber.pollUnsafe() === undefined) {
          yield* TestClock.adjust("1 second")
          yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        }
        return yield* Fiber.join(fiber)
      })
    )

  test("ends when nothing comes any more, and closes its connection", async () => {
    const { url, gone } = await serve((response) => response.write("data: ☕\n\n"))
    const answer = await afterText(url, {}, "1 second")
    expect(answer).toMatchObject({ success: { status: 200, text: "data: ☕\n\n", endedBy: "quiet" } })
    await gone
  })

  test("ends after its time where nothing comes at all", async () => {
    const { url, gone } = await serve((response) => response.flushHeaders())
    const answer = await untilDone({ ...request(url), timeout: Duration.days(1000) })
    expect(answer).toMatchObject({ success: { status: 200, text: "", endedBy: "time" } })
    await gone
  })

  test("ends after its time, however long its pauses may be", async () => {
    const { url, gone } = await serve((response) => response.write("a"))
    const answer = await afterText(url, { quiet: Duration.seconds(60) }, "5 seconds")
    expect(answer).toMatchObject({ success: { text: "a", endedBy: "time" } })
    await gone
  })

  test("ends as soon as all is there", async () => {
    let go = () => {}
    const { url, gone } = await serve((response) => {
      response.write("one ")
      go = () => response.write("two ")
    })
    const hasAll = () => {
      let seen = ""
      return (text: string) => {
        seen += text
        if (seen === "one ") go()
        return seen.includes("two")
      }
    }
    const answer = await Effect.runPromise(transport(request(url, { hasAll })))
    expect(answer).toMatchObject({ text: "one two ", endedBy: "enough" })
    await gone
  })

  test("ends after its bytes", async () => {
    const { url, gone } = await serve((response) => {
      const pour = () => {
        while (!response.destroyed && response.write("x".repeat(1000)));
      }
      response.on("drain", pour)
      pour()
    })
    const { text, endedBy } = await Effect.runPromise(transport(request(url, { bytes: 10_000 })))
    expect(endedBy).toBe("bytes")
    expect(text.length).toBeGreaterThanOrEqual(10_000)
    expect(text.length).toBeLessThan(5_000_000)
    await gone
  })

  test("one that the cloud ends is whole, and says nothing of limits", async () => {
    const { url } = await serve((response) => response.end("data: a\n\n"))
    const answer = await Effect.runPromise(transport(request(url)))
    expect(answer).toMatchObject({ status: 200, text: "data: a\n\n" })
    expect(answer.endedBy).toBeUndefined()
  })

  test("one that breaks is lost", async () => {
    const { url } = await serve((response) => response.write("data: a\n\n", () => response.destroy()))
    const error = await Effect.runPromise(Effect.flip(transport(request(url))))
    expect(error).toMatchObject({ _tag: "Network", sent: "maybe" })
  })

  test("one whose headers never come is a timeout", async () => {
    const { url } = await serve(() => {})
    expect(await untilDone(request(url))).toMatchObject({ failure: { _tag: "Timeout" } })
  })
})
