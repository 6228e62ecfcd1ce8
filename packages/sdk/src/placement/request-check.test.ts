import { money, Network } from "@anygpu/core"
import { expect, test } from "vitest"
import { errorOf, fates, request, setUp, untyped } from "./placement.test-support.ts"

const compared = () => setUp([fates("boots")]).gpu.compare({ job: request.job })
const candidates = await compared()
const job = (more: object) => ({ job: { duration: "1 hour", ...more } })

test.each<[object, string, RegExp]>([
  [{ job: null }, "job", /not null/],
  [{ job: 5 }, "job", /not a number/],
  [{ job: {} }, "job.duration", /not undefined/],
  [job({ duration: "x" }), "job.duration", /must be a time/],
  [{ ...job({ duration: -1 }), candidates }, "duration", /-1 is not a time/],
  [job({ storageMib: 5 }), "job.storageMib", /is not part of a job/],
  [{ ...job({ storageMiB: "5" }), candidates }, "job.storageMiB", /must be a number/],
  [job({ startAt: "now" }), "job.startAt", /must be a Date/],
  [job({ startAt: new Date("x") }), "job.startAt", /must be a Date/],
  [{ name: 5 }, "name", /must be a text/],
  [{ name: undefined }, "name", /not undefined/],
  [{ name: "" }, "name", /a letter or digit/],
  [{ key: 5 }, "key", /must be a text/],
  [{ key: "" }, "key", /is empty/],
  [{ ttl: "x" }, "ttl", /must be a time/],
  [{ ttl: -5 }, "ttl", /above zero/],
  [{ limits: 5 }, "limits", /not a number/],
  [{ limits: null }, "limits", /not null/],
  [{ limits: { maxPerHour: 5 }, candidates }, "limits.maxPerHour", /made by money\(\)/],
  [{ limits: { maxTotal: { micros: -1, currency: "USD" } } }, "limits.maxTotal", /zero or more/],
  [{ limits: { maxprice: money(1) } }, "limits.maxprice", /is no limit/],
  [{ limits: { deadline: "soon" } }, "limits.deadline", /must be a time/],
  [{ limits: { deadline: -5 } }, "limits.deadline", /above zero/],
  [{ limits: { readyWithin: 0 } }, "limits.readyWithin", /above zero/],
  [{ strategy: "fast" }, "strategy", /order or race/],
  [{ onProgress: 5 }, "onProgress", /must be a function/],
  [{ adapt: 5 }, "adapt", /must be a function/],
  [{ candidates: null }, "candidates", /not null/],
  [{ candidates: "x" }, "candidates", /not a text/],
  [{ candidates: [null] }, "candidates[0]", /not null/],
  [{ candidates: [...candidates].map(({ offer }) => offer) }, "candidates[0].offer", /not undefined/],
  [{ candidates: compared() }, "candidates", /awaited/],
  [{ candidates: { limit: 0 } }, "limit", /at least 1/],
  [
    { candidates: [{ offer: { provider: "x", kind: "vm", id: "1" } }] },
    "candidates[0].offer.pricePerHour",
    /not undefined/
  ],
  [{ workload: { env: 5 } }, "env", /not a number/],
  [{ workload: { image: 5 } }, "image", /must be a text/],
  [{ workload: { imgae: "x" } }, "workload.imgae", /is no launch option/],
  [{ image: "x" }, "image", /is no option/],
  [{ until: "then" }, "until", /created or ready/],
  [{ limits: { maxAbove: -1 } }, "limits.maxAbove", /at least 0/],
  [{ job: undefined }, "job", /not undefined/],
  [{ candidates: { offer: 5 } }, "offer", /must be a text/],
  [{ candidates: { offer: "nowhere/vm/1" } }, "offer", /names no offer of this client/],
  [{ gpus: 5 }, "gpus", /is no option/],
  [{ offer: [...candidates][0]?.offer }, "offer", /is no option/],
  [{ maxPerHour: money(1) }, "maxPerHour", /is no option/],
  [{ allowUnknownPrice: true }, "allowUnknownPrice", /is no option/]
])("%j is refused by name, before a cloud is asked for anything", async (wrong, path, problem) => {
  const asked = new Network({ message: "it was asked for offers", retry: "permanent", sent: "no" })
  const { gpu, creates } = setUp([{ ...fates("boots"), offersFail: asked }])
  const steps: unknown[] = []
  const onProgress = (step: unknown) => steps.push(step)
  const error = await errorOf(gpu.launch(untyped({ ...request, onProgress, ...wrong })))
  expect(error).toMatchObject({ _tag: "InvalidRequest" })
  const issue = { path, problem: expect.stringMatching(problem) }
  expect(error).toHaveProperty("issues", expect.arrayContaining([issue]))
  expect([creates, steps]).toEqual([[], []])
})
