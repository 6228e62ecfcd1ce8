import { attempt, type LogOptions } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { refusedUnsent } from "../asserts.ts"
import { check, show } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TestContext } from "../test-context.ts"

const operations = ["logs", "events"] as const
const line = "conformance: a line of the workload"

/** Texts that mean something else as a pattern, and a line that they match as one. */
const signs = ["a.b", "[x]", "(1|2)", "c*d", "5$", "^top", "q+", "back\\slash", "{2}", "why?"]
const decoy = "aXb x 1 2 cccd 5 top qq q backslash 22 wh"

/** An option is honoured, or it is Unsupported. */
const honours = async (
  context: TestContext,
  op: (typeof operations)[number],
  options: LogOptions,
  holds: (lines: ReadonlyArray<string>) => boolean
): Promise<void> => {
  const { ref } = await context.ready()
  const exit = await context.run(attempt(context.provider, op, ref, options))
  if (Exit.isFailure(exit)) {
    await context.fails(Effect.failCause(exit.cause), "Unsupported")
    return
  }
  check(holds(exit.value.lines), `${op} with ${show(options)} answers ${show(exit.value.lines)}`)
}

const suiteOf = (op: (typeof operations)[number]): ReadonlyArray<Entry> => {
  const test = suite(op)
  return [
    test(
      "a running machine has some",
      async (context) => {
        const { ref } = await context.ready()
        const { lines, observedAt } = await context.ok(attempt(context.provider, op, ref))
        check(lines.length > 0, `${op} is declared, and a machine that booted has none`)
        check(Number.isFinite(observedAt.epochMilliseconds), "they do not say when they were read")
      },
      { ops: [op] }
    ),
    test(
      "tail is honoured or Unsupported",
      (context) => honours(context, op, { tail: 1 }, (lines) => lines.length <= 1),
      {
        ops: [op]
      }
    ),
    test(
      "containing is honoured or Unsupported",
      (context) => honours(context, op, { containing: "zzz-no-such-text" }, (lines) => lines.length === 0),
      { ops: [op] }
    ),
    test("source is honoured or Unsupported", (context) => honours(context, op, { source: "host" }, () => true), {
      ops: [op]
    }),
    test(
      "a wrong tail is InvalidRequest and sends nothing",
      async (context) => {
        const { ref } = await context.ready()
        for (const tail of [0, -1, Number.NaN]) {
          await refusedUnsent(context, attempt(context.provider, op, ref, { tail }), "InvalidRequest")
        }
      },
      { ops: [op] }
    )
  ]
}

/** What a workload prints, and what the cloud did with the machine. */
export const outputSuite: ReadonlyArray<Entry> = [
  ...operations.flatMap(suiteOf),
  suite("logs")(
    "what the workload printed is in them, oldest first",
    async (context) => {
      const { ref } = await context.ready()
      const write = context.control("writeLog")
      for (const number of [1, 2]) await write(ref.id, `${line} ${number}`)
      const { lines } = await context.ok(attempt(context.provider, "logs", ref))
      const [first, second] = [1, 2].map((number) => lines.findIndex((found) => found.includes(`${line} ${number}`)))
      check(first !== undefined && first >= 0, `the line is missing: ${show(lines)}`)
      check(second !== undefined && second > first, `the lines are in another order: ${show(lines)}`)
    },
    { ops: ["logs"], needs: ["writeLog"] }
  ),
  suite("logs")(
    "containing is a text, whatever signs it has, or Unsupported",
    async (context) => {
      const { ref } = await context.ready()
      const write = context.control("writeLog")
      for (const sign of [...signs, decoy]) await write(ref.id, sign)
      for (const containing of signs) {
        const exit = await context.run(attempt(context.provider, "logs", ref, { containing }))
        if (Exit.isFailure(exit)) {
          await context.fails(Effect.failCause(exit.cause), "Unsupported")
          continue
        }
        const { lines } = exit.value
        const isRight = lines.length === 1 && lines.every((found) => found.includes(containing))
        check(isRight, `logs containing ${show(containing)} are ${show(lines)}`)
      }
    },
    { ops: ["logs"], needs: ["writeLog"] }
  )
]
