/*
 * A user's process: launches what it is asked for, under the key that it gets, until it is killed.
 *
 *   child.mjs <the setup as JSON>
 */
import { isGpuError, type Offer } from "@anygpu/core"
import { ofCloud } from "../cloud-list.ts"
import { optionsFor } from "../reliability/market.ts"
import { clientOf } from "./client.ts"
import type { Order, Setup, Word } from "./words.ts"

const setup = JSON.parse(process.argv[2] ?? "") as Setup
/** A process that stands still in the midst of a write keeps all others from the ledger: tries until it goes on. */
const open = async (): ReturnType<typeof clientOf> => {
  try {
    return await clientOf(setup)
  } catch (error) {
    if (isGpuError(error) && error.retry === "temporary") return open()
    throw error
  }
}
const { gpu, markets } = await open()
const say = (word: Word) => process.send?.(word)

/** What each cloud offers, read once until something fails. */
const known = new Map<string, ReadonlyArray<Offer>>()
const drawOffer = async (cloud: string, draw: number): Promise<Offer> => {
  const offers =
    known.get(cloud) ??
    [...(await ofCloud(markets, cloud)())].filter(({ availability }) => availability !== "unavailable")
  known.set(cloud, offers)
  const offer = offers[Math.floor(draw * offers.length)]
  if (!offer) throw new Error(`nothing is offered by ${cloud}`)
  return offer
}

const launch = async ({ key, cloud, draw }: Order): Promise<void> => {
  try {
    const offer = await drawOffer(cloud, draw)
    say({ says: "begins", key })
    const { ref } = await gpu.rent({ offer, name: key, key, ...optionsFor(offer) })
    say({ says: "has", key, id: ref.id })
  } catch (error) {
    known.clear()
    say({ says: "failed", key, error: String(error) })
  }
}

process.on("message", (order: Order) => void launch(order))
// The parent is gone: there is nobody to report to.
process.on("disconnect", () => process.exit())
say({ says: "ready" })
