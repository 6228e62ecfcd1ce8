import { NotFound } from "@anygpu/core"
import type { WireRequest } from "@anygpu/core/adapter"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { adapterContext } from "./adapter-context.ts"
import { type Route, scripted } from "./scripted.ts"
import { virtualTime } from "./testing/virtual-time.ts"

const cloud = (routes: Readonly<Record<string, Route>>) => {
  const time = virtualTime()
  const context = adapterContext(time)
  const script = scripted(routes, time, "/v1")
  const ask = (method: WireRequest["method"], path: string, body?: string) =>
    script.transport({
      method,
      url: `https://cloud.test/v1${path}`,
      headers: {},
      timeout: Duration.seconds(30),
      ...(body !== undefined && { body })
    })
  return { ...context, ...script, time, ask }
}

describe("a scripted cloud", () => {
  it("answers in turn, the last one for ever, each route by itself", async () => {
    const { run, ask } = cloud({ "GET /a": [{ json: 1 }, { json: 2 }], "GET /b": { text: "plain" } })
    const texts = await run(Effect.forEach(["/a", "/b", "/a", "/a"], (path) => ask("GET", path)))
    expect(texts.map(({ text }) => text)).toEqual(["1", "plain", "2", "2"])
    expect(texts.map(({ headers }) => headers["content-type"])).toEqual([
      "application/json",
      "text/plain",
      "application/json",
      "application/json"
    ])
  })

  it("answers by the request, and every other route by *", async () => {
    const { run, ask } = cloud({
      "POST /echo": ({ body = "" }, call) => ({ status: 201, text: `${call} ${body}` }),
      "*": { status: 404 }
    })
    expect(await run(ask("POST", "/echo", "{}"))).toMatchObject({ status: 201, text: "0 {}" })
    expect(await run(ask("POST", "/echo", "[]"))).toMatchObject({ status: 201, text: "1 []" })
    expect(await run(ask("GET", "/else"))).toEqual({ status: 404, headers: {}, text: "" })
  })

  it("keeps what was sent, and when", async () => {
    const { run, pass, ask, sent, routes, to, time } = cloud({ "*": {} })
    const began = time.now()
    await run(ask("POST", "/machines/a%20b?x=1", '{"n":1}'))
    await pass(5000)
    await run(ask("GET", "/machines"))
    expect(routes()).toEqual(["POST /machines/a b", "GET /machines"])
    expect(sent.map(({ at }) => at - began)).toEqual([0, 5000])
    expect(to("POST /machines/a b")).toMatchObject([{ json: { n: 1 }, body: '{"n":1}' }])
  })

  it("is late, and loses answers after it took the request", async () => {
    const { run, fails, ask, sent, time } = cloud({
      "GET /late": { late: 3000, json: [] },
      "GET /lost": { lost: true }
    })
    const began = time.now()
    await run(ask("GET", "/late"))
    expect(time.now() - began).toBe(3000)
    expect(await fails(ask("GET", "/lost"))).toMatchObject({ _tag: "Network", sent: "maybe" })
    expect(sent.length).toBe(2)
  })

  it("fails the test on a route that no script has", async () => {
    const { run, ask } = cloud({})
    await expect(run(ask("GET", "/machines"))).rejects.toThrow("nothing answers GET /machines")
  })
})

describe("an adapter's context", () => {
  it("rejects where a failure was wanted and none came, or one of another kind", async () => {
    const { fails } = adapterContext(virtualTime())
    const missing = new NotFound({ message: "no such machine", retry: "permanent" })
    expect(await fails(Effect.fail(missing))).toBe(missing)
    await expect(fails(Effect.succeed(1))).rejects.toBeDefined()
    await expect(fails(Effect.die(new Error("broken")))).rejects.toThrow("broken")
  })
})
