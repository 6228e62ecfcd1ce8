import type { LaunchSpec } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expectTypeOf, it } from "vitest"
import type { Fluence } from "./index.ts"

/** Never called: what must not compile, with the error expected where it stands. */
export const mustNotCompile = ({ containers, vms, baremetal, cpuVms }: Fluence) => [
  // @ts-expect-error no machine of Fluence can be stopped
  vms.stop,
  // @ts-expect-error nor a container
  containers.stop,
  // @ts-expect-error nor be started again
  baremetal.start,
  // @ts-expect-error nor restarted
  cpuVms.restart,
  // @ts-expect-error only a container has logs
  cpuVms.logs,
  // @ts-expect-error only containers and CPU VMs can be updated
  vms.update
]

describe("a machine's native fields", () => {
  type Native<K extends keyof Fluence["kinds"]> = Effect.Success<ReturnType<Fluence["kinds"][K]["get"]>>["native"]

  it("is typed by its kind, and may be missing", () => {
    expectTypeOf<Native<"containers">["updated_at"]>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<NonNullable<Native<"containers">["container_info"]>>().toHaveProperty("expose")
    expectTypeOf<Native<"vms">["ssh_key"]>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<NonNullable<Native<"cpuVms">["datacenter"]>>().toHaveProperty("certifications")
    expectTypeOf<Native<"vms">>().not.toHaveProperty("container_info")
  })
})

describe("the types", () => {
  it("have the operations of each kind, and no other", () => {
    expectTypeOf<Fluence["containers"]>().toHaveProperty("events")
    expectTypeOf<Fluence["containers"]>().toHaveProperty("balance")
    expectTypeOf<Fluence["cpuVms"]>().toHaveProperty("update")
    expectTypeOf<Fluence["cpuVms"]>().not.toHaveProperty("events")
    expectTypeOf<Fluence["baremetal"]>().toHaveProperty("rename")
    expectTypeOf<Fluence["baremetal"]>().not.toHaveProperty("stop")
  })

  it("have the launch options of each kind, and no other", () => {
    expectTypeOf<Parameters<Fluence["containers"]["launch"]>[0]["env"]>().toEqualTypeOf<LaunchSpec["env"]>()
    expectTypeOf<Parameters<Fluence["vms"]["launch"]>[0]["env"]>().toEqualTypeOf<undefined>()
    expectTypeOf<Parameters<Fluence["cpuVms"]["launch"]>[0]["ports"]>().toEqualTypeOf<LaunchSpec["ports"]>()
    expectTypeOf<Parameters<Fluence["baremetal"]["launch"]>[0]["ports"]>().toEqualTypeOf<undefined>()
  })
})
