import { type GpuError, InvalidRequest } from "@anygpu/core"
import { check, fail, notApplicable, show } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { Factory } from "../harness.ts"
import { leakOf } from "../secrets.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("factory", { anyHabit: true })

const factoryOf = ({ world: { factory } }: TestContext): Factory =>
  factory ?? notApplicable("the harness gives no factory")

/** The error that a call throws, which has to be InvalidRequest about one option. */
const refusal = (call: () => unknown, path: string, what: string): GpuError => {
  try {
    call()
  } catch (error) {
    check(error instanceof InvalidRequest, `${what} should be InvalidRequest, not ${show(error)}`)
    const { issues } = error
    check(
      issues.some((issue) => issue.path === path),
      `${what}: the error does not name ${path}: ${show(issues)}`
    )
    return error
  }
  return fail(`${what} was passed over`)
}

const noKeys: ReadonlyArray<unknown> = [
  undefined,
  null,
  {},
  { apiKey: undefined },
  { apiKey: "" },
  { apiKey: " " },
  { apiKey: 5 }
]

/** The function that users call for the cloud. */
export const factorySuite: ReadonlyArray<Entry> = [
  test("a key that is missing or empty is InvalidRequest that names its variable", async (context) => {
    const { make, variable } = factoryOf(context)
    for (const options of noKeys) {
      const { message } = refusal(() => make(options as never), "apiKey", show(options))
      check(message.includes(variable), `${show(options)}: the error does not name ${variable}: ${message}`)
    }
    const { message } = refusal(() => make(context.world.secret as never), "apiKey", "a bare key")
    check(leakOf(message, [context.world.secret]) === null, "the error shows a key that was given in a wrong form")
  }),
  test("an option that there is not is InvalidRequest that names the nearest", async (context) => {
    const { make, variable } = factoryOf(context)
    const apiKey = context.world.secret
    const env = { [variable]: apiKey }
    const calls = [() => make({ apiKey, apiKeyy: "x" } as never), () => make.fromEnv({ env, envv: {} } as never)]
    for (const [index, call] of calls.entries()) {
      const error = refusal(call, index === 0 ? "apiKeyy" : "envv", "an option that there is not")
      check(/did you mean (apiKey|env)/.test(error.message), `the nearest is not named: ${error.message}`)
      check(leakOf(error, [apiKey]) === null, "the error shows the key")
    }
  }),
  test("the key comes from its variable, and without one the cloud is left out", async (context) => {
    const { make, variable } = factoryOf(context)
    const cloud = make.fromEnv({ env: { [variable]: ` ${context.world.secret}\n` } })
    check("kinds" in cloud && cloud.name === context.provider.provider, `${variable} does not open the cloud`)
    for (const env of [{}, { [variable]: "" }, { [variable]: " " }]) {
      const without = make.fromEnv({ env })
      const says = "lacks" in without && without.lacks === variable && without.name === context.provider.provider
      check(says, `without ${variable}: ${show(without)}`)
    }
  })
]
