import {
  type AnyProvider,
  InvalidRequest,
  type Issue,
  type Kind,
  type LaunchOptions,
  launchOptions,
  type OptionalOp,
  optionalOps,
  shape,
  thrownBy
} from "@anygpu/core"

/** A launch without its offer, and the operations that will be needed afterwards. */
export interface PortabilityRequest extends Partial<LaunchOptions> {
  /** Operations the caller relies on, such as `stop` or `logs`; all of them when absent. */
  readonly operations?: ReadonlyArray<OptionalOp>
}

/** What one kind of one cloud makes of a launch. */
export interface Portability {
  readonly provider: string
  readonly kind: Kind
  /** Nothing is lost and nothing is missing. */
  readonly fits: boolean
  /** Launch options that were given and that it does not have: a launch with them is `Unsupported`. */
  readonly lacksOptions: ReadonlyArray<string>
  /** Launch options that it needs and that were not given. */
  readonly needsOptions: ReadonlyArray<string>
  /** Operations that it does not have. */
  readonly lacksOperations: ReadonlyArray<OptionalOp>
  /** The same in sentences for people. */
  readonly notes: ReadonlyArray<string>
}

const list = (names: ReadonlyArray<string>) => names.join(", ")

const names: ReadonlyArray<string> = ["operations", ...launchOptions]
const requestShape = shape.partOfArgument({ operations: shape.optional(shape.texts) })

const issuesOf = (request: PortabilityRequest): ReadonlyArray<Issue> => {
  const misshapen = requestShape("request", request)
  if (misshapen.length > 0) return misshapen
  return [
    ...shape.unknownNames(Object.keys(request), names, "is no launch option"),
    ...shape.unknownNames(request.operations ?? [], optionalOps, "is no operation that clouds may lack")
  ]
}

/**
 * What each cloud would make one lose: computed from what the adapters declare, without a request.
 *
 * - An operation that a cloud has may still be impossible in some statuses; see its status page.
 * - Throws `InvalidRequest` for an option or operation that there is not.
 */
export const portabilityOf = (
  providers: ReadonlyArray<AnyProvider>,
  request: PortabilityRequest | undefined = {},
  call?: (...args: never[]) => unknown
): ReadonlyArray<Portability> => {
  const issues = issuesOf(request)
  if (issues.length > 0) throw thrownBy(call ?? portabilityOf, InvalidRequest.all(issues))
  return providers.map((provider) => {
    const wanted = request.operations ?? optionalOps
    const given = launchOptions.filter((option) => request[option] !== undefined)
    const lacksOptions = given.filter((option) => !provider.launchOptions.has(option))
    const needsOptions = [...provider.requiredOptions].filter((option) => request[option] === undefined)
    const lacksOperations = wanted.filter((op) => !provider.capabilities.has(op))
    const portsStay = provider.capabilities.has("update") && !provider.updateOptions.has("ports")
    const notes = [
      ...(lacksOptions.length > 0 ? [`cannot launch with ${list(lacksOptions)}`] : []),
      ...(needsOptions.length > 0 ? [`needs ${list(needsOptions)}`] : []),
      ...(lacksOperations.length > 0 ? [`has no ${list(lacksOperations)}`] : []),
      ...(provider.launchOptions.has("bid") ? [] : ["rents nothing interruptible"]),
      ...(portsStay ? ["ports stay as they were launched"] : [])
    ]
    const fits = lacksOptions.length + needsOptions.length + lacksOperations.length === 0
    const { provider: name, kind } = provider
    return { provider: name, kind, fits, lacksOptions, needsOptions, lacksOperations, notes }
  })
}
