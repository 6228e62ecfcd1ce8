import type { GpuError, Listing } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { check, same, show } from "./check.ts"
import type { SentRequest } from "./harness.ts"
import type { TestContext } from "./test-context.ts"

const lines = (requests: ReadonlyArray<SentRequest>): string =>
  requests.map(({ method, path }) => `${method} ${path}`).join(", ")

/** The call fails with one of these errors, and nothing at all reaches the cloud. */
export const refusedUnsent = async <Tag extends GpuError["_tag"]>(
  context: TestContext,
  call: Effect.Effect<unknown, GpuError>,
  ...tags: Tag[]
): Promise<Extract<GpuError, { readonly _tag: Tag }>> => {
  const before = context.world.requests().length
  const error = await context.fails(call, ...tags)
  const sent = context.world.requests().slice(before)
  check(sent.length === 0, `${error._tag} must come before any request; sent: ${lines(sent)}`)
  return error
}

/** The call fails with one of these errors, and nothing that changes anything reaches the cloud. */
export const refusedUnchanged = async <Tag extends GpuError["_tag"]>(
  context: TestContext,
  call: Effect.Effect<unknown, GpuError>,
  ...tags: Tag[]
): Promise<Extract<GpuError, { readonly _tag: Tag }>> => {
  const before = context.world.requests().length
  const error = await context.fails(call, ...tags)
  const sent = context.world
    .requests()
    .slice(before)
    .filter(({ mutating }) => mutating)
  check(sent.length === 0, `${error._tag} must come before anything is changed; sent: ${lines(sent)}`)
  return error
}

/** So many machines exist in truth. */
export const exist = (context: TestContext, count: number, why: string): void => {
  const alive = context.alive()
  check(alive.length === count, `${why}: ${count} machine(s) should exist, not ${alive.length}: ${show(alive)}`)
}

/** The ids that a list or a truth holds, in one order. */
export const idsOf = (machines: Iterable<{ readonly ref: { readonly id: string } }>): ReadonlyArray<string> =>
  Array.from(machines, ({ ref }) => ref.id).sort()

/** A list shows exactly the machines that exist. */
export const listsTheTruth = async (context: TestContext): Promise<void> => {
  const listing = await context.ok(context.provider.list())
  check(listing.complete, `the list should be complete: ${show(listing.problems)}`)
  const listed = idsOf(Array.from(listing).filter(({ status }) => status !== "terminated"))
  const truth = context.alive().map(({ id }) => id)
  same(listed, truth.toSorted(), "the machines on the list")
}

/** A list that cannot be read is an error, or says that it is incomplete and why; it never looks empty. */
export const unreadable = async (
  context: TestContext,
  call: Effect.Effect<Listing<unknown>, GpuError>
): Promise<void> => {
  const exit = await context.run(call)
  if (Exit.isFailure(exit)) {
    await context.fails(Effect.failCause(exit.cause))
    return
  }
  const { items, complete, problems } = exit.value
  check(!complete, `the cloud could not be read, and a list of ${items.length} says that it is complete`)
  check(problems.length > 0, "the list is incomplete, and no problem says why")
}

/**
 * The creates since a moment: the first request that changes anything, and all that are like it. Those with one and
 * the same idempotency key count once, since the cloud knows them.
 */
export const createsSince = (context: TestContext, from: number): number => {
  const changes = context.world
    .requests()
    .slice(from)
    .filter(({ mutating }) => mutating)
  const sent = changes.filter(({ method, path }) => method === changes[0]?.method && path === changes[0].path)
  return new Set(sent.map(({ idempotencyKey }, index) => idempotencyKey ?? index)).size
}
