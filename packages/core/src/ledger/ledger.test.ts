import * as Effect from "effect/Effect"
import { afterEach, describe, expect, test } from "vitest"
import { InstanceRef } from "../model/ref.ts"
import { sqliteLedger } from "../sqlite/index.ts"
import { launchRecord as launch } from "./launch.test-support.ts"
import type { Ledger } from "./ledger.ts"
import { memoryLedger } from "./memory.ts"

const run = <A, E>(effect: Effect.Effect<A, E>): A => Effect.runSync(effect)
const failure = <A, E>(effect: Effect.Effect<A, E>): E => Effect.runSync(Effect.flip(effect))

const ref = (id: string) => new InstanceRef("vast", "container", id)

const opened: Array<() => void> = []
afterEach(() => {
  for (const close of opened.splice(0)) close()
})

const makers: Record<string, () => Ledger> = {
  memory: memoryLedger,
  sqlite: () => {
    const ledger = sqliteLedger(":memory:")
    opened.push(() => ledger.close())
    return ledger
  }
}

describe.each(Object.entries(makers))("the %s ledger", (_, make) => {
  test("answers a launch as it was written", () => {
    const ledger = make()
    const full = launch("a", { key: "k", note: "n", instanceId: "i" })
    expect(run(ledger.openLaunch(full))).toEqual(full)
    expect(run(ledger.openLaunch(launch("b", { pricePerHour: null })))).toEqual(launch("b", { pricePerHour: null }))
    expect(run(ledger.launches())).toEqual([full, launch("b", { pricePerHour: null })])
  })

  test("does nothing before its effect runs, and keeps its own copy of the spec", () => {
    const ledger = make()
    const spec: Record<string, unknown> = { image: "a", left: undefined }
    const write = ledger.openLaunch(launch("a", { spec }))
    expect(run(ledger.launches())).toEqual([])
    run(write)
    spec.image = "b"
    expect(run(ledger.launches())[0]?.spec).toStrictEqual({ image: "a" })
  })

  test("a key that is held answers its holder, and writes nothing", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a", { key: "k" })))
    for (const state of ["open", "created", "absent", "unsettled"] as const) {
      run(ledger.settleLaunch("a", state === "created" ? { state, instanceId: "1" } : { state }))
      expect(run(ledger.openLaunch(launch("b", { key: "k" }))).marker).toBe("a")
    }
    expect(run(ledger.launches())).toHaveLength(1)
  })

  test("the key of a refused launch is free: the next one takes it", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a", { key: "k" })))
    run(ledger.settleLaunch("a", { state: "refused", note: "sold" }))
    expect(run(ledger.openLaunch(launch("b", { key: "k" }))).marker).toBe("b")
    expect(run(ledger.launches({ key: "k" })).map(({ marker }) => marker)).toEqual(["b"])
    expect(run(ledger.launches({ marker: "a" }))).toEqual([launch("a", { state: "refused", note: "sold" })])
    expect(run(ledger.openLaunch(launch("c", { key: "k" }))).marker).toBe("b")
  })

  test("launches without a key never meet", () => {
    const ledger = make()
    for (const marker of ["a", "b"]) expect(run(ledger.openLaunch(launch(marker))).marker).toBe(marker)
  })

  test("a marker is written once; a failed write frees no key", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a", { key: "k" })))
    run(ledger.settleLaunch("a", { state: "refused" }))
    const fault = failure(ledger.openLaunch(launch("a", { key: "k" })))
    expect(fault).toMatchObject({ _tag: "ProviderFault", operation: "ledger", retry: "permanent" })
    expect(failure(ledger.openLaunch(launch("b", { key: "k", spec: { n: 1n } }))).message).toContain("JSON")
    expect(run(ledger.launches({ key: "k" })).map(({ marker }) => marker)).toEqual(["a"])
  })

  test("an unknown marker cannot be settled, nor a launch as created without its machine", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a")))
    expect(failure(ledger.settleLaunch("x", { state: "absent" })).message).toContain("no launch x")
    expect(failure(ledger.settleLaunch("a", { state: "created" })).message).toContain("without its machine's id")
    expect(run(ledger.launches())[0]?.state).toBe("open")
  })

  test("a created launch makes its machine known, with the launch as its intent, and not yet seen", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a")))
    run(ledger.settleLaunch("a", { state: "unsettled", note: "reset" }))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    expect(run(ledger.launches({ instanceId: "7" }))).toEqual([launch("a", { state: "created", instanceId: "7" })])
    expect(run(ledger.machine(ref("7")))).toEqual({
      ref: ref("7"),
      intent: { action: "launch", at: 1_000 },
      firstSeen: null,
      goneAt: null,
      name: launch("a").name
    })
  })

  test("a machine is called what its launch calls it until it is named, and that name stays", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a")))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    run(ledger.named(ref("7"), "Träining Run #7"))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    run(ledger.seen([ref("7")], 10))
    expect(run(ledger.machine(ref("7")))?.name).toBe("Träining Run #7")
    run(ledger.named(ref("8"), "of another ledger"))
    expect(run(ledger.machines("vast", "container")).get("8")?.name).toBe("of another ledger")
  })

  test("a machine is young from when it was made, which can be long after its launch was written", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a")))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7", at: 300_000 }))
    expect(run(ledger.machine(ref("7")))?.intent).toEqual({ action: "launch", at: 300_000 })
  })

  test("an intent is taken back when the cloud refused, to what was asked before or to nothing", () => {
    const ledger = make()
    run(ledger.intend(ref("7"), { action: "stop", at: 5 }))
    run(ledger.intend(ref("7"), null))
    expect(run(ledger.machine(ref("7")))?.intent).toBeNull()
    run(ledger.intend(ref("7"), { action: "start", at: 6 }))
    expect(run(ledger.machine(ref("7")))?.intent).toEqual({ action: "start", at: 6 })
  })

  test("settling late forgets neither what was asked since nor when the machine was first seen", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a")))
    run(ledger.seen([ref("7")], 1_500))
    run(ledger.intend(ref("7"), { action: "terminate", at: 2_000 }))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    expect(run(ledger.machine(ref("7")))).toMatchObject({ intent: { action: "terminate" }, firstSeen: 1_500 })
  })

  test("a launch that its sleeping process notes late takes nothing back that others asked for meanwhile", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a")))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "1", at: 5 }))
    run(ledger.intend(ref("1"), { action: "terminate", at: 7 }))
    run(ledger.gone(ref("1"), 8))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "1", at: 9 }))
    expect(run(ledger.machine(ref("1")))).toMatchObject({ intent: { action: "terminate", at: 7 }, goneAt: 8 })
  })

  test("created stays created for those who know less; refused keeps the machine's id", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a")))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    for (const state of ["open", "absent", "unsettled"] as const) run(ledger.settleLaunch("a", { state, note: "?" }))
    expect(run(ledger.launches())).toEqual([launch("a", { state: "created", instanceId: "7" })])
    run(ledger.settleLaunch("a", { state: "refused", note: "no machine came of it" }))
    expect(run(ledger.launches())[0]).toMatchObject({ state: "created", instanceId: "7" })
    run(ledger.settleLaunch("a", { state: "refused", instanceId: "7", note: "ended again" }))
    expect(run(ledger.launches())[0]).toMatchObject({ state: "refused", instanceId: "7", note: "ended again" })
  })

  test("keeps the monotonic moment of a launch, where there is one", () => {
    const ledger = make()
    const full = launch("a", { monotonicAt: 12 })
    expect(run(ledger.openLaunch(full))).toEqual(full)
    expect(run(ledger.openLaunch(launch("b")))).not.toHaveProperty("monotonicAt")
    expect(run(ledger.launches())[0]?.monotonicAt).toBe(12)
  })

  test("launches come oldest first and by every part of the query", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("new", { at: 3, key: "k", state: "created", instanceId: "9" })))
    run(ledger.openLaunch(launch("old", { at: 1, kind: "vm", state: "absent" })))
    run(ledger.openLaunch(launch("mid", { at: 2, provider: "fluence" })))
    run(ledger.openLaunch(launch("mid2", { at: 2 })))
    const markers = (query?: Parameters<Ledger["launches"]>[0]) => run(ledger.launches(query)).map((one) => one.marker)
    expect(markers()).toEqual(["old", "mid", "mid2", "new"])
    expect(markers({})).toEqual(markers())
    expect(markers({ provider: "fluence" })).toEqual(["mid"])
    expect(markers({ kind: "vm" })).toEqual(["old"])
    expect(markers({ key: "k" })).toEqual(["new"])
    expect(markers({ marker: "mid2" })).toEqual(["mid2"])
    expect(markers({ instanceId: "9", states: ["created"] })).toEqual(["new"])
    expect(markers({ states: ["absent", "created"] })).toEqual(["old", "new"])
    expect(markers({ states: [] })).toEqual([])
    expect(markers({ provider: "vast", kind: "container", states: ["open"] })).toEqual(["mid2"])
  })

  test("machines: the first sight stays, the last intent counts, the first end stays", () => {
    const ledger = make()
    expect(run(ledger.machine(ref("1")))).toBeNull()
    run(ledger.seen([ref("1"), ref("2")], 10))
    run(ledger.seen([ref("1"), ref("3")], 20))
    run(ledger.intend(ref("1"), { action: "stop", at: 30 }))
    run(ledger.intend(ref("1"), { action: "start", at: 25 }))
    run(ledger.gone(ref("2"), 40))
    run(ledger.gone(ref("2"), 50))
    run(ledger.gone(ref("4"), 60))
    run(ledger.seen([new InstanceRef("vast", "vm", "1"), new InstanceRef("huddle", "container", "1")], 70))
    const known = { intent: null, goneAt: null }
    expect(run(ledger.machines("vast", "container"))).toEqual(
      new Map([
        ["1", { ref: ref("1"), ...known, firstSeen: 10, intent: { action: "start", at: 25 } }],
        ["2", { ref: ref("2"), ...known, firstSeen: 10, goneAt: 40 }],
        ["3", { ref: ref("3"), ...known, firstSeen: 20 }],
        ["4", { ref: ref("4"), ...known, firstSeen: null, goneAt: 60 }]
      ])
    )
    expect(run(ledger.machine(ref("3")))).toEqual({ ref: ref("3"), ...known, firstSeen: 20 })
    expect(run(ledger.machines("nobody", "vm"))).toEqual(new Map())
  })

  test("a machine that is seen after its verified end is not gone any more, and can end again", () => {
    const ledger = make()
    run(ledger.seen([ref("1"), ref("2")], 10))
    run(ledger.intend(ref("1"), { action: "terminate", at: 20 }))
    run(ledger.gone(ref("1"), 30))
    run(ledger.seen([ref("1"), ref("2")], 29))
    expect(run(ledger.machine(ref("1")))).toMatchObject({ firstSeen: 10, goneAt: 30 })
    run(ledger.seen([ref("2"), ref("1")], 31))
    expect(run(ledger.machine(ref("1")))).toEqual({
      ref: ref("1"),
      intent: { action: "terminate", at: 20 },
      firstSeen: 10,
      goneAt: null,
      backAt: 31
    })
    expect(run(ledger.machines("vast", "container")).get("1")).toMatchObject({ backAt: 31 })
    run(ledger.intend(ref("1"), null))
    expect(run(ledger.machine(ref("1")))).toMatchObject({ intent: null, backAt: 31 })
    run(ledger.gone(ref("1"), 40))
    expect(run(ledger.machine(ref("1")))).toEqual({ ref: ref("1"), intent: null, firstSeen: 10, goneAt: 40 })
    // Nobody asked for its end this time: it is there again, and nobody's to end.
    run(ledger.seen([ref("1")], 50))
    expect(run(ledger.machine(ref("1")))).toEqual({ ref: ref("1"), intent: null, firstSeen: 10, goneAt: null })
  })
})
