import { judge, rowFor } from "@anygpu/core"
import { lenient } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import { expect, test } from "vitest"
import type * as z from "zod"
import { keyEndpoints } from "./account.ts"
import { cpuEndpoints } from "./cpu/endpoints.ts"
import cpuAnswers from "./cpu/fixtures/answers.json" with { type: "json" }
import cpuRequests from "./cpu/fixtures/requests.json" with { type: "json" }
import { cpuFactsOf, cpuLifecycle } from "./cpu/lifecycle.ts"
import { cpuImageOf, cpuInstanceOf, cpuOfferOf } from "./cpu/to-domain.ts"
import * as cpuWire from "./cpu/wire.ts"
import { classify } from "./errors.ts"
import errors from "./fixtures/errors.json" with { type: "json" }
import keys from "./fixtures/keys.json" with { type: "json" }
import { gpuEndpoints } from "./gpu/endpoints.ts"
import instances from "./gpu/fixtures/instances.json" with { type: "json" }
import plans from "./gpu/fixtures/plans.json" with { type: "json" }
import requests from "./gpu/fixtures/requests.json" with { type: "json" }
import { containerFacts, containerLifecycle, machineFacts, machineLifecycle } from "./gpu/lifecycle.ts"
import { containerOf, containerOffers, machineOf, machineOffer } from "./gpu/to-domain.ts"
import * as wire from "./gpu/wire.ts"

/** Reads one payload; fails where it is not understood. */
type Reader = (payload: unknown) => void

const at = DateTime.makeUnsafe(0)
const nothing = { intent: null, now: 0 } as const

/** A body that is sent exactly as the documents write it. */
const sent =
  ({ body }: { readonly body?: z.ZodType }): Reader =>
  (payload) =>
    expect(body?.parse(payload)).toEqual(payload)

/** An answer in which nothing that is read is missing. */
const answered =
  ({ answer }: { readonly answer: z.ZodType }): Reader =>
  (payload) => {
    const decoded = answer.parse(payload)
    expect(decoded).toBeTruthy()
    expect(JSON.stringify(decoded).length).toBeGreaterThan(4)
  }

/** A machine whose status the table knows. */
const container: Reader = (payload) => {
  const row = wire.Container.parse(payload)
  expect(containerOf(row)).toMatchObject({ id: row.id, name: row.name })
  expect(judge(containerLifecycle, containerFacts(row, nothing)).status).not.toBe("unknown")
}
const machine: Reader = (payload) => {
  const row = wire.Vm.parse(payload)
  expect(machineOf(row)).toMatchObject({ id: row.id, name: row.name })
  expect(judge(machineLifecycle, machineFacts(row, nothing)).status).not.toBe("unknown")
}
const cpuVm: Reader = (payload) => {
  const row = lenient(cpuWire.Vm).parse(payload)
  expect(cpuInstanceOf(row)).toMatchObject({ id: row.id, name: row.vmName })
  expect(rowFor(cpuLifecycle, cpuFactsOf(row, nothing))).toBeDefined()
}

/** A plan that can be rented and priced. */
const containerPlan: Reader = (payload) => {
  const offers = containerOffers(wire.ContainerPlan.parse(payload), payload, at)
  expect(offers.length).toBeGreaterThan(0)
  for (const { pricePerHour: price, gpu } of offers) expect([price === null, gpu?.known]).toEqual([false, true])
}
const machinePlans: Reader = (payload) => {
  for (const group of wire.MachinePlans.parse(payload).data) {
    const { gpu_model, availability_by_number } = wire.ModelGroup.parse(group)
    for (const number of availability_by_number) {
      const { gpu_count, options } = wire.NumberGroup.parse(number)
      const gpus = { model: gpu_model, count: gpu_count }
      for (const native of options) {
        const { pricePerHour: price, gpu } = machineOffer("vm", gpus, wire.Option.parse(native), native, at)
        expect([price === null, gpu?.known]).toEqual([false, true])
      }
    }
  }
}
const cpuOffer: Reader = (payload) => {
  const { pricePerHour: price, terms, vcpus } = cpuOfferOf(cpuWire.MarketOffer.parse(payload), payload, at)
  expect([price === null, terms === null, vcpus === null]).toEqual([false, false, false])
}

/** A refusal that has a tag of its own. */
const refusal =
  (status: number, operation: string, tag: string): Reader =>
  (json) =>
    expect(classify({ status, operation, json, text: JSON.stringify(json), headers: {} })?._tag).toBe(tag)

/** Every one of several payloads. */
const each =
  (read: Reader) =>
  (payloads: unknown): number => {
    if (!Array.isArray(payloads)) throw new Error("these are no payloads")
    payloads.forEach(read)
    return payloads.length
  }

/** One payload. */
const one =
  (read: Reader) =>
  (payload: unknown): number => {
    read(payload)
    return 1
  }

/** How many payloads a file has, each of them read; every entry of the file needs its reader. */
const countOf = <File extends object>(
  file: File,
  readers: { readonly [Name in keyof File]: (payloads: unknown) => number }
): number => {
  const names = Object.keys(file) as Array<keyof File>
  return names.reduce((sum, name) => sum + readers[name](file[name]), 0)
}

test("every payload of the documents is understood", () => {
  const counts = [
    countOf(plans, { containers: each(containerPlan), vms: one(machinePlans) }),
    countOf(instances, {
      containers: each(container),
      activeContainer: one(container),
      endedContainer: one(container),
      logs: one(answered(gpuEndpoints.containerLogs)),
      events: one(answered(gpuEndpoints.containerEvents)),
      vms: each(machine),
      activeVm: one(machine),
      endedVm: one(machine)
    }),
    countOf(requests, {
      deployContainer: one(sent(gpuEndpoints.deployContainer)),
      deployPrivateFragment: one((payload) =>
        sent(gpuEndpoints.deployContainer)({ plan_id: "p", name: "n", ...(payload as object) })
      ),
      deployContainerCurl: one(sent(gpuEndpoints.deployContainer)),
      deployed: one(answered(gpuEndpoints.deployContainer)),
      deployMachine: one(sent(gpuEndpoints.deployGpuVm)),
      updateContainer: one(sent(gpuEndpoints.updateContainer)),
      rename: one(sent(gpuEndpoints.renameGpuVm))
    }),
    countOf(cpuAnswers, {
      vmA: one(cpuVm),
      vmB: one(cpuVm),
      ended: one(cpuVm),
      draft: one(cpuVm),
      created: one(answered(cpuEndpoints.createCpuVms)),
      images: each((payload) => {
        const row = cpuWire.DefaultImage.parse(payload)
        expect(cpuImageOf(row, payload).id).toBe(row.downloadUrl)
      }),
      offer: one(cpuOffer),
      configurations: one(answered(cpuEndpoints.cpuConfigurations)),
      countries: one(answered(cpuEndpoints.cpuCountries)),
      hardware: one(answered(cpuEndpoints.cpuHardware)),
      estimate: one(answered(cpuEndpoints.estimateCpuVms)),
      refusals: each(refusal(422, "createCpuVms", "NoCapacity"))
    }),
    countOf(cpuRequests, {
      create: each(sent(cpuEndpoints.createCpuVms)),
      search: each(sent(cpuEndpoints.searchCpuOffers)),
      update: each(sent(cpuEndpoints.updateCpuVm)),
      updates: one(sent(cpuEndpoints.updateCpuVmsV3)),
      delete: one(sent(cpuEndpoints.deleteCpuVms)),
      estimate: one(sent(cpuEndpoints.estimateCpuVms))
    }),
    countOf(keys, {
      list: one(answered(keyEndpoints.listSshKeys)),
      addRequest: one(sent(keyEndpoints.createSshKey)),
      addRequestLong: one(sent(keyEndpoints.createSshKey)),
      addedObject: one(answered(keyEndpoints.createSshKey)),
      addedList: one(answered(keyEndpoints.createSshKey)),
      removeRequest: one(sent(keyEndpoints.deleteSshKey))
    }),
    countOf(errors, {
      badKey: one(refusal(403, "listContainers", "Unauthenticated")),
      validation: one(refusal(422, "deployContainer", "InvalidRequest")),
      noMoney: one(refusal(400, "deployContainer", "OutOfFunds")),
      wrongSystem: one(refusal(400, "deployGpuVm", "InvalidRequest")),
      wrongSystemOlder: one(refusal(400, "deployGpuVm", "InvalidRequest"))
    })
  ]
  const total = counts.reduce((sum, count) => sum + count, 0)
  console.log(`Fluence: ${total} documented payloads decoded`)
  expect(total).toBe(59)
})
