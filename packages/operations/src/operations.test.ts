import { describe, expect, test } from "vitest"
import { z } from "zod"
import { addKey, type Operation, operations, orderLaunch, removeKey, stop } from "./index.ts"
import { inputSchema, perform } from "./json.ts"
import { keysShape } from "./protocol/index.ts"
import { openWorld, type World } from "./world.test-support.ts"

const examples = operations.flatMap((operation) =>
  operation.examples.map(({ input, does }) => ({ operation, input, name: operation.name, does }))
)

describe.each(operations)("$name", ({ name, summary, title, examples, input }) => {
  test("is described", () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(summary).toMatch(/^[a-z].*[^.]$/)
    expect(examples.length).toBeGreaterThan(0)
    for (const { description } of Object.values(input)) expect(description).toMatch(/[^.]$/)
  })

  test("has schemas that tools and routes can publish", async () => {
    const operation = operations.find((one) => one.name === name)
    const answer = await operation?.answer()
    expect(z.toJSONSchema(inputSchema(input), { io: "input" })).toMatchObject({ type: "object" })
    expect(Object.keys(z.toJSONSchema(answer ?? z.never()))).not.toEqual([])
  })

  test("refuses a name that it does not take, before anything is sent", async () => {
    const { context } = await openWorld()
    const operation = operations.find((one) => one.name === name)
    const call = operation && perform(operation, context, { ...examples[0]?.input, nonsense: 1 })
    await expect(call).rejects.toMatchObject({ _tag: "InvalidRequest" })
  })
})

test("each name is there once", () => {
  const names = operations.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

/** What has to be so before an example means something. */
const before: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  "cancel-order": async ({ context }) =>
    await perform(orderLaunch, context, {
      ...{ name: "nightly", key: "nightly", image: "ubuntu:24.04", for: "1h", maxTotal: "2" }
    }),
  start: async ({ context, clock }) => {
    await perform(stop, context, { ref: "trainer" })
    await clock.sleep(300_000)
  },
  sweep: async ({ clock }) => await clock.sleep(2 * 3_600_000),
  "remove-key": async ({ context }) => {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJqfYyTq6JXc2TCL1vBiP6c9u0g6WwfEAf1FhMqV4nYb laptop"
    const { keys } = keysShape.parse(await perform(addKey, context, { key, name: "laptop" }))
    // One account alone has it then, so that its name names one key.
    for (const { ref } of keys.filter(({ name }) => name === "laptop").slice(1)) {
      await perform(removeKey, context, { key: ref })
    }
  }
}

/** A file that is there, in the place of one that an example names. */
const withFiles = (operation: Operation, input: object): object =>
  operation.isLocal && "from" in input ? { ...input, from: [import.meta.filename] } : input

/** Those that ask no cloud for anything, or have nothing to do in a world where nothing went wrong. */
const idle = ["recover", "extend", "order-launch", "cancel-order", "keep-pool"]

describe("each example runs on simulated clouds", () => {
  test.each(examples)("$name: $does", async ({ operation, input }) => {
    const world = await openWorld()
    await before[operation.name]?.(world)
    const earlier = world.changes().length
    expect(inputSchema(operation.input).safeParse(input).error).toBeUndefined()
    const answered = await perform(operation, world.context, withFiles(operation, input))
    const answer = await operation.answer()
    expect(z.strictObject({ answer }).safeParse({ answer: answered }).error).toBeUndefined()
    // What is answered is JSON as it stands: nothing of it is lost or becomes something else.
    expect(JSON.parse(JSON.stringify(answered))).toEqual(answered)
    const changed = world.changes().slice(earlier)
    if (operation.effect === "read") expect(changed).toEqual([])
    else if (!idle.includes(operation.name)) expect(changed.length).toBeGreaterThan(0)
  })
})
