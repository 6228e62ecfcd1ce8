import { huddle } from "@anygpu/huddle"
import { createHuddleSimulator, type HuddleSimulator } from "@anygpu/simulators"
import { type BenchCloud, bearer, inMillis, publicKey, type SimulatedCloud } from "../../cloud.ts"

const withControls = (simulator: HuddleSimulator): SimulatedCloud => ({
  ...simulator,
  addStranger: (hostname) => simulator.addMachine({ hostname }),
  strike: (mishap, { id }) => {
    if (mishap === "machines ended by others") simulator.deleteOutside(id)
    else simulator.failMachine(id)
  },
  makeRoom: (offers) => {
    for (const { id } of offers) {
      const [type = "", place = ""] = id.split("@")
      simulator.freeCapacity(type, place, 10_000)
    }
  }
})

const timesOf = (pace: number) => ({
  ...{ ordered: pace, provisioning: 4 * pace, stopping: 20, starting: 2 * pace, deleting: 30, listing: 600 }
})

/** Huddle01 as the benches know it. */
export const cloud: BenchCloud = {
  order: 3,
  stalls: [{ kind: "vm", order: 3, powers: true, most: 120 }],
  make: (account) => huddle(account),
  routes: {
    offers: { method: "GET", path: /\/gpus\/available/ },
    create: { method: "POST", path: /\/deployments\/clusters$/ },
    list: { method: "GET", path: /\/deployments$/ },
    read: { method: "GET", path: /\/deployments\/dep_/ },
    act: { method: "POST", path: /\/actions$/ },
    end: { method: "DELETE", path: /\/deployments\// }
  },
  options: () => ({ os: "ubuntu-24.04-cuda-13.0-open-docker", sshKeys: [publicKey] }),
  speech: {
    header: (key) => ({ "x-api-key": key, ...bearer(key) }),
    offers: { method: "GET", path: "/api/v1/gpus/available" },
    register: {
      request: (key) => ({ method: "POST", path: "/api/v1/ssh-keys", body: { name: "mine", public_key: key } }),
      idIn: ({ body }) => body.data.id
    },
    create: (offer, hostname, keyId) => {
      const [cluster_type, location] = offer.id.split("@")
      const body = { cluster_type, location, hostname, image: cloud.options(offer).os, ssh_key_ids: [keyId] }
      return { method: "POST", path: "/api/v1/deployments/clusters", body }
    },
    idIn: ({ body }) => body.data?.id ?? body.id,
    show: ({ id }) => ({ method: "GET", path: `/api/v1/deployments/${id}` }),
    isUp: ({ body }) => (body?.data ?? body)?.status === "running",
    end: ({ id }) => ({ method: "DELETE", path: `/api/v1/deployments/${id}` })
  },
  launched: { kind: "vms" },
  forRun: (options, pace) =>
    withControls(createHuddleSimulator({ ...options, offers: 6, timeline: inMillis(timesOf(pace)) })),
  forStorm: (options) => withControls(createHuddleSimulator({ ...options, offers: 6 })),
  inhabited: (options) => {
    const simulator = createHuddleSimulator({ ...options, credit: 1000, offers: 4 })
    for (let count = 0; count < 2; count++) simulator.addMachine()
    return simulator
  }
}
