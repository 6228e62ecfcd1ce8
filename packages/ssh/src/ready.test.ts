import { createServer } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { clockFrom } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ServerChannel } from "ssh2"
import { describe, expect, test } from "vitest"
import { ready } from "./index.ts"
import { ready as prove } from "./ready.ts"
import { end, type FaultServer, type ServerBehaviour, startServer } from "./testing/server.ts"

const onServer = async <A>(behaviour: ServerBehaviour, use: (server: FaultServer) => Promise<A>): Promise<A> => {
  const server = await startServer(behaviour)
  try {
    return await use(server)
  } finally {
    await server.stop()
  }
}

/** Answers as a machine that runs what it is sent. */
const works = (channel: ServerChannel) => end(channel, 0, "anygpu-ready\n")

const keyOf = ({ key }: FaultServer) => ({ key, agent: false as const })

/** A port that nothing listens on. */
const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === "object" && address !== null ? address.port : 0
}

/** A clock on which every look takes 40 milliseconds. */
const slow = (): Clock.Clock => {
  let time = 0
  const now = () => (time += 40)
  const sleep = async (millis: number, signal?: AbortSignal) => {
    await pause(millis, undefined, signal && { signal })
    time += millis
  }
  return clockFrom({ now, monotonic: now, sleep })
}

describe("a machine", () => {
  test("is ready when somebody is let in and a command runs", async () => {
    const reached = await onServer({ onExec: works }, (server) => ready(server, keyOf(server)))
    expect(reached.address).toMatchObject({ host: "127.0.0.1", user: "tester" })
    expect(reached.after).toBeGreaterThanOrEqual(0)
  })

  test("that is gone after the login is tried again", async () => {
    let commands = 0
    const onExec: ServerBehaviour["onExec"] = (channel, client) => (++commands < 3 ? client.end() : works(channel))
    await onServer({ onExec }, (server) => ready(server, { ...keyOf(server), within: "20 seconds" }))
    expect(commands).toBe(3)
  })

  test.each([
    ["runs no command", { onExec: (channel: ServerChannel) => end(channel, 1) }, { _tag: "RemoteFailed", code: 1 }],
    ["answers nothing", { onExec: (channel: ServerChannel) => end(channel, 0) }, { _tag: "RemoteFailed", code: 0 }],
    ["accepts no key", { allow: () => false }, { _tag: "LoginRefused", retry: "exhausted" }]
  ] as const)("that %s is not ready, and it is said", async (_, behaviour, expected) => {
    const error = await onServer(behaviour, (server) =>
      ready(server, { ...keyOf(server), within: "1 second" }).catch((reason) => reason)
    )
    expect(error).toMatchObject(expected)
  })

  test("of which nothing listens is not ready, and it is said when the time is over", async () => {
    const port = await freePort()
    const error = await onServer({}, (other) =>
      ready({ host: "127.0.0.1", port }, { ...keyOf(other), within: "1 second" }).catch((reason) => reason)
    )
    expect(error).toMatchObject({ _tag: "Unreachable", reason: "refused", retry: "exhausted" })
    expect(error.message).toMatch(/^Tried \d+ times within 1s\./)
  })

  test("is said to have had the time that was given, however slow this computer is", async () => {
    const port = await freePort()
    const waited = (server: FaultServer) => prove({ host: "127.0.0.1", port }, { ...keyOf(server), within: "1 second" })
    const error = await onServer({}, (server) =>
      Effect.runPromise(Effect.provideService(Effect.flip(waited(server)), Clock.Clock, slow()))
    )
    expect(error.message).toMatch(/^Tried \d+ times within 1s\./)
  })

  test("that turns up late is waited for", async () => {
    let refusals = 3
    const behaviour: ServerBehaviour = { onExec: works, allow: () => refusals-- <= 0 }
    const { after } = await onServer(behaviour, (server) => ready(server, { ...keyOf(server), within: "20 seconds" }))
    expect(after).toBeGreaterThan(1000)
  })
})
