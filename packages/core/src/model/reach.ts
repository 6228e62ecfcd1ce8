import type { GpuError } from "../errors.ts"

/**
 * How far a failure reaches: whether the next offer would meet it too.
 *
 * | reach | meaning | what a launch over several offers does |
 * | --- | --- | --- |
 * | `here` | this host or this offer | tries the next offer |
 * | `cloud` | this account, or all of this cloud: no money, a quota, the key, a permission, a rate limit | stops, or goes on with other clouds |
 * | `everywhere` | the request itself: a wrong image, a refused login, a command that cannot start | stops at once |
 */
export type Reach = "here" | "cloud" | "everywhere"

/**
 * How far an error reaches. The one rule for all clouds.
 *
 * - What the error says of itself (`error.reach`) goes before what its class says.
 * - A refused login is `everywhere`: the next machine would be given the same keys.
 * - Money that the caller's own limit forbids is `here`: a cheaper offer may fit.
 */
export const reachOf = (error: GpuError): Reach => {
  if (error.reach) return error.reach
  switch (error._tag) {
    case "InvalidRequest":
    case "Conflict":
    case "IllegalAction":
    case "LaunchUnsettled":
    case "LoginRefused":
      return "everywhere"
    case "Unauthenticated":
    case "PermissionDenied":
    case "RateLimited":
      return "cloud"
    case "OutOfFunds":
      return error.ownLimit ? "here" : "cloud"
    default:
      return "here"
  }
}
