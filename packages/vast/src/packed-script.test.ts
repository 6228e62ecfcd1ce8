import { execFileSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { simulated } from "./cloud.test-support.ts"
import { mostScript, startScriptOf } from "./packed-script.ts"

const packed = (script: string) => Effect.runPromise(startScriptOf(script))
const padding = "# as good as nothing, over and over again\n".repeat(200)

describe("a start script", () => {
  it("of 4048 characters goes as it is", async () => {
    const script = "x".repeat(mostScript)
    expect(await packed(script)).toBe(script)
  })

  it.each([
    ["without a first line of its own, by bash", `${padding}[[ a == a ]] && echo "ran ümlaut $GREETING"`],
    [
      "with one, by what that names",
      `#!/usr/bin/env -S node\n${"// more\n".repeat(1000)}console.log("ran ümlaut " + process.env.GREETING)\n`
    ],
    ["with an argument in it", `#!/bin/bash -e\n${padding}echo "ran ümlaut $GREETING"; false; echo never\n`]
  ])("that is longer is run %s, whole and with the variables", async (_, script) => {
    const text = await packed(script)
    expect(text.length).toBeLessThanOrEqual(mostScript)
    const env = { ...process.env, GREETING: "hello" }
    const run = () => execFileSync("sh", ["-c", `${text}true`], { env, encoding: "utf8" })
    expect(run()).toBe("ran ümlaut hello\n")
  })

  it("that is too long packed as well is refused with both lengths, and nothing is sent", async () => {
    const script = randomBytes(6000).toString("hex")
    const world = simulated()
    const error = await world.fails(world.containers.launch(await world.spec({ onStart: script })))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "onStart" }] })
    expect(error.message).toMatch(/has 12000 characters, and \d+ packed/)
    expect(world.sent.filter(({ method }) => method === "PUT")).toEqual([])
  })

  it("that is longer is launched packed", async () => {
    const world = simulated()
    await world.run(world.containers.launch(await world.spec({ onStart: `${padding}echo up` })))
    const create = world.sent.find(({ method, url }) => method === "PUT" && url.includes("/asks/"))
    expect(JSON.parse(create?.body ?? "{}").onstart).toMatch(/base64 -d \| gzip -d/)
  })
})
