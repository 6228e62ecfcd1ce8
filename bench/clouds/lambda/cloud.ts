import { lambda } from "@anygpu/lambda"
import { createLambdaSimulator, type LambdaSimulator } from "@anygpu/simulators"
import { type BenchCloud, bearer, inMillis, publicKey, type SimulatedCloud } from "../../cloud.ts"

const withControls = (simulator: LambdaSimulator): SimulatedCloud => ({
  ...simulator,
  addStranger: (name) => simulator.addMachine({ name }),
  strike: (mishap, { id }) => {
    if (mishap === "machines ended by others") simulator.deleteOutside(id)
    else simulator.failMachine(id)
  },
  makeRoom: (offers) => {
    for (const { id } of offers) {
      const [type = "", region] = id.split("@")
      simulator.freeCapacity(type, 10_000, region)
    }
  }
})

const timesOf = (pace: number) => ({ address: pace, boot: 5 * pace, terminating: 20, remembering: 600 })

/** Lambda as the benches know it. */
export const cloud: BenchCloud = {
  order: 5,
  stalls: [{ kind: "vm", order: 8, powers: false, most: 120 }],
  make: (account) => lambda(account),
  routes: {
    offers: { method: "GET", path: /\/instance-types$/ },
    create: { method: "POST", path: /\/instance-operations\/launch$/ },
    list: { method: "GET", path: /\/instances$/ },
    read: { method: "GET", path: /\/instances\/[^/]+$/ },
    act: { method: "POST", path: /\/instance-operations\/restart$/ },
    end: { method: "POST", path: /\/instance-operations\/terminate$/ }
  },
  options: () => ({ sshKeys: [publicKey] }),
  speech: {
    header: bearer,
    offers: { method: "GET", path: "/api/v1/instance-types" },
    register: {
      request: (key) => ({ method: "POST", path: "/api/v1/ssh-keys", body: { name: "mine", public_key: key } }),
      idIn: () => "mine"
    },
    create: (offer, name, keyName) => {
      const [instance_type_name, region_name] = offer.id.split("@")
      const body = { instance_type_name, region_name, name, ssh_key_names: [keyName] }
      return { method: "POST", path: "/api/v1/instance-operations/launch", body }
    },
    idIn: ({ body }) => body.data?.instance_ids?.[0],
    show: ({ id }) => ({ method: "GET", path: `/api/v1/instances/${id}` }),
    isUp: ({ body }) => body?.data?.status === "active",
    end: ({ id }) => ({
      method: "POST",
      path: "/api/v1/instance-operations/terminate",
      body: { instance_ids: [id] }
    })
  },
  launched: { kind: "vms" },
  forRun: (options, pace) => withControls(createLambdaSimulator({ ...options, timeline: inMillis(timesOf(pace)) })),
  forStorm: (options) => withControls(createLambdaSimulator({ ...options, stock: 1000, choices: { limits: false } })),
  inhabited: (options) => {
    const simulator = createLambdaSimulator({ ...options, choices: { limits: false } })
    for (let count = 0; count < 2; count++) simulator.addMachine()
    return simulator
  }
}
