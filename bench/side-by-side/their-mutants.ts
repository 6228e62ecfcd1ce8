import { mutants } from "@anygpu/conformance"
import type { CloudProvider } from "@profullstack/sh1pt-core"

/** Our mutants that break what the interface of `@profullstack/sh1pt-core` does not have, by what that is. */
export const withoutCounterpart: Readonly<Record<string, ReadonlyArray<string>>> = {
  "a launch that outlives its process": [
    "forgets the ledger",
    "ignores the launch key",
    "uninterruptible launch",
    "recovers nothing",
    "forgets the marker"
  ],
  "a price that is unknown": ["rents at any price"],
  "launch options beyond the image": ["drops a launch option", "drops options nobody knows"],
  "declared capabilities": ["claims what it lacks", "absent operation as a no-op"],
  "offers in common terms, with their problems": ["native GPU names", "offers that hide a bad row"],
  "env values, and fields of the cloud's own": ["error with an env value", "native with an env value"],
  "errors by class": ["errors without an operation"]
}

const excluded = new Set(Object.values(withoutCounterpart).flat())

/** Those that break what both interfaces have: to price, rent, list, show and end a machine. */
export const sharedMutants = mutants.filter(({ name, ops }) => !excluded.has(name) && (ops ?? []).length === 0)

type Overrides = (provider: CloudProvider) => Partial<CloudProvider>

/** Providers of its own interface that are broken on purpose. */
export const theirOwn: Readonly<Record<string, Overrides>> = {
  "has an id that no cloud gives": ({ id }) => ({ id: id.replace(/^cloud-/, "") }),
  "connects without a key": () => ({ connect: async () => ({ accountId: "account" }) }),
  "quotes less than nothing": ({ quote }) => ({
    quote: async (...args) => ({ ...(await quote(...args)), hourly: -1 })
  }),
  "quotes nothing": ({ quote }) => ({ quote: async (...args) => ({ ...(await quote(...args)), hourly: 0 }) }),
  "quotes in no currency": ({ quote }) => ({
    quote: async (...args) => ({ ...(await quote(...args)), currency: "" })
  }),
  "rents in a dry run": ({ provision }) => ({
    provision: (ctx, { maxHourlyPrice: _, ...spec }, config) => provision({ ...ctx, dryRun: false }, spec, config)
  }),
  "rents a machine without an id": ({ provision }) => ({
    provision: async (...args) => ({ ...(await provision(...args)), id: "" })
  }),
  "rents twice": ({ provision }) => ({
    provision: async (...args) => {
      await provision(...args)
      return provision(...args)
    }
  }),
  "rents above the limit": ({ provision }) => ({
    provision: (ctx, { maxHourlyPrice: _, ...spec }, config) => provision(ctx, spec, config)
  }),
  "ends nothing": () => ({ destroy: async () => {} }),
  "lists nothing": () => ({ list: async () => [] }),
  "says that everything runs": ({ status }) => ({
    status: async (...args) => ({ ...(await status(...args)), status: "running" })
  })
}
