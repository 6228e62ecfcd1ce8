import { describe, expect, it } from "vitest"
import { scripted } from "./cloud.test-support.ts"

const fine = { id: 2, label: "other", actual_status: "running", intended_status: "running", cur_state: "running" }
const odd = { ...fine, id: 1, is_bid: false, next_state: "running", image_uuid: "ubuntu:24.04", dph_total: 0.4 }

describe("one odd value on one machine", () => {
  it.each([
    [{ label: 12345 }, { name: null, status: "running" }, "label"],
    [{ is_bid: 0 }, { status: "running" }, "is_bid"],
    [{ start_date: "2026-01-01" }, { createdAt: null, status: "running" }, "start_date"],
    [{ end_date: 9.9e12 }, { endsAt: null, status: "running" }, "end_date"],
    [{ dph_total: 1e18 }, { pricePerHour: null, status: "running" }, "dph_total"],
    [{ actual_status: 7 }, { status: "unknown", billing: "unknown" }, "actual_status"],
    [{ cur_state: {} }, { status: "unknown" }, "cur_state"],
    [{ ports: { "22/tcp": [null] } }, { status: "running" }, "ports.*[0]"],
    [{ is_bid: 0, actual_status: "stopped" }, { status: "unknown" }, "is_bid"]
  ])("%j costs only itself", async (value, machine, field) => {
    const row = { ...odd, ...value }
    const { run, cloud } = scripted({ json: { success: true, instances: [row, fine], next_token: null } })
    const listing = await run(cloud.containers.list())
    expect(listing).toMatchObject({ complete: true, items: [machine, { name: "other", status: "running" }] })
    expect(listing.problems).toMatchObject([{ id: "1", field, kind: "container", error: { _tag: "BadResponse" } }])
    const one = scripted({ json: { instances: row } })
    const ref = listing.items[0]?.ref
    if (!ref) throw new Error("no machine")
    expect(await one.run(one.cloud.containers.get(ref))).toMatchObject({ ...machine, problems: [{ id: "1", field }] })
  })

  it.each([
    [{ ssh_host: "ssh1.vast.ai", ssh_port: "17001" }, { endpoints: { ssh: [{ port: 17001 }] } }],
    [{ dph_total: "0.41" }, { pricePerHour: { micros: 410_000 } }]
  ])("%j is a number that is written as a text", async (value, machine) => {
    const { run, cloud } = scripted({ json: { success: true, instances: [{ ...odd, ...value }], next_token: null } })
    expect(await run(cloud.containers.list())).toMatchObject({ complete: true, problems: [], items: [machine] })
  })
})

describe("a log", () => {
  const signed = "https://s3.test/a.log?X-Amz-Signature=abcdefgh12345678"
  const plain = "https://s3.test/b.log"
  const read = (answer: object, missing: string | null = null) =>
    scripted(({ url, method }) => {
      if (url.startsWith("https://s3.test/")) {
        return url === missing ? { status: 403, text: "" } : { text: url === signed ? "signed" : "plain" }
      }
      return method === "PUT" ? { json: { success: true, ...answer } } : { json: { instances: odd } }
    })

  it.each([
    [{ temp_download_url: signed }, null, "signed"],
    [{ result_url: plain }, null, "plain"],
    [{ result_url: plain, temp_download_url: signed }, null, "signed"],
    [{ result_url: signed, temp_download_url: plain }, null, "signed"],
    [{ result_url: plain, temp_download_url: signed }, signed, "plain"],
    [{ result_url: 7, temp_download_url: plain }, null, "plain"]
  ])("of the answer %j is read where it is", async (answer, missing, text) => {
    const { run, cloud } = read(answer, missing)
    const [machine] = (await run(scripted({ json: { success: true, instances: [odd] } }).cloud.containers.list())).items
    if (!machine) throw new Error("no machine")
    expect((await run(cloud.containers.logs(machine.ref))).lines).toEqual([text])
  })
})
