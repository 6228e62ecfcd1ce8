import { type AnyProvider, attempt, type LaunchOption, launchOptions, type OptionalOp, optionalOps } from "@anygpu/core"
import { argumentsFor } from "../arguments.ts"
import { refusedUnsent } from "../asserts.ts"
import { check, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { someRef } from "../refs.ts"

const test = suite("capabilities", { anyHabit: true })

const required = ["offers", "launch", "get", "list", "terminate", "recover"] as const

const isMethod = (provider: AnyProvider, op: string): boolean =>
  op in provider && typeof provider[op as keyof AnyProvider] === "function"

const absent = (op: OptionalOp): Entry =>
  test(`${op} is absent, and attempt says Unsupported without a request`, async (context) => {
    const { provider } = context
    check(!provider.capabilities.has(op), `${op} is declared now, and was not before`)
    check(!(op in provider), `${op} is not declared, and exists as a method`)
    const call = attempt(provider, op, ...argumentsFor(op, someRef(context), context.world))
    const error = await refusedUnsent(context, call, "Unsupported")
    same(error.feature, op, "the feature that the error names")
  })

const honest: ReadonlyArray<Entry> = [
  test("every required operation is a method", async ({ provider }) => {
    for (const op of required) check(isMethod(provider, op), `${op} is no method`)
  }),
  test("every declared operation is a method", async ({ provider }) => {
    for (const op of provider.capabilities) {
      check(optionalOps.includes(op), `"${op}" is no operation of the contract`)
      check(isMethod(provider, op), `${op} is declared, and is no method`)
    }
  }),
  test("an operation that is not declared does not exist", async ({ provider }) => {
    for (const op of optionalOps) {
      if (!provider.capabilities.has(op)) check(!(op in provider), `${op} is not declared, and exists as a method`)
    }
  }),
  test("every declared launch option is one of the contract", async ({ provider }) => {
    for (const option of provider.launchOptions) {
      check(launchOptions.includes(option), `"${option}" is no launch option of the contract`)
    }
  }),
  test("the harness launches with the options that carry secrets and access", async (context) => {
    const spec = await context.spec()
    const wanted: LaunchOption[] = ["env", "ports", "sshKeys"]
    for (const option of wanted) {
      const given = spec[option] !== undefined || !context.provider.launchOptions.has(option)
      check(given, `the provider takes ${option}; the harness's spec has to use it`)
    }
    check(
      context.secrets().length > 1 || !context.provider.launchOptions.has("env"),
      "the harness's spec has no env value of at least 6 characters"
    )
  })
]

/** What is declared is there, and what is not is refused without a request. */
export const capabilitySuite = (provider: AnyProvider): ReadonlyArray<Entry> => [
  ...honest,
  ...optionalOps.filter((op) => !provider.capabilities.has(op)).map(absent)
]
