import { createServer } from "node:net"
import { expect, it } from "vitest"
import { createFluenceSimulator, createHuddleSimulator, createVastSimulator } from "../index.ts"

/** Another address of this machine: a server on all of them would hold it too. Only Linux has one that is never missing. */
const others = process.platform === "linux" ? ["127.0.0.2"] : []

/** Whether nobody listens there. */
const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })

it.each([
  ["Vast.ai", createVastSimulator],
  ["Fluence", createFluenceSimulator],
  ["Huddle01", createHuddleSimulator]
])("a simulated %s listens on 127.0.0.1 and nowhere else", async (_, create) => {
  await using server = await create().listen()
  const { hostname, port } = new URL(server.url)
  expect([hostname, await isFree(Number(port), "127.0.0.1")]).toEqual(["127.0.0.1", false])
  for (const host of others) expect([host, await isFree(Number(port), host)]).toEqual([host, true])
})
