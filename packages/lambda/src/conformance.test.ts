import { habits } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { lambdaChoices, lambdaHarness } from "./conformance.test-support.ts"

// Lambda's documents settle none of these habits and choices: its adapter has to work under each.
await describeConformance(lambdaHarness, { habits })
await describeConformance(lambdaChoices)
