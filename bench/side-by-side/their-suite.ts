/* The contract tests of `@profullstack/sh1pt-core`, run by vitest over a healthy provider and over each broken one. */
import type { CloudProvider } from "@profullstack/sh1pt-core"
import { contractTestCloud } from "@profullstack/sh1pt-core/testing"
import { describe } from "vitest"
import { bridge, secretName } from "./bridge.ts"
import { sharedMutants, theirOwn } from "./their-mutants.ts"
import { openWorld } from "./world.ts"

const contract = (title: string, provider: CloudProvider) =>
  describe(title, () =>
    contractTestCloud(provider, {
      sampleConfig: {},
      sampleSpec: { kind: "gpu", gpu: { model: "RTX 4090", count: 1 } },
      requiredSecrets: [secretName]
    })
  )

const healthy = () => bridge(openWorld(), (provider) => provider)

contract("healthy", healthy())
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
