import { answers, type MachineRequests, type SentRequest } from "@anygpu/conformance"
import type { Kind } from "@anygpu/core"
import type { FluenceSimulator } from "@anygpu/simulators"

const isOne = (path: string): boolean =>
  /^\/gpu\/instances\/(?:vms\/|baremetal\/)?[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(path)

/** No document shows the body of this 404. */
const missing = answers(404, { detail: "Instance not found" })

/** How Fluence is asked about single machines of a kind: CPU VMs are read in lists alone. */
export const machineRequests = (simulator: FluenceSimulator, kind: Kind): MachineRequests => ({
  ...(kind !== "cpu-vm" && {
    isRead: ({ method, path }: SentRequest) => method === "GET" && isOne(path),
    absent: { read: missing, end: missing }
  }),
  isEnd: ({ method, path }) => method === "DELETE" && path !== "/ssh_keys",
  refused: { detail: "Only active instances can be terminated" },
  strange: (body) => {
    const row = Object(body) as Record<string, unknown>
    row["instance_status" in row ? "instance_status" : "status"] = "DESTROYED"
  },
  living: () => simulator.machines().flatMap((one) => (one.alive && one.kind === kind ? [one.id] : []))
})
