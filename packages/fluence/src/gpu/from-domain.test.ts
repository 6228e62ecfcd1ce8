import { type LaunchSpec, markerLength, newMarker, type Offer, type PortRequest, splitMarker } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import plans from "./fixtures/plans.json" with { type: "json" }
import requests from "./fixtures/requests.json" with { type: "json" }
import { type containerOptions, deployContainerOf, deployMachineOf, nameOf } from "./from-domain.ts"
import { containerOffers, machineOffer } from "./to-domain.ts"
import * as wire from "./wire.ts"

const marker = "ag1x9k2m4p7q"
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"
const now = DateTime.makeUnsafe("2026-02-07T15:00:00Z")
const [plan] = plans.containers
const [group] = plans.vms.data
const option = group?.availability_by_number[0]?.options[0]

const offerIn = (location: ReadonlyArray<string>): Offer<"fluence", "container"> => {
  const [offer] = containerOffers(wire.ContainerPlan.parse({ ...plan, attributes: { location } }), plan, now)
  if (!offer) throw new Error("no offer")
  return offer
}

type Spec = LaunchSpec<"fluence", "container", (typeof containerOptions)[number]>

const spec = (more: Partial<Spec> = {}): Spec => ({
  offer: offerIn(["US"]),
  name: "Train me",
  image: "docker.io/fluencelabs/debian-ssh-root:11",
  ports: [{ port: 22 }],
  ...more
})

const bodyOf = (more: Partial<Spec> = {}) => Result.getOrThrow(deployContainerOf(spec(more)))(marker)
const issuesOf = (more: Partial<Spec>) => {
  const result = deployContainerOf(spec(more))
  return Result.isFailure(result) ? result.failure.issues : []
}

describe("a container's deploy", () => {
  it("says what the documents' own example says", () => {
    const body = bodyOf({
      ports: [{ port: 22 }, { port: 80, protocol: "http" }, { port: 443 }, { port: 8000, protocol: "tcp" }],
      env: { MODEL_PATH: "/models/llama" },
      command: ["python3", "serve.py", "--port", "8000"],
      sshKeys: [` ${key}\n`]
    })
    const { plan_id: _, name: __, ssh_key: ___, ...example } = requests.deployContainer
    expect(body).toEqual({ plan_id: plan?.plan.id, name: `train-me-${marker}`, ssh_key: key, ...example })
    expect(wire.DeployContainer.parse(body)).toEqual(body)
  })

  it("says no more than it was given", () => {
    expect(bodyOf({ offer: offerIn([]), env: {} })).toEqual({
      plan_id: plan?.plan.id,
      name: `train-me-${marker}`,
      container_settings: {
        image: "docker.io/fluencelabs/debian-ssh-root:11",
        expose: [{ port: "22", protocol: "tcp" }],
        environment: []
      }
    })
    expect(bodyOf({ command: [] }).container_settings.startup_command).toBeUndefined()
  })

  it("gives the login of a private image", () => {
    const registry = { host: "ghcr.io", username: "myuser", password: "ghp_xxxxxxxxxxxx" }
    const { credentials } = requests.deployPrivateFragment.container_settings
    expect(bodyOf({ registry }).container_settings.credentials).toEqual(credentials)
  })

  it("goes where its offer is, or where a plan without a place is asked to go", () => {
    expect(bodyOf({ location: "US" }).constraints).toEqual({ location: "US" })
    expect(bodyOf({ location: "us" }).constraints).toEqual({ location: "US" })
    for (const location of ["NO", "no"]) {
      expect(bodyOf({ offer: offerIn([]), location }).constraints).toEqual({ location: "NO" })
    }
    expect(bodyOf({ offer: offerIn([]) }).constraints).toBeUndefined()
    expect(issuesOf({ location: "NO" })).toMatchObject([{ path: "location", problem: expect.stringContaining("US") }])
    expect(issuesOf({ offer: offerIn([]), location: "Norway" })).toMatchObject([{ path: "location" }])
  })

  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`A${n}`, "x"]))
  const ports = (count: number): PortRequest[] => Array.from({ length: count }, (_, n) => ({ port: 8000 + n }))

  it.each<[string, Partial<Spec>, string[]]>([
    ["an image in upper case", { image: "Debian" }, ["image"]],
    ["an image of 256 characters", { image: "a".repeat(256) }, ["image"]],
    ["an image of 255 characters", { image: "a".repeat(255) }, []],
    ["11 ports", { ports: ports(11) }, ["ports"]],
    ["10 ports", { ports: ports(10) }, []],
    ["http beside port 80", { ports: [{ port: 22 }, { port: 8080, protocol: "http" }] }, ["ports[1]"]],
    ["65 variables", { env: many(65) }, ["env"]],
    ["64 variables", { env: many(64) }, []],
    ["variables of wrong names", { env: { lower: "x", A1_: "x", _A: "x" } }, ["env.lower", "env._A"]],
    ["the reserved variable", { env: { SSH_PUBKEY: key } }, ["env.SSH_PUBKEY"]],
    ["a command that is too long", { command: ["a".repeat(2049)] }, ["command"]],
    ["a command that is too long once quoted", { command: [" ".repeat(2047)] }, ["command"]],
    ["a command of 2048 characters", { command: ["a".repeat(2048)] }, []],
    ["another registry", { registry: { host: "quay.io", username: "u", password: "p" } }, ["registry.host"]],
    ["two keys", { sshKeys: [key, key] }, ["sshKeys"]],
    ["everything at once", { image: "A", ports: ports(11), env: { a: "x" } }, ["image", "env.a", "ports"]]
  ])("with %s", (_, more, paths) => {
    expect(issuesOf(more).map(({ path }) => path)).toEqual(paths)
  })
})

/** What a shell makes of a command of plain and single-quoted words. */
const shellWords = (text: string): string[] => {
  const words: string[] = []
  for (let rest = text; rest !== ""; ) {
    const [all = rest, raw = ""] = /^((?:'[^']*'|\\'|[^\s'\\])*)\s?/.exec(rest) ?? []
    words.push(raw.replace(/'([^']*)'|\\(')/g, (_, quoted, escaped) => quoted ?? escaped))
    rest = rest.slice(all.length)
    if (all === "") throw new Error(`stuck at ${rest}`)
  }
  return words
}

test("a shell reads the arguments back as they were given", () => {
  expect(bodyOf({ command: ["echo", "it's", "", "a b", "$HOME"] }).container_settings.startup_command).toBe(
    `echo 'it'\\''s' '' 'a b' '$HOME'`
  )
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 10 }), (command) => {
      expect(shellWords(bodyOf({ command }).container_settings.startup_command ?? "")).toEqual(command)
    })
  )
})

test("every name fits, and its marker is found again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (name) => {
      const made = newMarker()
      const full = nameOf(name, made)
      expect(full).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,23}[a-z0-9])?$/)
      expect(splitMarker(full).marker).toBe(made)
      expect(nameOf(name, null)).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,23}[a-z0-9])?$/)
    })
  )
  expect(nameOf("a".repeat(40), marker)).toHaveLength(25)
  expect(nameOf("a".repeat(40), marker)).toBe(`${"a".repeat(25 - markerLength)}-${marker}`)
})

describe("the deploy of a VM", () => {
  const deployOf = (os: string, sshKeys: ReadonlyArray<string>, native: unknown = option) => {
    const groups = { model: { model: "a10" }, count: 1 }
    const offer = { ...machineOffer("vm", groups, wire.Option.parse(option), native, now) }
    return deployMachineOf({ offer, name: "Train me", os, sshKeys })
  }
  const os = "ubuntu22.04_cuda12.4_shade_os"

  it("says plan, name, key and system", () => {
    const body = Result.getOrThrow(deployOf(os, [`${key}\n`]))(marker)
    expect(body).toEqual({ plan_id: option?.id, name: `train-me-${marker}`, ssh_key: key, os_image: os })
    expect(Object.keys(body).sort()).toEqual(Object.keys(requests.deployMachine).sort())
  })

  it("is refused with a system that the offer does not have, and names those that it has", () => {
    const result = deployOf("Ubuntu Server 22.04", [key, key])
    expect(Result.isFailure(result) && result.failure.issues).toMatchObject([
      { path: "sshKeys" },
      { path: "os", problem: expect.stringContaining(os) }
    ])
  })

  it("leaves the system to the cloud where the offer does not name its own", () => {
    for (const native of [null, { ...option, os_options: null }]) {
      expect(Result.isSuccess(deployOf("anything", [key], native))).toBe(true)
    }
    expect(Result.isFailure(deployOf("anything", [key], { ...option, os_options: [] }))).toBe(true)
  })
})
