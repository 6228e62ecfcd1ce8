import {
  type AnyProvider,
  attempt,
  CurrentLedger,
  type GpuError,
  type Instance,
  InstanceRef,
  isGpuError,
  NotFound,
  ProviderFault,
  supports,
  type Termination
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { World } from "../harness.ts"
import { type Mutant, mutant } from "./mutant.ts"

/** A machine as somebody says who takes it for gone. */
const gone = (instance: Instance): Instance => ({ ...instance, status: "terminated", billing: "none", actions: [] })

/** An end that is taken for verified. */
const done = (ref: InstanceRef): Effect.Effect<Termination> =>
  Effect.map(DateTime.now, (observedAt) => ({ ref, alreadyGone: false, leftovers: [], observedAt }))

/** What a call answers, with how many requests it took. */
const counting = <A, E, B>(world: World, call: Effect.Effect<A, E>, judge: (answer: A, requests: number) => B) =>
  Effect.suspend(() => {
    const before = world.requests().length
    return Effect.map(call, (answer) => judge(answer, world.requests().length - before))
  })

const isForeign = ({ _tag }: GpuError): boolean => _tag === "BadResponse" || _tag === "Unsupported"

/** What changes a machine, other than its end. */
const changes = ["stop", "restart", "rename", "update"] as const

/** The provider's own refs, whatever kind they were of. */
const own = ({ provider, kind }: AnyProvider, { id }: { readonly id: string }) => new InstanceRef(provider, kind, id)

/** Providers that take a machine for gone without proof, or somebody else's for their own. */
export const absenceMutants: ReadonlyArray<Mutant> = [
  mutant(
    "believes one read",
    "absence: a read that finds nothing is no end while the list shows the machine",
    "Takes a machine for gone that a read does not find, although the list has it.",
    (provider, world) => ({
      get: (ref) =>
        counting(world, provider.get(ref), (instance, requests) => (requests > 1 ? gone(instance) : instance))
    })
  ),
  mutant(
    "believes a moment",
    "absence: a moment in which the cloud shows nothing is no end",
    "Takes a machine for gone that neither a read nor a list right after it shows: some clouds show nothing for a moment.",
    (provider, world) => ({
      get: (ref) =>
        counting(world, provider.get(ref), (instance, requests) => (requests > 1 ? gone(instance) : instance))
    })
  ),
  mutant(
    "ends what it has just launched",
    "absence: a read that finds nothing right after a launch is no end",
    "Takes a new machine for gone that the cloud does not show yet: the next one is rented beside it.",
    (provider, world) => ({
      get: (ref) =>
        counting(world, provider.get(ref), (instance, requests) =>
          requests > 1 || instance.reason === "not-visible-yet" ? gone(instance) : instance
        )
    })
  ),
  mutant(
    "believes a gateway",
    "absence: what is not the cloud's own word about a machine is an error of a read, and nothing more",
    "Takes a route that is gone for a machine that is gone.",
    (provider) => ({
      get: (ref) =>
        Effect.mapError(provider.get(ref), (error) =>
          isForeign(error) ? new NotFound({ ...error, message: error.message }) : error
        )
    })
  ),
  mutant(
    "believes a change's no",
    "absence: an action that the cloud answers with no such machine is no word about a machine that is there",
    "Says that a machine does not exist, since a request to change it was answered so.",
    (provider) =>
      Object.fromEntries(
        changes
          .filter((op) => supports(provider, op))
          .map((op) => [
            op,
            (...args: Parameters<typeof attempt<typeof op>> extends [unknown, unknown, ...infer Rest] ? Rest : never) =>
              Effect.mapError(attempt(provider, op, ...args), (error) =>
                isGpuError(error.cause) && error.cause._tag === "NotFound" ? error.cause : error
              )
          ])
      )
  ),
  mutant(
    "believes any answer",
    "absence: an answer about another machine is BadResponse",
    "Shows another machine under the ref that was asked for.",
    (provider) => ({
      get: (ref) =>
        Effect.catchTag(provider.get(ref), "BadResponse", () =>
          Effect.flatMap(provider.list(), ({ items: [first] }) =>
            first ? Effect.succeed({ ...first, ref }) : Effect.never
          )
        )
    })
  ),
  mutant(
    "adopts what a create names",
    "absence: a create that names another machine adopts its own, by the marker",
    "Uses, and ends, the machine of an earlier launch.",
    (provider, world) => ({
      launch: (spec) =>
        Effect.map(provider.launch(spec), (instance) => {
          const [first] = world.machines()
          return first ? { ...instance, ref: own(provider, first) } : instance
        })
    })
  ),
  mutant(
    "waits for what remains",
    "absence: a word for its end that nobody documented is settled by the list",
    "Shows a machine that is gone as ending, for as long as the cloud keeps a row of it.",
    (provider) => ({
      get: (ref) =>
        Effect.map(provider.get(ref), (instance) =>
          instance.status === "terminated" ? { ...instance, status: "terminating", billing: "unknown" } : instance
        )
    })
  ),
  mutant(
    "never looks back",
    "absence: a machine that shows again after its verified end is not gone",
    "Never reports to the ledger that a machine shows again: no sweep and no audit finds it.",
    (provider) => {
      const deaf = <A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, E> =>
        Effect.flatMap(CurrentLedger, (ledger) =>
          Effect.provideService(call, CurrentLedger, { ...ledger, seen: () => Effect.void })
        )
      return { list: () => deaf(provider.list()), get: (ref) => deaf(provider.get(ref)) }
    }
  ),
  mutant(
    "believes a clock that was ahead",
    "absence: a machine that shows again after its verified end is not gone, also when the wall clock was set 5 hours back since",
    "Takes a machine that shows for gone until the wall clock has reached the end that was written by one ahead of it.",
    (provider) => ({
      list: () =>
        Effect.flatMap(CurrentLedger, (ledger) =>
          Effect.flatMap(DateTime.now, (now) =>
            Effect.provideService(provider.list(), CurrentLedger, {
              ...ledger,
              seen: (refs, at, account) =>
                at > now.epochMilliseconds + 60_000 ? Effect.void : ledger.seen(refs, at, account)
            })
          )
        )
    })
  ),
  mutant(
    "believes a claimed end",
    "terminate: a claimed end, and reads that find nothing, prove no end while the list shows the machine",
    "Takes a claim and two reads for an end: the machine costs on, and nobody looks at it again.",
    (provider) => ({
      terminate: (ref, options) => Effect.catchTag(provider.terminate(ref, options), "Timeout", () => done(ref))
    })
  ),
  mutant(
    "believes a retired route",
    "terminate: what is not the cloud's own word about a machine is no end of it",
    "Takes a route that is gone for a machine that was gone already.",
    (provider) => ({
      terminate: (ref, options) =>
        Effect.catch(provider.terminate(ref, options), (error) => (isForeign(error) ? done(ref) : Effect.fail(error)))
    })
  ),
  ...([400, 500] as const).map((status) =>
    mutant(
      `gives up at a ${status}`,
      `terminate: a further end that is refused with ${status} does not end the wait`,
      "Fails when a cloud refuses to end what it is ending.",
      (provider, world) => ({
        terminate: (ref, options) =>
          Effect.suspend(() => {
            const before = world.requests().length
            return Effect.flatMap(provider.terminate(ref, options), (ended) => {
              const asked = world.requests().slice(before)
              if (asked.filter(({ mutating }) => mutating).length <= 2) return Effect.succeed(ended)
              const place = { provider: provider.provider, kind: provider.kind, operation: "terminate" }
              return new ProviderFault({ ...place, message: "the end was refused", retry: "temporary" })
            })
          })
      })
    )
  ),
  mutant(
    "ends whatever has the id",
    "terminate: a right id under a wrong kind ends, stops and renames nothing",
    "Ends a machine of another kind that has the same id.",
    (provider, world) => ({
      terminate: (ref, options) => {
        const mine = world.connect(world.secret)
        return mine.kind === provider.kind
          ? provider.terminate(ref, options)
          : Effect.as(mine.terminate(own(mine, ref), options), {
              ...{ ref, alreadyGone: false, leftovers: [], observedAt: DateTime.makeUnsafe(0) }
            })
      }
    })
  )
]
