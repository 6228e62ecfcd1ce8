import { createVerdaSimulator, type VerdaSimulator } from "@anygpu/simulators"
import { verda } from "@anygpu/verda"
import { type BenchCloud, bearer, diskMiB, inMillis, publicKey, type SimulatedCloud } from "../../cloud.ts"

/** The parts of an offer's id: `1H100.80S.30V@FIN-01`, `1H100.80S.30V+spot@FIN-01`. The simulator writes the same. */
const partsOf = (id: string) => {
  const [what = "", place = ""] = id.split("@")
  const [type = "", spot] = what.split("+")
  return { type, place, isSpot: spot === "spot" }
}

const withControls = (simulator: VerdaSimulator): SimulatedCloud => ({
  ...simulator,
  addStranger: (name) => simulator.addMachine({ hostname: name }),
  strike: (mishap, { id }) => {
    if (mishap === "machines ended by others") simulator.deleteOutside(id)
    else simulator.failMachine(id)
  },
  makeRoom: (offers) => {
    for (const { id } of offers) {
      const { type, isSpot } = partsOf(id)
      simulator.freeCapacity(type, 10_000, isSpot)
    }
  }
})

const timesOf = (pace: number) => ({ placing: 5, provisioning: 4 * pace, stopping: 8, starting: 20, deleting: 10 })

/** Programs by hand do not log in: they have a token that lasts. */
const lasting = (apiKey = "verda_sim_0123456789abcdef") => ({ lastingToken: apiKey })

/** Verda as the benches know it. */
export const cloud: BenchCloud = {
  order: 6,
  stalls: [{ kind: "vm", order: 9, powers: true, most: 120 }],
  make: ({ apiKey, ...account }) => verda({ clientId: apiKey, clientSecret: apiKey, ...account }),
  routes: {
    offers: { method: "GET", path: /\/v1\/instance-types/ },
    create: { method: "POST", path: /\/v1\/instances$/ },
    list: { method: "GET", path: /\/v1\/instances$/ },
    read: { method: "GET", path: /\/v1\/instances\/[^/]+$/ },
    act: { method: "PUT", path: /\/v1\/instances$/ },
    end: { method: "PUT", path: /\/v1\/instances$/ }
  },
  options: () => ({ os: "ubuntu-24.04", sshKeys: [publicKey], diskMiB }),
  speech: {
    header: bearer,
    offers: { method: "GET", path: "/v1/instance-types?currency=usd" },
    register: {
      request: (key) => ({ method: "POST", path: "/v1/ssh-keys", body: { name: "bench", key } }),
      idIn: ({ body }) => body
    },
    create: (offer, name, keyId) => {
      const { type, place, isSpot } = partsOf(offer.id)
      const what = { instance_type: type, image: "ubuntu-24.04", location_code: place, is_spot: isSpot }
      const body = { ...what, hostname: name, ssh_key_ids: [keyId], os_volume: { name: `${name}-os`, size: 50 } }
      return { method: "POST", path: "/v1/instances", body }
    },
    idIn: ({ body }) => body,
    show: ({ id }) => ({ method: "GET", path: `/v1/instances/${id}` }),
    isUp: ({ body }) => body?.status === "running",
    end: ({ id }) => ({ method: "PUT", path: "/v1/instances", body: { action: "delete", id } })
  },
  launched: { kind: "vms" },
  forRun: (options, pace) =>
    withControls(createVerdaSimulator({ ...options, ...lasting(), timeline: inMillis(timesOf(pace)) })),
  forStorm: (options) => withControls(createVerdaSimulator({ ...options, ...lasting(), stock: 1000, limits: false })),
  inhabited: (options) => {
    const simulator = createVerdaSimulator({ ...options, credit: 1000 })
    for (let count = 0; count < 2; count++) simulator.addMachine()
    return simulator
  }
}
