import { createVastSimulator, type VastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { type BenchCloud, bearer, diskMiB, inMillis, type Mishap, publicKey, type SimulatedCloud } from "../../cloud.ts"

/** How long a host stays away, in milliseconds. */
const away = 600_000

const strikeOn = (simulator: VastSimulator, mishap: Mishap, id: number): void => {
  if (mishap === "boots that fail") simulator.failBoot(id)
  else if (mishap === "machines that break") simulator.exitContainer(id)
  else if (mishap === "machines ended by others") throw new Error("nothing on Vast.ai ends a machine but a request")
  else {
    simulator.hostOffline(id)
    void simulator.clock.sleep(away).then(() => {
      // Its owner may have given it back meanwhile.
      const isThere = simulator.truth().some((machine) => machine.id === String(id) && machine.isAlive)
      if (isThere) simulator.hostOnline(id)
    })
  }
}

const withControls = (simulator: VastSimulator): SimulatedCloud => ({
  ...simulator,
  addStranger: (label) => String(simulator.addMachine({ label })),
  strike: (mishap, { id }) => strikeOn(simulator, mishap, Number(id))
})

const timesOf = (pace: number) => ({
  ...{ provisioning: pace, created: pace, loading: 3 * pace, stopping: 8, starting: pace, resuming: pace },
  ...{ rebooting: 15, logs: 4 }
})

/** Vast.ai as the benches know it. */
export const cloud: BenchCloud = {
  order: 1,
  stalls: [
    { kind: "container", order: 1, powers: true, most: 180 },
    { kind: "vm", order: 2, powers: true, most: 120 }
  ],
  make: (account) => vast(account),
  routes: {
    offers: { method: "POST", path: /^\/api\/v0\/bundles\// },
    create: { method: "PUT", path: /^\/api\/v0\/asks\// },
    list: { method: "GET", path: /^\/api\/v[01]\/instances\/$/ },
    read: { method: "GET", path: /^\/api\/v0\/instances\/\d+\// },
    act: { method: "PUT", path: /^\/api\/v0\/instances\// },
    end: { method: "DELETE", path: /^\/api\/v0\/instances\// }
  },
  // A container takes the keys of the account; a VM is given one.
  options: ({ kind }) =>
    kind === "container"
      ? { image: "ubuntu:24.04", diskMiB }
      : { os: "docker.io/vastai/kvm:ubuntu_terminal", diskMiB, sshKeys: [publicKey] },
  speech: {
    header: bearer,
    offers: { method: "POST", path: "/api/v0/bundles/", body: { gpu_ram: { gte: 22_000 }, limit: 5000 } },
    create: (offer, label) => {
      const { image, os } = cloud.options(offer)
      const vm = offer.kind === "vm" && { vm: true }
      const body = { image: image ?? os, label, disk: 33, runtype: "ssh_direct", ...vm }
      return { method: "PUT", path: `/api/v0/asks/${offer.id}/`, body }
    },
    idIn: ({ body }) => body.new_contract,
    show: ({ id }) => ({ method: "GET", path: `/api/v0/instances/${id}/` }),
    isUp: ({ body }) => body?.instances?.actual_status === "running",
    end: ({ id }) => ({ method: "DELETE", path: `/api/v0/instances/${id}/`, body: {} })
  },
  launched: { kind: "containers", limit: 200 },
  forRun: (options, pace) =>
    withControls(
      createVastSimulator({ ...options, offers: 40, timeline: inMillis(timesOf(pace)), sshKeys: [publicKey] })
    ),
  forStorm: (options) =>
    withControls(createVastSimulator({ ...options, offers: 1000, rateLimits: false, sshKeys: [publicKey] })),
  inhabited: (options, kind) => {
    const simulator = createVastSimulator({ ...options, credit: 1000, offers: 6 })
    const machine = kind === "vm" ? { image: "docker.io/vastai/kvm:ubuntu_22.04" } : {}
    for (let count = 0; count < 2; count++) simulator.addMachine(machine)
    return simulator
  }
}
