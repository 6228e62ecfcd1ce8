import { habits } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import type { ShadeformChoices } from "@anygpu/simulators"
import { shadeformHarness } from "./conformance.test-support.ts"

/**
 * What Shadeform's own documents leave open, besides what those of any cloud do. That it forgets an end is tried by a test of
 * the suite: a cloud that always does has none to test.
 */
const choices: Readonly<Record<string, Partial<ShadeformChoices>>> = {
  "what is missing is said in another form": { missing: "message", deletesAgain: 404 },
  "what is missing has a code, and what is gone is still shown": { missing: "coded", deletedShown: true },
  "rows are of before spot, and containers have a state": { rentalTyped: false, containerStatus: true },
  "a threshold that is left out is removed": { forgetsThreshold: true }
}

// Shadeform's documents settle none of these habits and choices: its adapter has to work under each.
await describeConformance(shadeformHarness("vms"), { habits })
await describeConformance([
  ...[shadeformHarness("containers"), shadeformHarness("baremetal")],
  ...Object.entries(choices).map(([name, chosen]) => ({
    ...shadeformHarness("vms", chosen),
    name: `Shadeform vms, where ${name}`
  }))
])
