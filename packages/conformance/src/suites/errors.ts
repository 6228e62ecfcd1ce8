import type { GpuError, InstanceRef } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { exist, listsTheTruth } from "../asserts.ts"
import { check, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { ControlName } from "../controls.ts"
import { someRef } from "../refs.ts"
import { leakOf } from "../secrets.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("errors")

const wrongKey = "a-key-that-no-account-has-0123456789"

/** The reads that every provider has, on a machine that runs. */
const reads = (context: TestContext, ref: InstanceRef): ReadonlyArray<Effect.Effect<unknown, GpuError>> => [
  context.provider.get(ref),
  context.provider.list(),
  context.provider.offers()
]

const survives = (what: string, control: ControlName & ("readsFail" | "readsLimited" | "readsReset")): Entry =>
  test(
    `reads survive ${what}`,
    async (context) => {
      const { ref } = await context.ready()
      for (const read of reads(context, ref)) {
        const undo = context.control(control)(2)
        await context.ok(read)
        undo()
      }
      await listsTheTruth(context)
    },
    { needs: [control] }
  )

const words = "only the group of the founders may look at this"

/** Where clouds, and what stands before them, put the words of a refusal. */
const worded: ReadonlyArray<object> = [
  { error: words },
  { error: { code: "E4711", message: words } },
  { success: false, error: { code: 4711, message: words } },
  { message: "", error: { type: "refused", message: words } },
  { errors: [{ code: "E4711", message: words }] },
  { detail: [{ loc: ["header"], msg: words }] }
]

const refusalTags = [
  [400, "InvalidRequest"],
  [401, "Unauthenticated"],
  [403, "PermissionDenied"]
] as const

/** What goes wrong is said: what, where, whether to try again, and nothing secret. */
export const errorSuite: ReadonlyArray<Entry> = [
  test("a wrong key is Unauthenticated, and is not shown", async (context) => {
    const spec = await context.spec()
    const stranger = context.another(wrongKey)
    const calls: ReadonlyArray<Effect.Effect<unknown, GpuError>> = [
      stranger.provider.list(),
      stranger.provider.get(someRef(context)),
      stranger.provider.launch(spec),
      stranger.provider.terminate(someRef(context))
    ]
    for (const call of calls) {
      const error = await context.fails(call, "Unauthenticated")
      same(error.retry, "permanent", "whether to try again with a wrong key")
      check(leakOf(error, [wrongKey]) === null, "the error shows the wrong key, which may be a right one elsewhere")
    }
    exist(context, 0, "with a wrong key")
  }),
  test("every error says its operation", async (context) => {
    const { provider } = context
    const unknown = await context.fails(provider.get(someRef(context)))
    same(unknown.operation, "get", "the operation of get's error")
    const wrong = await context.fails(provider.offers({ limit: 0 }))
    same(wrong.operation, "offers", "the operation of offers' error")
    const refused = await context.fails(provider.launch({ ...(await context.spec()), name: "" }))
    same(refused.operation, "launch", "the operation of launch's error")
  }),
  test("a failed launch shows neither the key nor an env value", async (context) => {
    const spec = await context.spec()
    const price = spec.bid ?? spec.offer.pricePerHour
    const maxPerHour = price ? { ...price, micros: 1 } : undefined
    const errors = [
      await context.fails(context.provider.launch({ ...spec, name: "" })),
      await context.fails(context.provider.launch({ ...spec, ...(maxPerHour && { maxPerHour }) }))
    ]
    for (const error of errors) check(leakOf(error, context.secrets()) === null, `${error._tag} shows a secret`)
  }),
  test(
    "a refused launch shows neither the key nor an env value",
    async (context) => {
      const spec = await context.spec()
      context.control("createRefusedForCapacity")()
      const error = await context.fails(context.provider.launch(spec))
      check(leakOf(error, context.secrets()) === null, `${error._tag} shows a secret`)
    },
    { needs: ["createRefusedForCapacity"] }
  ),
  test("the key is in no URL and no body", async (context) => {
    const { ref } = await context.ready()
    await context.ok(context.provider.terminate(ref))
    for (const request of context.world.requests()) {
      const { method, path, body } = request
      if (context.world.isLogin?.(request)) continue
      check(leakOf([path, body], [context.world.secret]) === null, `${method} ${path.split("?")[0]} holds the key`)
    }
  }),
  test(
    "the words of a refusal are kept, however deep they lie, and do not change what it is",
    async (context) => {
      for (const [status, tag] of refusalTags) {
        for (const body of worded) {
          const text = JSON.stringify(body)
          const undo = context.control("readsFalse")(() => ({
            status,
            text,
            headers: { "content-type": "application/json" }
          }))
          for (const read of [context.provider.offers(), context.provider.list()]) {
            const { message } = await context.fails(read, tag)
            check(message.includes(words), `the cloud answered ${status} ${text}, and its words are lost: ${message}`)
          }
          undo()
        }
      }
    },
    { needs: ["readsFalse"] }
  ),
  survives("two 500s", "readsFail"),
  survives("two resets", "readsReset"),
  survives("two 429s", "readsLimited"),
  test(
    "a rate limit that does not end is RateLimited, and says when to come back",
    async (context) => {
      const { ref } = await context.ready()
      context.control("readsLimited")(Number.POSITIVE_INFINITY)
      const { retry, message } = await context.fails(context.provider.get(ref), "RateLimited")
      check(retry !== "permanent", `a rate limit passes, and the error says it does not: ${message}`)
    },
    { needs: ["readsLimited"] }
  ),
  ...(["readsHtml", "readsCut", "readsMalformed"] as const).map((control) =>
    test(
      `an answer of another shape is an error with a reason (${control})`,
      async (context) => {
        const { ref } = await context.ready()
        context.control(control)(Number.POSITIVE_INFINITY)
        await context.fails(context.provider.get(ref), "BadResponse", "ProviderFault", "Network")
      },
      { needs: [control] }
    )
  ),
  test(
    "a cloud that cannot be reached is Network, for every call",
    async (context) => {
      const { ref } = await context.ready()
      const spec = await context.spec()
      const undo = context.control("unreachable")()
      for (const call of [...reads(context, ref), context.provider.launch(spec), context.provider.terminate(ref)]) {
        const { retry, message } = await context.fails(call, "Network", "Timeout", "LaunchUnsettled")
        check(retry !== "permanent", `networks come back, and the error says otherwise: ${message}`)
      }
      undo()
      const { status, billing } = await context.get(ref)
      check(status !== "terminated" && billing !== "none", `a machine that runs on is ${status} and costs ${billing}`)
    },
    { needs: ["unreachable"] }
  )
]
