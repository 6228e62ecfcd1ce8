import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { TestClock } from "effect/testing"
import * as z from "zod"
import { type GpuError, isGpuError, Network } from "../errors.ts"
import { makeCaller } from "./caller.ts"
import type { CallerConfig } from "./caller-config.ts"
import { endpoint } from "./endpoint.ts"
import type { Transport, WireRequest, WireResponse } from "./transport.ts"

/** The key of every test. */
export const key = "sk-0123456789abcdef"

/** A read. */
export const show = endpoint({
  operation: "get",
  method: "GET",
  path: "/api/v0/instances/{id}/",
  query: z.strictObject({ owner: z.string().optional() }),
  answer: z.object({ instances: z.array(z.object({ id: z.number() })) }),
  repeat: "safe",
  source: "test"
})

/** A create that must not be sent twice, with a limit and a sensitive field. */
export const create = endpoint({
  operation: "launch",
  method: "PUT",
  path: "/api/v0/asks/{id}/",
  body: z.strictObject({ image: z.string(), env: z.record(z.string(), z.string()).optional() }),
  answer: z.object({ new_contract: z.number() }).nullish(),
  repeat: "refused-only",
  limit: { calls: 1, perSeconds: 4.5 },
  sensitive: ["env"],
  source: "test"
})

/** What the cloud does with one request. */
export type Reply = Partial<WireResponse> | Network | ((request: WireRequest) => Partial<WireResponse>)

/** A cloud that gives the replies in turn, the last one for ever. */
export const cloud = (replies: ReadonlyArray<Reply>, more: Partial<CallerConfig> = {}) => {
  const sent: Array<WireRequest> = []
  const transport: Transport = (request) =>
    Effect.suspend(() => {
      const reply = replies[Math.min(sent.length, replies.length - 1)] ?? {}
      sent.push(request)
      if (reply instanceof Network) return Effect.fail(reply)
      const answer = typeof reply === "function" ? reply(request) : reply
      return Effect.succeed({ status: 200, headers: {}, text: "", ...answer })
    })
  const caller = makeCaller({
    provider: "vast",
    baseUrl: "https://cloud.test/",
    headers: () => ({ Authorization: `Bearer ${key}` }),
    secrets: [Redacted.make(key)],
    classify: () => null,
    transport,
    ...more
  })
  return { caller, sent }
}

/** Runs on a virtual clock that goes on by itself. */
export const run = <A, E>(effect: Effect.Effect<A, E>): Promise<Exit.Exit<A, E>> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    yield* TestClock.adjust("1 hour")
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)

/** The error an effect fails with. */
export const failure = async (effect: Effect.Effect<unknown, GpuError>): Promise<GpuError> => {
  const exit = await run(effect)
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  if (!isGpuError(error)) throw new Error(`not a failure of ours: ${inspect(exit)}`)
  return error
}

/** The least a create needs. */
export const image = { image: "ubuntu" }
