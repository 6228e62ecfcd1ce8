import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createClock } from "../../clock.ts"
import { createClient } from "../client.test-support.ts"
import { money, toBalance, toCents, toDecimal } from "../money.ts"
import { nextEpoch, nextHour } from "../stamp.ts"

const at = (time: string) => createClock({ start: new Date(`2026-02-07T${time}Z`) })

describe("the rent of an instance", () => {
  it("as documented: deployed 14:42, charged once, two hours held, next at 15:00", async () => {
    const { deploy, get, simulator } = createClient({ clock: at("14:42:29"), credit: 10 })
    const id = await deploy()
    expect(simulator.balance()).toBe(6.34)
    await simulator.clock.sleep(120_000)
    expect((await get(`/gpu/instances/${id}`)).billing).toEqual({
      ...{ hourly_usage: 1.22, total_spendings: 1.22, reserved_amount: 2.44 },
      next_billing_period: "2026-02-07T15:00:00Z"
    })
    await simulator.clock.sleep(20 * 60_000)
    expect((await get(`/gpu/instances/${id}`)).billing).toMatchObject({ total_spendings: 2.44, reserved_amount: 2.44 })
    expect([simulator.balance(), simulator.spent()]).toEqual([5.12, 2.44])
  })

  it("shows rounded cents: two hours at 0.755 as 1.51", async () => {
    const { call, get, simulator } = createClient({ clock: at("14:43:43") })
    const groups = (await get("/gpu/plans/vms")).data
    const { id: plan } = groups.find((group: { minimum_price: number }) => group.minimum_price === 0.755)
      .availability_by_number[0].options[0]
    const id = simulator.addMachine({ kind: "vm", planId: plan })
    await simulator.clock.sleep(3_600_000)
    expect((await get(`/gpu/instances/vms/${id}`)).billing).toMatchObject({ hourly_usage: 0.76, total_spendings: 1.51 })
    await call("DELETE", `/gpu/instances/vms/${id}`)
    await simulator.clock.sleep(10_000)
    expect(simulator.balance()).toBe(98.49)
    expect(simulator.machines()).toMatchObject([{ spent: 1.51, reserved: 0 }])
  })

  it("a job from 15:50 to 16:10 costs two hours, one from 15:00 to 15:59 one", async () => {
    for (const [start, minutes, cost] of [
      ["15:50:00", 20, 2.44],
      ["15:00:00", 59, 1.22]
    ] as const) {
      const { call, deploy, simulator } = createClient({ clock: at(start) })
      const id = await deploy()
      await simulator.clock.sleep(minutes * 60_000)
      await call("DELETE", `/gpu/instances/${id}`)
      await simulator.clock.sleep(10 * 60_000)
      expect([simulator.spent(), simulator.balance()]).toEqual([cost, 100 - cost])
    }
  })

  it("isn't charged once its DELETE is accepted, which a second DELETE doesn't postpone", async () => {
    const { call, get, simulator } = createClient({ clock: at("15:59:57") })
    const path = `/gpu/instances/${simulator.addMachine()}`
    await call("DELETE", path)
    await simulator.clock.sleep(4000)
    expect(await get(path)).toMatchObject({ instance_status: "ACTIVE", billing: { total_spendings: 2.96 } })
    await call("DELETE", path)
    await simulator.clock.sleep(1000)
    expect((await get(path)).instance_status).toBe("ENDED")
    expect([simulator.spent(), simulator.balance()]).toEqual([2.96, 97.04])
  })

  it("is paid back whole when provisioning fails, over the hour too", async () => {
    const { deploy, simulator } = createClient({ clock: at("14:59:00") })
    const id = await deploy()
    await simulator.clock.sleep(90_000)
    expect(simulator.spent()).toBe(2.44)
    simulator.failProvisioning(id)
    expect([simulator.spent(), simulator.balance()]).toEqual([0, 100])
  })

  it("ends an instance when a charge fails with the reserve spent, and new credit keeps it", async () => {
    const { deploy, get, simulator } = createClient({ clock: at("15:10:00"), credit: 3.66 })
    const id = await deploy()
    expect(simulator.balance()).toBe(0)
    await simulator.clock.sleep(2 * 3_600_000)
    expect((await get(`/gpu/instances/${id}`)).billing).toMatchObject({ total_spendings: 3.66, reserved_amount: 0 })
    simulator.addCredit(2)
    expect((await get(`/gpu/instances/${id}`)).billing.reserved_amount).toBe(2)
    await simulator.clock.sleep(3_600_000)
    expect((await get(`/gpu/instances/${id}`)).instance_status).toBe("ACTIVE")
    await simulator.clock.sleep(49 * 60_000)
    expect((await get(`/gpu/instances/${id}`)).instance_status).toBe("ACTIVE")
    await simulator.clock.sleep(60_000)
    expect((await get(`/gpu/instances/${id}`)).instance_status).toBe("ENDED")
    expect([simulator.spent(), simulator.balance()]).toEqual([4.88, 0.78])
  })

  it("is never lost: credit is what is left, held and spent, whatever happens", async () => {
    const act = fc.oneof(
      fc.record({ do: fc.constantFrom("deploy", "vm", "cpu", "delete", "fail", "end"), index: fc.nat(5) }),
      fc.record({ do: fc.constant("wait"), index: fc.integer({ min: 1, max: 2000 }) })
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), fc.integer({ min: 0, max: 60 }), async (acts, credit) => {
        const { call, simulator } = createClient({ clock: at("17:30:00"), credit })
        for (const { do: what, index } of acts) {
          const alive = simulator.machines().filter((machine) => machine.alive)
          const one = alive[index % Math.max(1, alive.length)]
          const path = `/gpu/instances/${one?.kind === "container" ? "" : `${one?.kind === "vm" ? "vms" : one?.kind}/`}`
          if (what === "wait") await simulator.clock.sleep(index * 60_000)
          else if (what === "deploy" || what === "vm" || what === "cpu") {
            const kind = what === "deploy" ? "container" : what === "cpu" ? "cpu-vm" : "vm"
            if (simulator.balance() > 10 && alive.length < 6) simulator.addMachine({ kind, state: "fresh" })
          } else if (one?.kind === "cpu-vm") await call("DELETE", "/vms/v3", { vmIds: [one.id] })
          else if (what === "delete" && one) await call("DELETE", path + one.id)
          else if (what === "end" && one) simulator.endOutside(one.id)
          else if (one?.status === "INITIALIZED") simulator.failProvisioning(one.id)
          const held = simulator.machines().reduce((sum, { reserved }) => sum + money.toUnits(reserved), 0n)
          expect(money.toUnits(simulator.balance()) + held + money.toUnits(simulator.spent())).toBe(
            money.toUnits(credit)
          )
          expect(simulator.balance()).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 60 }
    )
  })
})

describe("money and moments on the wire", () => {
  it("writes decimals exactly", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (nanos) => {
        const text = toDecimal(nanos)
        const [whole = "", fraction = ""] = text.split(".")
        expect(BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"))).toBe(nanos)
        expect(text).not.toMatch(/\.\d*0$|\.$/)
        expect(Number(toBalance(nanos))).toBe(Number(text))
      })
    )
    expect([toBalance(money.toUnits(0.30697)), toBalance(0n), toBalance(money.toUnits(2.45576))]).toEqual([
      ".30697",
      "0",
      "2.45576"
    ])
    expect([toCents(money.toUnits(0.755)), toCents(money.toUnits(1.51)), toCents(0n)]).toEqual([0.76, 1.51, 0])
  })

  it("finds the next hour and the next 17:55 UTC, always later than now", () => {
    const day = (time: string) => Date.parse(`2026-02-07T${time}Z`)
    expect(nextHour(day("15:00:00"))).toBe(day("16:00:00"))
    expect(nextEpoch(day("17:54:59"))).toBe(day("17:55:00"))
    expect(nextEpoch(day("17:55:00"))).toBe(day("17:55:00") + 86_400_000)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (now) => {
        expect(nextHour(now) - now).toBeGreaterThan(0)
        expect(nextHour(now) - now).toBeLessThanOrEqual(3_600_000)
        expect(nextEpoch(now) - now).toBeGreaterThan(0)
        expect(nextEpoch(now) - now).toBeLessThanOrEqual(86_400_000)
      })
    )
  })
})
