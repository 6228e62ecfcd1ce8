/* The contract tests of `@profullstack/sh1pt-core`, run by vitest over a healthy provider and over each broken one. */
import { writeFileSync } from "node:fs"
import type { CloudProvider } from "@profullstack/sh1pt-core"
import { contractTestCloud } from "@profullstack/sh1pt-core/testing"
import { afterAll, describe } from "vitest"
import { bridge } from "./bridge.ts"
import type { Calls } from "./suites.ts"
import { sharedMutants, theirOwn } from "./their-mutants.ts"
import { openWorld, secretName } from "./world.ts"

const contract = (title: string, provider: CloudProvider) =>
  describe(title, () =>
    contractTestCloud(provider, {
      sampleConfig: {},
      sampleSpec: { kind: "gpu", gpu: { model: "RTX 4090", count: 1 } },
      requiredSecrets: [secretName]
    })
  )

const healthy = () => bridge(openWorld(), (provider) => provider)

/** The same provider, with its calls counted. */
const counted = (provider: CloudProvider, calls: Calls): CloudProvider => {
  const { connect, quote, provision, list, status, destroy } = provider
  return {
    ...provider,
    connect: (...args) => {
      calls.connect += 1
      return connect(...args)
    },
    quote: (...args) => {
      calls.quote += 1
      return quote(...args)
    },
    provision: (ctx, ...args) => {
      calls[ctx.dryRun ? "provision in a dry run" : "provision"] += 1
      return provision(ctx, ...args)
    },
    list: (...args) => {
      calls.list += 1
      return list(...args)
    },
    status: (...args) => {
      calls.status += 1
      return status(...args)
    },
    destroy: (...args) => {
      calls.destroy += 1
      return destroy(...args)
    }
  }
}

const calls: Calls = { connect: 0, quote: 0, provision: 0, "provision in a dry run": 0, list: 0, status: 0, destroy: 0 }
contract("healthy", counted(healthy(), calls))
for (const { name, mutate } of sharedMutants) {
  const world = openWorld()
  contract(
    `shared: ${name}`,
    bridge(world, (provider) => mutate(provider, world))
  )
}
for (const [name, overrides] of Object.entries(theirOwn)) {
  const provider = healthy()
  contract(`own: ${name}`, { ...provider, ...overrides(provider) })
}

const file = process.env.ANYGPU_CALLS
if (file) afterAll(() => writeFileSync(file, JSON.stringify(calls)))
