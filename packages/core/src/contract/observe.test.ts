import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { offer, tinyCloud } from "./tiny-cloud.test-support.ts"

test("a list that shows a new machine as not visible yet has not seen it: it is not gone afterwards", async () => {
  const { provider, run } = tinyCloud({ machines: (now) => (now < 20_000 ? [] : [{ id: "m1", state: "up" }]) })
  const { ref } = await run(provider.launch({ offer, name: "job" }))
  for (let look = 1; look <= 2; look++) {
    expect((await run(provider.list())).items).toMatchObject([{ status: "pending", reason: "not-visible-yet" }])
  }
  expect(await run(provider.get(ref))).toMatchObject({ status: "pending", reason: "not-visible-yet" })
  await run(Effect.sleep("20 seconds"))
  expect((await run(provider.list())).items).toMatchObject([{ status: "running" }])
})
