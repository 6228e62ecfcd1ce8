import * as DateTime from "effect/DateTime"
import { describe, expect, it } from "vitest"
import { instanceOf, offerOf } from "./to-domain.ts"
import { unwritten } from "./unwritten.ts"
import type * as wire from "./wire.ts"

/*
 * What the cloud documents, and what it is in the common model. The conformance suite cannot know it: a price that is a
 * hundred times too high passes there.
 */

describe("a documented payload in the common model", () => {
  it("an offer: its price, its sizes, its GPUs", () => {
    const row: wire.Offer = unwritten("src/to-domain.test.ts", "a documented offer, and below what it is here")
    expect(offerOf(row, DateTime.makeUnsafe(0))).toMatchObject({
      gpu: null,
      pricePerHour: null,
      terms: null,
      storageMiB: null
    })
  })

  it("a machine: its price, and how it is reached", () => {
    const row: wire.Machine = unwritten("src/to-domain.test.ts", "a documented machine, and below what it is here")
    expect(instanceOf(row)).toMatchObject({ name: null, pricePerHour: null, endpoints: { ssh: [] }, createdAt: null })
  })
})
