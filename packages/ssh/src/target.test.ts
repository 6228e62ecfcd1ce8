import { InstanceRef, noEndpoints, sshEndpoint } from "@anygpu/core"
import { expect, test } from "vitest"
import { connect, memoryKnownHosts } from "./index.ts"
import { routeTo } from "./target.ts"
import { startServer } from "./testing/server.ts"

const ref = new InstanceRef("vast", "container", "7")
const direct = sshEndpoint("192.0.2.1", 40_022, "root", "direct")
const proxy = sshEndpoint("proxy.example", 22, "root", "proxy")
const address = ({ host, port, user }: typeof direct) => ({ host, port, user })

test("a machine is reached by each way that its cloud names, the best first, under one name", () => {
  const { addresses, nameOf } = routeTo({ ref, endpoints: { ...noEndpoints, ssh: [direct, proxy] } })
  expect(addresses).toEqual([direct, proxy].map(address))
  expect(new Set(addresses.map(nameOf))).toEqual(new Set(["anygpu-vast-container-7"]))
})

test("a port 22 that is led out is a way in for a user who is named, and no user is made up", () => {
  const ports = [{ port: 22, protocol: "tcp", host: "192.0.2.1", externalPort: 40_022 }] as const
  const machine = { ref, endpoints: { ...noEndpoints, ports } }
  expect(routeTo(machine, { user: "ubuntu" }).addresses).toEqual([{ host: "192.0.2.1", port: 40_022, user: "ubuntu" }])
  expect(() => routeTo(machine)).toThrow("names no way in by ssh")
})

test("what the caller says goes before what the cloud says", () => {
  const machine = { ref, endpoints: { ...noEndpoints, ssh: [direct] } }
  const given = { host: "203.0.113.9", port: 2222, user: "me" }
  expect(routeTo(machine, given).addresses).toEqual([given])
  expect(routeTo({ host: "[2001:db8::1]" }).addresses).toEqual([{ host: "2001:db8::1", port: 22, user: "root" }])
})

test.each([
  { host: "-oProxyCommand=touch /tmp/x" },
  { host: "a b" },
  { host: "a;b" },
  { host: "a", user: "-oProxyCommand=x" },
  { host: "a", user: "root@b c" },
  { host: "a", port: 0 },
  { host: "a", port: 70_000 }
])("%o is no address, and no option of a command", (target) => {
  expect(() => routeTo(target)).toThrow(/is no/)
})

test("where the first way does not answer the next one is taken, and the host key is that of the machine", async () => {
  const server = await startServer()
  const knownHosts = memoryKnownHosts()
  const ssh = [
    sshEndpoint("127.0.0.1", 1, "tester", "direct"),
    sshEndpoint("127.0.0.1", server.port, "tester", "proxy")
  ]
  const options = { key: server.key, agent: false, knownHosts } as const
  await using machine = await connect({ ref, endpoints: { ...noEndpoints, ssh } }, options)
  expect(machine.address()).toMatchObject({ port: server.port })
  expect(await knownHosts.get("anygpu-vast-container-7")).toMatch(/^ssh-ed25519 /)
  await server.stop()
})
