import { clouds as described } from "@anygpu/clouds"
import { type CommonEffect, createClock, type MachineTruth, type Random } from "@anygpu/simulators"
import { benchCloud, cloudNames, forEachCloud, ofCloud } from "../cloud-list.ts"
import { clientOf } from "./client.ts"
import type { Setup } from "./words.ts"

/** Simulated clouds on loopback ports, whose time runs faster than ours. */
export const openClouds = async ({
  seed,
  speed,
  ledger
}: Pick<Setup, "speed" | "ledger"> & { readonly seed: number }) => {
  const begun = Date.now()
  const clock = createClock({ mode: { speed }, start: new Date(begun) })
  const clouds = forEachCloud(({ forStorm }) => forStorm({ clock, seed, credit: 1_000_000 }))
  const servers: Record<string, Awaited<ReturnType<(typeof clouds)[string]["listen"]>>> = {}
  for (const name of cloudNames) servers[name] = await ofCloud(clouds, name).listen()
  const setup: Setup = {
    ...{ ledger, begun, speed },
    baseUrls: forEachCloud(({ name }) => ofCloud(servers, name).url),
    env: Object.fromEntries(
      described.flatMap(({ name, keys }) => keys.map(({ variables: [first] }) => [first, ofCloud(clouds, name).apiKey]))
    )
  }
  const client = await clientOf(setup)
  // Enough of everything, so that a launch comes to nothing by what is done to it alone.
  for (const name of cloudNames) {
    const { makeRoom } = ofCloud(clouds, name)
    if (makeRoom) makeRoom(await ofCloud(client.markets, name)())
  }
  const truth = (): ReadonlyArray<MachineTruth> => cloudNames.flatMap((cloud) => ofCloud(clouds, cloud).truth())

  /** The next create of a cloud loses its answer, or takes its time. */
  const disturb = (random: Random, cloud: string): void => {
    const effects: readonly [CommonEffect, ...CommonEffect[]] = [
      { kind: "reset-after" },
      { kind: "status", status: 500, effect: true },
      { kind: "latency", ms: random.integer(1, 20) * 1000 },
      { kind: "late", ms: random.integer(1, 120) * 1000 },
      { kind: "reset-before" }
    ]
    ofCloud(clouds, cloud).fault({ on: benchCloud(cloud).routes.create, do: random.pick(effects) })
  }
  const calm = async () => {
    for (const server of Object.values(servers)) await server.close()
    client.ledger.close()
    clock.close()
  }
  return { setup, client, truth, disturb, clock, close: calm }
}

/** The clouds of a storm. */
export type StormClouds = Awaited<ReturnType<typeof openClouds>>
