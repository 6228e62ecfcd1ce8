import { runpod } from "@anygpu/runpod"
import { createRunpodSimulator, type RunpodSimulator } from "@anygpu/simulators"
import { type BenchCloud, bearer, diskMiB, inMillis, publicKey, type SimulatedCloud } from "../../cloud.ts"

/** The parts of an offer's id: `NVIDIA_L4@US-KS-2`, `NVIDIA_L4+2+community@US-KS-2`. */
const partsOf = (id: string) => {
  const [what = "", place = ""] = id.split("@")
  const [type = "", ...of] = what.split("+")
  const cloud: "SECURE" | "COMMUNITY" = of.includes("community") ? "COMMUNITY" : "SECURE"
  return {
    type: decodeURIComponent(type.replaceAll("_", " ")),
    count: Number.parseInt(of[0] ?? "1", 10) || 1,
    cloud,
    place
  }
}

/** The id of the offer that a pod was made of; the simulator knows no ids of offers: `NVIDIA L4 x2 SECURE@US-KS-2`. */
const offerIdOf = (of: string): string => {
  const [, type = "", count = "1", cloud = "", place = ""] = /^(.+) x(\d+) (\w+)@(.+)$/.exec(of) ?? []
  const what = `${type.replaceAll(" ", "_")}${count === "1" ? "" : `+${count}`}`
  return `${what}${cloud === "COMMUNITY" ? "+community" : ""}@${place}`
}

const withControls = (simulator: RunpodSimulator): SimulatedCloud => ({
  ...simulator,
  truth: (at) => simulator.truth(at).map((machine) => ({ ...machine, of: offerIdOf(machine.of) })),
  addStranger: (name) => simulator.addMachine({ name }),
  strike: (mishap, { id }) => {
    if (mishap === "machines ended by others") simulator.deleteOutside(id)
    else simulator.failMachine(id)
  },
  makeRoom: (offers) => {
    for (const { id } of offers) {
      const { type, cloud } = partsOf(id)
      simulator.freeCapacity(type, 10_000, cloud)
    }
  }
})

const timesOf = (pace: number) => ({ provisioning: pace, starting: 4 * pace, ports: 5, stopping: 8 })

/** Runpod as the benches know it. */
export const cloud: BenchCloud = {
  order: 4,
  stalls: [{ kind: "container", order: 7, powers: true, most: 120 }],
  make: (account) => runpod(account),
  routes: {
    offers: { method: "GET", path: /\/v2\/catalog\/gpus/ },
    create: { method: "POST", path: /\/v2\/pods$/ },
    list: { method: "GET", path: /\/v2\/pods$/ },
    read: { method: "GET", path: /\/v2\/pods\/[^/]+$/ },
    act: { method: "POST", path: /\/v2\/pods\/[^/]+\/action$/ },
    end: { method: "DELETE", path: /\/v2\/pods\/[^/]+$/ }
  },
  options: () => ({ image: "runpod/pytorch", sshKeys: [publicKey], diskMiB }),
  speech: {
    header: bearer,
    offers: { method: "GET", path: "/v2/catalog/gpus?include=AVAILABILITY&product=POD" },
    create: (offer, name) => {
      const { type, count, cloud: market, place } = partsOf(offer.id)
      const container = { image: "runpod/pytorch", disk: 33, ports: ["22/tcp"], env: { PUBLIC_KEY: publicKey } }
      const body = { name, gpu: { id: type, count }, cloud: market, dataCenterIds: [place], ...container }
      return { method: "POST", path: "/v2/pods", body }
    },
    idIn: ({ body }) => body.id,
    show: ({ id }) => ({ method: "GET", path: `/v2/pods/${id}` }),
    isUp: ({ body }) => body?.status === "RUNNING",
    end: ({ id }) => ({ method: "DELETE", path: `/v2/pods/${id}` })
  },
  launched: { kind: "containers" },
  forRun: (options, pace) => withControls(createRunpodSimulator({ ...options, timeline: inMillis(timesOf(pace)) })),
  forStorm: (options) => withControls(createRunpodSimulator({ ...options, stock: 1000 })),
  inhabited: (options) => {
    const simulator = createRunpodSimulator({ ...options, credit: 1000 })
    for (let count = 0; count < 2; count++) simulator.addMachine()
    return simulator
  }
}
