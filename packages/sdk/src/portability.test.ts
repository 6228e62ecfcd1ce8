import { vast } from "@anygpu/vast"
import { expect, test } from "vitest"
import { createGpu } from "./create-gpu.ts"
import { market } from "./testing/market.ts"

const { clouds } = market({ name: "acme", stands: [] })
const gpu = createGpu({ providers: [...clouds, vast({ apiKey: "no request is sent" })] })

test("says what each cloud would make one lose", () => {
  const found = gpu.portability({ image: "ubuntu:24.04", env: { A: "1" }, operations: ["stop", "logs", "images"] })
  const shown = found.map(({ provider, kind, fits, notes }) => [`${provider} ${kind}`, fits, ...notes])
  expect(shown).toEqual([
    ["acme vm", false, "cannot launch with image", "has no stop, logs, images", "rents nothing interruptible"],
    ["vast container", false, "has no images"],
    ["vast vm", false, "cannot launch with image, env", "needs os, sshKeys", "has no logs, images"]
  ])
  expect(found[1]).toMatchObject({ lacksOptions: [], needsOptions: [], lacksOperations: ["images"] })
})

test("what fits, fits", () => {
  const [, container] = gpu.portability({ image: "ubuntu:24.04", operations: ["stop", "start", "logs"] })
  expect(container).toMatchObject({ fits: true, notes: [] })
})
