import { type LaunchOptions, money, type OfferFilter } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { fluence } from "@anygpu/fluence"
import { huddle } from "@anygpu/huddle"
import { createClock, createFluenceSimulator, createHuddleSimulator, createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { describe, expect, test } from "vitest"
import { createGpu } from "../index.ts"
import { errorOf } from "../placement/placement.test-support.ts"

const job = { duration: "3 hours" } as const
const sshKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"]

/** The three clouds, simulated. */
const clouds = () => {
  const clock = createClock()
  const simulators = {
    fluence: createFluenceSimulator({ clock, credit: 500 }),
    huddle: createHuddleSimulator({ clock }),
    vast: createVastSimulator({ clock, credit: 100 })
  }
  const at = (name: keyof typeof simulators) => ({
    apiKey: simulators[name].apiKey,
    transport: fetchTransport(simulators[name].fetch)
  })
  const gpu = createGpu({ clouds: [vast(at("vast")), fluence(at("fluence")), huddle(at("huddle"))], clock })
  const machines = () => Object.values(simulators).flatMap((simulator) => simulator.truth())
  return { gpu, machines, simulators }
}

/** What was left out for a launch option, in short. */
const unfitIn = (excluded: ReadonlyArray<{ provider: string; kind: string; rule: string; problem?: string }>) =>
  excluded.flatMap(({ provider, kind, rule, problem }) =>
    problem === undefined ? [] : [`${provider} ${kind} ${rule}`]
  )

describe("offers that cannot run a launch are left out, and counted by the option", () => {
  const lines: ReadonlyArray<readonly [string, Partial<LaunchOptions>, Omit<OfferFilter, "interruptible">, string]> = [
    [
      "ports that a host does not open",
      { image: "a/b", ports: [{ port: 8000 }] },
      { kind: "container" },
      "vast container ports"
    ],
    [
      "ssh keys beside a command",
      { image: "a/b", command: ["run"], sshKeys },
      { kind: "container" },
      "vast container sshKeys"
    ],
    ["a bid", { image: "a/b", bid: money(1) }, { kind: "container" }, "vast container bid"],
    [
      "names of variables",
      { image: "a/b", env: { lower: "1" }, ports: [{ port: 80 }] },
      { kind: "container" },
      "fluence container env"
    ],
    [
      "a start script",
      { image: "a/b", onStart: "echo", ports: [{ port: 80 }] },
      { kind: "container" },
      "fluence container onStart"
    ],
    [
      "a registry",
      { image: "a/b", ports: [{ port: 80 }], registry: { host: "quay.io", username: "u", password: "p" } },
      { kind: "container" },
      "fluence container registry"
    ],
    [
      "a place",
      { image: "a/b", ports: [{ port: 80 }], location: "XX" },
      { kind: "container" },
      "fluence container location"
    ],
    ["a system", { os: "no-such-system", sshKeys }, { kind: "vm" }, "fluence vm os"],
    ["a place of a VM", { os: "ubuntu-22.04", sshKeys, location: "NOWHERE-1" }, { kind: "vm" }, "huddle vm location"],
    ["a disk", { os: "ubuntu-22.04", sshKeys, diskMiB: 1e7 }, { kind: "vm" }, "huddle vm diskMiB"],
    [
      "volumes",
      { image: "a/b", volumes: [{ name: "data", sizeMiB: 1024 }] },
      { kind: "container" },
      "vast container volumes"
    ],
    ["an image for a VM", { image: "a/b", sshKeys }, { kind: "vm" }, "huddle vm image"],
    ["a missing system", { sshKeys }, { kind: "vm" }, "huddle vm os"]
  ]
  test.each(lines)("%s", async (_, workload, filter, left) => {
    const { gpu, machines } = clouds()
    const { candidates, excluded } = await gpu.compare({ ...filter, job, workload })
    expect(unfitIn(excluded)).toContain(left)
    for (const { offer } of candidates) {
      await gpu.check({ ...workload, offer, name: "job" })
    }
    expect(machines()).toEqual([])
  })

  test("the counts and the candidates make up what fits without it", async () => {
    const { gpu } = clouds()
    const request = { kind: "container", job } as const
    const all = await gpu.compare(request)
    const { candidates, excluded } = await gpu.compare({
      ...request,
      workload: { image: "a/b", ports: [{ port: 8000 }] }
    })
    const left = excluded.flatMap(({ problem, count }) => (problem === undefined ? [] : [count]))
    expect(candidates.length + left.reduce((sum, count) => sum + count, 0)).toBe(all.candidates.length)
    expect(candidates.length).toBeGreaterThan(0)
  })

  test("a bid is what is paid, and checked against the limit", async () => {
    const { gpu } = clouds()
    const request = { kind: "container", interruptible: true, job, limit: 5 } as const
    const workload = { image: "a/b", bid: money(3) }
    const [first] = await gpu.compare({ ...request, workload })
    expect(first?.cost.total.micros).toBeGreaterThanOrEqual(9_000_000)
    const none = await gpu.compare({ ...request, workload, maxTotal: money(8) })
    expect([none.candidates.length, none.excluded.some(({ rule }) => rule === "maxTotal")]).toEqual([0, true])
  })

  test("a workload that is wrong whatever the offer is refused, and nothing is sent", async () => {
    const { gpu, simulators } = clouds()
    for (const workload of [{ env: { "A B": "1" } }, { ports: [{ port: 0 }] }, { imgae: "a" }, 5]) {
      const error = await errorOf(gpu.compare({ job, workload: workload as Partial<LaunchOptions> }))
      expect(error._tag).toBe("InvalidRequest")
    }
    expect(Object.values(simulators).flatMap((simulator) => simulator.requests())).toEqual([])
  })
})

describe("a launch over candidates", () => {
  const wanted = {
    job,
    name: "job",
    workload: { image: "a/b", ports: [{ port: 8000 }] },
    candidates: { kind: "container" }
  } as const

  test("passes over hosts without open ports, wherever they stand, and says so", async () => {
    const { gpu, machines } = clouds()
    const { instance, excluded, trail } = await gpu.launch(wanted)
    expect(unfitIn(excluded)).toContain("vast container ports")
    expect([trail.length, machines().length]).toEqual([1, 1])
    await gpu.terminate(instance.ref)
  })

  test("also where candidates are given, or differ by offer", async () => {
    const { gpu } = clouds()
    const candidates = await gpu.compare({ kind: "container", job })
    const asked: string[] = []
    const adapt = ({ id }: { readonly id: string }) => {
      asked.push(id)
      return { ports: [{ port: 8000 }] }
    }
    const { excluded, instance } = await gpu.launch({ ...wanted, candidates, workload: { image: "a/b" }, adapt })
    expect(unfitIn(excluded)).toContain("vast container ports")
    expect(new Set(asked).size).toBe(asked.length)
    await gpu.terminate(instance.ref)
  })

  test("stops only when none can run it, and lists why", async () => {
    const { gpu, machines } = clouds()
    const env = { lower_case: "1" }
    const error = await errorOf(
      gpu.launch({ ...wanted, workload: { ...wanted.workload, command: ["x"], sshKeys, env } })
    )
    expect(error).toMatchObject({ _tag: "Unsupported", trail: [] })
    expect(error.message).toMatch(/vast container: sshKeys have no effect beside command.*\(\d+ offers\)/)
    expect(error.message).toMatch(/fluence container: env must be upper-case letters/)
    expect(machines()).toEqual([])
  })

  test("of interruptible offers asks for a bid before anything is sent", async () => {
    const { gpu, simulators } = clouds()
    const error = await errorOf(gpu.launch({ ...wanted, candidates: { interruptible: true } }))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "bid" }] })
    expect(simulators.vast.requests()).toEqual([])
  })
})

test("an offer that passes its check is launched without a refusal", async () => {
  const { gpu } = clouds()
  const workload = { image: "a/b", ports: [{ port: 8000 }] }
  const [first] = await gpu.compare({ kind: "container", job, workload })
  if (!first) throw new Error("nothing fits")
  const { ref } = await gpu.rent({ ...workload, offer: first.offer, name: "job" })
  expect((await gpu.waitUntilReady(ref)).endpoints.ports).toMatchObject([{ port: 8000 }])
})
