import { InstanceRef, money } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import { fingerprint, ok, otherKey, page, publicKey, refusal, row, sameKey, world } from "./cloud.test-support.ts"

const ref = new InstanceRef("huddle", "vm", "dep_abc123")
const machine = "/deployments/dep_abc123"
const show = `GET ${machine}`
const act = `POST ${machine}/actions`
const remove = `DELETE ${machine}`
const list = "GET /deployments"
const gone = refusal(404, "NOT_FOUND")

describe.each([
  ["stop", "running", "stopping"],
  ["start", "offline", "starting"]
] as const)("%s", (action, from, status) => {
  it("sends the word of the official clients, and says what it leads to", async () => {
    const { run, vms, to, pass } = world({ [show]: ok(row({ status: from })), [act]: { text: "" } })
    expect(await run(vms[action](ref))).toMatchObject({ status })
    expect(to(act).map(({ body }) => body)).toEqual([`{"action":"${action}"}`])
    await pass(60_000)
    expect((await run(vms.get(ref))).status).toBe(status)
  })

  it("that is refused with 400 is Unsupported, names what was answered, and leaves no trace", async () => {
    const { run, fails, vms, sent } = world({
      [show]: ok(row({ status: from })),
      [act]: refusal(400, "BAD_REQUEST", "unknown action")
    })
    const error = await fails(vms[action](ref))
    expect(error).toMatchObject({ _tag: "Unsupported", feature: action, retry: "permanent", http: { status: 400 } })
    expect(error.message).toContain("unknown action")
    expect(sent.some(({ method }) => method === "DELETE")).toBe(false)
    expect((await run(vms.get(ref))).actions).toContain(action)
  })

  it("that is refused with 400 after an answer was lost is not taken for unsupported", async () => {
    const { fails, vms } = world({
      [show]: ok(row({ status: from })),
      [act]: [{ lost: true }, refusal(400, "BAD_REQUEST")]
    })
    expect(await fails(vms[action](ref))).toMatchObject({ _tag: "InvalidRequest", unclear: true })
  })

  it("that is refused for another reason than 400 is what it is anywhere", async () => {
    const { fails, vms } = world({ [show]: ok(row({ status: from })), [act]: refusal(422, "VALIDATION") })
    expect((await fails(vms[action](ref)))._tag).toBe("InvalidRequest")
  })

  it("that is refused with 409 is a Conflict", async () => {
    const { fails, vms } = world({ [show]: ok(row({ status: from })), [act]: refusal(409, "CONFLICT") })
    expect((await fails(vms[action](ref)))._tag).toBe("Conflict")
  })

  it("is sent again with the same key when its answer is lost", async () => {
    const { run, vms, to } = world({ [show]: ok(row({ status: from })), [act]: [{ lost: true }, ok(row())] })
    await run(vms[action](ref))
    const keys = to(act).map(({ headers }) => headers["idempotency-key"])
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
  })

  it("of a machine in another state is no legal action, and is not sent", async () => {
    for (const other of ["ordered", "provisioning", "error", "deleting", "deleted", "failed_no_capacity"]) {
      const { fails, vms, to } = world({ [show]: ok(row({ status: other })) })
      expect((await fails(vms[action](ref)))._tag).toBe("IllegalAction")
      expect(to(act)).toEqual([])
    }
  })
})

test("there is no restart, rename, update or log", () => {
  const { vms } = world()
  expect([...vms.capabilities].sort()).toEqual(
    ["addSshKey", "balance", "images", "removeSshKey", "sshKeys", "start", "stop"].sort()
  )
})

describe("terminate", () => {
  it("deletes, and is done when the machine is gone", async () => {
    const { run, vms, to, sent } = world({
      [show]: [ok(row({ status: "deleting" })), gone],
      [remove]: { text: "" },
      [list]: page([])
    })
    expect(await run(vms.terminate(ref))).toMatchObject({ alreadyGone: false, leftovers: [] })
    expect(to(remove)[0]?.body).toBeUndefined()
    expect(sent.some(({ method }) => method === "POST")).toBe(false)
  })

  it("is done when it is called deleted, or is not there", async () => {
    for (const after of [ok(row({ status: "deleted" })), gone]) {
      const { run, vms } = world({ [show]: after, [remove]: ok(null), [list]: page([row({ status: "deleted" })]) })
      await run(vms.terminate(ref))
    }
    const { run, vms } = world({ [show]: gone, [remove]: gone, [list]: page([]) })
    expect((await run(vms.terminate(ref))).alreadyGone).toBe(true)
  })

  it.each([400, 409])(
    "waits where a delete is refused with %i while it is provisioned, with a new key each time",
    async (status) => {
      const { run, vms, to } = world({
        [show]: (_, call) => (call < 12 ? ok(row({ status: "provisioning", ip: null })) : call < 13 ? ok(row()) : gone),
        [remove]: (_, call) => (call < 13 ? refusal(status, "BAD_REQUEST") : ok(null)),
        [list]: page([])
      })
      await run(vms.terminate(ref))
      const keys = to(remove).map(({ headers }) => headers["idempotency-key"])
      expect(keys).toHaveLength(14)
      expect(new Set(keys).size).toBe(14)
    }
  )

  it("sends a delete without an answer again with its key", async () => {
    const { run, vms, to } = world({ [show]: gone, [remove]: [{ lost: true }, ok(null)], [list]: page([]) })
    await run(vms.terminate(ref))
    const keys = to(remove).map(({ headers }) => headers["idempotency-key"])
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
  })

  it("does not take the 404 of a proxy for gone", async () => {
    const page404 = { status: 404, text: "<html></html>", type: "text/html" }
    const { fails, vms } = world({ [show]: page404, [remove]: page404 })
    expect(await fails(vms.terminate(ref))).toMatchObject({ _tag: "BadResponse", leftovers: [ref] })
  })

  it("of one for which there was no capacity is success: nothing is there", async () => {
    const { run, vms } = world({
      [show]: ok(row({ status: "failed_no_capacity", ip: null })),
      [remove]: refusal(409, "CONFLICT")
    })
    await run(vms.terminate(ref))
  })
})

describe("the account's keys", () => {
  it("are listed with fingerprints", async () => {
    const { run, vms } = world()
    expect((await run(vms.sshKeys())).items).toEqual([
      { id: "sk_abc123", name: "my-laptop", publicKey: null, fingerprint }
    ])
  })

  it("that are there are answered, whatever their comment", async () => {
    const { run, vms, to } = world()
    for (const key of [publicKey, sameKey]) expect((await run(vms.addSshKey(key))).id).toBe("sk_abc123")
    expect(to("POST /ssh-keys")).toEqual([])
  })

  it.each([
    ["a given name", otherKey, "work", "work"],
    ["its comment", otherKey, undefined, "other@laptop"],
    ["the beginning of its fingerprint", otherKey.split(" ").slice(0, 2).join(" "), undefined, "anygpu-"]
  ])("that are new are registered under %s", async (_, key, name, expected) => {
    const { run, vms, to } = world({ "POST /ssh-keys": ok({ id: "sk_new" }) })
    expect((await run(vms.addSshKey(key, name))).id).toBe("sk_new")
    const { name: sent } = JSON.parse(to("POST /ssh-keys")[0]?.body ?? "{}")
    expect(sent).toMatch(expected === "anygpu-" ? /^anygpu-[A-Za-z0-9+/]{8}$/ : expected)
  })

  it("are removed, and one that is gone is success", async () => {
    const { run, vms } = world({ "DELETE /ssh-keys/sk_1": [{ text: "" }, gone] })
    for (const _ of [1, 2]) await run(vms.removeSshKey("sk_1"))
  })
})

test.each([
  [{ balance_cents: 5000, balance_usd: 1 }, "50"],
  [{ balance_cents: "1999" }, "19.99"],
  [{ balance_cents: null, balance_usd: 12.5 }, "12.5"],
  [{ balance_cents: -300 }, "0"],
  [{ balance_usd: "-3" }, "0"]
])("the balance of %j is %s USD", async (data, amount) => {
  const { run, vms } = world({ "GET /billing/balance": ok(data) })
  expect((await run(vms.balance())).available).toEqual(money(amount))
})

test("a missing balance is not zero", async () => {
  for (const data of [{}, { balance_cents: "much" }, { balance_cents: "", balance_usd: " " }]) {
    const { fails, vms } = world({ "GET /billing/balance": ok(data) })
    expect((await fails(vms.balance()))._tag).toBe("BadResponse")
  }
})

test("images have their id, and a name where the answer has one", async () => {
  const { run, vms } = world({
    "GET /images": page([
      { id: "e79a91e9", slug: "x" },
      { id: "b", name: "Ubuntu 24.04" }
    ])
  })
  expect((await run(vms.images())).items).toEqual([
    { id: "e79a91e9", name: "e79a91e9", native: { id: "e79a91e9", slug: "x" } },
    { id: "b", name: "Ubuntu 24.04", native: { id: "b", name: "Ubuntu 24.04" } }
  ])
})
