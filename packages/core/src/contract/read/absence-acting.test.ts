import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { type GpuError, NotFound, ProviderFault } from "../../errors.ts"
import { ref, settled, up } from "../settled-cloud.test-support.ts"

describe("an action that the cloud answers with no such machine", () => {
  const missing = Effect.fail(new NotFound({ message: "no_such_instance", retry: "permanent" }))
  const actions = [
    ["start", ["start"]],
    ["stop", ["stop"]],
    ["restart", ["restart"]],
    ["rename", ["rename", "other"]],
    ["update", ["update", { name: "other" }]],
    ["logs", ["logs"]],
    ["events", ["events"]]
  ] as const
  const cloud = (name: string, more: Partial<Parameters<typeof settled>[0]> = {}) =>
    settled({
      updateOptions: ["name"],
      able: actions.map(([op]) => op),
      operations: { [name]: () => missing },
      ...more
    })
  const call = ({ provider }: Awaited<ReturnType<typeof cloud>>, [op, ...rest]: (typeof actions)[number][1]) => {
    const act = Reflect.get(provider, op) as (
      target: typeof ref,
      ...args: unknown[]
    ) => Effect.Effect<unknown, GpuError>
    return act(ref, ...rest)
  }

  test.each(actions)("%s: says nothing about a machine that is shown", async (name, args) => {
    const world = await cloud(name)
    const before = await world.machine()
    const error = await world.fails(call(world, args))
    expect(error).toMatchObject({ _tag: "ProviderFault", retry: "temporary", ref, cause: { _tag: "NotFound" } })
    expect(await world.machine()).toEqual(before)
  })

  test.each(actions)("%s: nor about one that cannot be read any more", async (name, args) => {
    let down = false
    const fault = new ProviderFault({ message: "down", retry: "temporary" })
    const operations = {
      [name]: () =>
        Effect.andThen(
          Effect.sync(() => {
            down = true
          }),
          missing
        )
    }
    const read = () => (down ? fault : up)
    const world = await cloud(name, { operations, read })
    expect(await world.fails(call(world, args))).toMatchObject({ _tag: "ProviderFault", ref })
    expect(await world.machine()).toMatchObject({ goneAt: null })
  })

  test.each(actions)("%s: is NotFound where it went away in that very moment", async (name, args) => {
    let isGone = false
    const operations = {
      [name]: () =>
        Effect.andThen(
          Effect.sync(() => {
            isGone = true
          }),
          missing
        )
    }
    const machines = () => (isGone ? [] : [up])
    const read = () => (isGone ? null : up)
    const world = await cloud(name, { operations, machines, read })
    expect(await world.fails(call(world, args))).toMatchObject({ _tag: "NotFound" })
  })
})
