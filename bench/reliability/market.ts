import { type AnyProvider, type Cloud, type LaunchOptions, memoryLedger, type Offer } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import type { Simulator, VirtualClock } from "@anygpu/simulators"
import { createGpu } from "anygpu"
import type { Stall } from "../cloud.ts"
import { benchCloud, benchClouds, ofCloud } from "../cloud-list.ts"

/** A kind of machine, and of which cloud. */
export interface CloudStall extends Stall {
  readonly cloud: string
}

const [first, ...others] = benchClouds
  .flatMap(({ name, stalls: own }) => own.map((stall): CloudStall => ({ cloud: name, ...stall })))
  .sort((a, b) => a.order - b.order)
if (!first) throw new Error("no cloud of the benches has a kind of machine to rent")

/** What is rented in a run, in the order in which seeds draw. */
export const stalls: readonly [CloudStall, ...CloudStall[]] = [first, ...others]

/** What to run on an offer. */
export const optionsFor = (offer: Offer): Partial<LaunchOptions> => benchCloud(offer.provider).options(offer)

/** The disk that an offer is rented with, in MiB; null where its size is not chosen. */
export const diskOf = (offer: Offer): number | null => optionsFor(offer).diskMiB ?? null

/** Sends a request to a cloud. */
export type Send = (cloud: string) => (url: string, init: RequestInit) => Promise<Response>

/** The clouds of these accounts, each on its adapter. */
export const providersOf = (
  accounts: Readonly<Record<string, Pick<Simulator, "apiKey">>>,
  send: Send
): ReadonlyArray<Cloud> =>
  benchClouds.map(({ name, make }) =>
    make({ apiKey: ofCloud(accounts, name).apiKey, transport: fetchTransport(send(name)) })
  )

/** Makes another provider of one. */
export type Mutate = (provider: AnyProvider) => AnyProvider

/** A cloud with each of its kinds made another. */
export const mutated = (cloud: Cloud, mutate: Mutate): Cloud => ({
  ...cloud,
  kinds: Object.fromEntries(Object.entries(cloud.kinds).map(([name, kind]) => [name, mutate(kind)]))
})

/** The offers of some stalls, cheapest first, read before anything goes wrong. */
export const offersOf = async (
  clouds: Readonly<Record<string, Simulator>>,
  clock: VirtualClock,
  wanted: ReadonlyArray<CloudStall>
): Promise<ReadonlyArray<Offer>> => {
  const providers = providersOf(clouds, (cloud) => (url, init) => ofCloud(clouds, cloud).fetch(url, init)).filter(
    ({ name }) => wanted.some(({ cloud }) => cloud === name)
  )
  const gpu = createGpu({ clouds: providers, clock, ledger: memoryLedger() })
  const kind = [...new Set(wanted.map((stall) => stall.kind))]
  const { items, complete, problems } = await gpu.offers({ kind })
  if (!complete) throw new Error(`the market cannot be read: ${problems[0]?.error.message}`)
  return items.filter(({ availability }) => availability !== "unavailable")
}
