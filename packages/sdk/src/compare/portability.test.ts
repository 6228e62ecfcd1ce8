import { vast } from "@anygpu/vast"
import { expect, test } from "vitest"
import { type AnyProvider, createGpu, InvalidRequest } from "../index.ts"
import { market } from "../testing/market.ts"
import { portabilityOf } from "./portability.ts"

const { clouds } = market({ name: "acme", stands: [] })
const gpu = createGpu({ clouds: [...clouds, vast({ apiKey: "no request is sent" })] })

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

test("says where ports cannot be changed later", () => {
  const [acme] = clouds.flatMap(({ kinds }) => Object.values(kinds))
  if (!acme) throw new Error("no provider")
  const updating = (...updateOptions: ReadonlyArray<"image" | "ports">): AnyProvider => ({
    ...acme,
    capabilities: new Set(["update"]),
    updateOptions: new Set(updateOptions)
  })
  const notes = portabilityOf([updating("image"), updating("image", "ports")], { operations: [] }).map(
    (one) => one.notes
  )
  const bids = "rents nothing interruptible"
  expect(notes).toEqual([[bids, "ports stay as they were launched"], [bids]])
})

test.each<[unknown, string, RegExp]>([
  [null, "request", /not null/],
  [5, "request", /not a number/],
  [{ operations: "stop" }, "operations", /must be a list/],
  [{ operations: [5] }, "operations[0]", /must be a text/],
  [{ operations: ["fly"] }, "fly", /is no operation/],
  [{ imge: "ubuntu" }, "imge", /is no launch option/]
])("refuses %j", (request, path, problem) => {
  const call = () => gpu.portability(request as never)
  expect(call).toThrow(InvalidRequest)
  expect(call).toThrow(expect.objectContaining({ issues: [{ path, problem: expect.stringMatching(problem) }] }))
})
