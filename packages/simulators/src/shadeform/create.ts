import { type Json, objectsIn, textIn, textsIn } from "../kit/fields.ts"
import { isObject, isReply, ok, type Reply } from "../kit/http.ts"
import { outOfStock, refusal, tooPoor } from "./answers.ts"
import { systems } from "./catalogue.ts"
import { create, fits, money, type Order, type Threshold, typeOf } from "./machine.ts"
import type { Call } from "./routes.ts"
import { volumesIn } from "./volume.ts"
import type { World } from "./world.ts"

/** How bad input is refused is not documented. */
export const invalid = (field: string): Reply => refusal(400, `${field} is invalid`)

const isAmount = (value: unknown) => typeof value === "string" && /^\d*\.?\d+$/.test(value)
const isDate = (value: unknown) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))

/** Thresholds as they may be written; null where they are left out. */
export const thresholdIn = (value: unknown): Threshold | null | Reply => {
  if (value === undefined || value === null) return null
  if (!isObject(value)) return invalid("threshold")
  const { date_threshold: date, spend_threshold: spend } = value
  if (date !== undefined && !isDate(date)) return invalid("date_threshold")
  if (spend !== undefined && !isAmount(spend)) return invalid("spend_threshold")
  return {
    ...(date !== undefined && { date_threshold: String(date) }),
    ...(spend !== undefined && { spend_threshold: String(spend) })
  }
}

/** One of two: a container, or a script. Source: Shadeform API reference, LaunchConfiguration. */
const launchIn = (value: unknown): Json | null | Reply => {
  if (value === undefined) return null
  if (!isObject(value)) return invalid("launch_configuration")
  const { type, docker_configuration: docker, script_configuration: script } = value
  const isDocker = type === "docker" && isObject(docker) && textIn(docker, "image") !== undefined
  const isScript = type === "script" && isObject(script) && textIn(script, "base64_script") !== undefined
  return isDocker || isScript ? value : invalid("launch_configuration")
}

type Named = Pick<Order, "cloud" | "type" | "region" | "isSpot" | "name">

const namedIn = (body: Json): Named | Reply => {
  const [cloud, type, region, name] = ["cloud", "shade_instance_type", "region", "name"].map((one) => textIn(body, one))
  if (cloud === undefined || type === undefined || region === undefined || name === undefined) {
    return refusal(400, "cloud, region, shade_instance_type and name are required")
  }
  const place = typeOf({ cloud, type })?.places.find((one) => one.region === region)
  if (place === undefined) return refusal(400, "unknown instance type or region")
  const rental = body.rental_type ?? "on_demand"
  if (rental !== "on_demand" && rental !== "spot") return invalid("rental_type")
  // Source: Shadeform docs, guides/spot: never silently on demand.
  if (rental === "spot" && place.spot === null) return refusal(400, "spot is not offered for this instance type")
  return { cloud, type, region, name, isSpot: rental === "spot" }
}

const orderIn = (world: World, body: Json): Order | Reply => {
  const { state, choices } = world
  const named = namedIn(body)
  if (isReply(named)) return named
  const launch = launchIn(body.launch_configuration)
  if (isReply(launch)) return launch
  const thresholds = [thresholdIn(body.auto_delete), thresholdIn(body.alert)]
  const wrong = thresholds.find(isReply)
  if (wrong) return wrong
  const [autoDelete = null, alert = null] = thresholds as (Threshold | null)[]
  const { os = systems[0], ssh_key_id: given } = body
  const key = state.keys.find(({ id, is_default }) => (given === undefined ? is_default : id === given))
  if (!systems.includes(String(os))) return invalid("os")
  if (key === undefined) return invalid("ssh_key_id")
  const volumes = volumesIn(world, body, named)
  if (isReply(volumes)) return volumes
  const envs = body.envs === undefined ? null : (objectsIn(body.envs) ?? null)
  const recorded = choices.recordsAutoDelete ? autoDelete : null
  return {
    ...{ ...named, os: String(os), keyId: key.id, tags: textsIn(body.tags ?? []) ?? [], launch, envs, volumes, alert },
    autoDelete: recorded
  }
}

/** POST /instances/create. Whether the input, the wallet or the stock is looked at first is not documented. */
export const createInstance = ({ world, body, bodyIsJson }: Call): Reply => {
  if (!bodyIsJson) return refusal(400, "malformed body")
  const order = orderIn(world, body)
  if (isReply(order)) return order
  // Source: as seen live, with a balance below zero.
  if (world.state.credit < money.toUnits(5)) return tooPoor(money.toDollars(world.state.credit))
  if (!fits(world, order)) return outOfStock(order.type, order.region)
  return ok({ id: create(world, order).id })
}
