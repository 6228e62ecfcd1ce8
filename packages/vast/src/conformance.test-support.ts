import {
  answers,
  type CloudControls,
  type FaultProxy,
  faultProxy,
  type Habit,
  type Harness,
  habitual,
  type MachineRequests,
  type World
} from "@anygpu/conformance"
import { type Kind, type Offer, scaleMoney } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createVastSimulator, type VastSimulator } from "@anygpu/simulators"
import { vast } from "./index.ts"

const apiKey = "vast-conformance-key-93b1d7e2"
const otherKey = "vast-conformance-key-of-others-5a0c"
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef conformance@vast"
const vmImage = "docker.io/vastai/kvm:ubuntu_22.04"

/** A search and a request for logs are sent like changes, and change nothing. */
const isMutating = (method: string, path: string) =>
  method !== "GET" && path !== "/api/v0/bundles/" && !path.startsWith("/api/v0/instances/request_logs/")

const isOne = (path: string): boolean => /^\/api\/v0\/instances\/\d+\/(?:\?|$)/.test(path)

const machinesOf = (simulator: VastSimulator): MachineRequests => ({
  isRead: ({ method, path }) => method === "GET" && isOne(path),
  isEnd: ({ method, path }) => method === "DELETE" && isOne(path),
  absent: {
    read: answers(200, { instances: null }),
    end: answers(404, { success: false, error: "no_such_instance", msg: "Instance not found" })
  },
  refused: { success: false, error: "invalid_args", msg: "error 400/1782: the instance is being destroyed" },
  strange: (body) => Object.assign(Object(Object(body).instances), { actual_status: "destroyed" }),
  living: () => simulator.machines().flatMap(({ id, alive }) => (alive ? [String(id)] : []))
})

const faultProxyTo = (simulator: VastSimulator, habit: Habit | undefined): FaultProxy => {
  const machines = machinesOf(simulator)
  return faultProxy({
    ...{ isMutating, machines },
    fetch: habitual(habit, { fetch: simulator.fetch, time: simulator.clock, isMutating, machines }),
    isCreate: ({ path }) => path.startsWith("/api/v0/asks/"),
    bodies: {
      failed: { success: false, error: "server_error", msg: "simulated failure" },
      limited: { detail: "API requests too frequent endpoint threshold=2.0" }
    }
  })
}

/** The ids of both kinds are one space, and one route ends both. */
const otherKind = { container: "vms", vm: "containers" } as const

const controlsOn = (
  simulator: VastSimulator,
  { create, meet, tamper, controls }: FaultProxy,
  kind: Kind
): Partial<CloudControls> => {
  const refused = (error: string, msg: string) => answers(400, { success: false, error, msg })
  const rows = (body: unknown, name: string) => {
    const found = (body as Record<string, unknown>)[name]
    return Array.isArray(found) ? (found as Array<Record<string, unknown>>) : []
  }
  return {
    ...controls,
    createRefusedForCapacity: create(refused("invalid_args", "error 404/3603: no_such_ask not available.")),
    createRefusedForQuota: create(refused("invalid_args", "error 400/3467: instance limit reached: 2 of 2 instances")),
    createRefusedForFunds: create(refused("insufficient_credit", "Insufficient credits")),
    createRefusedButMade: () => {
      const msg = "Required resources are currently unavailable"
      const on = { method: "PUT", path: "/api/v0/asks/{id}/" }
      simulator.fault({ on, do: { kind: "refuse", error: "resources_unavailable", msg, made: true } })
    },
    fillPages: () =>
      Array.from({ length: 30 }, () => String(simulator.addMachine(kind === "vm" ? { image: vmImage } : {}))),
    breakLaterPages: () => meet(({ path }) => path.includes("after_token="), answers(500, { success: false })),
    endlessPages: () => {
      let page = 0
      return tamper((body, { path }) => {
        const [row] = rows(body, "instances")
        if (!row || !path.startsWith("/api/v1/instances/")) return
        page += 1
        Object.assign(Object(body), { instances: [{ ...row, id: 500_000_000 + page }], next_token: `page-${page}` })
      })
    },
    malformMachine: (id) => {
      tamper((body) => {
        for (const row of rows(body, "instances")) if (String(row.id) === id) row.gpu_name = { odd: true }
      })
    },
    malformOffer: () => {
      tamper((body) => {
        const [row] = rows(body, "offers")
        if (row) row.gpu_name = { odd: true }
      })
    },
    alterMachine: (id, change) =>
      tamper((body) => {
        const one = Object(body).instances
        const found = Array.isArray(one) ? rows(body, "instances") : [Object(one) as Record<string, unknown>]
        for (const row of found) if (String(row.id) === id) kept(row, change)
      }),
    alterOffer: (change) =>
      tamper((body) => {
        for (const row of rows(body, "offers").slice(0, 1)) kept(row, change)
      }),
    unknownStatus: (id) => simulator.setStatus(Number(id), { actual_status: "hibernating" }),
    removeOutside: async (id) => {
      const console = { method: "DELETE", headers: { authorization: `Bearer ${simulator.apiKey}` } }
      const url = `${simulator.origin}/api/v0/instances/${id}/`
      while ((await simulator.fetch(url, console)).status === 429) await simulator.clock.sleep(3000)
    },
    freezeDestroy: (times) => meet(({ method }) => method === "DELETE", answers(200, { success: true }), times),
    sayOfBoot: (id, words) =>
      simulator.setStatus(Number(id), {
        ...{ actual_status: "loading", intended_status: "running", cur_state: "running", next_state: "running" },
        status_msg: words
      }),
    exitMachine: (id) => simulator.exitContainer(Number(id)),
    writeLog: (id, line) => simulator.writeLog(Number(id), line)
  }
}

/** The change of a row, but for its id. */
const kept = (row: Record<string, unknown>, change: (row: Record<string, unknown>) => void): void => {
  const { id } = row
  change(row)
  row.id = id
}

/** Leaves only machines with open ports on the market: a launch that wants ports has to fit on every offer. */
const openMarket = async (simulator: VastSimulator): Promise<void> => {
  const headers = { authorization: `Bearer ${apiKey}` }
  const body = JSON.stringify({ limit: 1000 })
  const answer = await simulator.fetch(`${simulator.origin}/api/v0/bundles/`, { method: "POST", headers, body })
  const { offers }: { offers: ReadonlyArray<{ id: number; direct_port_count: number }> } = await answer.json()
  for (const { id, direct_port_count } of offers) if (direct_port_count < 2) simulator.removeOffer(id)
}

/** A launch with everything that fits together on the offer. */
const specOn = (offer: Offer) => {
  const bid = offer.interruptible
    ? { bid: scaleMoney(offer.minimumBid ?? offer.pricePerHour ?? { micros: 1e6, currency: "USD" }, 2) }
    : {}
  const common = { offer, name: "training", sshKeys: [sshKey], diskMiB: 20_480, ...bid }
  if (offer.kind === "vm") return { ...common, os: "ubuntu_22.04" }
  return {
    ...common,
    image: "ubuntu:22.04",
    env: { HF_TOKEN: "hf-conformance-secret-4711" },
    onStart: "echo up",
    registry: { host: "docker.io", username: "me", password: "registry-conformance-secret" },
    ports: [{ port: 8000 }]
  }
}

const open = async (kind: "container" | "vm", habit: Habit | undefined): Promise<World> => {
  const simulator = createVastSimulator({ apiKey, credit: 1000, offers: 80 })
  await openMarket(simulator)
  const carried = faultProxyTo(simulator, habit)
  const transport = fetchTransport(carried.send)
  const others = createVastSimulator({ apiKey: otherKey, clock: simulator.clock, seed: 2 })
  const transportOf = (key: string) => (key === otherKey ? fetchTransport(others.fetch) : transport)
  return {
    ...(habit && { habit }),
    secret: apiKey,
    time: simulator.clock,
    connect: (key) => vast({ apiKey: key, transport: transportOf(key) }).kinds[kind === "vm" ? "vms" : "containers"],
    sibling: (key) => vast({ apiKey: key, transport: transportOf(key) }).kinds[otherKind[kind]],
    factory: { make: vast, variable: "VAST_API_KEY" },
    spec: specOn,
    unknownId: "999999999",
    machines: () =>
      simulator.machines().map(({ id, label, alive, actualStatus }) => ({
        ...{ id: String(id), name: label, alive, running: alive && actualStatus === "running" }
      })),
    requests: carried.requests,
    controls: { ...controlsOn(simulator, carried, kind), otherAccount: () => otherKey },
    close: () => simulator.clock.close()
  }
}

/** The simulated Vast as the conformance suite takes it, for containers or for VMs. */
export const vastHarness = (kind: "container" | "vm"): Harness => ({
  name: `Vast.ai ${kind}s`,
  open: (habit) => open(kind, habit)
})
