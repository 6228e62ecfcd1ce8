import { describe, expect, it } from "vitest"
import { falseAnswers } from "./false-answers.ts"
import { after, answers, faultProxy } from "./fault-proxy.ts"

const bodies = { failed: { error: "broken" }, limited: { error: "slow down" } }

/** A cloud that counts its machines: POST /machines makes one, everything else says how many there are. */
const openCloud = () => {
  let made = 0
  const carried = faultProxy({
    fetch: async (url, { method = "GET" }) => {
      if (method === "POST" && url.endsWith("/machines")) made += 1
      if (url.endsWith("/text")) return new Response("plain")
      return new Response(JSON.stringify({ made }), { headers: { "content-type": "application/json" } })
    },
    isMutating: (method, path) => method !== "GET" && path !== "/search",
    isCreate: ({ method, path }) => method === "POST" && path === "/machines",
    bodies
  })
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const response = await carried.send(`https://cloud.test${path}`, { ...init, method })
    return { status: response.status, text: await response.text() }
  }
  return { ...carried, ask, made: () => made }
}

const rent = ["POST", "/machines", { body: "{}" }] as const

describe("requests", () => {
  it("are reported as the cloud saw them", async () => {
    const { ask, requests } = openCloud()
    await ask("POST", "/search?x=1", { body: '{"a":1}' })
    await ask("DELETE", "/machines/1", { body: "no json", headers: { "Idempotency-Key": "k-1" } })
    await ask("GET", "/machines")
    expect(requests()).toEqual([
      { method: "POST", path: "/search?x=1", mutating: false, body: { a: 1 } },
      { method: "DELETE", path: "/machines/1", mutating: true, body: "no json", idempotencyKey: "k-1" },
      { method: "GET", path: "/machines", mutating: false }
    ])
  })
})

describe("a create", () => {
  it.each([
    ["createLostBefore", 0],
    ["createLostAfter", 1],
    ["createCutAfter", 1]
  ] as const)("%s breaks the connection and leaves %i machines", async (control, machines) => {
    const { ask, controls, made, requests } = openCloud()
    controls[control]()
    await ask("GET", "/machines")
    await ask("DELETE", "/machines/1")
    await expect(ask(...rent)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } })
    expect([made(), requests().length]).toEqual([machines, 3])
    expect((await ask(...rent)).status).toBe(200)
  })

  it.each([
    ["createFailsBefore", 0, 500, bodies.failed],
    ["createFailsAfter", 1, 500, bodies.failed],
    ["createLimited", 0, 429, bodies.limited]
  ] as const)("%s leaves %i machines and answers %i", async (control, machines, status, body) => {
    const { ask, controls, made } = openCloud()
    controls[control]()
    const answer = await ask(...rent)
    expect([made(), answer.status, JSON.parse(answer.text)]).toEqual([machines, status, body])
  })

  it("answers a web page, or never", async () => {
    const { ask, controls, made } = openCloud()
    controls.createHtmlAfter()
    expect(await ask(...rent)).toEqual({ status: 200, text: "<html>502</html>" })
    controls.createHangs()
    const controller = new AbortController()
    const asked = ask("POST", "/machines", { signal: controller.signal })
    setImmediate(() => controller.abort(new Error("enough")))
    await expect(asked).rejects.toThrow("enough")
    expect(made()).toBe(2)
  })

  it("is under way, and does nothing, until it is let go", async () => {
    const { ask, controls, made, requests } = openCloud()
    const release = controls.createHeld()
    const asked = ask(...rent)
    await ask("GET", "/machines")
    expect([made(), requests().length]).toEqual([0, 2])
    release()
    expect((await asked).status).toBe(200)
    expect(made()).toBe(1)
  })

  it("comes to the same at every sending of it under its idempotency key, and no other one does", async () => {
    const { ask, controls } = openCloud()
    const rentAs = async (key: string) =>
      (await ask("POST", "/machines", { headers: { "Idempotency-Key": key } })).status
    controls.createFailsBefore()
    const statuses = []
    for (const key of ["a", "b", "a", "a"]) statuses.push(await rentAs(key))
    statuses.push((await ask(...rent)).status)
    expect(statuses).toEqual([500, 200, 500, 500, 200])
  })

  it("is refused as the harness says, with or without an effect", async () => {
    const { ask, create, made } = openCloud()
    const refuses = answers(402, { error: "poor" })
    create(refuses)()
    expect(await ask(...rent)).toEqual({ status: 402, text: '{"error":"poor"}' })
    expect(made()).toBe(0)
    create(after(refuses))()
    expect((await ask(...rent)).status).toBe(402)
    expect(made()).toBe(1)
  })
})

describe("reads", () => {
  it("fail as often as asked, and changes do not", async () => {
    const { ask, controls } = openCloud()
    controls.readsFail(2)
    expect((await ask("DELETE", "/machines/1")).status).toBe(200)
    const statuses = []
    for (let turn = 0; turn < 3; turn++) statuses.push((await ask("GET", "/machines")).status)
    expect(statuses).toEqual([500, 500, 200])
  })

  it("fail in every way until undone", async () => {
    const { ask, controls } = openCloud()
    const once = async (control: (times: number) => () => void) => {
      const undo = control(Number.POSITIVE_INFINITY)
      const result = await ask("POST", "/search").catch((error: TypeError) => error.message)
      undo()
      return typeof result === "string" ? result : `${result.status} ${result.text}`
    }
    expect(await once(controls.readsReset)).toBe("fetch failed")
    expect(await once(controls.readsCut)).toBe("fetch failed")
    expect(await once(controls.readsLimited)).toBe('429 {"error":"slow down"}')
    expect(await once(controls.readsHtml)).toBe("200 <html>502</html>")
    const text = await once(controls.readsMalformed)
    expect(() => JSON.parse(text.slice(4))).toThrow(SyntaxError)
    const said: string[] = []
    for (const falsify of Object.values(falseAnswers)) {
      const undo = controls.readsFalse(falsify)
      const { status, text } = await ask("GET", "/machines")
      said.push(`${status} ${text}`)
      undo()
    }
    expect(new Set(said).size).toBe(said.length)
    expect(said).toContain('200 {"made":0,"error":"the backend is not available"}')
    expect((await ask("GET", "/machines")).status).toBe(200)
  })
})

describe("the way", () => {
  it("unreachable, lets nothing through and nothing on the record", async () => {
    const { ask, controls, requests, made } = openCloud()
    const undo = controls.unreachable()
    await expect(ask(...rent)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } })
    expect([made(), requests()]).toEqual([0, []])
    undo()
    expect((await ask(...rent)).status).toBe(200)
  })

  it("tampers with JSON answers alone", async () => {
    const { ask, tamper } = openCloud()
    const undo = tamper((body, { path }) => Object.assign(body as object, { seen: path }))
    expect((await ask("GET", "/machines?a=b")).text).toBe('{"made":0,"seen":"/machines?a=b"}')
    expect((await ask("GET", "/text")).text).toBe("plain")
    undo()
    expect((await ask("GET", "/machines")).text).toBe('{"made":0}')
  })
})
