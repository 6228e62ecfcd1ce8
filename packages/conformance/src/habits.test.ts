import { expect, test } from "vitest"
import { answers, type MachineRequests } from "./fault-proxy.ts"
import { type Habit, habits, habitual, withHabit } from "./habits.ts"
import { declaredBy } from "./run.ts"
import { referenceHarness } from "./testing/reference.ts"

const late = 20_000

/** A cloud with one machine from before, on which a request makes another one. */
const openCloud = (habit: Omit<Habit, "name">) => {
  let now = 1_000_000
  const alive = new Set(["m-old"])
  const json = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } })
  const machines: MachineRequests = {
    isRead: ({ method, path }) => method === "GET" && path.startsWith("/machines/"),
    isEnd: ({ method }) => method === "DELETE",
    absent: { read: answers(404, { error: "read: none" }), end: answers(404, { error: "end: none" }) },
    refused: { error: "refused" },
    strange: () => {},
    living: () => [...alive]
  }
  const send = habitual(
    { name: "tested", ...habit },
    {
      ...{ machines, time: { now: () => now }, isMutating: (method) => method !== "GET" },
      fetch: async (url, { method }) => {
        const id = url.split("/").at(-1) ?? ""
        if (method === "POST") alive.add("m-new")
        if (method === "DELETE") alive.delete(id)
        if (method === "GET" && id === "machines")
          return json(200, { rows: [...alive].map((one) => ({ id: one })), total: alive.size })
        return json(200, { id })
      }
    }
  )
  const ask = async (method: string, path: string) => {
    const response = await send(`https://cloud.test${path}`, { method })
    return [response.status, await response.json()] as const
  }
  return {
    ask,
    list: async () => (await ask("GET", "/machines"))[1],
    pass: (ms: number) => {
      now += ms
    },
    add: (id: string) => void alive.add(id)
  }
}

const both = { rows: [{ id: "m-old" }, { id: "m-new" }], total: 2 }

test("lists show a new machine late, with a count that fits, and reads show it at once", async () => {
  const { ask, list, pass } = openCloud({ listsLate: late })
  await ask("POST", "/machines")
  expect(await list()).toEqual({ rows: [{ id: "m-old" }], total: 1 })
  expect((await ask("GET", "/machines/m-new"))[0]).toBe(200)
  pass(late - 1)
  expect(await list()).toEqual({ rows: [{ id: "m-old" }], total: 1 })
  pass(1)
  expect(await list()).toEqual(both)
})

test("reads find a new machine late, and lists show it at once", async () => {
  const { ask, list, pass } = openCloud({ readsLate: late })
  await ask("POST", "/machines")
  expect(await list()).toEqual(both)
  expect(await ask("GET", "/machines/m-new")).toEqual([404, { error: "read: none" }])
  expect((await ask("GET", "/machines/m-old"))[0]).toBe(200)
  pass(late)
  expect((await ask("GET", "/machines/m-new"))[0]).toBe(200)
})

test("what others made is not late: it may be as old as anything", async () => {
  const { list, ask, add } = openCloud({ listsLate: late, readsLate: late })
  add("m-theirs")
  expect(await list()).toMatchObject({ rows: [{ id: "m-old" }, { id: "m-theirs" }] })
  expect((await ask("GET", "/machines/m-theirs"))[0]).toBe(200)
})

test.each([
  ["absent", [404, { error: "end: none" }]],
  ["refused", [400, { error: "refused" }]]
] as const)(
  "an end of what is over is %s, and a first one or one of nothing known is not touched",
  async (endsAgain, answer) => {
    const { ask } = openCloud({ endsAgain })
    expect((await ask("DELETE", "/machines/m-old"))[0]).toBe(200)
    expect(await ask("DELETE", "/machines/m-old")).toEqual(answer)
    expect((await ask("DELETE", "/machines/m-unknown"))[0]).toBe(200)
  }
)

test("habits that are watched for change nothing, and each tells when it would have changed an answer", async () => {
  const touched: string[] = []
  const [lists, reads, ends] = [
    { name: "lists", listsLate: late },
    { name: "reads", readsLate: late },
    { name: "ends", endsAgain: "absent" as const }
  ]
  const watches = { habits: [lists, reads, ends], touched: ({ name }: Habit) => void touched.push(name) }
  const { ask, list } = openCloud({ watches })
  expect(await list()).toEqual({ rows: [{ id: "m-old" }], total: 1 })
  await ask("POST", "/machines")
  expect(touched).toEqual([])
  expect(await list()).toEqual(both)
  expect(touched).toEqual(["lists"])
  expect((await ask("GET", "/machines/m-new"))[0]).toBe(200)
  expect(touched).toEqual(["lists", "reads"])
  await ask("DELETE", "/machines/m-old")
  expect((await ask("DELETE", "/machines/m-old"))[0]).toBe(200)
  expect(touched).toEqual(["lists", "reads", "ends"])
})

test("every habit does something, and is named", () => {
  for (const { name, ...does } of habits) expect(Object.values(does).length, name).toBeGreaterThan(0)
  expect(new Set(habits.map(({ name }) => name)).size).toBe(habits.length)
})

test("a harness whose worlds take no habit is refused: it would test the same again", async () => {
  const [habit] = habits
  if (habit === undefined) throw new Error("there are no habits")
  await expect(declaredBy(withHabit(referenceHarness(), habit))).rejects.toThrow("do not take the habit")
})
