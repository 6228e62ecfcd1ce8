import { ok, type Reply } from "../../kit/http.ts"
import { byValue } from "../filter.ts"
import { type Call, failure, idIn, invalidJson, success } from "../http.ts"
import type { Offer } from "../offer.ts"
import type { World } from "../world.ts"
import { matching } from "./search.ts"

const invalid = (msg: string): Reply => failure(400, "invalid_args", `error 400/3467: Invalid args: ${msg}`)

const leftOn = (world: World, offer: Offer): number =>
  world.state.volumes
    .filter(({ ask }) => ask === offer.fixed.avail_vol_ask_id)
    .reduce((left, { size }) => left - size, Number(offer.fixed.avail_vol_size ?? 0))

/** A volume that can be rented. Its columns aren't documented: those of the machine's offer, with the disk that is left. */
const offerRow = (world: World, offer: Offer): Readonly<Record<string, unknown>> => ({
  ...{ id: offer.fixed.avail_vol_ask_id, machine_id: offer.fixed.machine_id, host_id: offer.fixed.host_id },
  ...{ disk_space: leftOn(world, offer), storage_cost: offer.storageCost, geolocation: offer.fixed.geolocation },
  ...{ verification: offer.fixed.verification, external: offer.fixed.external, inet_up: offer.fixed.inet_up },
  ...{ inet_down: offer.fixed.inet_down, reliability: offer.fixed.reliability }
})

/**
 * POST /api/v0/volumes/search/, in the form of the search of offers. Source: Vast docs, search volumes; the route table.
 */
export const searchVolumes = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const query = matching(call.body)
  if ("status" in query) return query
  const rows = [...call.world.offers.values()]
    .filter(({ fixed }) => fixed.avail_vol_ask_id != null)
    .map((offer) => ({ offer, row: offerRow(call.world, offer) }))
    .filter(({ offer, row }) => query.tests.every((test) => test(row, offer)))
    .map(({ row }) => row)
  return ok({ offers: rows.sort((a, b) => byValue(a.id, b.id)).slice(0, query.limit) })
}

/** GET /api/v0/volumes/ of the account; `type` is local or network, and all here are local. */
export const listVolumes = ({ world, query }: Call): Reply => {
  const rows = world.state.volumes.map(({ id, name, size, machine, createdAt }) => ({
    ...{ id, name, disk_space: size, machine_id: machine, start_date: createdAt / 1000 }
  }))
  return ok({ volumes: query.get("type") === "network_volume" ? [] : rows })
}

/** PUT /api/v0/volumes/ with `{ id, size, name }`: `volume_name` is `V.<id>`. Source: Vast docs, rent volume. */
export const rentVolume = ({ world, body, bodyIsJson }: Call): Reply => {
  if (!bodyIsJson) return invalidJson()
  const offer = [...world.offers.values()].find(({ fixed }) => fixed.avail_vol_ask_id === body.id && body.id != null)
  if (offer === undefined) return invalid("no such volume offer")
  const { size = 15, name = null } = body
  if (typeof size !== "number" || !(size > 0) || size > leftOn(world, offer)) return invalid("'size' does not fit")
  const id = world.state.nextContract
  world.state.nextContract += world.random.integer(1, 9)
  world.state.volumes.push({
    ...{ id, size, ask: Number(body.id), machine: Number(offer.fixed.machine_id), createdAt: world.state.at },
    name: typeof name === "string" ? name : null
  })
  return success({ volume_name: `V.${id}` })
}

/**
 * DELETE /api/v0/volumes/ by `?id=` or `{ id }`. Source: vast-cli, vastai/api/storage.py; Vast docs, delete volume.
 *
 * - An unknown one: undocumented.
 */
export const deleteVolume = ({ world, query, body }: Call): Reply => {
  const id = idIn(String(query.get("id") ?? body.id))
  const found = world.state.volumes.find((volume) => volume.id === id)
  if (found === undefined) return invalid("no such volume")
  world.state.volumes = world.state.volumes.filter((volume) => volume !== found)
  return success()
}
