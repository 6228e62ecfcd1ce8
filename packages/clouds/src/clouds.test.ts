import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { clouds, keysIn, openClouds } from "./index.ts"
import { simulateClouds, simulatorOf } from "./simulated.ts"

describe("the list of clouds", () => {
  test("has each cloud once, under the name by which its adapter calls itself", async () => {
    const names = clouds.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const opened = await simulateClouds().open()
    expect(opened.map(({ name }) => name)).toEqual(names)
  })

  test("has a simulator for each", () => {
    expect(clouds.filter(({ name }) => simulatorOf(name) === undefined)).toEqual([])
    expect(simulatorOf("nobody")).toBeUndefined()
  })

  test.each(clouds)("$name says what its answers may hold, for what its kinds list", async (cloud) => {
    const vocabulary = await cloud.vocabulary()
    expect(vocabulary.length).toBeGreaterThan(0)
    for (const { unused, words = {} } of vocabulary) {
      expect(unused.trim().split(/\s+/)).toEqual([...new Set(unused.trim().split(/\s+/))])
      for (const known of Object.values(words)) expect(known.length).toBeGreaterThan(0)
    }
  })

  test.each(clouds)("$name refuses an empty key by its own factory", async ({ open, keys }) => {
    const empty = Object.fromEntries(keys.map(({ option }) => [option, " "]))
    await expect(open(empty)).rejects.toMatchObject({ _tag: "InvalidRequest" })
    await expect(open({})).rejects.toMatchObject({ _tag: "InvalidRequest" })
  })
})

describe("clouds from an environment", () => {
  test("are those whose keys are there, in any of their variables", async () => {
    for (const { name, keys } of clouds) {
      for (const index of keys[0].variables.keys()) {
        const env = Object.fromEntries(keys.map(({ variables }) => [variables[index] ?? variables[0], " a-key "]))
        expect((await openClouds(env)).map((cloud) => cloud.name)).toEqual([name])
      }
    }
  })

  test("without keys there is no cloud, and blanks are no key", async () => {
    const [first] = clouds.flatMap(({ keys }) => keys.flatMap(({ variables }) => variables))
    expect(await openClouds({ [first ?? ""]: "  " })).toEqual([])
  })

  test("need all their keys", () => {
    const key = (option: string) =>
      ({ option, variables: [option.toUpperCase()], from: "make one in the console" }) as const
    const two = { keys: [key("id"), key("secret")] } as const
    expect(keysIn({ ID: "a" }, two)).toBeNull()
    expect(keysIn({ ID: "a", SECRET: "b" }, two)).toEqual({ id: "a", secret: "b" })
  })
})

describe("simulated clouds", () => {
  test("answer their adapters, in process and on ports", async () => {
    const { open, listen, env } = simulateClouds({ seed: 3, credit: 60 })
    for (const { kinds } of await open()) {
      // A second list would have to wait for the rate limit, on a clock that this runtime does not know.
      const [provider] = Object.values(kinds)
      expect((await Effect.runPromise(provider?.list() ?? Effect.die("no kind"))).complete).toBe(true)
    }
    await using served = await listen()
    for (const { name } of clouds) expect(served.env[`${name.toUpperCase()}_BASE_URL`]).toMatch(/^http:\/\/127/)
    expect(Object.keys(env)).toHaveLength(clouds.flatMap(({ keys }) => keys).length)
  })
})
