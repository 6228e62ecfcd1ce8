import { inspect } from "node:util"
import type { Reply } from "@anygpu/conformance"
import { type GpuError, mayHaveTakenEffect } from "@anygpu/core"
import * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { apiKey, publicKey, scripted } from "./cloud.test-support.ts"
import type { Vast } from "./index.ts"

type Call = (native: Vast["native"]) => Effect.Effect<unknown, GpuError>

const at = { params: { id: 12345 }, body: {} } as const
const search: Call = (n) => n.searchOffers({ body: { limit: 1 } })
const create: Call = (n) => n.createInstance({ params: { id: 1234567 }, body: { image: "ubuntu:22.04" } })
const list: Call = (n) => n.listInstances({ query: { limit: 25 } })
const show: Call = (n) => n.showInstance({ params: { id: 12345 } })
const manage: Call = (n) => n.manageInstance({ params: { id: 12345 }, body: { state: "running" } })
const destroy: Call = (n) => n.destroyInstance(at)
const reboot: Call = (n) => n.rebootInstance(at)
const recycle: Call = (n) => n.recycleInstance(at)
const bid: Call = (n) => n.changeBid({ params: { id: 12345 }, body: { client_id: "me", price: 0.2 } })
const prepay: Call = (n) => n.prepayInstance({ params: { id: 12345 }, body: { amount: 5 } })
const logs: Call = (n) => n.requestLogs({ params: { id: 12345 }, body: { tail: "10" } })
const execute: Call = (n) => n.execute({ params: { id: 12345 }, body: { command: "ls" } })
const keys: Call = (n) => n.listSshKeys()
const removeKey: Call = (n) => n.deleteSshKey(at)
const machineKeys: Call = (n) => n.listInstanceSshKeys({ params: { id: 12345 } })
const detach: Call = (n) => n.detachSshKey({ params: { id: 12345, key: 1 }, body: {} })
const accept: Call = (n) => n.acceptPriceIncrease({ body: { pending_price_increase_id: 999 } })
const user: Call = (n) => n.currentUser()

const refused = (error: string, msg = "no") => ({ success: false, error, msg })

/** What Vast documents: status, code or text, where; what it is. */
// biome-ignore format: a table reads best with one row a line
const rows: ReadonlyArray<readonly [what: string, call: Call, status: number, body: unknown, tag: GpuError["_tag"]]> = [
  ["400 invalid_args", manage, 400, refused("invalid_args", "error 400/1782: Invalid args: invalid json: {}"), "InvalidRequest"],
  ["400 invalid_args on create", create, 400, { success: false, msg: "error 400/3467: Invalid args: 'id' is required and must be a valid offer ID", ask_id: 1234567 }, "InvalidRequest"],
  ["400 invalid_request on search", search, 400, { error: "invalid_request", msg: "Invalid json body" }, "InvalidRequest"],
  ["400 invalid_request on the list", list, 400, { error: "invalid_request", msg: "Error in query parameters: dph_total is not a valid search key" }, "InvalidRequest"],
  ["400 invalid_token", list, 400, { error: "invalid_token", msg: "Invalid after_token" }, "InvalidRequest"],
  ["400 invalid_price", create, 400, refused("invalid_price"), "InvalidRequest"],
  ["400 no_ssh_key_for_vm", create, 400, refused("no_ssh_key_for_vm"), "InvalidRequest"],
  ["400 missing_billing", manage, 400, refused("missing_billing"), "OutOfFunds"],
  ["400 lacks credit", create, 400, refused("invalid_args", "error 400/3507: Your account lacks credit; see the billing page."), "OutOfFunds"],
  ["400 lacks credit, no code", manage, 400, { success: false, msg: "Account lacks credit" }, "OutOfFunds"],
  ["400 not enough credit", create, 400, refused("invalid_args", "not enough credit"), "OutOfFunds"],
  ["200 lacks credit", create, 200, refused("invalid_args", "Your account lacks credit"), "OutOfFunds"],
  ["400 of a quota", create, 400, refused("invalid_args", "instance limit reached: 2 of 2 instances"), "PermissionDenied"],
  ["429 spend_rate_limit", create, 429, refused("spend_rate_limit", "spend rate limit reached"), "OutOfFunds"],
  ["a nested code", create, 400, { success: false, error: { code: "insufficient_credit", message: "Add credit" } }, "OutOfFunds"],
  ["a nested absence", show, 404, { success: false, error: { code: "no_such_instance", message: "gone" } }, "NotFound"],
  ["a nested wrong key", list, 404, { error: { code: "auth_error", message: "Invalid user key" } }, "Unauthenticated"],
  ["400 label_too_long", manage, 400, refused("label_too_long", "Please limit label length to 1024 characters, ideally less than 128."), "InvalidRequest"],
  ["400 invalid_id on recycle", recycle, 400, refused("invalid_id", "Invalid instance id."), "NotFound"],
  ["400 no_ssh_key on delete: the key is gone", removeKey, 400, refused("no_ssh_key", "No ssh key provided"), "NotFound"],
  ["400 invalid_container_id", execute, 400, refused("invalid_container_id"), "NotFound"],
  ["400 invalid_container", execute, 400, refused("invalid_container"), "NotFound"],
  ["400 of a command that is refused", execute, 400, { success: false, msg: "Invalid command given." }, "InvalidRequest"],
  ["400 invalid instance_id on reboot", reboot, 400, refused("invalid_args", "invalid instance_id"), "NotFound"],
  ["400 invalid instance_id on destroy", destroy, 400, refused("invalid_args", "invalid instance_id"), "NotFound"],
  ["400 invalid instance_id without a code", manage, 400, { msg: "Invalid instance id." }, "NotFound"],
  ["400 invalid instance_id of no machine", search, 400, refused("invalid_args", "invalid instance_id"), "InvalidRequest"],
  ["400 No such instance on prepay", prepay, 400, { success: false, msg: "No such instance" }, "NotFound"],
  ["400 no_such_instance anywhere", reboot, 400, refused("no_such_instance"), "NotFound"],
  ["401 auth_error", show, 401, refused("auth_error", "Invalid user key"), "Unauthenticated"],
  ["401 two factor", user, 401, { success: false, msg: "Two Factor Authentication required" }, "Unauthenticated"],
  ["401 detail", list, 401, { detail: "Authentication credentials were not provided." }, "Unauthenticated"],
  ["401 without a word", list, 401, {}, "Unauthenticated"],
  ["401 without a permission group", show, 401, refused("auth_error", 'This API key lacks the "instance_read" permission group'), "PermissionDenied"],
  ["401 without a permission group, in detail", create, 401, { detail: "API key lacks the instance_write permission group." }, "PermissionDenied"],
  ["401 without a permission, with a generic code", create, 401, refused("invalid_args", "your key is missing permissions for this"), "PermissionDenied"],
  ["403 without a permission group", user, 403, refused("auth_error", "lacks the user_read permission group"), "PermissionDenied"],
  ["401 invalid_apikey", list, 401, refused("invalid_apikey", "Invalid API key"), "Unauthenticated"],
  ["401 invalid_apikey alone", destroy, 401, { error: "invalid_apikey" }, "Unauthenticated"],
  ["404 invalid_apikey", show, 404, { error: "invalid_apikey" }, "Unauthenticated"],
  ["401 invalid_args", manage, 401, refused("invalid_args", "no"), "Unauthenticated"],
  ["403 invalid_args", manage, 403, refused("invalid_args", "no"), "PermissionDenied"],
  ["403 auth_error, no header", list, 403, refused("auth_error", "This action requires login."), "Unauthenticated"],
  ["403 not_authorized", logs, 403, { error: "not_authorized", msg: "Not authorized to view logs for this instance" }, "PermissionDenied"],
  ["403 not your own offer", create, 403, refused("invalid_args", "error 403/3586: Offer 1234567 is not your own. Hosts can only rent their own machines."), "PermissionDenied"],
  ["403 blacklisted", execute, 403, {}, "PermissionDenied"],
  ["404 auth_error, an unknown key", show, 404, refused("auth_error", "Invalid user key"), "Unauthenticated"],
  ["404 unknown key, no code, on search", search, 404, { msg: "Invalid user key" }, "Unauthenticated"],
  ["404 auth_error, whatever the words", show, 404, refused("auth_error"), "Unauthenticated"],
  ["404 session expired", show, 404, { msg: "Session expired. Please log in again." }, "Unauthenticated"],
  ["404 no_such_ask in msg, generic code", create, 404, refused("invalid_args", "error 404/3603: no_such_ask Instance type by id 1234567 is not available."), "NoCapacity"],
  ["404 no_such_ask in the code", create, 404, refused("no_such_ask"), "NoCapacity"],
  ["404 no_such_instance on manage", manage, 404, refused("no_such_instance", "Instance 12345 not found."), "NotFound"],
  ["404 no_such_instance on bid", bid, 404, refused("no_such_instance", "Instance with that ID does not exist."), "NotFound"],
  ["404 no_such_instance on instance keys", machineKeys, 404, refused("no_such_instance"), "NotFound"],
  ["404 without a code on detach", detach, 404, { success: false, msg: "Instance not found." }, "NotFound"],
  ["404 not_found on destroy", destroy, 404, refused("not_found", "Instance not found"), "NotFound"],
  ["404 no_such_instance on destroy", destroy, 404, refused("no_such_instance"), "NotFound"],
  ["404 no_pending_price_increase", accept, 404, { success: false, error: "no_pending_price_increase" }, "NotFound"],
  ["409 no_pending_price_increase, of older servers", accept, 409, { success: false, error: "no_pending_price_increase" }, "NotFound"],
  ["404 invalid_id on logs", logs, 404, { error: "invalid_id", msg: "Invalid instance id." }, "NotFound"],
  ["404 no_such_ssh_key", detach, 404, refused("no_such_ssh_key"), "NotFound"],
  ["404 of an account without keys", keys, 404, refused("no_ssh_key", "No SSH keys found for the user."), "NotFound"],
  ["410 no_such_ask", create, 410, refused("no_such_ask", "error 410/3907: no_such_ask Instance type 1234567 is no longer available."), "NoCapacity"],
  ["410 on create without a word", create, 410, {}, "Unsupported"],
  ["a retired route to show", show, 410, { error: "deprecated_endpoint" }, "Unsupported"],
  ["a retired route to destroy", destroy, 410, { error: "deprecated_endpoint" }, "Unsupported"],
  ["a retired route to create", create, 410, { error: "deprecated_endpoint" }, "Unsupported"],
  ["a gateway that knows no route to show", show, 404, { message: "no Route matched with those values" }, "BadResponse"],
  ["a gateway that knows no route to destroy", destroy, 404, { message: "no Route matched with those values" }, "BadResponse"],
  ["a framework that knows no route", destroy, 404, { detail: "Not found." }, "BadResponse"],
  ["a page that is not found", show, 404, { success: false, msg: "The requested URL was not found on the server." }, "BadResponse"],
  ["a refusal of nothing", show, 404, { success: false }, "BadResponse"],
  ["a list that is not found", list, 404, refused("not_found", "Instance not found"), "BadResponse"],
  ["a method that is refused", destroy, 405, { detail: "Method Not Allowed" }, "Unsupported"],
  ["a method that is not there", destroy, 501, {}, "Unsupported"],
  ["a key that may not see it", show, 403, { error: "forbidden" }, "PermissionDenied"],
  ["411 on prepay", prepay, 411, { success: false, msg: "Insufficient credit" }, "OutOfFunds"],
  ["411 without a word", prepay, 411, { success: false }, "OutOfFunds"],
  ["483 on execute", execute, 483, refused("invalid_args", "Invalid json_body"), "InvalidRequest"],
  ["500 delete_ssh_from_instance", detach, 500, refused("delete_ssh_from_instance", "Error deleting SSH key from instance"), "ProviderFault"],
  ["spend_rate_limit", create, 400, refused("spend_rate_limit"), "OutOfFunds"],
  ["server_error as a refusal", create, 400, refused("server_error", "Something went wrong on the server"), "ProviderFault"],
  ["insufficient_credit", create, 400, refused("insufficient_credit", "Insufficient credits"), "OutOfFunds"],
  ["insufficient_credit with 200", create, 200, refused("insufficient_credit", "Insufficient credits"), "OutOfFunds"],
  ["resources_unavailable on start", manage, 200, refused("resources_unavailable", "Required resources are currently unavailable, state change queued"), "NoCapacity"],
  ["400 no_such_ask, a stale offer", create, 400, refused("no_such_ask"), "NoCapacity"],
  ["success: false with 200", manage, 200, { success: false, msg: "the host said no" }, "ProviderFault"],
  ["success: false with 200 and a known code", destroy, 200, refused("no_such_instance"), "NotFound"],
  ["success: false on a read", show, 200, refused("auth_error", "Invalid user key"), "Unauthenticated"],
  ["a write's 200 without success", manage, 200, {}, "ProviderFault"],
  ["a create's 200 without success", create, 200, { new_contract: 5 }, "ProviderFault"],
  ["success as a text", destroy, 200, { success: "true" }, "ProviderFault"],
  ["a rate limit that is no 429", manage, 400, refused("rate_limit_exceeded", "API requests too frequent endpoint threshold=1.0"), "RateLimited"]
]

/** Bodies that are no JSON. */
// biome-ignore format: a table reads best with one row a line
const texts: ReadonlyArray<readonly [what: string, call: Call, status: number, text: string, tag: GpuError["_tag"]]> = [
  ["plain text 400", manage, 400, "error 404/3603: no_such_ask", "NoCapacity"],
  ["plain text 401", show, 401, "Invalid user key", "Unauthenticated"],
  ["plain text 403", list, 403, "Forbidden", "PermissionDenied"],
  ["HTML 502", list, 502, "<html><h1>502 Bad Gateway</h1></html>", "ProviderFault"],
  ["HTML 502 on create", create, 502, "<html><h1>502 Bad Gateway</h1></html>", "ProviderFault"],
  ["HTML 200", list, 200, "<html>maintenance</html>", "BadResponse"],
  ["HTML 200 on create", create, 200, "<html>maintenance</html>", "BadResponse"],
  ["HTML 404 is no absence of a machine", show, 404, "<html>no such instance</html>", "BadResponse"],
  ["nor of one to destroy", destroy, 404, "Not Found", "BadResponse"],
  ["an empty 404 neither", show, 404, "", "BadResponse"],
  ["an empty 410 neither", destroy, 410, "", "Unsupported"],
  ["JSON that is no object", show, 404, '"gone"', "BadResponse"],
  ["a redirect", search, 301, "", "BadResponse"],
  ["a redirect of an end", destroy, 308, "", "BadResponse"]
]

describe("what Vast answers is what it means", () => {
  it.each(rows)("%s", async (_, call, status, json, tag) => {
    const { cloud, fails } = scripted({ status, json })
    const error = await fails(call(cloud.native))
    expect(error._tag).toBe(tag)
    expect(error).toMatchObject({ provider: "vast", http: { status } })
    expect(error.message).not.toMatch(/undefined|\[object/)
  })
  it.each(texts)("%s", async (_, call, status, text, tag) => {
    const { cloud, fails } = scripted({ status, text, type: text.startsWith("<") ? "text/html" : "text/plain" })
    const error = await fails(call(cloud.native))
    expect(error._tag).toBe(tag)
    expect(error.message.length).toBeLessThan(300)
  })
})

describe("429 in every form", () => {
  const json = (body: unknown): Reply => ({ status: 429, json: body })
  it.each([
    ["detail", json({ detail: "API requests too frequent endpoint threshold=4.5" }), 4.5],
    ["destroy's", json(refused("rate_limit_exceeded", "API requests too frequent endpoint threshold=3.0")), 4.5],
    ["a longer threshold", json({ detail: "API requests too frequent endpoint threshold=9.5" }), 9.5],
    ["plain text with a colon", { status: 429, text: "API requests too frequent: endpoint threshold=7" }, 7],
    ["plain text without a number: the route's own", { status: 429, text: "API requests too frequent" }, 4.5],
    ["the draft's", json({ error: "HTTPTooManyRequests", msg: "API requests too frequent", retry_after: 12 }), 12]
  ] as const)("%s", async (_, reply, seconds) => {
    const world = scripted(reply)
    const error = await world.fails(create(world.cloud.native))
    expect(error._tag).toBe("RateLimited")
    expect(error._tag === "RateLimited" && error.retryAfter && Duration.toSeconds(error.retryAfter)).toBe(seconds)
    const [first, second] = world.sent
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(seconds * 1000)
    expect(mayHaveTakenEffect(error)).toBe(false)
  })
})

describe("a refused create that made a machine all the same names it", () => {
  it.each([
    ["with 200", 200, { ...refused("resources_unavailable"), new_contract: 777 }, "NoCapacity"],
    ["with 410", 410, { ...refused("no_such_ask"), new_contract: "777" }, "NoCapacity"],
    ["with 400", 400, { ...refused("invalid_price"), new_contract: 777 }, "InvalidRequest"],
    ["with a word that nobody knows", 400, { ...refused("odd"), new_contract: 777 }, "ProviderFault"],
    ["without success", 200, { new_contract: 777 }, "ProviderFault"],
    ["beside a code of another type", 200, { success: false, error: 400, new_contract: 777 }, "ProviderFault"]
  ] as const)("%s", async (_, status, json, tag) => {
    const { cloud, fails } = scripted({ status, json })
    const error = await fails(create(cloud.native))
    expect(error._tag).toBe(tag)
    expect(error.leftovers?.map(String)).toEqual(["vast/container/777"])
  })

  it("and no machine where none is named", async () => {
    for (const new_contract of [null, 0, "", "none"]) {
      for (const status of [200, 400]) {
        const { cloud, fails } = scripted({ status, json: { ...refused("insufficient_credit"), new_contract } })
        const error = await fails(create(cloud.native))
        expect([error._tag, error.leftovers]).toEqual(["OutOfFunds", undefined])
      }
      const { cloud, fails } = scripted({ json: { success: true, new_contract } })
      expect((await fails(create(cloud.native)))._tag).toBe("BadResponse")
    }
  })
})

test("no secret survives, however Vast echoes it", async () => {
  const secrets = ["hf_xxxYourTokenHere", "access_token_of_registry", "echo start-script-secret", "arg-secret-1"]
  const [token, password, script, argument] = secrets
  const body = {
    image: "ubuntu:22.04",
    env: { HF_TOKEN: token ?? "" },
    image_login: `-u me -p ${password} docker.io`,
    onstart: script ?? "",
    args: [argument ?? ""]
  }
  const echo = {
    body: { ...body, key: apiKey },
    jupyter_token: "jupyter-1",
    msg: `bad ${JSON.stringify(body)} ${apiKey}`
  }
  for (const reply of [
    { status: 400, json: { success: false, error: "invalid_args", ...echo } },
    { status: 400, json: { success: false, error: apiKey, msg: `Bearer ${apiKey}` } },
    { status: 500, json: echo },
    { status: 500, text: JSON.stringify(echo) },
    { status: 200, text: `{"instance_api_key": "${apiKey}"` },
    { status: 401, json: { detail: `Invalid user key ${apiKey}` } }
  ]) {
    const { cloud, fails } = scripted(reply)
    const error = await fails(cloud.native.createInstance({ params: { id: 1 }, body }))
    const shown = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${error.stack}`
    for (const secret of [apiKey, body.image_login, token, script, argument]) expect(shown).not.toContain(secret)
  }
})

test("a key of the account is not echoed either", async () => {
  const { cloud, fails } = scripted({ status: 400, json: refused("invalid_args", `bad key ${apiKey} ${publicKey}`) })
  const error = await fails(cloud.native.createSshKey({ body: { ssh_key: publicKey } }))
  expect(inspect(error)).not.toContain(apiKey)
})
