import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { expect, test } from "vitest"
import { Network } from "../errors.ts"
import { makePollText } from "./poll-text.ts"
import type { WireRequest } from "./transport.ts"

const lost = new Network({ message: "lost", retry: "temporary", sent: "maybe" })

const wait = async (url: string, replies: ReadonlyArray<number | Network>, baseUrl = "https://cloud.test") => {
  const sent: Array<WireRequest> = []
  const text = makePollText({
    provider: "vast",
    base: new URL(baseUrl),
    secrets: () => [],
    transport: (request) => {
      const reply = replies[Math.min(sent.length, replies.length - 1)] ?? 404
      sent.push(request)
      return typeof reply === "number"
        ? Effect.succeed({ status: reply, headers: {}, text: "the log" })
        : Effect.fail(reply)
    }
  })
  const exit = await Effect.gen(function* () {
    const options = { every: "1 second", within: "20 seconds", operation: "logs", kind: "container" } as const
    const fiber = yield* Effect.forkChild(Effect.exit(text(url, options)))
    yield* TestClock.adjust("1 minute")
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)
  return { sent, exit, error: Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined }
}

test("asks without any header until the text is there", async () => {
  const { exit, sent } = await wait("https://s3.test/log?sig=abc", [404, 403, lost, 200])
  expect(exit).toEqual(Exit.succeed("the log"))
  expect(sent).toHaveLength(4)
  expect(sent[0]).toMatchObject({ method: "GET", url: "https://s3.test/log?sig=abc", headers: {} })
})

test("gives up with a Timeout that quotes the last answer and nothing of the signature", async () => {
  const { error } = await wait("https://s3.test/log?X-Sig=0123456789abcdef", [403])
  expect(error).toMatchObject({
    _tag: "Timeout",
    after: Duration.seconds(20),
    provider: "vast",
    operation: "logs",
    kind: "container",
    http: { method: "GET", url: "https://s3.test/log" },
    message: "logs: the text was not ready within 20s (the last answer was 403): ask again later"
  })
})

test("an error that will not pass ends the wait", async () => {
  const { error, sent } = await wait("https://s3.test/", [
    new Network({ message: "x", retry: "permanent", sent: "no" })
  ])
  expect(error).toMatchObject({ _tag: "Network" })
  expect(sent).toHaveLength(1)
})

test.each([
  ["http://s3.test/log", "https://cloud.test"],
  ["http://s3.test/log", "http://127.0.0.1:1"],
  ["http://127.0.0.1/log", "https://cloud.test"],
  ["file:///etc/passwd", "https://cloud.test"],
  ["nonsense", "https://cloud.test"]
])("%s is not asked by a client of %s", async (url, baseUrl) => {
  const { error, sent } = await wait(url, [200], baseUrl)
  expect(error).toMatchObject({ _tag: "InvalidRequest", provider: "vast" })
  expect(sent).toEqual([])
})

test("plain http is fine on this machine when the cloud is there too", async () => {
  expect((await wait("http://127.0.0.1:9/log", [200], "http://localhost:1")).exit).toEqual(Exit.succeed("the log"))
})
