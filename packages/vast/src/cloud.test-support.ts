import { adapterContext, type Script, scripted as script } from "@anygpu/conformance"
import { type LaunchSpec, waitUntilReady } from "@anygpu/core"
import { fetchTransport, type Transport, type WireRequest } from "@anygpu/core/adapter"
import { createClock, createVastSimulator, type VastSimulatorOptions } from "@anygpu/simulators"
import * as Effect from "effect/Effect"
import { vast } from "./index.ts"

/** A key that must show up nowhere. */
export const apiKey = "vast-key-5d1f0c9ab7e24680"

/** Two texts of one key, and another one. */
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"
export const sameKey = publicKey.replace("me@laptop", "me@work")
export const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG90aGVy0123456789abcdefABCD other@laptop"

/** No price increase waits for anybody. */
const unpriced = {
  "GET /api/v0/instances/pending-price-increases/": {
    json: { success: true, count: 0, truncated: false, pending_price_increases: [] }
  }
}

/**
 * A Vast that gives these replies in turn, the last one for ever, and keeps what was sent.
 *
 * - Price increases, which every list of machines asks for, have their own reply: an empty list.
 */
export const scripted = (...replies: ReadonlyArray<Script>) => {
  const clock = createClock()
  const { transport, sent } = script({ ...unpriced, "*": replies.length > 0 ? replies : {} }, clock)
  return { ...adapterContext(clock), clock, sent, cloud: vast({ apiKey, transport }) }
}

/** A simulated Vast, an account on it, and what was sent to it. */
export const simulated = (options: VastSimulatorOptions = {}) => {
  const simulator = createVastSimulator({ credit: 100, apiKey, ...options })
  const sent: WireRequest[] = []
  const send = fetchTransport(simulator.fetch)
  const transport: Transport = (request) =>
    Effect.suspend(() => {
      sent.push(request)
      return send(request)
    })
  const cloud = vast({ apiKey, transport })
  const { clock } = simulator
  const time = adapterContext(clock)
  const { containers } = cloud
  /** The cheapest offer of a machine with open ports. */
  const cheapest = async (interruptible = false) => {
    const { items } = await time.run(containers.offers({ interruptible }))
    const offer = items.find(({ native }) => Number((native as { direct_port_count?: number }).direct_port_count) >= 10)
    if (!offer) throw new Error("the market is empty")
    return offer
  }
  type Spec = LaunchSpec<
    "vast",
    "container",
    "image" | "env" | "ports" | "sshKeys" | "bid" | "diskMiB" | "onStart" | "endsItself"
  >
  const spec = async (more: Partial<Spec> = {}): Promise<Spec> => ({
    offer: await cheapest(more.bid !== undefined),
    name: "job",
    image: "ubuntu:22.04",
    ...more
  })
  return {
    ...time,
    clock,
    simulator,
    sent,
    cloud,
    containers,
    vms: cloud.vms,
    cheapest,
    spec,
    launch: async (more: Partial<Spec> = {}) => time.run(containers.launch(await spec(more))),
    alive: () => simulator.machines().filter(({ alive }) => alive),
    lines: () => simulator.requests().map(({ method, path, status }) => `${method} ${path} ${status}`)
  }
}

/** A simulated account. */
export type World = ReturnType<typeof simulated>

/** A machine on it that is up and reachable. */
export const ready = async (world: World, more: Parameters<World["launch"]>[0] = {}) => {
  const { ref } = await world.launch(more)
  const machine = await world.run(waitUntilReady(world.containers, ref))
  return { ...world, ref, id: Number(ref.id), machine, get: () => world.run(world.containers.get(ref)) }
}

/** The bodies that were sent to a path. */
export const bodies = ({ simulator }: World, path: string) =>
  simulator.requests().flatMap((request) => (request.path === path ? [request.body] : []))
