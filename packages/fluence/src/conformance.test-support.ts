import {
  answers,
  type CloudControls,
  type FaultEffect,
  type FaultProxy,
  faultProxy,
  type Habit,
  type Harness,
  habitual,
  othersLate,
  type World
} from "@anygpu/conformance"
import type { LaunchSpec, Offer, WorkloadUpdate } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createFluenceSimulator, type FluenceSimulator } from "@anygpu/simulators"
import * as gpuWire from "./gpu/wire.ts"
import { type Fluence, fluence } from "./index.ts"
import { machineRequests } from "./machine-requests.test-support.ts"
import { idPaths, isOfferOf, kept, type Row, rowsIn } from "./rows.test-support.ts"

/** A kind as Fluence's own client names it. */
export type FluenceKind = keyof Fluence["kinds"]

const apiKey = "fluence-conformance-key-71c3e9a54b"
const otherKey = "fluence-conformance-key-of-others-2e60"
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90czAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2 conformance@fluence"
const registry = { host: "docker.io", username: "conformance-user", password: "registry-conformance-secret" }
const ubuntu = (release: string) =>
  `https://cloud-images.ubuntu.com/releases/${release}/release/ubuntu-${release}-server-cloudimg-amd64.img`

/** An accepted end that does nothing: without a body on the GPU side. */
const acceptedGpu: FaultEffect = async () => new Response(null, { status: 204 })

/** What the GPU kinds share. */
const gpu = {
  unknownId: "3f9c1c52-0000-4000-8000-00000000dead",
  noCapacity: answers(400, { detail: "Selected plan is no longer available" }),
  noFunds: answers(400, { detail: "Insufficient balance to deploy instance" }),
  accepted: acceptedGpu
} as const

/** An option of the plans of VMs and bare metal is one machine, so that a list of them is as long as there are options. */
const options = { vms: 6, baremetal: 5 } as const

const specOfMachine = (offer: Offer): LaunchSpec => {
  const [os = ""] = gpuWire.Option.parse(offer.native).os_options ?? []
  return { offer, name: "training", os, sshKeys: [sshKey] }
}

const publicContainer = (offer: Offer): LaunchSpec => ({
  offer,
  name: "training",
  image: "docker.io/fluencelabs/debian-ssh-root:11",
  env: { HF_TOKEN: "hf-conformance-secret-4711" },
  command: ["sh", "-c", "echo up; sleep infinity"],
  sshKeys: [sshKey],
  ports: [{ port: 22 }, { port: 80, protocol: "http" }, { port: 8000 }]
})

/** For each kind the one whose routes are most like its own. */
const siblings = { containers: "vms", vms: "baremetal", baremetal: "vms", cpuVms: "vms" } as const

/** What differs between the kinds. */
interface Profile {
  readonly kind: "container" | "vm" | "baremetal" | "cpu-vm"
  /** Where it is ordered. */
  readonly orders: string
  readonly unknownId: string
  readonly noCapacity: FaultEffect
  readonly noFunds: FaultEffect
  readonly accepted: FaultEffect
  /** How many machines of strangers the market has room for. */
  readonly strangers: number
  readonly spec: (offer: Offer) => LaunchSpec
  readonly changes?: WorkloadUpdate
  /** A container with a login cannot be renamed without it: Fluence replaces all of it and never returns the login. */
  readonly specToRename?: (offer: Offer) => LaunchSpec
}

const profiles: Readonly<Record<FluenceKind, Profile>> = {
  containers: {
    ...gpu,
    kind: "container",
    orders: "/gpu/instances/",
    strangers: 30,
    spec: (offer) => ({ ...publicContainer(offer), registry }),
    specToRename: publicContainer,
    changes: {
      name: "renamed",
      image: "docker.io/fluencelabs/private-trainer:2",
      env: { ANYGPU_UPDATED: "updated-conformance-value" },
      command: ["sh", "-c", "echo updated"],
      registry: { ...registry, host: "ghcr.io" }
    }
  },
  vms: {
    ...gpu,
    kind: "vm",
    orders: "/gpu/instances/vms",
    strangers: options.vms,
    spec: specOfMachine
  },
  baremetal: {
    ...gpu,
    kind: "baremetal",
    orders: "/gpu/instances/baremetal",
    strangers: options.baremetal,
    spec: specOfMachine
  },
  cpuVms: {
    kind: "cpu-vm",
    orders: "/vms/v3",
    unknownId: `0x${"0".repeat(36)}dEaD`,
    noCapacity: answers(422, { error: "No suitable offer found" }),
    noFunds: answers(400, { error: "Insufficient balance" }),
    accepted: answers(200, { removed_ids: [], transactions: [] }),
    strangers: 12,
    spec: (offer) => ({ offer, name: "training", os: ubuntu("24.04"), sshKeys: [sshKey], ports: [{ port: 8000 }] }),
    changes: { name: "renamed", ports: [{ port: 22 }, { port: 8443 }] }
  }
}

/** A search and an estimate are sent like changes, and change nothing. */
const isMutating = (method: string, path: string) =>
  method !== "GET" && path !== "/marketplace/offers" && path !== "/vms/v3/estimate"

const faultProxyTo = (simulator: FluenceSimulator, { orders, kind }: Profile, habit: Habit | undefined): FaultProxy => {
  const machines = machineRequests(simulator, kind)
  return faultProxy({
    ...{ isMutating, machines },
    fetch: habitual(habit, { fetch: simulator.fetch, time: simulator.clock, isMutating, machines }),
    isCreate: ({ method, path }) => method === "POST" && path === orders,
    bodies: { failed: { error: "simulated failure" }, limited: { error: "Too many requests" } }
  })
}

/** The first offer of an answer: a container plan, an option of a VM or bare metal, or a configuration of a CPU VM. */
const isOffer = (row: Row): boolean => "upfront_hours" in row || ("slug" in row && "price" in row)

/**
 * What can be done to Fluence.
 *
 * - `createRefusedButMade` is not among them: no document shows a refused order that leaves a machine.
 * - `breakLaterPages` is not either: no list of Fluence has pages.
 * - A GPU machine that was ended outside stays in the lists; a CPU VM leaves them once its deletion is complete.
 * - `sayOfBoot` is for containers: of other machines no field holds the cloud's words.
 * - An unknown word is laid over the answers, since the cloud itself takes the end of ACTIVE machines only.
 */
const controlsOn = (
  simulator: FluenceSimulator,
  { create, meet, tamper, controls }: FaultProxy,
  { kind, noCapacity, noFunds, accepted, strangers }: Profile
): Partial<CloudControls> => {
  const isAlive = (id: string) => simulator.machines().some((machine) => machine.id === id && machine.alive)
  return {
    ...controls,
    createRefusedForCapacity: create(noCapacity),
    createRefusedForQuota: create(answers(400, { detail: "maximum number of instances: 2" })),
    createRefusedForFunds: create(noFunds),
    fillPages: () => Array.from({ length: strangers }, () => simulator.addMachine({ kind })),
    malformMachine: (id) => {
      tamper((body) => {
        for (const row of rowsIn(body)) if (row.id === id) row["name" in row ? "name" : "vmName"] = { odd: true }
      })
    },
    malformOffer: () => {
      tamper((body) => {
        const row = rowsIn(body).find(isOffer)
        if (row) for (const field of Object.keys(row)) row[field] = { odd: true }
      })
    },
    alterMachine: (id, change) =>
      tamper((body) => {
        for (const row of rowsIn(body)) if (row.id === id) kept(row, ["id"], change)
      }),
    othersLate: othersLate((id, body) => rowsIn(body).filter((row) => row.id === id), meet, simulator.clock),
    alterOffer: (change) =>
      tamper((body) => {
        const row = rowsIn(body).find((candidate) => idPaths.some(([name]) => isOfferOf(candidate, name)))
        const path = idPaths.find(([name]) => row && isOfferOf(row, name))
        if (row && path) kept(row, path, change)
      }),
    unknownStatus: (id) => {
      tamper((body) => {
        for (const row of rowsIn(body)) {
          if (row.id !== id || !isAlive(id)) continue
          row["instance_status" in row ? "instance_status" : "status"] = "MIGRATING"
        }
      })
    },
    removeOutside: kind === "cpu-vm" ? simulator.deleteOutside : simulator.endOutside,
    freezeDestroy: (times) => meet(({ method, path }) => method === "DELETE" && path !== "/ssh_keys", accepted, times),
    ...(kind === "container" && {
      exitMachine: simulator.exitContainer,
      writeLog: simulator.writeLog,
      sayOfBoot: (id: string, words: string) => simulator.failContainer(id, `[Warning] [Failed] ${words}`)
    })
  }
}

const open = (name: FluenceKind, habit: Habit | undefined): World => {
  const profile = profiles[name]
  const { kind, spec, specToRename, changes, unknownId } = profile
  const simulator = createFluenceSimulator({ apiKey, credit: 10_000 })
  const carried = faultProxyTo(simulator, profile, habit)
  const transport = fetchTransport(carried.send)
  const others = createFluenceSimulator({ apiKey: otherKey, clock: simulator.clock, seed: 2 })
  const transportOf = (key: string) => (key === otherKey ? fetchTransport(others.fetch) : transport)
  return {
    ...(habit && { habit }),
    secret: apiKey,
    time: simulator.clock,
    connect: (key) => fluence({ apiKey: key, transport: transportOf(key) }).kinds[name],
    sibling: (key) => fluence({ apiKey: key, transport: transportOf(key) }).kinds[siblings[name]],
    factory: { make: fluence, variable: "FLUENCE_API_KEY" },
    spec,
    ...(specToRename && { specToRename }),
    ...(changes && { changes }),
    unknownId,
    machines: () =>
      simulator
        .machines()
        .filter((machine) => machine.kind === kind)
        .map(({ id, name: label, alive, status }) => ({
          ...{ id, name: label, alive, running: alive && status.toLowerCase() === "active" }
        })),
    requests: carried.requests,
    controls: { ...controlsOn(simulator, carried, profile), otherAccount: () => otherKey },
    close: () => simulator.clock.close()
  }
}

const oneWord = {
  test: "lifecycle: a workload that ended by itself is not running",
  reason:
    "Fluence has one word, NOT_STARTED, for a container that comes up and for one that ended or cannot start: it is " +
    "`starting`, charged, and only events() say which"
}

/** The simulated Fluence as the conformance suite takes it, for one of its kinds. */
export const fluenceHarness = (kind: FluenceKind): Harness => ({
  name: `Fluence ${kind}`,
  open: (habit) => open(kind, habit),
  skip: kind === "containers" ? [oneWord] : []
})
