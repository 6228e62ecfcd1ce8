import { InstanceRef } from "@anygpu/core"
import { expect, it } from "vitest"
import { scripted } from "./cloud.test-support.ts"

const row = { id: 7, actual_status: "running", intended_status: "running", cur_state: "running", is_bid: true }
const vmImage = "docker.io/vastai/kvm:ubuntu_terminal"

it.each(["stop", "start", "restart"] as const)("never does a %s to a machine of the other kind", async (action) => {
  for (const [kind, image_uuid] of [["vms", "ubuntu:24.04"] as const, ["containers", vmImage] as const]) {
    const { cloud, sent, fails } = scripted({ json: { instances: { ...row, image_uuid } } })
    const call =
      kind === "vms"
        ? cloud.kinds.vms[action](new InstanceRef("vast", "vm", "7"))
        : cloud.kinds.containers[action](new InstanceRef("vast", "container", "7"))
    expect(await fails(call)).toMatchObject({ _tag: "NotFound" })
    expect(sent.map(({ method }) => method)).toEqual(["GET"])
  }
})

it("reads a row without an image, rather than calling a machine gone that costs money", async () => {
  const { cloud, run } = scripted({ json: { instances: row } })
  expect(await run(cloud.kinds.vms.get(new InstanceRef("vast", "vm", "7")))).toMatchObject({ status: "running" })
})
