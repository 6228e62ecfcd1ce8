import {
  type AnyProvider,
  CurrentLedger,
  clockFrom,
  estimate,
  type GpuError,
  isGpuError,
  memoryLedger,
  type PortRequest,
  waitUntilReady
} from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createFluenceSimulator, type FluenceSimulatorOptions } from "@anygpu/simulators"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { apiKey, publicKey } from "../cloud.test-support.ts"
import { fluence } from "../index.ts"
import * as wire from "./wire.ts"

const image = "docker.io/fluencelabs/debian-ssh-root:11"
const minute = 60_000

/** A simulated Fluence with an account on it. */
const simulated = (options: FluenceSimulatorOptions = {}) => {
  const simulator = createFluenceSimulator({ apiKey, credit: 500, ...options })
  const ledger = memoryLedger()
  const run = <A>(effect: Effect.Effect<A, unknown>): Promise<A> =>
    Effect.runPromise(
      effect.pipe(
        Effect.provideService(Clock.Clock, clockFrom(simulator.clock)),
        Effect.provideService(CurrentLedger, ledger)
      )
    )
  const fails = async (effect: Effect.Effect<unknown, GpuError>): Promise<GpuError> => {
    const error = await run(Effect.flip(effect))
    if (!isGpuError(error)) throw error
    return error
  }
  const cloud = fluence({ apiKey, transport: fetchTransport(simulator.fetch) })
  const offer = async () => {
    const [cheapest] = (await run(cloud.containers.offers())).items
    if (!cheapest) throw new Error("no plan")
    return cheapest
  }
  const ports: ReadonlyArray<PortRequest> = [{ port: 22 }, { port: 80, protocol: "http" }]
  const spec = async () => ({ offer: await offer(), name: "Job", image, ports, sshKeys: [publicKey] })
  const launch = async () => run(cloud.containers.launch(await spec()))
  return { simulator, cloud, run, fails, spec, launch, pass: (ms: number) => run(Effect.sleep(ms)) }
}

describe("against a simulated Fluence", () => {
  it("a container lives from launch to end, and costs what was estimated", async () => {
    const { simulator, cloud, run, spec } = simulated()
    const wanted = await spec()
    const startAt = DateTime.makeUnsafe(simulator.clock.now())
    const { ref } = await run(cloud.containers.launch(wanted))
    const ready = await run(waitUntilReady(cloud.containers, ref))
    expect(ready).toMatchObject({ status: "running", billing: "compute", price: wanted.offer.price })
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
      const { simulator, cloud, run } = simulated()
      const provider: AnyProvider = cloud[name]
      const [offer] = (await run(provider.offers())).items
      if (!offer) throw new Error("no plan")
      const os = wire.Option.parse(offer.native).os_options?.[0] ?? ""
      const { ref } = await run(provider.launch({ offer, name: "Train", os, sshKeys: [publicKey] }))
      const ready = await run(waitUntilReady(provider, ref))
      expect(ready).toMatchObject({ status: "running", name: "train", price: offer.price, gpu: offer.gpu })
      expect(ready.endpoints.ssh[0]?.command).toMatch(/^ssh \w+@/)
      await run(provider.terminate(ref))
      expect(simulator.machines().map(({ kind, alive }) => [kind, alive])).toEqual([[provider.kind, false]])
      expect((await run(provider.list())).items).toMatchObject([{ status: "terminated" }])
    }
  )

  it("an update restarts the container, and another one meanwhile is Conflict", async () => {
    const { simulator, cloud, run, fails, launch, pass } = simulated()
    const { ref } = await launch()
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
    expect(await run(cloud.containers.get(ref))).toMatchObject({ name: "later", status: "running" })
  })

  it("an end during provisioning waits, and leaves nothing that is charged", async () => {
    const { simulator, cloud, run, launch } = simulated()
    const { ref, status } = await launch()
    expect(status).toBe("provisioning")
    await run(cloud.containers.terminate(ref))
    expect(simulator.machines().filter(({ alive }) => alive)).toEqual([])
  })

  it("provisioning that fails costs nothing, and there is nothing to end", async () => {
    const { simulator, cloud, run, launch, pass } = simulated()
    const { ref } = await launch()
    simulator.failProvisioning(ref.id)
    await pass(minute)
    const failed = await run(cloud.containers.get(ref))
    expect(failed).toMatchObject({ status: "failed", billing: "none", actions: [] })
    expect((await run(cloud.containers.terminate(ref))).alreadyGone).toBe(true)
    expect(simulator.balance()).toBe(500)
  })

  it("refusals are told apart", async () => {
    const { simulator, cloud, fails, spec } = simulated({ credit: 0 })
    const wanted = await spec()
    expect((await fails(cloud.containers.launch(wanted)))._tag).toBe("OutOfFunds")
    simulator.addCredit(500)
    simulator.takeOption(wanted.offer.id.split("@")[0] ?? "")
    expect((await fails(cloud.containers.launch(wanted)))._tag).toBe("NoCapacity")
    expect(simulator.machines()).toEqual([])
  })
})
