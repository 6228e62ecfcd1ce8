import { InstanceRef, waitUntilReady } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { simulated } from "../simulated.test-support.ts"
import { Vm } from "./wire.ts"

/** A simulated Fluence with one CPU VM that is up, and 8000 open besides ssh. */
const running = async () => {
  const world = simulated()
  const launched = await world.launch("cpuVms", { ports: [{ port: 8000 }] })
  const ref = new InstanceRef("fluence", "cpu-vm", launched.ref.id)
  await world.run(waitUntilReady(world.cloud.cpuVms, ref))
  const open = async () => {
    const [row] = await world.run(world.cloud.native.listCpuVms())
    return Vm.parse(row).ports?.map(({ port }) => port)
  }
  return { ...world, ref, open }
}

describe("the ports of a CPU VM that is up", () => {
  it("are all replaced, at once", async () => {
    const { cloud, ref, run, open } = await running()
    expect(await open()).toEqual([22, 8000])
    const { endpoints } = await run(cloud.cpuVms.update(ref, { ports: [{ port: 22 }, { port: 443 }] }))
    expect(await open()).toEqual([22, 443])
    expect([endpoints.ssh.length, endpoints.ports.map(({ port }) => port)]).toEqual([1, [443]])
  })

  it("are not closed for ssh by the way: only an update that names 22 does it", async () => {
    const { cloud, ref, fails, run, open, sent } = await running()
    const error = await fails(cloud.cpuVms.update(ref, { ports: [{ port: 443 }] }))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "ports" }] })
    expect(error.message).toContain("closePorts: [22]")
    expect(sent("PATCH")).toEqual([])
    expect(await open()).toEqual([22, 8000])
    const closed = await run(cloud.cpuVms.update(ref, { ports: [{ port: 443 }], closePorts: [22] }))
    expect(closed.endpoints.ssh).toEqual([])
    expect(await open()).toEqual([443])
  })

  it("stay as they are under another name", async () => {
    const { cloud, ref, run, open } = await running()
    expect((await run(cloud.cpuVms.rename(ref, "Other"))).name).toBe("Other")
    expect(await open()).toEqual([22, 8000])
  })
})
