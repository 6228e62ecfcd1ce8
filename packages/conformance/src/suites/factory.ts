import { type GpuError, InvalidRequest } from "@anygpu/core"
import { check, fail, notApplicable, same, show } from "../check.ts"
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

/** Each key that the factory takes, and its variable. */
const keysOf = ({ variable }: Factory): ReadonlyArray<readonly [option: string, variable: string]> =>
  Object.entries(typeof variable === "string" ? { apiKey: variable } : variable)

/** All keys, by the names of their options and of their variables. */
const valuesOf = (factory: Factory, secret: string) => {
  const keys = keysOf(factory)
  return {
    options: Object.fromEntries(keys.map(([option]) => [option, secret])),
    env: Object.fromEntries(keys.map(([, variable]) => [variable, secret]))
  }
}

/** The function that users call for the cloud. */
export const factorySuite: ReadonlyArray<Entry> = [
  test("a key that is missing or empty is InvalidRequest that names its variable", async (context) => {
    const factory = factoryOf(context)
    const { secret } = context.world
    const all = valuesOf(factory, secret).options
    for (const [option, variable] of keysOf(factory)) {
      const wrong = [undefined, "", " ", 5].map((value) => ({ ...all, [option]: value }))
      for (const options of [undefined, null, {}, ...wrong]) {
        const { message } = refusal(() => factory.make(options as never), option, show(options))
        check(message.includes(variable), `${show(options)}: the error does not name ${variable}: ${message}`)
        check(leakOf(message, [secret]) === null, `the error about ${option} shows a key`)
      }
      const { message } = refusal(() => factory.make(secret as never), option, "a bare key")
      check(leakOf(message, [secret]) === null, "the error shows a key that was given in a wrong form")
    }
  }),
  test("an account has the name that it is given, and its own variables", async (context) => {
    const factory = factoryOf(context)
    const { make } = factory
    const { options, env } = valuesOf(factory, context.world.secret)
    const suffixed = Object.fromEntries(Object.entries(env).map(([variable, value]) => [`${variable}_TEAM_2`, value]))
    const account = "team-2"
    same(make({ ...options, account } as never).account, account, "the name of an account that was passed")
    const there = make.fromEnv({ env: suffixed, account } as never)
    check("kinds" in there, `the keys of ${Object.keys(suffixed).join(", ")} were not taken`)
    same(there.account, account, "the name of an account from the environment")
    const missing = make.fromEnv({ env, account } as never)
    check("lacks" in missing, "the key of the account without a name was taken for that of another one")
    check(missing.lacks in suffixed, `the variable that is missing is named ${missing.lacks}`)
    same("account" in make(options as never), false, "whether an account has a name that it was not given")
    refusal(() => make({ ...options, account: "Team 2" } as never), "account", "a name with a space")
  }),
  test("an option that there is not is InvalidRequest that names the nearest", async (context) => {
    const factory = factoryOf(context)
    const { make } = factory
    const { secret } = context.world
    const { options, env } = valuesOf(factory, secret)
    const [[first] = [""]] = keysOf(factory)
    const calls = [
      [first, `${first}y`, () => make({ ...options, [`${first}y`]: "x" } as never)],
      ["env", "envv", () => make.fromEnv({ env, envv: {} } as never)]
    ] as const
    for (const [nearest, misspelt, call] of calls) {
      const error = refusal(call, misspelt, "an option that there is not")
      check(error.message.includes(`did you mean ${nearest}`), `the nearest is not named: ${error.message}`)
      check(leakOf(error, [secret]) === null, "the error shows the key")
    }
  }),
  test("the key comes from its variable, and without one the cloud is left out", async (context) => {
    const factory = factoryOf(context)
    const { provider } = context.provider
    const all = valuesOf(factory, ` ${context.world.secret}\n`).env
    const fromEnv = (env: object) => factory.make.fromEnv({ env } as never)
    const cloud = fromEnv(all)
    check("kinds" in cloud && cloud.name === provider, `${Object.keys(all)} do not open the cloud`)
    for (const [, variable] of keysOf(factory)) {
      for (const value of [undefined, "", " "]) {
        const without = fromEnv({ ...all, [variable]: value })
        const says = "lacks" in without && without.lacks === variable && without.name === provider
        check(says, `without ${variable}: ${show(without)}`)
      }
    }
  })
]
