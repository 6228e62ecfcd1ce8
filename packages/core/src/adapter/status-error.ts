import {
  BadResponse,
  Conflict,
  type GpuError,
  InvalidRequest,
  OutOfFunds,
  PermissionDenied,
  ProviderFault,
  RateLimited,
  Unauthenticated,
  Unsupported
} from "../errors.ts"
import type { Answer } from "./answer.ts"
import { sentenceOf, wordsOf } from "./said.ts"

/**
 * The error that follows from an answer's status alone, for adapters and for what they leave unclassified; the cloud's
 * own words are quoted.
 *
 * - 400, 422 and other refusals `InvalidRequest`; 401 `Unauthenticated`; 402 `OutOfFunds`; 403 `PermissionDenied`;
 *   409 `Conflict`; 429 `RateLimited`.
 * - 404 is a `BadResponse` that may pass, and never `NotFound`: a gateway says it too, of a route. That a machine does
 *   not exist only a cloud's own words say, which its adapter has to know.
 * - 405, 410 and 501 are `Unsupported`: the route is retired, and says nothing about a machine either.
 * - 408 and 5xx: a `ProviderFault` that may pass. 3xx: a permanent `BadResponse` that says where the redirect leads.
 */
export const errorOfStatus = (answer: Answer): GpuError => {
  const { status, operation } = answer
  const said = wordsOf(answer)
  const message = (advice: string) => `${operation}: the cloud answered ${status}${said && ` (${said})`}: ${advice}`
  const permanent = (advice: string) => ({ message: message(advice), retry: "permanent" as const })
  const temporary = (advice: string) => ({ message: message(advice), retry: "temporary" as const })
  switch (status) {
    case 401:
      return new Unauthenticated(permanent("check the API key"))
    case 402:
      return new OutOfFunds(permanent("add credit to the account"))
    case 403:
      return new PermissionDenied(permanent("check what the API key may do"))
    case 404:
      return new BadResponse({
        ...temporary(
          "it is no word of the cloud about what was asked for, so nothing is known of it: check baseUrl, try again later, and look for a newer anygpu if it stays"
        ),
        path: ""
      })
    case 405:
    case 410:
    case 501:
      return new Unsupported({
        ...permanent(
          "this route is retired or refused, so nothing is known and nothing was done: look for a newer anygpu"
        ),
        feature: operation
      })
    case 409:
      return new Conflict(temporary("its present state forbids this"))
    case 429:
      return new RateLimited(temporary("call less often"))
    case 408:
      return new ProviderFault(temporary("the cloud was too slow, try again later"))
    default:
  }
  if (status >= 500) return new ProviderFault(temporary("the cloud failed, try again later"))
  if (status >= 300 && status < 400) {
    const target = answer.headers.location?.split(/[?#]/)[0]
    return new BadResponse({
      message: `${operation}: the cloud answered ${status} with a redirect to ${target || "an unknown place"}: check baseUrl, whether this network wants a login first, and look for a newer anygpu`,
      retry: "permanent",
      path: ""
    })
  }
  return new InvalidRequest({
    ...permanent("change the request"),
    issues: said ? [{ path: "", problem: sentenceOf(answer) }] : []
  })
}
