import { expect, it } from "vitest"
import { createClock } from "../clock.ts"
import { createCaller, createClient, publicKey } from "../testing/client.ts"

const query = (values: Readonly<Record<string, unknown>>) =>
  new URLSearchParams(
    Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)])
  )

/** What the vendor's own command line sends from search to destroy. Source: vast-cli, vastai/api. */
it("serves the official client's requests over loopback, within the limits", async () => {
  const clock = createClock({ mode: "manual", start: new Date("2026-03-01T00:00:00Z") })
  const { simulator } = createClient({ clock, rateLimits: true, sshKeys: [] })
  await using server = await simulator.listen()
  const send = createCaller(simulator, fetch, server.url)
  const call = async (method: string, path: string, body?: unknown) => {
    await clock.advance(6000)
    const answer = await send(method, path, body)
    expect([method, path, answer.status]).toEqual([method, path, 200])
    return answer.body
  }

  const { key } = await call("POST", "/api/v0/ssh/", { ssh_key: publicKey })
  const wish = {
    ...{ verified: { eq: true }, external: { eq: false }, rentable: { eq: true }, rented: { eq: false } },
    ...{ num_gpus: { eq: 1 }, direct_port_count: { gte: 2 }, allocated_storage: 5.0 },
    ...{ order: [["score", "desc"]], type: "on-demand" }
  }
  const { offers } = await call("POST", "/api/v0/bundles/", wish)
  expect(offers.length).toBeGreaterThan(0)
  expect((await call("PUT", "/api/v0/search/asks/", { select_cols: ["*"], q: wish })).offers).toHaveLength(
    offers.length
  )
  const { new_contract: id } = await call("PUT", `/api/v0/asks/${offers[0].id}/`, {
    ...{ client_id: "me", image: "ubuntu:22.04", env: { "-p 8081:8081": "1", TZ: "UTC" }, price: null, disk: 10 },
    ...{ label: null, extra: null, onstart: null, image_login: null, python_utf8: false, lang_utf8: false },
    ...{ use_jupyter_lab: false, jupyter_dir: null, force: false, cancel_unavail: false, template_hash_id: null },
    ...{ user: null, runtype: "ssh_direc ssh_proxy" }
  })
  const list = async () => {
    const order_by = [{ col: "id", dir: "asc" }]
    return (await call("GET", `/api/v1/instances/?${query({ select_filters: {}, order_by, limit: 25 })}`)).instances
  }
  const show = async () => (await call("GET", `/api/v0/instances/${id}/?owner=me`)).instances
  const until = async (status: string) => {
    for (let poll = 0; poll < 60; poll++) if ((await show()).actual_status === status) return
    throw new Error(`never ${status}`)
  }
  expect(await list()).toMatchObject([
    {
      id,
      extra_env: [
        ["-p 8081:8081", "1"],
        ["TZ", "UTC"]
      ]
    }
  ])
  await until("running")
  const row = await show()
  expect(row.ports["22/tcp"][0].HostPort).toMatch(/^\d+$/)
  expect(row.start_date).toBeLessThan(clock.now() / 1000)
  expect((await call("PUT", `/api/v0/instances/${id}/`, { label: "mine" })).success).toBe(true)
  expect((await call("PUT", `/api/v0/instances/reboot/${id}/`, {})).success).toBe(true)
  await until("running")
  const { result_url } = await call("PUT", `/api/v0/instances/request_logs/${id}/`, { tail: "1000" })
  await clock.advance(9000)
  expect((await send("GET", result_url)).body).toContain("ubuntu:22.04")
  expect((await call("GET", "/api/v0/ssh/"))[0].key).toBe(publicKey)
  expect((await call("POST", `/api/v0/instances/${id}/ssh/`, { ssh_key: publicKey })).success).toBe(true)
  expect((await call("DELETE", `/api/v0/instances/${id}/ssh/${key.id}/`, {})).success).toBe(true)
  expect((await call("PUT", `/api/v0/instances/${id}/`, { state: "stopped" })).success).toBe(true)
  await clock.advance(30_000)
  expect((await show()).cur_state).toBe("stopped")
  expect((await call("PUT", `/api/v0/instances/${id}/`, { state: "running" })).success).toBe(true)
  await until("running")
  expect((await call("GET", "/api/v0/users/current/?owner=me")).credit).toBeLessThan(25)
  expect((await call("DELETE", `/api/v0/instances/${id}/`, {})).success).toBe(true)
  expect(await show()).toBeNull()
  expect(await list()).toEqual([])
  expect((await call("DELETE", `/api/v0/ssh/${key.id}/`, {})).success).toBe(true)
})
