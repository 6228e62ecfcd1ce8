import { money, PermissionDenied, ProviderFault } from "@anygpu/core"
import * as Duration from "effect/Duration"
import { describe, expect, test } from "vitest"
import type { CloudScript, Stand } from "../testing/market.ts"
import { errorOf, fates, request, setUp, shown, untyped } from "./placement.test-support.ts"
import type { Step } from "./request.ts"

/** A cloud with one offer that is not there yet. */
const later = (more: Partial<Stand> = {}) => {
  const stand: Stand = { id: "o1", perHour: "1", gone: true, ...more }
  const script: CloudScript = { name: "acme", stands: [stand] }
  return { stand, script }
}

/** A launch that waits, what it said of each look, and what is to happen before the look of that number. */
const waiting = (at: Readonly<Record<number, () => void>>, more: object = {}) => {
  const pauses: number[] = []
  const onProgress = (step: Step) => {
    if (step.type !== "looking-again") return
    pauses.push(Duration.toSeconds(step.after))
    at[pauses.length]?.()
  }
  return { pauses, request: { ...request, waitForCapacity: "2 hours", onProgress, ...more } as const }
}

describe("a launch that waits for capacity", () => {
  test("looks again, ever less often, until something can be had", async () => {
    const { stand, script } = later()
    const { gpu, creates, clock } = setUp([script])
    const began = clock.now()
    const { pauses, request: wish } = waiting({ 8: () => (stand.gone = false) })
    const { instance, trail } = await gpu.launch(wish)
    expect(instance.status).toBe("running")
    expect([shown(trail), creates]).toEqual([["o1 ready"], ["acme/o1"]])
    expect(pauses).toHaveLength(8)
    expect(clock.now() - began).toBeGreaterThan(15 * 60_000)
  })

  test("is over when its time is, and says so with what the last look found", async () => {
    const { gpu, creates, clock } = setUp([later().script])
    const began = clock.now()
    const error = await errorOf(gpu.launch(waiting({}).request))
    expect(error).toMatchObject({ _tag: "NoCapacity" })
    expect(error.message).toContain("looked for again and again for 2h")
    expect(creates).toEqual([])
    expect(clock.now() - began).toBe(2 * 3_600_000)
  })

  test("waits for a price within its limits", async () => {
    const { stand, script } = later({ gone: false, perHour: "3" })
    const { gpu } = setUp([script])
    const cheaper = () => {
      stand.perHour = "1"
    }
    const { request: wish } = waiting({ 2: cheaper }, { limits: { maxPerHour: money(2) } })
    expect(shown((await gpu.launch(wish)).trail).at(-1)).toBe("o1 ready")
  })

  test("waits for a cloud that cannot be asked for now, and not for one that refuses the key", async () => {
    const { stand, script } = later({ gone: false })
    script.offersFail = new ProviderFault({ message: "502", retry: "temporary" })
    const { gpu } = setUp([script])
    const back = () => {
      delete script.offersFail
    }
    expect((await gpu.launch(waiting({ 1: back }).request)).instance.status).toBe("running")
    expect(stand.gone).toBe(false)

    const refusing = setUp([
      { ...later().script, offersFail: new PermissionDenied({ message: "no", retry: "permanent" }) }
    ])
    const { pauses, request: wish } = waiting({})
    expect(await errorOf(refusing.gpu.launch(wish))).toMatchObject({ _tag: "PermissionDenied" })
    expect(pauses).toEqual([])
  })

  test("rents no more machines in all its looks than its limits allow, and keeps what it tried", async () => {
    const { gpu, machines } = setUp([fates("breaks")])
    const error = await errorOf(gpu.launch(waiting({}, { limits: { maxAttempts: 2 } }).request))
    expect(error).toMatchObject({ _tag: "OutOfFunds", trail: [{}, {}] })
    expect(machines).toHaveLength(2)
  })

  test("is ended by its deadline, and by an abort, with nothing left", async () => {
    const { gpu, creates, clock } = setUp([later().script])
    const began = clock.now()
    const error = await errorOf(gpu.launch(waiting({}, { limits: { deadline: "10 minutes" } }).request))
    expect(error._tag).toBe("Timeout")
    expect(clock.now() - began).toBe(600_000)
    const controller = new AbortController()
    const { request: wish } = waiting({ 2: () => controller.abort() })
    await expect(gpu.launch(wish, { signal: controller.signal })).rejects.toThrow()
    expect(creates).toEqual([])
  })

  test("takes the machine that another process launched under its key meanwhile", async () => {
    const { stand, script } = later()
    const { gpu, client, creates } = setUp([script])
    let other: Promise<{ readonly instance: { readonly ref: unknown } }> | undefined
    const elsewhere = () => {
      stand.gone = false
      other = client().launch({ ...request, key: "nightly" })
    }
    const { request: wish } = waiting({ 1: elsewhere }, { key: "nightly" })
    const { instance } = await gpu.launch(wish)
    expect(instance.ref).toEqual((await other)?.instance.ref)
    expect(creates).toEqual(["acme/o1"])
  })

  test("is quoted once there is something to show", async () => {
    const { stand, script } = later()
    const { gpu } = setUp([script])
    const { request: wish } = waiting({ 3: () => (stand.gone = false) })
    expect(await gpu.quote(wish)).toMatchObject({ is: "offered", candidates: [{ offer: { id: "o1" } }] })
  })

  test.each([0, -1, "soon", Number.NaN])("refuses %s as the time to wait", async (waitForCapacity) => {
    const { gpu } = setUp([later().script])
    const error = await errorOf(gpu.launch(untyped({ ...request, waitForCapacity })))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "waitForCapacity" }] })
  })
})
