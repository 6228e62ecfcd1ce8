import type { GpuError, InstanceRef } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { exist, listsTheTruth } from "../asserts.ts"
import type { Bench } from "../bench.ts"
import { check, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { someRef } from "../refs.ts"
import { leakOf } from "../secrets.ts"
import type { StrokeName } from "../strokes.ts"

const test = suite("errors")

const wrongKey = "a-key-that-no-account-has-0123456789"

/** The reads that every provider has, on a machine that runs. */
const reads = (bench: Bench, ref: InstanceRef): ReadonlyArray<Effect.Effect<unknown, GpuError>> => [
  bench.provider.get(ref),
  bench.provider.list(),
  bench.provider.offers()
]

const survives = (what: string, stroke: StrokeName & ("readsFail" | "readsLimited" | "readsReset")): Entry =>
  test(
    `reads survive ${what}`,
    async (bench) => {
      const { ref } = await bench.ready()
      for (const read of reads(bench, ref)) {
        const undo = bench.stroke(stroke)(2)
        await bench.ok(read)
        undo()
      }
      await listsTheTruth(bench)
    },
    { needs: [stroke] }
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
  test("a wrong key is Unauthenticated, and is not shown", async (bench) => {
    const spec = await bench.spec()
    const stranger = bench.another(wrongKey)
    const calls: ReadonlyArray<Effect.Effect<unknown, GpuError>> = [
      stranger.provider.list(),
      stranger.provider.get(someRef(bench)),
      stranger.provider.launch(spec),
      stranger.provider.terminate(someRef(bench))
    ]
    for (const call of calls) {
      const error = await bench.fails(call, "Unauthenticated")
      same(error.retry, "permanent", "whether to try again with a wrong key")
      check(leakOf(error, [wrongKey]) === null, "the error shows the wrong key, which may be a right one elsewhere")
    }
    exist(bench, 0, "with a wrong key")
  }),
  test("every error says its operation", async (bench) => {
    const { provider } = bench
    const unknown = await bench.fails(provider.get(someRef(bench)))
    same(unknown.operation, "get", "the operation of get's error")
    const wrong = await bench.fails(provider.offers({ limit: 0 }))
    same(wrong.operation, "offers", "the operation of offers' error")
    const refused = await bench.fails(provider.launch({ ...(await bench.spec()), name: "" }))
    same(refused.operation, "launch", "the operation of launch's error")
  }),
  test("a failed launch shows neither the key nor an env value", async (bench) => {
    const spec = await bench.spec()
    const price = spec.bid ?? spec.offer.price
    const maxPerHour = price ? { ...price, micros: 1 } : undefined
    const errors = [
      await bench.fails(bench.provider.launch({ ...spec, name: "" })),
      await bench.fails(bench.provider.launch({ ...spec, ...(maxPerHour && { maxPerHour }) }))
    ]
    for (const error of errors) check(leakOf(error, bench.secrets()) === null, `${error._tag} shows a secret`)
  }),
  test(
    "a refused launch shows neither the key nor an env value",
    async (bench) => {
      const spec = await bench.spec()
      bench.stroke("createRefusedForCapacity")()
      const error = await bench.fails(bench.provider.launch(spec))
      check(leakOf(error, bench.secrets()) === null, `${error._tag} shows a secret`)
    },
    { needs: ["createRefusedForCapacity"] }
  ),
  test("the key is in no URL and no body", async (bench) => {
    const { ref } = await bench.ready()
    await bench.ok(bench.provider.terminate(ref))
    for (const { method, path, body } of bench.world.requests()) {
      check(leakOf([path, body], [bench.world.secret]) === null, `${method} ${path.split("?")[0]} holds the key`)
    }
  }),
  test(
    "the words of a refusal are kept, however deep they lie, and do not change what it is",
    async (bench) => {
      for (const [status, tag] of refusalTags) {
        for (const body of worded) {
          const text = JSON.stringify(body)
          const undo = bench.stroke("readsFalse")(() => ({
            status,
            text,
            headers: { "content-type": "application/json" }
          }))
          for (const read of [bench.provider.offers(), bench.provider.list()]) {
            const { message } = await bench.fails(read, tag)
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
    async (bench) => {
      const { ref } = await bench.ready()
      bench.stroke("readsLimited")(Number.POSITIVE_INFINITY)
      const { retry, message } = await bench.fails(bench.provider.get(ref), "RateLimited")
      check(retry !== "permanent", `a rate limit passes, and the error says it does not: ${message}`)
    },
    { needs: ["readsLimited"] }
  ),
  ...(["readsHtml", "readsCut", "readsMalformed"] as const).map((stroke) =>
    test(
      `an answer of another shape is an error with a reason (${stroke})`,
      async (bench) => {
        const { ref } = await bench.ready()
        bench.stroke(stroke)(Number.POSITIVE_INFINITY)
        await bench.fails(bench.provider.get(ref), "BadResponse", "ProviderFault", "Network")
      },
      { needs: [stroke] }
    )
  ),
  test(
    "a cloud that cannot be reached is Network, for every call",
    async (bench) => {
      const { ref } = await bench.ready()
      const spec = await bench.spec()
      const undo = bench.stroke("unreachable")()
      for (const call of [...reads(bench, ref), bench.provider.launch(spec), bench.provider.terminate(ref)]) {
        const { retry, message } = await bench.fails(call, "Network", "Timeout", "LaunchUnsettled")
        check(retry !== "permanent", `networks come back, and the error says otherwise: ${message}`)
      }
      undo()
      const { status, billing } = await bench.get(ref)
      check(status !== "terminated" && billing !== "none", `a machine that runs on is ${status} and costs ${billing}`)
    },
    { needs: ["unreachable"] }
  )
]
