import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { ProviderFault } from "../../errors.ts"
import type { BillingTerms } from "../../model/billing.ts"
import { type Money, money } from "../../model/money.ts"
import { offer, tinyCloud } from "../tiny-cloud.test-support.ts"

const terms = (more: Partial<BillingTerms>): BillingTerms => ({
  compute: { perHour: money(4), stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 },
  ...{ storage: null, traffic: null, upfront: null, accountFloor: null },
  ...more
})
const floor = { accountFloor: money(20) }
const upfront = { upfront: { seconds: 10_800, refundableSeconds: 7200 } }

const cloud = (balance: Effect.Effect<Money, ProviderFault>) => {
  let made = 0
  const { provider, run } = tinyCloud({
    machines: () => Array.from({ length: made }, (_, index) => ({ id: `m${index + 1}`, state: "up" })),
    create: () => Effect.sync(() => `m${++made}`),
    operations: { balance: () => balance }
  })
  const launch = (more: Partial<BillingTerms>, key?: string) =>
    run(Effect.result(provider.launch({ offer: { ...offer, terms: terms(more) }, name: "job", ...(key && { key }) })))
  return { launch, made: () => made }
}

test.each([
  ["below the floor", "19.99", floor, money(20)],
  ["below what is deducted", "11.99", upfront, money(12)],
  ["above what is deducted and below the floor", "12.50", { ...floor, ...upfront }, money(20)]
])("%s nothing is sent", async (_, holds, more, needed) => {
  const { launch, made } = cloud(Effect.succeed(money(holds)))
  const result = await launch(more)
  expect(result).toMatchObject({ failure: { _tag: "OutOfFunds", needed, available: money(holds) } })
  expect(made()).toBe(0)
})

test.each([
  ["just enough", Effect.succeed(money(20))],
  ["another currency", Effect.succeed(money(1, "USDC"))],
  ["a balance that cannot be read", Effect.fail(new ProviderFault({ message: "down", retry: "temporary" }))]
])("%s: the cloud decides", async (_, balance) => {
  const { launch, made } = cloud(balance)
  expect(await launch(floor)).toMatchObject({ success: { status: "running" } })
  expect(made()).toBe(1)
})

test("a key whose machine is there answers it, whatever is left on the account", async () => {
  let holds = money(25)
  const { launch, made } = cloud(Effect.sync(() => holds))
  await launch(floor, "nightly")
  holds = money(1)
  expect(await launch(floor, "nightly")).toMatchObject({ success: { ref: { id: "m1" } } })
  expect(made()).toBe(1)
})
