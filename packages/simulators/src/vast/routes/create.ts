import { isObject, type Reply } from "../../kit/http.ts"
import { createContract, type Order } from "../contract.ts"
import { type Call, failure, idIn, invalidJson, success } from "../http.ts"
import { bootMachine, keepStopped, occupy } from "../lifecycle.ts"
import { availabilityOf, basePriceOf, minBidOf } from "../market.ts"
import type { Offer } from "../offer.ts"
import { isRuntype, reportedRuntype } from "../runtype.ts"
import type { Template } from "../world.ts"
import { findTemplate } from "./templates.ts"

const prefix = "error 400/3467: Invalid args:"

/** Thrown inside this file for a body that's refused. */
class Refused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

const invalid = (text: string): never => {
  throw new Refused("invalid_args", `${prefix} ${text}`)
}

/** A text field of at most `max` characters; null counts as absent, as the official client sends it. */
const textIn = (body: Call["body"], name: string, max: number): string | null => {
  const value = body[name] ?? null
  if (value === null) return null
  if (typeof value !== "string") return invalid(`'${name}' must be a string`)
  return value.length > max ? invalid(`'${name}' is longer than ${max} characters`) : value
}

/** `env` must be an object on create. Source: Vast docs, creating-instances-with-api ("Wrong" for a string of flags). */
const envIn = (body: Call["body"]): Array<readonly [string, string]> => {
  const env = body.env ?? {}
  if (!isObject(env)) return invalid("'env' must be an object")
  const pairs = Object.entries(env).map(([name, value]) => [name, String(value)] as const)
  const total = pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  return total > 32_768 ? invalid("'env' is too long") : pairs
}

const argsIn = (body: Call["body"]): string[] => {
  const args = body.args ?? null
  if (args !== null && !Array.isArray(args)) return invalid("'args' must be an array")
  const text = textIn(body, "args_str", 4096)
  return [...(args ?? []).map(String), ...(text === null ? [] : text.split(/\s+/).filter((word) => word !== ""))]
}

const priceIn = (body: Call["body"]): number | null => {
  const price = body.price ?? null
  if (price === null) return null
  if (typeof price !== "number" || Number.isNaN(price) || price < 0.001 || price > 128)
    throw new Refused("invalid_price", "error 400/3480: invalid_price bid must be between 0.001 and 128")
  return price
}

const diskIn = (body: Call["body"], offer: Offer): number => {
  const disk = body.disk ?? 8
  if (typeof disk !== "number" || Number.isNaN(disk) || disk < 8) return invalid("'disk' must be at least 8 GB")
  return disk > offer.diskSpace ? invalid(`'disk' is larger than the ${offer.diskSpace} GB of the offer`) : disk
}

const runtypeIn = (body: Call["body"], hasArgs: boolean): string => {
  const runtype = body.runtype ?? (hasArgs ? "args" : "ssh")
  if (typeof runtype !== "string" || !isRuntype(runtype)) return invalid("'runtype' is unknown")
  return reportedRuntype(runtype)
}

/** A template that there is not is refused; in which words is undocumented. Source: Vast docs, as below. */
const templateIn = ({ world }: Call, hash: string | null, id: number | null): Template | undefined => {
  if (hash === null && id === null) return undefined
  return findTemplate(world, hash, id) ?? invalid(`no such template: '${hash ?? id}'`)
}

const contentOf = (template: Template | undefined, column: string): string | null => {
  const value = template?.content[column]
  return typeof value === "string" && value !== "" ? value : null
}

const imageOf = (template: Template | undefined): string => {
  const tag = contentOf(template, "tag")
  const image = contentOf(template, "image") ?? invalid("'image' is required")
  return tag === null ? image : `${image}:${tag}`
}

/** The flags of Docker in a template's `env`: `-e NAME=value -p 8000:8000`. */
const flagsIn = (text: string): ReadonlyArray<readonly [string, string]> =>
  [...text.matchAll(/-e\s+([^\s=]+)=(\S*)|(-p\s+\S+)/g)].map(([, name, value = "", port]) =>
    port === undefined ? ([name ?? "", value] as const) : ([port, "1"] as const)
  )

/** Reads a create body by the limits of the documents' x-input-validation. Source: Vast docs, PUT /api/v0/asks/{id}/. */
const orderIn = (call: Call, offer: Offer): Order => {
  const { body, world } = call
  const templateHash = textIn(body, "template_hash_id", 1024)
  const templateId = typeof body.template_id === "number" ? body.template_id : null
  const image = textIn(body, "image", 1024)
  if (image === null && templateHash === null && templateId === null) return invalid("'image' is required")
  const template = templateIn(call, templateHash, templateId)
  const args = argsIn(body)
  // 4048 on onstart is the limit of the reference page, 4096 that of all three together.
  const onstart = textIn(body, "onstart", 4048) ?? contentOf(template, "onstart")
  if ((onstart ?? "").length + args.join(" ").length > 4096) return invalid("'args' and 'onstart' are too long")
  if (body.vm === true && world.state.keys.length === 0)
    throw new Refused("no_ssh_key_for_vm", "error 400/3490: no_ssh_key_for_vm add an SSH key to your account first")
  return {
    offer,
    label: textIn(body, "label", 256),
    bid: priceIn(body),
    disk: diskIn(body, offer),
    workload: {
      image: image ?? imageOf(template),
      runtype: runtypeIn({ ...body, runtype: body.runtype ?? contentOf(template, "runtype") }, args.length > 0),
      env: [...new Map([...flagsIn(contentOf(template, "env") ?? ""), ...envIn(body)])],
      onstart,
      args,
      templateId: template?.id ?? null,
      templateHash: template?.hash ?? null,
      vm: body.vm === true,
      hasLogin: typeof body.image_login === "string" && body.image_login !== ""
    }
  }
}

/**
 * What happens to a valid order.
 *
 * - A bid under the minimum, and an on-demand order that can't start with `cancel_unavail: false`, make a stopped
 *   contract and answer `success: false` with `new_contract`: it exists, and its disk is billed. Source: seen by other
 *   clients; the error code is undocumented.
 * - `cancel_unavail` is true by default for on-demand. Source: Vast docs, PUT /api/v0/asks/{id}/.
 */
const fulfil = (call: Call, order: Order): Reply => {
  const { world, body } = call
  const { offer } = order
  const ask = { ask_id: offer.id }
  const availability = availabilityOf(world, offer)
  const wantsStopped = body.target_state === "stopped"
  const cancel = typeof body.cancel_unavail === "boolean" ? body.cancel_unavail : order.bid === null && !wantsStopped
  const wins =
    order.bid === null
      ? availability === "free" || availability === "bid"
      : availability !== "taken" && order.bid >= minBidOf(world, offer)
  if (!wins && cancel && !wantsStopped)
    return failure(
      410,
      "no_such_ask",
      `error 410/3907: no_such_ask Instance type ${offer.id} is no longer available.`,
      ask
    )
  const machine = createContract(world, order, order.bid ?? basePriceOf(world, offer))
  const made = { new_contract: machine.id, instance_api_key: machine.apiKey }
  if (wantsStopped) {
    keepStopped(world, machine, null)
    return success(made)
  }
  if (!wins) {
    keepStopped(world, machine, order.bid === null ? null : "bid")
    return failure(200, "resources_unavailable", "Required resources are currently unavailable", { ...made, ...ask })
  }
  occupy(world, machine)
  bootMachine(world, machine)
  return success(made)
}

/**
 * PUT /api/v0/asks/{id}/, which makes an instance of an offer; `new_contract` is its id. Source: Vast docs.
 *
 * - An offer the market doesn't list is a 404 `no_such_ask`; one that can't start now a 410.
 * - Without credit: `insufficient_credit`, as other clients have seen; its HTTP status is undocumented, taken as 400.
 */
export const createInstance = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const id = idIn(call.params.id)
  if (id === undefined) return failure(400, "invalid_args", `${prefix} 'id' is required and must be a valid offer ID`)
  const offer = call.world.offers.get(id)
  const ask = { ask_id: id }
  if (offer === undefined || availabilityOf(call.world, offer) === "gone")
    return failure(404, "invalid_args", `error 404/3603: no_such_ask Instance type by id ${id} is not available.`, ask)
  try {
    const order = orderIn(call, offer)
    if (call.world.state.credit <= 0n) return failure(400, "insufficient_credit", "Insufficient credits", ask)
    return fulfil(call, order)
  } catch (error) {
    if (error instanceof Refused) return failure(400, error.code, error.message, ask)
    throw error
  }
}
