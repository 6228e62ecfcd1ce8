import { setupServer } from "msw/node"
import { expect, it } from "vitest"
import { handlers } from "./msw.ts"
import { createCaller, createClient } from "./testing/client.ts"

it("answers the global fetch for the API and the logs", async () => {
  const { simulator } = createClient()
  const server = setupServer(...handlers(simulator))
  server.listen()
  try {
    const call = createCaller(simulator, fetch)
    const id = simulator.addMachine({ label: "mocked" })
    expect((await call("GET", "/api/v1/instances/")).body.instances[0]).toMatchObject({ id, label: "mocked" })
    const { body } = await call("PUT", `/api/v0/instances/request_logs/${id}/`, { tail: "5" })
    await simulator.clock.sleep(10_000)
    expect((await call("GET", body.result_url)).status).toBe(200)
    simulator.fault({ on: {}, do: { kind: "reset-after" } })
    await expect(call("GET", "/api/v0/users/current/")).rejects.toThrow(TypeError)
  } finally {
    server.close()
  }
})
