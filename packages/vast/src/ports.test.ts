import { describe, expect, it } from "vitest"
import { portsOf } from "./ports.ts"
import { Instance } from "./wire.ts"

const host = "203.0.113.7"
const outside = (...bindings: ReadonlyArray<readonly [HostIp: string | null, HostPort: string]>) =>
  portsOf(
    Instance.parse({ id: 1, ports: { "8000/tcp": bindings.map(([HostIp, HostPort]) => ({ HostIp, HostPort })) } }),
    host
  ).map(({ externalPort }) => externalPort)

describe("a port that is bound at several addresses", () => {
  it.each([
    [
      [
        ["127.0.0.1", "1"],
        ["0.0.0.0", "2"]
      ],
      [2]
    ],
    [
      [
        ["10.0.0.3", "1"],
        ["0.0.0.0", "2"]
      ],
      [2]
    ],
    [
      [
        ["::", "1"],
        ["0.0.0.0", "2"]
      ],
      [2]
    ],
    [
      [
        ["0.0.0.0", "1"],
        [host, "2"]
      ],
      [2]
    ],
    [
      [
        ["0.0.0.0", "1"],
        ["::", "2"]
      ],
      [1]
    ],
    [
      [
        [null, "1"],
        ["127.0.0.1", "2"]
      ],
      [1]
    ],
    [
      [
        ["::1", "1"],
        ["192.168.1.4", "2"]
      ],
      []
    ],
    [
      [
        ["0.0.0.0", "70000"],
        ["0.0.0.0", "2"]
      ],
      [2]
    ]
  ] as const)("is listed at the one that is reached from outside: %j", (bindings, ports) => {
    expect(outside(...bindings)).toEqual(ports)
  })
})
