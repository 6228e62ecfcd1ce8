import type { Offer } from "@anygpu/core"
import { defineProvider } from "@computesdk/provider"
import { compute } from "computesdk"
import type { Known } from "../cloud.ts"
import type { Life } from "./contender.ts"
import { type Hands, plainCalls, plainContender } from "./plain.ts"

const notHere = () => Promise.reject(new Error("nothing is run on the machines here"))

/** A provider of its kit over one offer, written as its page tells: one request for each method. */
const providerOf = (life: Life, offer: Offer, name: string) => {
  const { create, isUp, end } = plainCalls(life)
  const known = (id: string): Known => ({ cloud: offer.provider, kind: offer.kind, id })
  const answer = (machine: Known) => ({ sandbox: machine, sandboxId: machine.id })
  return defineProvider<Known, object>({
    name: `${offer.provider}-${offer.kind}`,
    methods: {
      sandbox: {
        create: async () => answer(await create(offer, name)),
        getById: async (_, id) => answer(known(id)),
        list: async () => [],
        destroy: (_, id) => end(known(id)),
        getInfo: async (machine) => ({
          ...{ id: machine.id, provider: machine.cloud, timeout: 0, createdAt: new Date(0) },
          status: (await isUp(machine)) ? "running" : "stopped"
        }),
        runCommand: notHere,
        getUrl: notHere
      }
    }
  })({})
}

/** How often the program around it tries to end a machine. */
const attempts = 5

/**
 * The npm package that goes to the next provider when a create fails: `fallbackOnError`, by priority, its defaults.
 *
 * - A create is tried once on each provider, as it does by itself. It has no tries of its own for an end: the program around
 *   it asks five times, which its page does not.
 */
export const rival = plainContender("computesdk 4.1.4", (life): Hands => {
  const clients = new Map<string, ReturnType<typeof compute>>()
  const clientOf = (offers: ReadonlyArray<Offer>, name: string) => {
    const providers = offers.map((offer) => providerOf(life, offer, name))
    return compute({ providers, providerStrategy: "priority", fallbackOnError: true })
  }
  const clientFor = (machine: Known) => {
    const offer = [...life.notes.values()]
      .flatMap(({ offers }) => offers)
      .find(({ provider, kind }) => provider === machine.cloud && kind === machine.kind)
    const client = clients.get(machine.id) ?? clientOf(offer ? [offer] : [], "again")
    clients.set(machine.id, client)
    return client
  }
  return {
    create: async (offers, name) => {
      const client = clientOf(offers, name)
      const sandbox = await client.sandbox.create({ name })
      const [cloud, kind] = sandbox.provider.split(/-(.*)/s)
      clients.set(sandbox.sandboxId, client)
      return { cloud: cloud ?? "", kind: kind as Known["kind"], id: sandbox.sandboxId }
    },
    isUp: async (machine) => {
      const sandbox = await clientFor(machine).sandbox.getById(machine.id)
      return (await sandbox?.getInfo())?.status === "running"
    },
    end: async (machine) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await clientFor(machine).sandbox.destroy(machine.id)
        } catch (error) {
          if (attempt === attempts) throw error
          await life.mortal.clock.sleep(1000 * 2 ** attempt)
        }
      }
    }
  }
})
