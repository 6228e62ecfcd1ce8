import { expect, test } from "vitest"
import { noEndpoints, soundEndpoints, sshEndpoint } from "./endpoints.ts"

test.each([
  ["a name", "ssh4.vast.ai", 22, "root", true],
  ["an address", "203.0.113.7", 2222, "ubuntu", true],
  ["an address of version 6", "2001:db8::1", 22, "root", true],
  ["an option", "-oProxyCommand=id", 22, "root", false],
  ["a command", "h;id", 22, "root", false],
  ["a substitution", "$(id)", 22, "root", false],
  ["an escape", "h\u001b[2J", 22, "root", false],
  ["a line end", "h\nid", 22, "root", false],
  ["a turned name", "h\u202e", 22, "root", false],
  ["no name", "", 22, "root", false],
  ["a user that is an option", "h", 22, "-oProxyCommand=id", false],
  ["a user with a gap", "h", 22, "root h2", false],
  ["an impossible port", "h", 70_000, "root", false],
  ["a broken port", "h", 22.5, "root", false]
])("an ssh endpoint with %s", (_, host, port, user, isSound) => {
  const ports = [{ port: 80, protocol: "tcp" as const, host, externalPort: port }]
  const { ssh, ports: mapped } = soundEndpoints({
    ...noEndpoints,
    ssh: [sshEndpoint(host, port, user, "direct")],
    ports
  })
  expect(ssh).toEqual(isSound ? [sshEndpoint(host, port, user, "direct")] : [])
  if (isSound) expect(mapped).toEqual(ports)
})

test("a command is made of the host, whatever an adapter wrote", () => {
  const ssh = [{ ...sshEndpoint("h", 22, "root", "direct"), command: "ssh root@h; id" }]
  expect(soundEndpoints({ ...noEndpoints, ssh }).ssh[0]?.command).toBe("ssh root@h")
})

test.each([
  ["https://a.example:8080/x?y=z", true],
  ["http://203.0.113.7", true],
  ["javascript:alert(1)", false],
  ["https://a b", false],
  ["https://a\u001b[2J", false],
  ["https://a\u202e", false]
])("the URL %j", (url, isSound) => {
  expect(soundEndpoints({ ...noEndpoints, urls: [url], expected: false })).toEqual({
    ...noEndpoints,
    urls: isSound ? [url] : [],
    expected: false
  })
})
