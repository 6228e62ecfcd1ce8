import { estimate, type Instance, InstanceRef, waitUntilReady } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { publicKey } from "../cloud.test-support.ts"
import { simulated } from "../simulated.test-support.ts"

const minute = 60_000

const refOf = ({ ref }: Instance) => new InstanceRef("fluence", "container", ref.id)

describe("against a simulated Fluence", () => {
  it("a container lives from launch to end, and costs what was estimated", async () => {
    const { simulator, cloud, providers, run, spec } = simulated()
    const wanted = await spec("containers")
    const startAt = DateTime.makeUnsafe(simulator.clock.now())
    const ref = refOf(await run(providers.containers.launch(wanted)))
    const ready = await run(waitUntilReady(cloud.containers, ref))
    expect(ready).toMatchObject({ status: "running", billing: "compute", pricePerHour: wanted.offer.pricePerHour })
    expect(ready.endpoints.ssh[0]?.command).toMatch(/^ssh -p \d+ root@/)
    expect(ready.endpoints.urls[0]).toMatch(/^https?:/)
    expect((await run(cloud.containers.logs(ref, { tail: 1 }))).lines).toHaveLength(1)
    expect((await run(cloud.containers.events(ref))).lines.length).toBeGreaterThan(1)
    await run(Effect.sleep("90 minutes"))
    await run(cloud.containers.terminate(ref))
    const [truth] = simulator.machines()
    expect(truth).toMatchObject({ alive: false, reserved: 0 })
    const duration = simulator.clock.now() - startAt.epochMilliseconds
    const cost = estimate(wanted.offer, { duration, startAt })
    expect(cost && cost.total.micros / 1e6).toBeCloseTo(truth?.spent ?? -1, 6)
    expect(await run(cloud.containers.get(ref))).toMatchObject({ status: "terminated", reason: "ended-by-user" })
  })

  it.each(["vms", "baremetal"] as const)(
    "one of %s is launched with a system of its offer, and ended",
    async (name) => {
      const { simulator, providers, run, spec } = simulated()
      const provider = providers[name]
      const wanted = await spec(name)
      const { ref } = await run(provider.launch(wanted))
      const ready = await run(waitUntilReady(provider, ref))
      expect(ready).toMatchObject({
        status: "running",
        name: "Job",
        pricePerHour: wanted.offer.pricePerHour,
        gpu: wanted.offer.gpu
      })
      expect(ready.endpoints.ssh[0]?.command).toMatch(/^ssh \w+@/)
      await run(provider.terminate(ref))
      expect(simulator.machines().map(({ kind, alive }) => [kind, alive])).toEqual([[provider.kind, false]])
      expect((await run(provider.list())).items).toMatchObject([{ status: "terminated" }])
    }
  )

  it("an update restarts the container, and another one meanwhile is Conflict", async () => {
    const { simulator, cloud, run, fails, launch, pass } = simulated()
    const ref = refOf(await launch("containers"))
    await run(waitUntilReady(cloud.containers, ref))
    simulator.freezeUpdates(ref.id)
    await run(cloud.containers.update(ref, { env: { A: "1" }, command: ["sleep", "infinity"] }))
    expect((await fails(cloud.containers.rename(ref, "later")))._tag).toBe("Conflict")
    simulator.freezeUpdates(ref.id, false)
    await pass(5 * minute)
    const { container_info } = await run(cloud.native.showContainer({ params: { id: ref.id } }))
    expect(container_info?.startup_command).toBe("sleep infinity")
    expect(container_info?.environment).toEqual(
      expect.arrayContaining([
        { name: "A", value: "1" },
        { name: "SSH_PUBKEY", value: publicKey }
      ])
    )
    await run(cloud.containers.rename(ref, "Later"))
    await pass(5 * minute)
    expect(await run(cloud.containers.get(ref))).toMatchObject({ name: "Later", status: "running" })
  })

  it("refusals are kept apart", async () => {
    const { simulator, providers, fails, spec } = simulated({ credit: 0 })
    const wanted = await spec("containers")
    expect((await fails(providers.containers.launch(wanted)))._tag).toBe("OutOfFunds")
    simulator.addCredit(500)
    simulator.takeOption(wanted.offer.id.split("@")[0] ?? "")
    expect((await fails(providers.containers.launch(wanted)))._tag).toBe("NoCapacity")
    expect(simulator.machines()).toEqual([])
  })
})
