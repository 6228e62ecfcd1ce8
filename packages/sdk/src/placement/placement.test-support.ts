import { type GpuError, isGpuError, memoryLedger } from "@anygpu/core"
import { createGpu } from "../client/create-gpu.ts"
import { type CloudScript, type Fate, market, type Stand } from "../testing/market.ts"

/** A small launch for a job. */
export const request = { job: { duration: "3 hours" }, name: "train", workload: { os: "ubuntu" } } as const

/** Made-up clouds, one client of them, and more clients on the same ledger when they are asked for. */
export const setUp = (scripts: ReadonlyArray<CloudScript>, more: Partial<Parameters<typeof createGpu>[0]> = {}) => {
  const { clouds, clock, ...rest } = market(...scripts)
  const ledger = memoryLedger()
  const client = () => createGpu({ clouds, clock, ledger, ...more })
  return { gpu: client(), clouds, ledger, clock, client, ...rest }
}

/** One cloud whose offers, from the cheapest on, meet these fates. */
export const fates = (...all: ReadonlyArray<Fate>): CloudScript => ({
  name: "acme",
  stands: all.map((fate, index): Stand => ({ id: `o${index + 1}`, perHour: `${index + 1}`, fate }))
})

/** Two clouds with one offer each, the first one's the cheaper. */
export const two = (acme: Partial<CloudScript> = {}, other: Partial<CloudScript> = {}): ReadonlyArray<CloudScript> => [
  { name: "acme", stands: [{ id: "a", perHour: "1" }], ...acme },
  { name: "other", stands: [{ id: "b", perHour: "2" }], ...other }
]

/** What was tried, in short. */
export const shown = (trail: ReadonlyArray<{ offer: { id: string }; outcome: string }>) =>
  trail.map(({ offer, outcome }) => `${offer.id} ${outcome}`)

/** The error that a call ends with; fails when it does not. */
export const errorOf = async (call: Promise<unknown>): Promise<GpuError> => {
  const error = await call.then(
    () => null,
    (failed: unknown) => failed
  )
  if (!isGpuError(error)) throw new Error(`expected an error of the catalogue, got ${String(error)}`)
  return error
}

/** As a program in plain JavaScript passes it: no type helps. */
export const untyped = <T>(value: unknown): T => value as T
