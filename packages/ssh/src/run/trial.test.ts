import { expect, test } from "vitest"
import { runTrial } from "./testing/trial.ts"

test("runs end as their contract says, whatever is taken, drops, or is killed", async () => {
  for (let seed = 1; seed <= 15; seed++) {
    const { faults } = await runTrial(seed)
    expect({ seed, faults }).toEqual({ seed, faults: [] })
  }
}, 60_000)
