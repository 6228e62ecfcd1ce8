import { inspect } from "node:util"
import type { Reply } from "@anygpu/conformance"
import { type GpuError, mayHaveTakenEffect } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { apiKey, cloudOf, id, publicKey } from "./cloud.test-support.ts"
import { classify } from "./errors.ts"
import errors from "./fixtures/errors.json" with { type: "json" }
import requests from "./gpu/fixtures/requests.json" with { type: "json" }
import type { DeployContainer } from "./gpu/wire.ts"
import type { Fluence } from "./index.ts"

type Call = (native: Fluence["native"]) => Effect.Effect<unknown, GpuError>

const at = { params: { id } } as const
const container = requests.deployContainer as DeployContainer
const deploy: readonly [Call, string] = [(n) => n.deployContainer({ body: container }), "POST /gpu/instances/"]
const deployVm: readonly [Call, string] = [
  (n) => n.deployGpuVm({ body: requests.deployMachine }),
  "POST /gpu/instances/vms"
]
const update: readonly [Call, string] = [
  (n) => n.updateContainer({ ...at, body: requests.updateContainer }),
  `PUT /gpu/instances/${id}`
]
const end: readonly [Call, string] = [(n) => n.terminateContainer(at), `DELETE /gpu/instances/${id}`]
const endVm: readonly [Call, string] = [(n) => n.terminateGpuVm(at), `DELETE /gpu/instances/vms/${id}`]
const endBare: readonly [Call, string] = [(n) => n.terminateBaremetal(at), `DELETE /gpu/instances/baremetal/${id}`]
const show: readonly [Call, string] = [(n) => n.showContainer(at), `GET /gpu/instances/${id}`]
const keys: readonly [Call, string] = [(n) => n.listSshKeys(), "GET /ssh_keys"]
const cpuVms: readonly [Call, string] = [(n) => n.listCpuVms(), "GET /vms/v2"]
const cpuCreate: readonly [Call, string] = [
  (n) =>
    n.createCpuVms({
      body: {
        constraints: { basicConfiguration: "cpu-2-ram-4gb-storage-25gb" },
        instances: 1,
        vmConfiguration: { name: "n", osImage: "https://example.com/a.img", openPorts: [], sshKeys: [publicKey] }
      }
    }),
  "POST /vms/v3"
]

const refuse = async ([call, route]: readonly [Call, string], reply: Reply) => {
  const { cloud, fails, sent } = cloudOf({ [route]: reply })
  return { error: await fails(call(cloud.native)), sent }
}

/** What the documents say, or let one expect: where, status, body; what it is. */
// biome-ignore format: a table reads best with one row a line
const rows: ReadonlyArray<readonly [what: string, where: readonly [Call, string], status: number, body: unknown, tag: GpuError["_tag"]]> = [
  ["a wrong key on the GPU side", show, 403, errors.badKey, "Unauthenticated"],
  ["a wrong key on the CPU side", cpuVms, 403, errors.badKey, "Unauthenticated"],
  ["a wrong key for keys", keys, 403, errors.badKey, "Unauthenticated"],
  ["a 401 without a word", show, 401, {}, "Unauthenticated"],
  ["a 401 in the newer words", cpuVms, 401, { code: "unauthorized", error: "No Access/Api Key token found" }, "Unauthenticated"],
  ["a 400 for a key that is missing", show, 400, { error: "API key is missing" }, "Unauthenticated"],
  ["a wrong key while something is ended", end, 400, { error: "Auth failed. No such API Key" }, "Unauthenticated"],
  ["a key that may not do this", deploy, 403, { error: "Not allowed to call this endpoint" }, "PermissionDenied"],
  ["a key without a permission, as a 401", deploy, 401, { error: "API key lacks the permission gpu:write" }, "PermissionDenied"],
  ["a wrong key, nested", show, 403, { error: { code: "unauthorized", message: "Auth failed. No such API Key" } }, "Unauthenticated"],
  ["a wrong key in one word", cpuVms, 400, { code: "unauthorized", error: "no" }, "Unauthenticated"],
  ["too little money, nested", deploy, 400, { error: { code: "insufficient_balance", message: "top up" } }, "OutOfFunds"],
  ["too little money in other words", deploy, 400, { detail: "Not enough funds on the account" }, "OutOfFunds"],
  ["a state that forbids it", cpuCreate, 406, { error: "VM is not in a status to restart" }, "Conflict"],
  ["a machine that is not there, nested", show, 404, { error: { code: "not_found", message: "no" } }, "NotFound"],
  ["a 403 without a word", deploy, 403, undefined, "PermissionDenied"],
  ["no money", deploy, 400, errors.noMoney, "OutOfFunds"],
  ["no money on the CPU side", cpuCreate, 400, { error: "insufficient_balance" }, "OutOfFunds"],
  ["a 402", deploy, 402, { detail: "pay" }, "OutOfFunds"],
  ["a wrong system", deployVm, 400, errors.wrongSystem, "InvalidRequest"],
  ["a plan that is gone", deploy, 400, { detail: "Selected plan is no longer available" }, "NoCapacity"],
  ["a plan nobody knows", deployVm, 404, { detail: "Plan not found" }, "NoCapacity"],
  ["no offer on the CPU side", cpuCreate, 422, { error: "No suitable offer found" }, "NoCapacity"],
  ["too few offers on the CPU side", cpuCreate, 422, { error: "Not enough offers found" }, "NoCapacity"],
  ["a 422 with one text of another matter", cpuCreate, 422, { error: "Unable to process the entity" }, "InvalidRequest"],
  ["a wrong value", deploy, 422, errors.validation, "InvalidRequest"],
  ["a wrong value as a 400", deploy, 400, errors.validation, "InvalidRequest"],
  ["a list of nothing", deploy, 422, { detail: [] }, "InvalidRequest"],
  ["an end before its time", end, 400, { detail: "Only active instances can be terminated" }, "Conflict"],
  ["an end before its time, in other words", endVm, 400, { detail: "Plan is no longer available" }, "Conflict"],
  ["an end before its time, without words", endBare, 400, undefined, "Conflict"],
  ["an end in a conflict", end, 409, { detail: "busy" }, "Conflict"],
  ["an update while one is applied", update, 400, { detail: "Previous update is still being applied" }, "Conflict"],
  ["an update while one is applied, otherwise", update, 400, { detail: "Deployment update already in progress" }, "Conflict"],
  ["an update in a conflict", update, 409, { detail: "no" }, "Conflict"],
  ["an update that is refused for something else", update, 400, { detail: "Image is malformed" }, "InvalidRequest"],
  ["an update without ports", update, 422, { detail: [{ type: "missing", loc: ["body", "container_settings", "expose"], msg: "Field required" }] }, "InvalidRequest"],
  ["a machine that is not there", show, 404, { detail: "Instance not found" }, "NotFound"],
  ["a machine that is not there, in the other shape", end, 404, { error: "not found" }, "NotFound"],
  ["a 404 of something else", show, 404, undefined, "BadResponse"],
  ["a 404 in a JSON of something else", show, 404, { message: "no route" }, "BadResponse"],
  ["a retired route", show, 410, { error: "deprecated_endpoint" }, "Unsupported"],
  ["a method that is refused", end, 405, { detail: "Method Not Allowed" }, "Unsupported"],
  ["a conflict", cpuCreate, 409, { error: "conflict" }, "Conflict"],
  ["too often", show, 429, { detail: "insufficient balance" }, "RateLimited"],
  ["a fault", show, 500, { error: "No suitable offer found" }, "ProviderFault"],
  ["a redirect", show, 307, undefined, "BadResponse"],
  ["another 400", deploy, 400, { detail: "no" }, "InvalidRequest"]
]

describe("a refusal of Fluence", () => {
  it.each(rows)("%s", async (_, where, status, body, tag) => {
    const { error } = await refuse(where, body === undefined ? { status } : { status, json: body })
    expect(error).toMatchObject({ _tag: tag, provider: "fluence", http: { status } })
    expect(inspect(error)).not.toContain(apiKey)
  })

  it("of a deploy is never sent twice and means that nothing was made", async () => {
    for (const [status, json] of [
      [400, errors.noMoney],
      [422, errors.validation],
      [403, errors.badKey]
    ] as const) {
      const { error, sent } = await refuse(deploy, { status, json })
      expect(sent).toHaveLength(1)
      expect(mayHaveTakenEffect(error)).toBe(false)
    }
  })

  it("says which value is wrong, by its path", async () => {
    const { error } = await refuse(deploy, { status: 422, json: errors.validation })
    const issue = {
      path: "container_settings.expose[0].port",
      problem: "Value error, Port must be between 1 and 65535"
    }
    expect(error).toMatchObject({ issues: [issue] })
    expect(error.message).toContain(issue.path)
  })

  it.each([errors.wrongSystem, errors.wrongSystemOlder])("names the systems that an offer has: %j", async (json) => {
    const { error } = await refuse(deployVm, { status: 400, json })
    expect(error).toMatchObject({ issues: [{ path: "os", problem: expect.stringContaining("Ubuntu Server 22.04") }] })
    expect(error).toMatchObject({ issues: [{ problem: expect.not.stringContaining("sss") }] })
  })

  it("never shows variables, command and password, however the cloud repeats them", async () => {
    const secrets = { env: "s3cret-of-env", command: "run --token abcdef", password: "ghp_xxxxxxxxxxxx" }
    const all = Object.values(secrets).join(" | ")
    const settings = {
      ...container.container_settings,
      environment: [{ name: "TOKEN", value: secrets.env }],
      startup_command: secrets.command,
      credentials: { host: "ghcr.io" as const, username: "me", password: secrets.password }
    }
    const { expose: _, ...unexposed } = settings
    const calls: ReadonlyArray<readonly [Call, string]> = [
      [(n) => n.deployContainer({ body: { ...container, container_settings: settings } }), deploy[1]],
      [(n) => n.updateContainer({ ...at, body: { name: "n", container_settings: unexposed } }), update[1]]
    ]
    const wrong = [{ type: "x", loc: ["body", secrets.env], msg: `bad: ${all}`, input: all }]
    for (const where of calls) {
      for (const json of [{ detail: all }, { detail: wrong }, { error: all }]) {
        const shown = inspect((await refuse(where, { status: 400, json })).error, { depth: 9 })
        for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret)
      }
    }
  })
})

test("whatever a body looks like, it is classified or left to its status", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 400, max: 499 }), (json, status) => {
      const answer = { operation: "showContainer", json, status, headers: {}, text: JSON.stringify(json) }
      const error = classify(answer)
      expect(error === null || error.message.length > 0).toBe(true)
    })
  )
})

describe("a success", () => {
  const judged = (json: unknown) =>
    [200, 201, 204].map((status) => classify({ operation: "deployContainer", json, status, headers: {}, text: "" }))

  it.each([
    [{ detail: "No suitable offer found" }],
    [{ error: null, instance_id: id }],
    [{ error: "" }],
    [{ error: "Insufficient balance", instance_id: id }],
    [[{ error: "Insufficient balance" }]],
    ["Insufficient balance"],
    [undefined]
  ])("is not judged by its words, %j, which core does", (json) => expect(judged(json)).toEqual([null, null, null]))

  it.each<readonly [string, Call, string]>([
    ["rename", (n) => n.renameGpuVm({ ...at, body: { name: "n" } }), `PUT /gpu/instances/vms/${id}`],
    ["update", ...update],
    ["end", ...end],
    ["removal of a key", (n) => n.deleteSshKey({ body: { fingerprint: "SHA256:x" } }), "DELETE /ssh_keys"]
  ])("%s is not reported as done when the answer has them", async (_, call, route) => {
    const { error } = await refuse([call, route], { status: 200, json: { error: "Something went wrong" } })
    expect(error).toMatchObject({ _tag: "ProviderFault", http: { status: 200 } })
    expect(mayHaveTakenEffect(error)).toBe(true)
  })
})
