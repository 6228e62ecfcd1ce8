import { clockFrom, type GpuError, type Ledger, money, type PlainClock } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { setUp } from "../placement/placement.test-support.ts"
import type { CloudScript, market } from "../testing/market.ts"
import { makeOrder, type OrderParts, type OrderTurn } from "./make-order.ts"
import type { OrderRequest } from "./request.ts"

/** A small order. */
export const order = {
  ...{ name: "train", job: { duration: "3 hours" }, ttl: "3 hours", workload: { os: "ubuntu" }, key: "nightly" },
  limits: { maxPerHour: money(9) }
} as const satisfies OrderRequest

/** The secrets that keepers of tests have. */
export const secrets: Readonly<Record<string, string>> = { HF_TOKEN: "hf_aGVsbG8gd29ybGQ1234" }

/** Runs on a plain clock. */
const runOn = <A>(clock: PlainClock, effect: Effect.Effect<A, GpuError>): Promise<A> =>
  Effect.runPromise(Effect.provideService(effect, Clock.Clock, clockFrom(clock)))

/** Clouds, a ledger, a client, and keepers of all that. */
export const world = (scripts: ReadonlyArray<CloudScript>, more: Parameters<typeof setUp>[1] = {}) => {
  const made = setUp(scripts, more)
  const { open, clock, ledger } = made
  const partsOf = (by: string, on: Ledger): OrderParts => ({
    ...{ clouds: open(), ledger: on, by, hide: (_, error) => error },
    secretOf: (name) => Effect.succeed(secrets[name] ?? null)
  })
  /** One turn of a keeper, in a process of its own. */
  const turn = (id: string, by = "one", on: Ledger = ledger): Promise<OrderTurn> =>
    runOn(clock, makeOrder(partsOf(by, on), id))
  /** Turns until nothing is to be done any more. */
  const finish = async (id: string, by = "two"): Promise<void> => {
    for (let turns = 0; turns < 500; turns++) {
      const { is } = await turn(id, by)
      if (is === "over") return
      await clock.sleep(5000)
    }
    throw new Error(`not over after 500 turns: ${JSON.stringify(await made.gpu.orders({ id }))}`)
  }
  return { ...made, turn, finish }
}

/** Whether two machines were there at one moment. */
export const isDouble = (machines: ReturnType<typeof market>["machines"]): boolean =>
  machines.some((one, index) => machines.slice(index + 1).some(({ at }) => one.endedAt === null || at < one.endedAt))
