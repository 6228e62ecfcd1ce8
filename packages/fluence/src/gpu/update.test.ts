import type { WorkloadUpdate } from "@anygpu/core"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import instances from "./fixtures/instances.json" with { type: "json" }
import requests from "./fixtures/requests.json" with { type: "json" }
import { containerOf } from "./to-domain.ts"
import { type Changing, replacementOf } from "./update.ts"
import * as wire from "./wire.ts"

const image = "docker.io/fluencelabs/debian-ssh-root:11"
const key = "ssh-ed25519 AAAAC3..."

const launchOf = (spec: Record<string, unknown>) => ({ spec })

const info = instances.activeContainer.container_info

const targetOf = (
  container_info: object | null = {},
  launch: Changing["launch"] = launchOf({ image }),
  name = "job-ag1x9k2m4p7q"
): Changing => {
  const settings = container_info && { ...info, ...container_info }
  const native = wire.Container.parse({ ...instances.activeContainer, name, container_info: settings })
  return { native, described: containerOf(native), launch, hasLogin: false, offered: new Set() }
}

const bodyOf = (target: Changing, changes: WorkloadUpdate) => Result.getOrThrow(replacementOf(target, changes))
const refusalOf = (target: Changing, changes: WorkloadUpdate) => {
  const result = replacementOf(target, changes)
  return Result.isFailure(result) ? result.failure : null
}

const environment = [
  { name: "SSH_PUBKEY", value: key },
  { name: "A", value: "1" },
  { name: "B", value: "2" }
]

describe("a full replacement", () => {
  it("says again all that was not to change, and hands the key back as the key", () => {
    const target = targetOf({ environment, startup_command: "serve 'a b'" })
    expect(bodyOf(target, { name: "New name" })).toEqual({
      name: "new-name-ag1x9k2m4p7q",
      container_settings: { image, environment: environment.slice(1), startup_command: "serve 'a b'" },
      ssh_key: key
    })
    expect(wire.UpdateContainer.safeParse(bodyOf(target, { name: "New name" })).success).toBe(true)
  })

  it("replaces the whole of what is given", () => {
    const target = targetOf({ environment, startup_command: "old" })
    const changes = { image: "new:1", env: { C: "3" }, command: ["python3", "serve.py"] }
    expect(bodyOf(target, changes)).toEqual({
      name: "job-ag1x9k2m4p7q",
      container_settings: {
        image: "new:1",
        environment: [{ name: "C", value: "3" }],
        startup_command: "python3 serve.py"
      },
      ssh_key: key
    })
    expect(bodyOf(target, { env: {}, command: [] }).container_settings).toEqual({ image, environment: [] })
  })

  it("can say what the documents' example says, which names no ports", () => {
    const changes = {
      image,
      env: { MODEL_PATH: "/models/llama-v2" },
      command: ["python3", "serve.py", "--port", "8000"]
    }
    const { container_settings } = bodyOf(targetOf(), changes)
    expect(container_settings).toEqual(requests.updateContainer.container_settings)
  })

  it("sends no key where the container has none, and keeps a name without a marker", () => {
    const target = targetOf({ environment: [] }, launchOf({ image }), "fuchsia-hawk-4706")
    expect(bodyOf(target, { command: ["a"] })).toEqual({
      name: "fuchsia-hawk-4706",
      container_settings: { image, environment: [], startup_command: "a" }
    })
    expect(bodyOf(target, { name: "X" }).name).toBe("x")
  })
})

describe("the registry login, which Fluence never returns", () => {
  const registry = { host: "ghcr.io", username: "u", password: "p" }

  it("is what the update gives, or none where it says that the image is public", () => {
    for (const launch of [null, launchOf({ image, registry: "ghcr.io" })]) {
      expect(bodyOf(targetOf({}, launch), { registry }).container_settings.credentials).toEqual(registry)
      expect(bodyOf(targetOf({}, launch), { registry: null }).container_settings.credentials).toBeUndefined()
    }
  })

  it.each([
    ["this ledger did not launch it", null],
    ["it was launched with a login", launchOf({ image, registry: "ghcr.io" })],
    ["its image is not that of the launch any more", launchOf({ image: "other:1" })]
  ])("is asked for when %s", (_, launch) => {
    for (const changes of [{ name: "n" }, { env: {} }, { image: "new:1" }]) {
      expect(refusalOf(targetOf({}, launch), changes)).toMatchObject({
        _tag: "InvalidRequest",
        issues: [{ path: "registry", problem: expect.stringContaining("update({ ..., registry })") }]
      })
    }
  })

  it.each([
    ["Docker's official ones", "ubuntu:22.04", []],
    ["these in full", "docker.io/library/python:3", []],
    ["of a registry for which Fluence takes no login", "quay.io/jupyter/base-notebook:latest", []],
    ["that Fluence offers to everybody", image, [image]]
  ])("is not taken for images %s, also of containers launched elsewhere", (_, public_image, offered) => {
    const target = { ...targetOf({ image: public_image }, null), offered: new Set(offered) }
    expect(bodyOf(target, { name: "n" }).container_settings.image).toBe(public_image)
    expect(refusalOf({ ...target, hasLogin: true }, { name: "n" })?._tag).toBe("InvalidRequest")
    const withLogin = { ...target, launch: launchOf({ image: public_image, registry: "ghcr.io" }) }
    expect(refusalOf(withLogin, { name: "n" })?._tag).toBe("InvalidRequest")
  })

  it("is known to be missing when the launch had none and the image is the same", () => {
    expect(bodyOf(targetOf(), { image: "new:1" }).container_settings).toMatchObject({ image: "new:1" })
  })
})

describe("nothing is replaced by a guess", () => {
  it.each([
    ["no settings", null],
    ["no image", { image: null }],
    ["no variables", { environment: null }]
  ])("when the cloud gives %s", (_, container_info) => {
    expect(refusalOf(targetOf(container_info), { command: ["a"], registry: null })?._tag).toBe("ProviderFault")
  })

  it.each([
    [{ env: { SSH_PUBKEY: "x" } }, "env.SSH_PUBKEY"],
    [{ image: "Upper" }, "image"],
    [{ command: ["a".repeat(2049)] }, "command"],
    [{ registry: { host: "quay.io", username: "u", password: "p" } }, "registry.host"]
  ])("nor by what Fluence refuses: %j", (changes, path) => {
    expect(refusalOf(targetOf(), changes)).toMatchObject({ _tag: "InvalidRequest", issues: [{ path }] })
  })
})
