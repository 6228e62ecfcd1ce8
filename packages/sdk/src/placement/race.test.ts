import { Unauthenticated } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { Stand } from "../testing/market.ts"
import { errorOf, fates, request, setUp, shown, two } from "./placement.test-support.ts"

const racing = { ...request, strategy: "race" } as const

describe("a race", () => {
  test("keeps the first that is ready and ends the other; both costs are reported", async () => {
    const slow: Stand = { id: "slow", perHour: "1", bootMs: 200_000 }
    const { gpu, alive, machines } = setUp([
      { name: "acme", stands: [slow] },
      { name: "other", stands: [{ id: "fast", perHour: "2" }] }
    ])
    const { instance, trail } = await gpu.launch(racing)
    expect(machines).toHaveLength(2)
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
    expect(shown(trail)).toEqual(["fast ready", "slow lost-race"])
    expect(trail.every(({ spent }) => spent !== null && spent.micros > 0)).toBe(true)
  })

  test("two that are ready at once: one is kept", async () => {
    const { gpu, alive } = setUp([
      { name: "acme", stands: [{ id: "a", perHour: "1" }] },
      { name: "other", stands: [{ id: "b", perHour: "1" }] }
    ])
    await gpu.launch(racing)
    expect(alive()).toHaveLength(1)
  })

  test("when both fail the next two race, and what stops one stops all", async () => {
    const { gpu, alive, creates } = setUp([fates("no-capacity", "breaks", "boots", "no-capacity")])
    const { trail } = await gpu.launch(racing)
    expect(shown(trail).toSorted()).toEqual(["o1 no-capacity", "o2 not-ready", "o3 ready", "o4 no-capacity"])
    expect([alive().length, creates.length]).toEqual([1, 4])
  })

  test("one whose end fails is reported beside the machine that is kept", async () => {
    const { gpu, alive } = setUp(two({ stands: [{ id: "a", perHour: "1", bootMs: 200_000 }], endsFail: 1 }))
    const { instance, trail, leftoverErrors } = await gpu.launch(racing)
    expect(shown(trail)).toEqual(["b ready", "a stopped"])
    const [loser] = alive().filter(({ id }) => id !== instance.ref.id)
    expect(leftoverErrors).toMatchObject([{ message: "it cannot be ended", leftovers: [{ id: loser?.id }] }])
  })

  test("one that is interrupted while its create is under way is found and ended", async () => {
    const { gpu, alive, machines } = setUp(two({ createMs: 100_000 }))
    const { instance, trail } = await gpu.launch(racing)
    expect(shown(trail)).toEqual(["b ready", "a lost-race"])
    expect(machines).toHaveLength(2)
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("is over when one is ready, also when the deadline passes while the other is ended", async () => {
    const slow: Stand = { id: "a", perHour: "1", bootMs: 200_000 }
    const { gpu, alive } = setUp(two({ stands: [slow], endMs: 100_000 }))
    const { instance, trail } = await gpu.launch({ ...racing, limits: { deadline: "90 seconds" } })
    expect(shown(trail)).toEqual(["b ready", "a lost-race"])
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("that is aborted names every machine that could not be ended", async () => {
    const { gpu, alive, clock } = setUp(two({ endsFail: 9 }, { endsFail: 9 }))
    const controller = new AbortController()
    void clock.sleep(30_000).then(() => controller.abort())
    const { leftovers = [] } = await errorOf(gpu.launch(racing, { signal: controller.signal }))
    expect(alive()).toHaveLength(2)
    expect(leftovers.map(({ id }) => id).toSorted()).toEqual(alive().map(({ id }) => id))
  })

  test("goes on with the other when a cloud refuses the one for good", async () => {
    const [acme, other] = two()
    if (!acme || !other) throw new Error("two clouds")
    const { gpu } = setUp([acme, other])
    const candidates = await gpu.compare({ job: request.job })
    acme.offersFail = new Unauthenticated({ message: "wrong key", retry: "permanent" })
    expect(shown((await gpu.launch({ ...racing, candidates })).trail)).toEqual(["a stopped", "b ready"])
  })

  test("takes no key, which names one machine", async () => {
    const { gpu, creates } = setUp(two())
    const error = await errorOf(gpu.launch({ ...racing, key: "nightly" }))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "key" }] })
    expect(creates).toEqual([])
  })
})

test("the one that lost while its machine was looked for is settled, however long that takes, and ended", async () => {
  const lost = { fate: "answer-lost", id: "a", perHour: "1" } as const
  const { gpu, alive, machines } = setUp(
    two({ stands: [lost], appearMs: 20_000 }, { stands: [{ id: "b", perHour: "2", bootMs: 3000 }] })
  )
  const { instance, leftoverErrors } = await gpu.launch({ ...request, strategy: "race" })
  expect(machines.map(({ stand }) => stand.id).sort()).toEqual(["a", "b"])
  expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
  expect(leftoverErrors).toEqual([])
})
