import { createClock, createVastSimulator } from "@anygpu/simulators"
import { expect, test } from "vitest"
import { makeUnreliable } from "./random-faults.ts"

/** How `count` requests end on a simulator with faults: a status, `lost`, or `slow` for an answer that takes its time. */
const endings = async (share: number, seed: number, count = 400) => {
  const clock = createClock()
  const simulator = createVastSimulator({ clock, rateLimits: false, offers: 1 })
  makeUnreliable(simulator, share, seed)
  const found: Array<string> = []
  for (let request = 0; request < count; request++) {
    const before = clock.now()
    const init = { headers: { authorization: `Bearer ${simulator.apiKey}` } }
    const ending = await simulator.fetch("https://console.vast.ai/api/v1/instances/", init).then(
      ({ status }) => String(status),
      () => "lost"
    )
    found.push(clock.now() > before ? "slow" : ending)
  }
  return found
}

test("a share of the requests goes wrong, in every way", async () => {
  const found = await endings(0.3, 3)
  const wrong = found.filter((ending) => ending !== "200")
  expect(wrong.length / found.length).toBeCloseTo(0.3, 1)
  expect(new Set(wrong)).toEqual(new Set(["lost", "500", "502", "503", "slow"]))
})

test("the same seed draws the same, another one something else", async () => {
  expect(await endings(0.3, 3, 50)).toEqual(await endings(0.3, 3, 50))
  expect(await endings(0.3, 4, 50)).not.toEqual(await endings(0.3, 3, 50))
})

test("all of them, or none", async () => {
  expect(await endings(1, 1, 20)).not.toContain("200")
  expect(new Set(await endings(0, 1, 20))).toEqual(new Set(["200"]))
})
