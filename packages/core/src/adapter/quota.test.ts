import { describe, expect, test } from "vitest"
import { Conflict, InvalidRequest, NoCapacity, ProviderFault } from "../errors.ts"
import { reachOf } from "../model/reach.ts"
import { quotaOr } from "./quota.ts"

const invalid = (problem: string) => InvalidRequest.of("", problem)

describe("a refusal for a quota is not a wrong request", () => {
  test.each([
    "deploy: the cloud answered 400 (Quota exceeded: 4 of 4 GPUs in use)",
    "GPU quota exceeded",
    "You have reached your quota for H100",
    "insufficient quota for instance type gpu_8x_h100",
    "instance limit reached",
    "account_limit_exceeded",
    "You have exceeded the maximum of 2 running instances",
    "maximum number of instances: 3",
    "too many active deployments"
  ])("%s", (words) => {
    for (const error of [invalid(words), new Conflict({ message: words, retry: "temporary" })]) {
      const found = quotaOr(error)
      expect(found._tag).toBe("PermissionDenied")
      expect(reachOf(found)).toBe("cloud")
      expect(found.message).toContain(words)
    }
  })

  test("nor a lack of hardware", () => {
    expect(quotaOr(new NoCapacity({ message: "409 (quota exceeded)", retry: "permanent" }))._tag).toBe(
      "PermissionDenied"
    )
  })
})

describe("what is no quota stays what it is", () => {
  test.each([
    "ports: exceeds the maximum of 10",
    "gpu_count exceeds the maximum of 8 GPUs per instance",
    "label_too_long",
    "image: me/quota-server is not known",
    "no such machine is free"
  ])("%s", (words) => expect(quotaOr(invalid(words))._tag).toBe("InvalidRequest"))

  test("a fault of the cloud, whatever its words", () => {
    expect(quotaOr(new ProviderFault({ message: "quota exceeded", retry: "temporary" }))._tag).toBe("ProviderFault")
  })

  test("what may have made a machine still says so", () => {
    expect(
      quotaOr(new InvalidRequest({ message: "quota exceeded", retry: "permanent", issues: [], unclear: true }))
    ).toMatchObject({
      unclear: true
    })
  })
})
