import {
  type Cloud,
  type CloudWithoutKey,
  checkMoney,
  InvalidRequest,
  type Issue,
  shape,
  specificationVersion,
  thrownBy
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import { timeIssues } from "../cost/job.ts"
import type { GpuOptions } from "./gpu.ts"

const methods = (what: string, ...names: ReadonlyArray<string>): shape.Shape =>
  shape.object(what, Object.fromEntries(names.map((name) => [name, shape.callback])))

/** Whether a cloud is left out, because there is no key for it. */
export const isWithoutKey = (cloud: Cloud | CloudWithoutKey): cloud is CloudWithoutKey => "lacks" in cloud

const whole = shape.object("a cloud such as vast({ apiKey })", { name: shape.text, kinds: shape.anyFields })
const lacking = shape.object("a cloud without a key", { name: shape.text, lacks: shape.text })
const cloud: shape.Shape = (path, value) => (shape.isFields(value) && "lacks" in value ? lacking : whole)(path, value)
const limits = {
  perHour: shape.optional(shape.amount),
  perDay: shape.optional(shape.amount),
  perMonth: shape.optional(shape.amount),
  total: shape.optional(shape.amount),
  budget: shape.optional(shape.text)
}

const options = {
  clouds: (path: string, value: unknown) =>
    Array.isArray(value)
      ? value.flatMap((one: unknown, index) => cloud(`${path}[${index}]`, one))
      : [{ path, problem: "must be a list, such as [vast({ apiKey })]" }],
  ledger: shape.optional(
    methods("a ledger such as sqliteLedger(path)", "openLaunch", "claimLaunch", "settleLaunch", "launches")
  ),
  spendLimit: shape.optional(shape.only("an object with perHour, perDay, perMonth or total", limits, "is no limit")),
  answerWithin: shape.optional(shape.duration),
  clock: shape.optional(methods("a clock", "now", "sleep")),
  ssh: shape.optional(methods("what ssh() of @anygpu/ssh makes", "effects", "promises", "proof"))
}

/** An adapter that keeps another version of the contract would be misunderstood: its words may mean something else. */
const versionIssues = ({ name, kinds }: Cloud): ReadonlyArray<Issue> => {
  const versions = Object.values(kinds).map((provider) => provider.specificationVersion as number | undefined)
  const others = versions.filter((version) => version !== specificationVersion)
  if (others.length === 0) return []
  const [other] = others
  const keeps = other === undefined ? "no version" : `version ${other}`
  const which = (other ?? 0) > specificationVersion ? "anygpu" : `the adapter of ${name}`
  const problem = `has ${name}, whose adapter keeps ${keeps} of the contract and not ${specificationVersion}: update ${which}`
  return [{ path: "clouds", problem }]
}

/** By what the key of a cloud is known; undefined where it says nothing of its account. */
const keyOf = ({ name, kinds }: Cloud): string | undefined => {
  const known = Object.values(kinds)[0]?.account?.known()
  return known && `${name} ${known}`
}

const cloudIssues = (clouds: ReadonlyArray<Cloud | CloudWithoutKey>): ReadonlyArray<Issue> => {
  const path = "clouds"
  const names = clouds.map(({ name }) => name)
  if (names.length === 0) return [{ path, problem: "is empty: pass at least one, such as vast({ apiKey })" }]
  const variables = clouds.flatMap((one) => (isWithoutKey(one) ? [one.lacks] : []))
  if (variables.length === names.length) {
    return [{ path, problem: `has no cloud with a key: set ${variables.join(" or ")}` }]
  }
  const twice = clouds.find(
    ({ name, account }, index) => clouds.findIndex((one) => one.name === name && one.account === account) !== index
  )
  if (twice) {
    const which = twice.account === undefined ? twice.name : `the account "${twice.account}" of ${twice.name}`
    return [
      {
        path,
        problem: `has ${which} twice: give each account a name, such as ${twice.name}({ apiKey, account: "team" })`
      }
    ]
  }
  const known = clouds.flatMap((one) => (isWithoutKey(one) ? [] : [{ one, key: keyOf(one) }]))
  const same = known.find(
    ({ key }, index) => key !== undefined && known.findIndex((other) => other.key === key) !== index
  )
  if (same) return [{ path, problem: `has ${same.one.name} twice with one key: an account has one name` }]
  return clouds.flatMap((one) => (isWithoutKey(one) ? [] : versionIssues(one)))
}

/** Throws `InvalidRequest` for options that no client can be made of: a limit that is not understood is not left out. */
export const checkOptions = (
  given: unknown,
  names: ReadonlyArray<keyof typeof options>,
  call: (...args: never[]) => unknown
): void => {
  const misshapen = shape.argument(Object.fromEntries(names.map((name) => [name, options[name]])))("options", given)
  if (misshapen.length > 0) throw thrownBy(call, InvalidRequest.all(misshapen))
  const { clouds, spendLimit = {}, answerWithin } = given as GpuOptions<ReadonlyArray<Cloud | CloudWithoutKey>>
  const issues = [
    ...cloudIssues(clouds),
    ...(answerWithin === undefined ? [] : timeIssues("answerWithin", Duration.toMillis(answerWithin))),
    ...(["perHour", "perDay", "perMonth", "total"] as const).flatMap((name) =>
      checkMoney(`spendLimit.${name}`, spendLimit[name])
    )
  ]
  if (issues.length > 0) throw thrownBy(call, InvalidRequest.all(issues))
}
