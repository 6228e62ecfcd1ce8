import type { CloudControls, Harness, World } from "@anygpu/conformance"
import { type GpuError, money, Network, NoCapacity, OutOfFunds, PermissionDenied, ProviderFault } from "@anygpu/core"
import { createClock } from "@anygpu/simulators"
import { memoryCloud } from "./index.ts"

const temporary = { message: "the cloud cannot be asked now, try again later", retry: "temporary" } as const
const reset = (sent: "no" | "maybe") => new Network({ ...temporary, sent })

type Memory = ReturnType<typeof memoryCloud>

const controlsOn = (cloud: Memory): Partial<CloudControls> => {
  const reads = (error: GpuError) => (times: number) => {
    const undo = (["list", "read", "offers", "balance", "logs"] as const).map((call) => cloud.fail(call, error, times))
    return () => {
      for (const disarm of undo) disarm()
    }
  }
  const everything = (error: GpuError) => {
    const calls = ["create", "destroy", "start", "stop", "restart", "rename"] as const
    const undo = [
      reads(error)(Number.POSITIVE_INFINITY),
      ...calls.map((call) => cloud.fail(call, error, Number.POSITIVE_INFINITY))
    ]
    return () => {
      for (const disarm of undo) disarm()
    }
  }
  return {
    createLostAfter: () => void cloud.fail("create", "answer-lost"),
    createLostBefore: () => void cloud.fail("create", reset("maybe")),
    createFailsBefore: () => void cloud.fail("create", new ProviderFault(temporary)),
    createRefusedForCapacity: () =>
      void cloud.fail("create", new NoCapacity({ message: "the offer is gone, take another one", retry: "permanent" })),
    createRefusedForQuota: () =>
      void cloud.fail(
        "create",
        new PermissionDenied({ message: "the quota of 4 GPUs is used up", retry: "permanent" })
      ),
    createRefusedForFunds: () =>
      void cloud.fail(
        "create",
        new OutOfFunds({ message: "the account is empty: add credit", retry: "permanent", ownLimit: false })
      ),
    unreachable: () => everything(reset("no")),
    hides: (id) => cloud.hide(id),
    freezeDestroy: (times) => cloud.fail("destroy", "ignored", times),
    sayOfBoot: (id, words) => {
      cloud.stall(id)
      cloud.say(id, words)
    },
    writeLog: (id, line) => cloud.print(id, line)
  }
}

const openWorld = (): World => {
  const time = createClock()
  const cloud = memoryCloud({ credit: money(1000) })
  const changing = new Set(["create", "destroy", "start", "stop", "restart", "rename"])
  return {
    secret: "a-key-that-nothing-asks-for",
    time,
    connect: () => cloud.reopen().machines,
    spec: (offer) => ({
      offer,
      name: "training",
      os: "ubuntu",
      env: { HF_TOKEN: "hf-secret-value-4711" },
      ports: [{ port: 8000 }],
      sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"]
    }),
    unknownId: "m-999999",
    machines: () =>
      cloud.truth().map(({ id, name, endedAt }) => ({
        id,
        name,
        alive: endedAt === null,
        running: cloud.stateOf(id, time.monotonic()) === "up"
      })),
    requests: () =>
      cloud.calls().map(({ call, input }) => ({
        body: input,
        method: changing.has(call) ? "POST" : "GET",
        path: `/${call}`,
        mutating: changing.has(call)
      })),
    controls: controlsOn(cloud)
  }
}

/** The harness of the cloud in memory. */
export const memoryHarness: Harness = {
  name: "memory",
  open: openWorld,
  skip: [{ test: "errors: a wrong key is Unauthenticated, and is not shown", reason: "a cloud in memory has no keys" }]
}
