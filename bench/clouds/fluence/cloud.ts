import type { Offer } from "@anygpu/core"
import { fluence } from "@anygpu/fluence"
import { createFluenceSimulator, type FluenceSimulator, type MachineTruth } from "@anygpu/simulators"
import {
  type BenchCloud,
  bearer,
  inMillis,
  type Known,
  type Mishap,
  type Plain,
  publicKey,
  type SimulatedCloud
} from "../../cloud.ts"

const strikeOn = (simulator: FluenceSimulator, mishap: Mishap, { id, kind }: MachineTruth): void => {
  if (mishap === "machines ended by others") simulator.deleteOutside(id)
  else if (kind === "cpu-vm") simulator.providerTerminates(id)
  else if (kind !== "container") simulator.failProvisioning(id)
  else if (mishap === "boots that fail") simulator.failContainer(id)
  else simulator.exitContainer(id)
}

const withControls = (simulator: FluenceSimulator): SimulatedCloud => ({
  ...simulator,
  addStranger: (name) => simulator.addMachine({ name }),
  strike: (mishap, machine) => strikeOn(simulator, mishap, machine)
})

const timesOf = (pace: number) => ({
  ...{ provisioning: 4 * pace, network: 8, starting: pace, updating: 15, ending: 5, launching: 4 * pace },
  ...{ listing: 3, stopping: 10, leaving: 60 }
})

const ubuntu = "https://cloud-images.ubuntu.com/releases/24.04/release/ubuntu-24.04-server-cloudimg-amd64.img"
const segments: Readonly<Record<string, string>> = { container: "", vm: "vms", baremetal: "baremetal" }
const instanceAt = ({ id, kind }: Known): string =>
  `/gpu/instances/${kind === "container" ? "" : `${segments[kind]}/`}${id}`

const createOf = (offer: Offer, name: string): Plain => {
  const { image, os } = cloud.options(offer)
  const [plan_id, place] = offer.id.split("@")
  if (offer.kind === "cpu-vm") {
    const constraints = { basicConfiguration: plan_id, datacenter: place && { countries: [place] } }
    const vmConfiguration = { name, osImage: os, sshKeys: [publicKey], openPorts: [] }
    return { method: "POST", path: "/vms/v3", body: { constraints, instances: 1, vmConfiguration } }
  }
  const path = `/gpu/instances/${segments[offer.kind]}`
  if (offer.kind !== "container") {
    return { method: "POST", path, body: { plan_id, name, os_image: os, ssh_key: publicKey } }
  }
  const container_settings = { image, expose: [{ port: "22", protocol: "tcp" }], environment: [] }
  const constraints = place && { location: place }
  return { method: "POST", path, body: { plan_id, name, container_settings, constraints, ssh_key: publicKey } }
}

/** Fluence as the benches know it. Days are charged for CPU machines, so their jobs are the longest. */
export const cloud: BenchCloud = {
  order: 2,
  stalls: [
    { kind: "container", order: 4, powers: false, most: 240 },
    { kind: "vm", order: 5, powers: false, most: 240 },
    { kind: "cpu-vm", order: 6, powers: false, most: 2000 }
  ],
  make: (account) => fluence(account),
  routes: {
    offers: { method: "GET", path: /^\/gpu\/plans\// },
    create: { method: "POST", path: /^\/gpu\/instances\/|^\/vms\/v3$/ },
    list: { method: "GET", path: /^\/gpu\/instances\/(vms|baremetal)?$|^\/vms\/v[23]$/ },
    read: { method: "GET", path: /^\/gpu\/instances\/.*-|^\/vms\/v3\/status/ },
    act: { method: "PUT", path: /^\/gpu\/instances\// },
    end: { method: "DELETE", path: /^\/gpu\/instances\/|^\/vms\/v3$/ }
  },
  options: ({ kind, systems }) => {
    if (kind === "container") {
      return { image: "docker.io/fluencelabs/debian-ssh-root:11", ports: [{ port: 22 }], sshKeys: [publicKey] }
    }
    return { os: kind === "cpu-vm" ? ubuntu : (systems?.[0] ?? "ubuntu_22_04"), sshKeys: [publicKey] }
  },
  speech: {
    header: (key) => ({ "x-api-key": key, ...bearer(key) }),
    offers: { method: "GET", path: "/gpu/plans/" },
    create: createOf,
    idIn: ({ body }) => body.instance_id ?? body[0]?.vmId,
    show: (machine) =>
      machine.kind === "cpu-vm"
        ? { method: "GET", path: `/vms/v3/status?ids=${machine.id}` }
        : { method: "GET", path: instanceAt(machine) },
    isUp: ({ body }, { kind }) =>
      kind === "cpu-vm"
        ? body?.[0]?.status === "Active"
        : body?.instance_status === "ACTIVE" && (body.container_status ?? "STARTED") === "STARTED",
    end: (machine) =>
      machine.kind === "cpu-vm"
        ? { method: "DELETE", path: "/vms/v3", body: { vmIds: [machine.id] } }
        : { method: "DELETE", path: instanceAt(machine) }
  },
  launched: { kind: "containers" },
  forRun: (options, pace) => withControls(createFluenceSimulator({ ...options, timeline: inMillis(timesOf(pace)) })),
  forStorm: (options) => withControls(createFluenceSimulator(options)),
  inhabited: (options, kind) => {
    const simulator = createFluenceSimulator({ ...options, credit: 10_000 })
    for (let count = 0; count < 2; count++) simulator.addMachine({ kind })
    return simulator
  }
}
