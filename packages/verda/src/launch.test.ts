import { describe, expect, test } from "vitest"
import { publicKey } from "./cloud.test-support.ts"
import { rented } from "./renting.test-support.ts"

describe("a launch", () => {
  test("by the name of an image asks those of its type", async () => {
    const { launch, sent } = rented()
    await launch({ os: "Ubuntu 24.04" })
    expect(sent("GET", /\/images/).map(({ path }) => path)).toEqual(["/v1/images?instance_type=1H100.80S.30V"])
    const { body } = sent("POST", /\/instances$/)[0] ?? {}
    expect(body).toMatchObject({ image: "ubuntu-24.04", is_spot: false, location_code: "FIN-01" })
  })

  test.each([
    [{ os: "Debian 12" }, /unknown image "Debian 12"/],
    [{ sshKeys: [] }, /sshKeys/],
    [{ volumes: [{ name: "d", sizeMiB: 1, type: "HDD" }] }, /volumes\[0\]\.type/],
    [{ volumes: [{ name: "--", sizeMiB: 1 }] }, /volumes\[0\]\.name/],
    [{ attach: [{ provider: "verda", id: "v1", region: null }] }, /attach\[0\]\.id/],
    [{ attach: [{ provider: "verda", id: "0dc16ed0-f7fb-4eec-a5e6-004e082bb1f4", region: "FIN-02" }] }, /FIN-02/]
  ])("is refused before anything is made: %j", async (more, words) => {
    const { vms, run, fails, sent } = rented()
    const { items } = await run(vms.offers({ gpu: "H100", gpuCount: 1 }))
    const [offer] = items
    if (!offer) throw new Error("no offer")
    const spec = { offer, name: "mine", os: "ubuntu-24.04", sshKeys: [publicKey], ...more }
    const error = await fails(vms.launch(spec as never))
    expect(error._tag).toBe("InvalidRequest")
    expect(error.message).toMatch(words)
    expect(sent("POST", /\/instances$/)).toEqual([])
  })

  test("counts its volumes against a limit on the price", async () => {
    const { vms, run, fails } = rented()
    const { items } = await run(vms.offers({ gpu: "H100", gpuCount: 1 }))
    const [offer] = items
    if (!offer?.pricePerHour) throw new Error("no offer")
    const volumes = [{ name: "data", sizeMiB: 95_367 }]
    const spec = {
      offer,
      name: "mine",
      os: "ubuntu-24.04",
      sshKeys: [publicKey],
      volumes,
      maxPerHour: offer.pricePerHour
    }
    expect(await fails(vms.launch(spec))).toMatchObject({
      _tag: "OutOfFunds",
      needed: { micros: offer.pricePerHour.micros + 27_398 }
    })
  })
})
