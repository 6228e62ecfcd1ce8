import { inspect } from "node:util"
import { InvalidRequest } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createFluenceSimulator } from "@anygpu/simulators"
import * as Effect from "effect/Effect"
import { describe, expect, expectTypeOf, it, test } from "vitest"
import { apiKey, cloudOf } from "./cloud.test-support.ts"
import { fluence } from "./index.ts"

const optional = (provider: object) => Object.keys(provider).sort()

describe("the factory", () => {
  it("gives four kinds of one cloud, also by their names", () => {
    const { cloud } = cloudOf()
    expect(cloud.name).toBe("fluence")
    const kinds = Object.entries(cloud.kinds).map(([name, { kind, provider }]) => [name, provider, kind])
    expect(kinds).toEqual([
      ["containers", "fluence", "container"],
      ["vms", "fluence", "vm"],
      ["baremetal", "fluence", "baremetal"],
      ["cpuVms", "fluence", "cpu-vm"]
    ])
    expect(cloud.containers).toBe(cloud.kinds.containers)
    expect(cloud.cpuVms).toBe(cloud.kinds.cpuVms)
  })

  it("sends nothing by itself, and each family to its own base", async () => {
    const { sent, run } = cloudOf()
    expect(sent).toEqual([])
    const urls: string[] = []
    const made = fluence({
      apiKey,
      gpuBaseUrl: "https://gpu.example/proxy/",
      cpuBaseUrl: "https://cpu.example",
      transport: (request) => {
        urls.push(request.url)
        return Effect.succeed({ status: 401, headers: {}, text: "" })
      }
    })
    for (const call of [made.native.listContainers(), made.native.listSshKeys(), made.native.listCpuVms()]) {
      await run(call).catch(() => {})
    }
    expect(new Set(urls)).toEqual(
      new Set([
        "https://gpu.example/proxy/gpu/instances/",
        "https://cpu.example/ssh_keys",
        "https://cpu.example/vms/v2"
      ])
    )
  })

  it("sends the key in the documented header, as a bearer token where an option says so, and never shows it", async () => {
    const simulator = createFluenceSimulator()
    for (const keyAs of [undefined, "x-api-key", "bearer"] as const) {
      const seen: Array<Readonly<Record<string, string>>> = []
      const send = fetchTransport((url, init) => {
        seen.push(Object.fromEntries(new Headers(init.headers)))
        return simulator.fetch(url, init)
      })
      const clientOf = (key: string) => fluence({ apiKey: key, transport: send, ...(keyAs && { keyAs }) })
      expect(await Effect.runPromise(clientOf(simulator.apiKey).native.listCpuVms())).toEqual([])
      const { authorization = null, "x-api-key": header = null } = seen[0] ?? {}
      expect([authorization, header]).toEqual(
        keyAs === "bearer" ? [`Bearer ${simulator.apiKey}`, null] : [null, simulator.apiKey]
      )
      const error = await Effect.runPromise(Effect.flip(clientOf("wrong-key-0123456789").native.listCpuVms()))
      expect(error._tag).toBe("Unauthenticated")
      expect(inspect(error, { depth: 9 })).not.toContain("wrong-key-0123456789")
    }
  })

  it.each([
    [{ apiKey: " " }, "apiKey"],
    [{ apiKey, keyAs: "Bearer" as "bearer" }, "keyAs"],
    [{ apiKey, gpuBaseUrl: "https://api.fluence.dev/gpu" }, "gpuBaseUrl"],
    [{ apiKey, gpuBaseUrl: "https://api.fluence.dev/gpu/" }, "gpuBaseUrl"],
    [{ apiKey, cpuBaseUrl: "http://api.fluence.dev" }, "cpuBaseUrl"],
    [{ apiKey, baseUrl: "http://localhost:1" }, "baseUrl"]
  ])("refuses %j", (options, path) => {
    expect(() => fluence(options)).toThrow(InvalidRequest)
    expect(() => fluence(options)).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ path })] }))
  })
})

test("what is not there does not compile, and is not there", () => {
  const { containers, vms, baremetal } = cloudOf().cloud
  for (const provider of [containers, vms, baremetal]) {
    for (const name of ["start", "stop", "restart", "changeBid", "machineSshKeys"]) {
      expect(optional(provider)).not.toContain(name)
    }
  }
  for (const name of ["update", "logs", "events"]) {
    expect(optional(containers)).toContain(name)
    expect(optional(vms)).not.toContain(name)
    expect(optional(baremetal)).not.toContain(name)
  }
  // @ts-expect-error Fluence cannot stop a machine.
  expect(vms.stop).toBeUndefined()
  // @ts-expect-error VMs have no logs.
  expect(vms.logs).toBeUndefined()
  expectTypeOf(containers.update).toBeFunction()
  expect([...containers.updateOptions].sort()).toEqual(["command", "env", "image", "name", "registry"])
})
