import type { LaunchSpec, Provider } from "@anygpu/core"
import type { vast } from "@anygpu/vast"
import { describe, expectTypeOf, it } from "vitest"
import type { GpuClient } from "../index.ts"

type Vast = ReturnType<typeof vast>

type Containers = Vast["containers"]
type Vms = Vast["vms"]
type Bare = Provider<"other", "baremetal", "os", "balance">

/** Never called: what must not compile, with the error expected where it stands. */
export const mustNotCompile = (vms: Vms, containers: Containers, bare: Bare, gpu: GpuClient<[Vast]>) => [
  // @ts-expect-error VMs have no logs
  vms.logs,
  // @ts-expect-error Vast has no events
  containers.events,
  // @ts-expect-error this kind cannot be stopped
  bare.stop,
  // @ts-expect-error the client has no more than its providers
  gpu.clouds.vast.vms.logs,
  // @ts-expect-error no such cloud in this client
  gpu.clouds.fluence
]

describe("the types", () => {
  it("have no operation that a kind lacks", () => {
    expectTypeOf<Containers>().toHaveProperty("logs")
    expectTypeOf<Vms>().not.toHaveProperty("logs")
    expectTypeOf<Vms>().toHaveProperty("stop")
    expectTypeOf<Bare>().toHaveProperty("balance")
    expectTypeOf<Bare>().not.toHaveProperty("stop")
  })

  it("have no launch option that a kind lacks", () => {
    expectTypeOf<Parameters<Vms["launch"]>[0]["env"]>().toEqualTypeOf<undefined>()
    expectTypeOf<Parameters<Containers["launch"]>[0]["env"]>().toEqualTypeOf<LaunchSpec["env"]>()
  })

  it("keep machines of two clouds or kinds apart", () => {
    type ContainerRef = Parameters<Containers["get"]>[0]
    type VmRef = Parameters<Vms["get"]>[0]
    expectTypeOf<VmRef>().not.toExtend<ContainerRef>()
  })

  it("carry through to the client, with a signal in every call", () => {
    type Client = GpuClient<[Vast]>
    expectTypeOf<Client["clouds"]["vast"]["containers"]["stop"]>().returns.toExtend<Promise<unknown>>()
    expectTypeOf<Client["clouds"]["vast"]["vms"]>().not.toHaveProperty("logs")
    type Options = NonNullable<Parameters<Client["waitUntilReady"]>[1]>
    expectTypeOf<Options["signal"]>().toEqualTypeOf<AbortSignal | undefined>()
  })
})
