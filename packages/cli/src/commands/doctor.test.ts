import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { clouds as listed } from "@anygpu/clouds"
import { exitCodes } from "@anygpu/operations/failure"
import { doctorShape } from "@anygpu/operations/protocol"
import { sqliteLedger } from "anygpu/sqlite"
import { runPromise } from "effect/Effect"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { simulatedClouds } from "../testing/clouds.ts"
import type { Ran, TerminalOptions } from "../testing/terminal.ts"

type Fetch = NonNullable<TerminalOptions["fetch"]>[string]

const read = ({ stdout }: Ran) => doctorShape.strict().parse(JSON.parse(stdout))

/** What is not well, as `about check`. */
const badIn = (ran: Ran) =>
  read(ran)
    .checks.filter(({ state }) => state === "bad")
    .map(({ about, check }) => `${about} ${check}`)

const rows = z.array(z.looseObject({}))
const searchShape = z.looseObject({ offers: rows })
const listShape = z.looseObject({ instances: rows })

/** A cloud whose answers are changed on their way. */
const changing =
  (fetch: Fetch, change: (answer: object, path: string) => unknown, headers: HeadersInit = {}): Fetch =>
  async (url, init) => {
    const answer = await fetch(url, init)
    const { pathname } = new URL(url)
    return new Response(
      JSON.stringify(change(z.union([z.looseObject({}), z.array(z.unknown())]).parse(await answer.json()), pathname)),
      {
        status: answer.status,
        headers
      }
    )
  }

describe("anygpu doctor", () => {
  test("finds nothing on clouds that are well, with machines on them, and changes nothing", async () => {
    using clouds = simulatedClouds()
    await clouds.rent("trainer")
    const container = ["--image", "ubuntu:24.04", "--port", "22", "--cloud", "fluence"]
    expect(await clouds.run("launch", "h100", ...container, "--yes")).toMatchObject({ code: 0 })
    const before = Object.values(clouds.simulators).map((simulator) => simulator.requests().length)
    const ran = await clouds.run("doctor", "--json")
    expect(ran).toMatchObject({ code: 0, stderr: "" })
    const { well, checks, drift } = read(ran)
    expect({ well, drift }).toEqual({ well: true, drift: [] })
    for (const cloud of ["fluence", "huddle", "vast"]) {
      const of = checks.filter(({ about }) => about === cloud).map(({ check, state }) => `${check} ${state}`)
      expect(of).toEqual(["key ok", "network ok", "login ok", "clock skipped", "reads ok", "API ok"])
    }
    const sent = Object.values(clouds.simulators).flatMap((simulator, index) =>
      simulator.requests().slice(before[index])
    )
    expect(sent.filter(({ method }) => method !== "GET" && method !== "POST")).toEqual([])
    const searches = /\/(bundles\/|marketplace\/offers|oauth2\/token)$/
    expect(sent.filter(({ method, path }) => method === "POST" && !searches.test(path))).toEqual([])
    expect((await clouds.run("doctor")).stderr).toBe("All is well.\n")
  })

  test("reports fields and words that the adapters do not know, without what is in the fields", async () => {
    using clouds = simulatedClouds()
    await clouds.rent("trainer")
    const { vast, huddle } = clouds.simulators
    const changedVast = changing(vast.fetch, (answer, path) => {
      const news = { secret_of_field: "s3cret-value" }
      if (path.endsWith("/bundles/")) return { offers: [{ ...searchShape.parse(answer).offers[0], ...news }] }
      if (!path.startsWith("/api/v1/instances")) return answer
      return { ...answer, instances: [{ ...listShape.parse(answer).instances[0], actual_status: "paused", ...news }] }
    })
    const changedHuddle = changing(huddle.fetch, (answer) => ({ ...answer, new_of_page: 1 }))
    const fetch = { fluence: clouds.simulators.fluence.fetch, huddle: changedHuddle, vast: changedVast }
    const ran = await clouds.runWith({ fetch }, "doctor", "--json")
    expect(ran.code).toBe(exitCodes.unwell.code)
    expect(badIn(ran)).toEqual(["huddle API", "vast API"])
    const found = read(ran).drift.map(({ provider, request, path, value }) => [provider, request, path, value])
    expect(found).toEqual(
      expect.arrayContaining([
        ["vast", "POST /api/v0/bundles/", "offers[].secret_of_field", null],
        ["vast", "GET /api/v1/instances/", "instances[].secret_of_field", null],
        ["vast", "GET /api/v1/instances/", "instances[].actual_status", "paused"],
        ["huddle", "GET /api/v1/gpus/available", "new_of_page", null]
      ])
    )
    expect(ran.stdout).not.toContain("s3cret")
    const text = await clouds.runWith({ fetch }, "doctor")
    expect(text.stdout).toMatch(/API +bad +new: .*instances\[\]\.actual_status "paused"/)
  })

  test("says where each key is from, and never what it is", async () => {
    using clouds = simulatedClouds()
    const path = clouds.env.ANYGPU_CONFIG
    const { apiKey } = clouds.simulators.huddle
    writeFileSync(path, JSON.stringify({ clouds: { huddle: { apiKey } } }), { mode: 0o600 })
    const ran = await clouds.runWith({ env: { HUDDLE_API_KEY: "", FLUENCE_API_KEY: "" } }, "doctor", "--json")
    expect(ran.code).toBe(0)
    const keys = read(ran).checks.filter(({ check }) => check === "key")
    const ofOurs = keys.filter(({ about }) => ["fluence", "huddle", "vast"].includes(about))
    expect(ofOurs.map(({ about, state, found }) => [about, state, found])).toEqual([
      ["fluence", "skipped", "none"],
      ["huddle", "ok", `from ${path}`],
      ["vast", "ok", "from VAST_API_KEY"]
    ])
    for (const simulator of Object.values(clouds.simulators)) expect(ran.stdout).not.toContain(simulator.apiKey)
  })

  test("no key at all, or none for a cloud that is named, is not well", async () => {
    using clouds = simulatedClouds()
    const env = { FLUENCE_API_KEY: "", HUDDLE_API_KEY: "", VAST_API_KEY: "" }
    const none = await clouds.runWith({ env }, "doctor", "--json")
    expect(none.code).toBe(exitCodes.unwell.code)
    expect(badIn(none)).toEqual(listed.map(({ name }) => `${name} key`))
    const named = await clouds.runWith({ env: { VAST_API_KEY: "" } }, "doctor", "--cloud", "vast")
    expect(named).toMatchObject({ code: exitCodes.unwell.code, stdout: expect.stringContaining("set VAST_API_KEY") })
  })

  test("a wrong key reads otherwise than an unreachable cloud", async () => {
    using clouds = simulatedClouds()
    const wrong = await clouds.runWith({ env: { VAST_API_KEY: "s3cret-value" } }, "doctor", "--json")
    expect(badIn(wrong)).toEqual(["vast login"])
    expect(wrong.stdout).not.toContain("s3cret-value")
    const refuse = async () => {
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) })
    }
    const away = await clouds.runWith({ fetch: { fluence: refuse, huddle: refuse, vast: refuse } }, "doctor", "--json")
    expect(away.code).toBe(exitCodes.unwell.code)
    expect(badIn(away)).toEqual(["fluence network", "huddle network", "vast network"])
  })

  test.each([
    [5000, "ok", /^[56]s ahead of this computer's/],
    [-1500, "ok", /^as here/],
    [300_000, "bad", /^5m( 1s)? ahead of this computer's/],
    [-300_000, "bad", /^(5m|4m 59s)( 1s)? behind this computer's/]
  ])("a clock %i ms ahead is %s", async (ahead, state, found) => {
    using clouds = simulatedClouds()
    const date = new Date(clouds.clock.now() + ahead).toUTCString()
    const vast = changing(clouds.simulators.vast.fetch, (answer) => answer, { date })
    const ran = await clouds.runWith({ fetch: { vast } }, "doctor", "--json", "--cloud", "vast")
    const [clock] = read(ran).checks.filter(({ check }) => check === "clock")
    expect(clock).toMatchObject({ state, found: expect.stringMatching(found) })
  })

  test("a config file that others can read, and a broken ledger, are reported with what to do", async () => {
    using clouds = simulatedClouds()
    const { ANYGPU_CONFIG, ANYGPU_LEDGER } = clouds.env
    writeFileSync(ANYGPU_CONFIG, "{}")
    chmodSync(ANYGPU_CONFIG, 0o644)
    writeFileSync(ANYGPU_LEDGER, "this is a text file and no ledger of anybody")
    const ran = await clouds.run("doctor", "--json")
    expect(badIn(ran)).toEqual(["this computer config", "this computer ledger"])
    expect(ran.stdout).toContain("chmod 600")
    const folder = await clouds.run("doctor", "--json", "--ledger", clouds.folder)
    expect(badIn(folder)).toContain("this computer ledger")
  })

  test("launches that wait for a decision are reported", async () => {
    using clouds = simulatedClouds()
    await clouds.rent("trainer")
    using ledger = sqliteLedger(clouds.env.ANYGPU_LEDGER)
    const [launch] = await runPromise(ledger.launches())
    if (!launch) throw new Error("the launch is in the ledger")
    const leased = { ...launch, marker: "agoverdue111", instanceId: "7", leaseUntil: clouds.clock.now() - 1 }
    await runPromise(ledger.openLaunch(leased))
    const overdue = await clouds.run("doctor")
    expect(overdue).toMatchObject({ code: exitCodes.unwell.code, stdout: expect.stringContaining("anygpu sweep") })
    await runPromise(ledger.renewLease(leased.marker, null))
    await runPromise(ledger.openLaunch({ ...launch, marker: "agunsettled1", state: "open", instanceId: null }))
    const unsettled = await clouds.run("doctor")
    expect(unsettled.stdout).toContain("of 1 it is not known whether a machine came")
  })

  test("asks over the network, where clocks and times are real", async () => {
    using clouds = simulatedClouds()
    await using servers = await clouds.listen()
    const options = { env: servers.env, fetch: undefined, clock: undefined }
    const ran = await clouds.runWith(options, "doctor", "--json")
    expect(badIn(ran)).toEqual([])
    const clocks = read(ran).checks.filter(({ check }) => check === "clock")
    expect(clocks.map(({ state }) => state)).toEqual(["ok", "ok", "ok"])
    const dark = { ...servers.env, VAST_BASE_URL: join("not", "a", "url") }
    expect(badIn(await clouds.runWith({ ...options, env: dark }, "doctor", "--json"))).toEqual(["vast settings"])
  })
})
