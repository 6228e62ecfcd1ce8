import { type Kind, memoryLedger } from "@anygpu/core"
import { memoryCloud } from "@anygpu/memory"
import { createClock } from "@anygpu/simulators"
import { createGpu } from "anygpu"
import { makeGpu } from "anygpu/effect"
import * as Effect from "effect/Effect"
import type { ServerChannel } from "ssh2"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type ConnectOptions, loginInLedger, ssh } from "./index.ts"
import { end, type FaultServer, type ServerBehaviour, startServer } from "./testing/server.ts"

let server: FaultServer

beforeEach(async () => {
  server = await startServer({ onExec: (channel: ServerChannel) => end(channel, 0, "hello\n") })
})
afterEach(() => server.stop())

const cloudWith = (kind: Kind = "vm") => memoryCloud({ kind, offers: [{ id: "a", gpu: "H100", perHour: "2" }] })

const toServer = () => ({
  host: server.host,
  port: server.port,
  user: server.user,
  key: server.key,
  agent: false as const
})

const rented = async (options: ConnectOptions = toServer(), kind: Kind = "vm") => {
  const clock = createClock()
  const clouds = [cloudWith(kind)] as const
  const ledger = memoryLedger()
  const gpu = createGpu({ clouds, clock, ledger, ssh: ssh(options) })
  const [offer] = await gpu.offers()
  if (!offer) throw new Error("no offer")
  return { gpu, clock, clouds, ledger, machine: await gpu.rent({ offer, name: "job", os: "ubuntu" }) }
}

describe("a client with ssh", () => {
  test.each(["ref", "text", "machine"] as const)("logs in to its machine, named by its %s", async (by) => {
    const { gpu, machine } = await rented()
    const up = await gpu.waitUntilReady(machine.ref)
    await using session = await gpu.connect({ ref: up.ref, text: String(up.ref), machine: up }[by])
    expect(await session.exec("echo hello")).toMatchObject({ code: 0, stdout: "hello\n" })
  })

  test("takes for one call what that call says", async () => {
    const { gpu, machine } = await rented()
    const up = await gpu.waitUntilReady(machine.ref)
    await expect(gpu.connect(up, { key: "/nowhere/key" })).rejects.toMatchObject({ _tag: "InvalidRequest" })
  })

  test("does not know a machine of another cloud", async () => {
    const { gpu } = await rented()
    await expect(gpu.connect("acme/vm/1")).rejects.toMatchObject({ _tag: "InvalidRequest" })
    await expect(gpu.connect("memory/vm/none")).rejects.toMatchObject({ _tag: "NotFound" })
  })

  test("stops when it is aborted", async () => {
    const { gpu, machine } = await rented()
    await expect(gpu.connect(machine.ref, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough")
  })

  test("does the same in Effects, until the scope ends", async () => {
    const { machine, gpu, clouds } = await rented()
    const up = await gpu.waitUntilReady(machine.ref)
    const inEffects = makeGpu({ clouds, ssh: ssh(toServer()) })
    const program = Effect.flatMap(inEffects.connect(up), (session) => session.exec("echo hello"))
    expect(await Effect.runPromise(Effect.scoped(program))).toMatchObject({ code: 0, stdout: "hello\n" })
    await expect.poll(() => server.clients.size).toBe(0)
  })
})

describe("the host key of a machine", () => {
  /** The same machine, behind another host key from now on. */
  const changeHostKey = async () => {
    await server.stop()
    server = await startServer({ onExec: (channel: ServerChannel) => end(channel, 0, "hello\n") })
  }

  test("is kept in the ledger: another one later is refused, in any client on it, until it is forgotten", async () => {
    const { gpu, clock, clouds, ledger, machine } = await rented()
    const up = await gpu.waitUntilReady(machine.ref)
    await (await gpu.connect(up)).close()
    expect(await Effect.runPromise(ledger.machine(up.ref))).toMatchObject({ hostKey: expect.stringContaining("ssh-") })
    await changeHostKey()
    const other = createGpu({ clouds, clock, ledger, ssh: ssh(toServer()) })
    await expect(other.connect(up)).rejects.toMatchObject({ _tag: "HostKeyChanged" })
    await expect(gpu.connect(up.ref, toServer())).rejects.toMatchObject({ _tag: "HostKeyChanged" })
    await gpu.forgetHostKey(String(up.ref))
    await using session = await other.connect(up)
    expect(await session.exec("echo hello")).toMatchObject({ code: 0 })
  })

  test.each([
    ["container", "stop and start", true],
    ["container", "restart", true],
    ["vm", "stop and start", false],
    ["vm", "restart", false]
  ] as const)("of a %s after %s may be a new one: %s", async (kind, how, mayChange) => {
    const { gpu, machine } = await rented(toServer(), kind)
    const { ref } = await gpu.waitUntilReady(machine.ref)
    await (await gpu.connect(ref)).close()
    if (how === "restart") await gpu.act(ref, "restart")
    else {
      await gpu.act(ref, "stop")
      await gpu.waitFor(ref, "stopped")
      await gpu.act(ref, "start")
    }
    await changeHostKey()
    const outcome = await gpu.connect(await gpu.waitUntilReady(ref), toServer()).then(
      (session) => session.close().then(() => "in"),
      ({ _tag }) => _tag
    )
    expect(outcome).toBe(mayChange ? "in" : "HostKeyChanged")
  })
})

test("a launch leaves its public keys in the ledger, for the login", async () => {
  const { gpu, ledger } = await rented()
  const [offer] = await gpu.offers()
  if (!offer) throw new Error("no offer")
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef"
  const { ref } = await gpu.rent({ offer, name: "other", os: "ubuntu", sshKeys: [`${key} me@laptop`] })
  const { likelyKeys } = await loginInLedger(ledger, ref)
  expect(likelyKeys).toEqual([key])
})

describe("a launch", () => {
  const sshKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef"]

  const launched = async (behaviour: ServerBehaviour, options: ConnectOptions) => {
    await server.stop()
    server = await startServer(behaviour)
    const { host, port, user } = server
    const cloud = cloudWith()
    const defaults = { host, port, user, agent: false, ...options } as const
    const gpu = createGpu({ clouds: [cloud], clock: createClock(), ssh: ssh(defaults) })
    const launch = gpu.launch({ name: "job", job: { duration: "1 hour" }, workload: { os: "ubuntu", sshKeys } })
    const outcome: unknown = await launch.then(
      ({ instance }) => instance.status,
      (error) => error
    )
    return { outcome, alive: cloud.alive().length }
  }

  test("is ready once somebody was let in, and a command ran", async () => {
    const onExec = (channel: ServerChannel) => end(channel, 0, "anygpu-ready\n")
    expect(await launched({ onExec }, { key: server.key })).toEqual({ outcome: "running", alive: 1 })
  })

  test("that lets nobody in is ended, and says so", async () => {
    const options = { key: server.key, within: "1 second" } as const
    const { outcome, alive } = await launched({ allow: () => false }, options)
    expect(outcome).toMatchObject({ _tag: "LoginRefused", trail: [{ outcome: "stopped" }] })
    expect(alive).toBe(0)
  })

  test("for somebody whose private key is not here is ready when sshd answers", async () => {
    expect(await launched({ allow: () => false }, {})).toEqual({ outcome: "running", alive: 1 })
  })
})

test("a machine that is not up yet is waited for within the time, before the login", async () => {
  const { gpu, clock, machine } = await rented({ user: "-", agent: false })
  const before = clock.now()
  await expect(gpu.connect(machine.ref)).rejects.toThrow("names no way in by ssh")
  expect(clock.now()).toBe(before)
  await expect(gpu.connect(machine.ref, { within: "10 minutes" })).rejects.toThrow("user: is no name")
  expect(clock.now() - before).toBeGreaterThan(1000)
})

test("a client without ssh has no `connect`, and says how to get it to those whom no type warns", async () => {
  const gpu = createGpu({ clouds: [cloudWith()] })
  // @ts-expect-error it has none
  await expect(gpu.connect("memory/vm/1")).rejects.toMatchObject({
    _tag: "InvalidRequest",
    message: expect.stringContaining("ssh: ssh()")
  })
})

test("what is no extension is refused", () => {
  // @ts-expect-error the function itself
  expect(() => createGpu({ clouds: [cloudWith()], ssh })).toThrow("ssh() of @anygpu/ssh")
})
