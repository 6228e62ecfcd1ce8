import { type PostgresServer, startPostgres, withoutPostgres } from "@anygpu/postgres/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { simulatedClouds } from "./testing/clouds.ts"

const launched = [
  "launch",
  "--gpu",
  "RTX 4090",
  "--image",
  "ubuntu:24.04",
  "--yes",
  "--no-wait",
  "--no-ssh-key",
  "--json"
]

test("an address that is none of Postgres is said, and its password is not", async () => {
  using clouds = simulatedClouds()
  const ran = await clouds.run("list", "--ledger", "postgres:pass-word")
  expect(ran.code).not.toBe(0)
  expect(ran.stderr).toContain("give one such as postgres://user:password@host:5432/database")
  expect(ran.stderr).not.toContain("pass-word")
})

describe.skipIf(withoutPostgres)("with a real Postgres", () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  test("two computers that launch under one key rent one machine", async () => {
    using clouds = simulatedClouds()
    const options = [...launched, "--key", "nightly", "--ledger", server.url]
    const [one, other] = [await clouds.run(...options), await clouds.run(...options)]
    expect([one.stderr, other.stderr]).toEqual(["", ""])
    expect(JSON.parse(other.stdout).machine.ref).toBe(JSON.parse(one.stdout).machine.ref)
    expect(clouds.simulators.vast.machines().filter(({ alive }) => alive)).toHaveLength(1)
  })

  test("the place of the ledger may come from the environment, and doctor shows it without its password", async () => {
    using clouds = simulatedClouds()
    const place = server.url.replace("anygpu@", "anygpu:pass-word@")
    const ran = await clouds.runWith({ env: { ANYGPU_LEDGER: place } }, "doctor")
    expect(ran.stdout).toMatch(/postgres:\/\/anygpu@127\.0\.0\.1:\d+\/postgres, \d+ launch/)
    expect(ran.stdout + ran.stderr).not.toContain("pass-word")
  })
})
