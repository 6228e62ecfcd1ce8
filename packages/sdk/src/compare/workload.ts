import {
  type AnyProvider,
  type Excluded,
  type Issue,
  type Job,
  type LaunchOptions,
  type LaunchSpec,
  launchOptions,
  type Offer,
  orderIssues,
  shape
} from "@anygpu/core"
import * as Effect from "effect/Effect"

/** The options of a launch for one kind of machine: of `image` and `os` the one that it takes, and the job's disk. */
export const optionsFor = (
  given: Partial<LaunchOptions>,
  { storageMiB }: Job,
  { launchOptions: takes }: Pick<AnyProvider, "launchOptions">
): Partial<LaunchOptions> => {
  const { image, os, ...options } = shape.present(given) as Partial<LaunchOptions>
  const both = image !== undefined && os !== undefined
  return {
    ...(storageMiB !== undefined && takes.has("diskMiB") && { diskMiB: Math.ceil(storageMiB) }),
    ...options,
    ...(image !== undefined && (!both || takes.has("image")) && { image }),
    ...(os !== undefined && (!both || takes.has("os")) && { os })
  }
}

/** What is wrong with a workload, whatever its offer. */
export const workloadIssues = (workload: unknown): ReadonlyArray<Issue> => {
  if (workload === undefined) return []
  const misshapen = shape.partOfArgument({})("workload", workload)
  if (!shape.isFields(workload) || misshapen.length > 0) return misshapen
  return [
    ...shape.unknownNames(Object.keys(workload), launchOptions, "is no launch option", "workload."),
    ...orderIssues({ ...workload, name: "workload" })
  ]
}

/** What an offer cannot run of a launch: the option, and what is wrong with it there. */
export interface Refusal {
  readonly option: string
  readonly problem: string
}

/** A launch on an offer for the sake of its checks: its name, its limits and an unknown price are judged elsewhere. */
export const probeOf = (offer: Offer, options: Partial<LaunchOptions>): LaunchSpec =>
  ({ ...options, offer, name: "workload", allowUnknownPrice: true }) as LaunchSpec

/** Why the machine of an offer cannot run a launch, by its cloud's own rules; null when it can. Sends nothing. */
export const refusalOf = (
  provider: AnyProvider,
  offer: Offer,
  options: Partial<LaunchOptions>
): Effect.Effect<Refusal | null> =>
  Effect.match(provider.check(probeOf(offer, options)), {
    onSuccess: () => null,
    onFailure: (error) => {
      if (error._tag === "Unsupported") return { option: error.feature, problem: "takes none" }
      const [issue] = error._tag === "InvalidRequest" ? error.issues : []
      return issue ? { option: issue.path.split(/[.[]/, 1)[0] ?? issue.path, problem: issue.problem } : null
    }
  })

/** Counts what is left out, by kind of machine and rule. */
export const counting = () => {
  const all = new Map<string, Excluded>()
  return {
    add: ({ provider, kind }: Pick<Excluded, "provider" | "kind">, rule: string, count: number, problem?: string) => {
      const key = `${provider} ${kind} ${rule} ${problem !== undefined}`
      const known = all.get(key)?.count ?? 0
      const first = all.get(key)?.problem ?? problem
      all.set(key, { provider, kind, rule, count: known + count, ...(first !== undefined && { problem: first }) })
    },
    get excluded(): ReadonlyArray<Excluded> {
      return [...all.values()]
    }
  }
}

/** What counts exclusions. */
export type Counting = ReturnType<typeof counting>
