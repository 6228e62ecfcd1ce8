import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { type GpuError, Network, ProviderFault } from "../../errors.ts"
import { LeftoverReporter } from "../leftover-reporter.ts"
import { offer, type TinyCloud, tinyCloud } from "../tiny-cloud.test-support.ts"

/** A cloud whose create answers nobody, and whose list then shows these ids under the launch's marker. */
const cloud = (listed: ReadonlyArray<string>) => {
  const gone = new Set<string>()
  const { provider, run } = tinyCloud({
    machines: () => listed.filter((id) => !gone.has(id)).map((id) => ({ id, state: "up" })),
    create: () => Effect.fail(new Network({ message: "the answer was lost", retry: "temporary", sent: "maybe" })),
    destroy: (id) => Effect.sync(() => void gone.add(id))
  })
  return { launch: run(provider.launch({ offer, name: "job" })), gone }
}

test("a machine that comes twice in the list is adopted, and not ended as its own double", async () => {
  const { launch, gone } = cloud(["m1", "m1"])
  expect((await launch).ref.id).toBe("m1")
  expect([...gone]).toEqual([])
})

test("two machines of one launch: one is adopted, the other is ended", async () => {
  const { launch, gone } = cloud(["m1", "m2"])
  expect((await launch).ref.id).toBe("m1")
  expect([...gone]).toEqual(["m2"])
})

const lost = new Network({ message: "the answer was lost", retry: "temporary", sent: "maybe" })
const answered = new ProviderFault({
  ...{ message: "the cloud answered 500", retry: "temporary" },
  http: { method: "PUT", url: "https://test/machines", status: 500 }
})

/** A cloud whose create fails so, and whose machine shows after so many seconds, if it does. */
const lateCloud = (error: GpuError, after: number) => {
  const { provider, run, now } = tinyCloud({
    machines: (time) => (time >= after * 1000 ? [{ id: "m1", state: "up" }] : []),
    create: () => Effect.fail(error)
  })
  return { launch: run(Effect.result(provider.launch({ offer, name: "job" }))), now }
}

test("a create whose answer never came is waited for as long as it may arrive", async () => {
  const { launch } = lateCloud(lost, 110)
  expect(await launch).toMatchObject({ _tag: "Success", success: { ref: { id: "m1" } } })
})

test("a create that was answered is over: only the cloud's own delay is waited for", async () => {
  const { launch, now } = lateCloud(answered, Number.POSITIVE_INFINITY)
  expect(await launch).toMatchObject({ _tag: "Failure", failure: { _tag: "ProviderFault" } })
  const answer = now()
  const silence = lateCloud(lost, Number.POSITIVE_INFINITY)
  expect(await silence.launch).toMatchObject({ _tag: "Failure", failure: { _tag: "Network" } })
  expect(silence.now()).toBeGreaterThan(answer)
})

describe("an abort while a launch is looked for", () => {
  /** Aborts at the second look at a cloud that has answered no create. */
  const aborted = async (lists: NonNullable<TinyCloud["lists"]>, more: Partial<TinyCloud> = {}) => {
    const caller = new AbortController()
    const left: GpuError[] = []
    let looks = 0
    const world = tinyCloud({
      machines: () => [],
      create: () => Effect.fail(lost),
      lists: (now) => {
        if (++looks === 2) caller.abort()
        return lists(now)
      },
      ...more
    })
    const launch = Effect.provideService(world.provider.launch({ offer, name: "job" }), LeftoverReporter, (error) => {
      left.push(error)
    })
    await expect(world.run(launch, caller.signal)).rejects.toThrow()
    return { ...world, left, looks: () => looks }
  }

  test("ends the looking, and says that its outcome is not known", async () => {
    const { left, looks, now, run, ledger } = await aborted(() => [])
    expect(left).toMatchObject([{ _tag: "LaunchUnsettled", message: expect.stringContaining("aborted") }])
    expect(looks()).toBeLessThan(7)
    expect(now()).toBeLessThan(20_000)
    expect(await run(ledger.launches())).toMatchObject([{ state: "unsettled" }])
  })

  test("ends the machine that one of the last looks finds", async () => {
    const gone = new Set<string>()
    let seen = 0
    const shown = () => (++seen > 3 && !gone.has("m1") ? [{ id: "m1", state: "up" as const }] : [])
    const { left } = await aborted(shown, {
      read: (id) => (gone.has(id) ? null : { id, state: "up" }),
      destroy: (id) => Effect.sync(() => void gone.add(id))
    })
    expect([...gone]).toEqual(["m1"])
    expect(left).toEqual([])
  })
})
