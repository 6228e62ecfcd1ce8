import type { Offer } from "@anygpu/core"
import { shadeform } from "@anygpu/shadeform"
import { createShadeformSimulator, type ShadeformSimulator } from "@anygpu/simulators"
import { type BenchCloud, inMillis, publicKey, type SimulatedCloud } from "../../cloud.ts"

/** The parts of an offer's id: `massedcompute+A6000@kansascity-usa-1`, `nebius+H100_sxm5+spot@eu-north1`. */
const partsOf = (id: string) => {
  const [what = "", region = ""] = id.split("@")
  const [cloud = "", type = "", spot] = what.split("+")
  return { cloud, type, region, isSpot: spot !== undefined }
}

/** The id of the offer that a machine was made of; the simulator knows no ids of offers: `nebius/H100_sxm5 spot@eu-north1`. */
const offerIdOf = (of: string): string => {
  const [, cloud = "", type = "", spot = "", region = ""] = /^([^/]+)\/(.+?)( spot)?@(.+)$/.exec(of) ?? []
  return `${cloud}+${type}${spot && "+spot"}@${region}`
}

const withControls = (simulator: ShadeformSimulator): SimulatedCloud => ({
  ...simulator,
  truth: (at) => simulator.truth(at).map((machine) => ({ ...machine, of: offerIdOf(machine.of) })),
  addStranger: (name) => simulator.addMachine({ name }),
  strike: (mishap, { id }) => {
    if (mishap === "machines ended by others") simulator.deleteOutside(id)
    else simulator.failMachine(id)
  },
  makeRoom: (offers) => {
    for (const { id } of offers) {
      const { cloud: behind, type } = partsOf(id)
      simulator.freeCapacity(behind, type, 10_000)
    }
  }
})

const timesOf = (pace: number) => ({
  creating: 5,
  provider: 4 * pace,
  pending: pace,
  ending: 5,
  deleting: 20,
  check: 300
})

const createOf = (offer: Offer, name: string, keyId: string) => {
  const { cloud: behind, type, region, isSpot } = partsOf(offer.id)
  const where = { cloud: behind, region, shade_instance_type: type, shade_cloud: true }
  return { ...where, rental_type: isSpot ? "spot" : "on_demand", name, ssh_key_id: keyId }
}

/** Shadeform as the benches know it. */
export const cloud: BenchCloud = {
  order: 7,
  stalls: [
    { kind: "vm", order: 13, powers: false, most: 240 },
    { kind: "container", order: 14, powers: false, most: 240 },
    { kind: "baremetal", order: 15, powers: false, most: 240 }
  ],
  make: (account) => shadeform(account),
  routes: {
    offers: { method: "GET", path: /\/instances\/types/ },
    create: { method: "POST", path: /\/instances\/create$/ },
    list: { method: "GET", path: /\/instances$/ },
    read: { method: "GET", path: /\/instances\/[^/]+\/info$/ },
    act: { method: "POST", path: /\/instances\/[^/]+\/(update|restart)$/ },
    end: { method: "POST", path: /\/instances\/[^/]+\/delete$/ }
  },
  options: () => ({ os: "ubuntu22.04", sshKeys: [publicKey] }),
  speech: {
    header: (key) => ({ "x-api-key": key }),
    offers: { method: "GET", path: "/v1/instances/types?available=true&sort=price" },
    register: {
      request: (public_key) => ({ method: "POST", path: "/v1/sshkeys/add", body: { name: "me", public_key } }),
      idIn: ({ body }) => String(body.id)
    },
    create: (offer, name, keyId) => ({
      ...{ method: "POST", path: "/v1/instances/create", body: createOf(offer, name, keyId) }
    }),
    idIn: ({ body }) => body.id,
    show: ({ id }) => ({ method: "GET", path: `/v1/instances/${id}/info` }),
    isUp: ({ body }) => body?.status === "active",
    end: ({ id }) => ({ method: "POST", path: `/v1/instances/${id}/delete` })
  },
  launched: { kind: "vms" },
  forRun: (options, pace) => withControls(createShadeformSimulator({ ...options, timeline: inMillis(timesOf(pace)) })),
  forStorm: (options) => withControls(createShadeformSimulator({ ...options, stock: 1000 })),
  inhabited: (options, kind) => {
    const simulator = createShadeformSimulator({ ...options, credit: 1000 })
    const places = {
      container: { cloud: "excesssupply", type: "RTX4090", region: "desmoines-usa-1" },
      baremetal: { cloud: "latitude", type: "L40Sx2", region: "dallas-usa-1" }
    } as const
    for (let count = 0; count < 2; count++) {
      simulator.addMachine(kind === "container" || kind === "baremetal" ? places[kind] : {})
    }
    return simulator
  }
}
