import type { Route } from "@anygpu/conformance"
import { InstanceRef, type Money, type PortRequest } from "@anygpu/core"
import { makeAccount, makeCaller, nativeClient, type WireRequest } from "@anygpu/core/adapter"
import * as Redacted from "effect/Redacted"
import { account } from "../account.ts"
import { scriptedCloud } from "../cloud.test-support.ts"
import { classify } from "../errors.ts"
import { cpuEndpoints } from "./endpoints.ts"
import answers from "./fixtures/answers.json" with { type: "json" }
import { cpuVms } from "./provider.ts"

export const apiKey = "fluence-key-7c1d0a94be52"
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"
export const image = "https://cloud-images.ubuntu.com/releases/22.04/release/ubuntu-22.04-server-cloudimg-amd64.img"

/** The ids of the documents. */
export const id = "0x311edB209b61EaA8c3e67c6B96D03288DB5Bc020"
export const otherId = "0x79F7D3F8c1A2D7B4A890a1B5cE3EfCd8D6E7F8a9"

/** CPU VMs of a Fluence that answers each route, such as `GET /vms/v2`, from a script. */
export const cloudOf = (routes: Readonly<Record<string, Route>>) => {
  const script = scriptedCloud(routes)
  const caller = makeCaller({
    provider: "fluence",
    baseUrl: "https://api.fluence.dev",
    headers: () => ({ "x-api-key": Redacted.make(apiKey) }),
    secrets: [apiKey],
    classify,
    transport: script.transport
  })
  return {
    ...script,
    vms: cpuVms(caller, account(caller), makeAccount({ provider: "fluence", apiKey: "k" })),
    native: nativeClient(cpuEndpoints, caller)
  }
}

type Cloud = ReturnType<typeof cloudOf>

/** The documents' offer, with other prices, places and stock. */
export const offerRow = (price: string | null, place: object | null = {}, stock: number | null = 5) => ({
  ...answers.offer,
  configuration: { ...answers.offer.configuration, price },
  datacenter: place && { ...answers.offer.datacenter, ...place },
  servers: stock === null ? null : [{ availableBasicInstances: stock, additionalResources: [] }]
})

/** What a launch is asked for beyond what every one needs. */
interface More {
  readonly ports?: ReadonlyArray<PortRequest>
  readonly os?: string
  readonly maxPerHour?: Money
}

/** A launch on the first offer of a cloud. */
export const specOn = async ({ vms, run }: Cloud, more: More = {}) => {
  const [offer] = (await run(vms.offers())).items
  if (!offer) throw new Error("no offer")
  return { offer, name: "Web Server", os: image, sshKeys: [publicKey], ...more }
}

export const list = "GET /vms/v2"
export const search = "POST /marketplace/offers"
export const create = "POST /vms/v3"
export const end = "DELETE /vms/v3"
export const patch = "PATCH /vms/v2"

/** The ref of a VM by its id. */
export const ref = (of: string = id) => new InstanceRef("fluence", "cpu-vm", of)

/** A list that always holds the same rows. */
export const listed = (...rows: ReadonlyArray<unknown>) => ({ [list]: { json: rows } })

/** One offer in each of two countries. */
export const offers = { [search]: { json: [offerRow("0.30698"), offerRow("1", { countryCode: "FR" })] } }

/** The name that an order gives its VM. */
export const nameIn = ({ body = "" }: WireRequest): unknown => JSON.parse(body).vmConfiguration.name

/** A cloud that keeps VMs: an order makes them with the name it was given, an end takes them away. */
export const living = (made: ReadonlyArray<string> = [id], more: Readonly<Record<string, Route>> = {}) => {
  const rows = new Map<string, object>()
  const cloud = cloudOf({
    ...offers,
    [list]: () => ({ json: [...rows.values()] }),
    [create]: (request) => {
      const vmName = nameIn(request)
      for (const vmId of made) rows.set(vmId, { ...answers.vmA, id: vmId, vmName, pricePerEpoch: "0.30698" })
      return { json: made.map((vmId) => ({ vmId, vmName })) }
    },
    [end]: ({ body = "" }) => {
      for (const vmId of JSON.parse(body).vmIds) rows.delete(vmId)
      return { text: "" }
    },
    ...more
  })
  return { ...cloud, rows }
}
