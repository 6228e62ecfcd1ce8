import { type GpuError, PermissionDenied } from "../errors.ts"

const things = `(?:instance|machine|server|vm|gpu|v?cpu|core|node|pod|deployment|resource)s?`
const busy = String.raw`(?:active|running|concurrent|simultaneous|total)\s+`

/** Words by which clouds refuse more than an account may have; a limit on one machine is not among them. */
const words: ReadonlyArray<RegExp> = [
  /\bquotas?\b[^"]{0,80}\b(?:exceed|reach|used|full|hit|exhaust|insufficient|not enough|too (?:low|small))/i,
  /\b(?:exceed|reach|over|above|beyond|hit|insufficient|no|not enough|exhaust)\w{0,12}\b[^"]{0,80}\bquota/i,
  new RegExp(
    String.raw`\b(?:account|project|team|organi[sz]ation|user|${things})[ _-](?:count[ _-])?limit[ _-]?(?:is |was |has been )?(?:exceed|reach|hit)`,
    "i"
  ),
  new RegExp(
    String.raw`\b(?:exceed|reach|hit)\w{0,12}[^".]{0,60}\b(?:limit|maximum|max)\b[^".]{0,40}\b(?:${busy})?${things}\b`,
    "i"
  ),
  new RegExp(String.raw`\b(?:limit|maximum|max)\s+(?:number\s+)?(?:of|on)\s+(?:\d+\s+)?(?:${busy})?${things}\b`, "i"),
  new RegExp(String.raw`\btoo many\s+(?:${busy})?${things}\b`, "i")
]
const ofOne = /\bper (?:instance|machine|server|vm|deployment|node|pod|request)\b|\brate[ _-]?limit/i

const isQuota = (text: string): boolean => !ofOne.test(text) && words.some((pattern) => pattern.test(text))

/**
 * The same error, or `PermissionDenied` where the cloud's words name a quota: the request is right and there may be
 * hardware, but this account may not have more.
 *
 * - Whatever the status: clouds answer 400, 403, 409 and 422 for it.
 */
export const quotaOr = (error: GpuError): GpuError => {
  if (error._tag !== "InvalidRequest" && error._tag !== "Conflict" && error._tag !== "NoCapacity") return error
  if (!isQuota(error.message)) return error
  const { leftovers, unclear } = error
  const message = `${error.message}. It is a quota of the account: end machines, or ask the cloud for more`
  return new PermissionDenied({ message, retry: "permanent", leftovers, unclear })
}
