import type { Vocabulary } from "@anygpu/core/cloud"
import * as z from "zod"
import { cpuLifecycle } from "./cpu/lifecycle.ts"
import { Vm as CpuVm, MarketOffer } from "./cpu/wire.ts"
import { containerLifecycle, machineLifecycle } from "./gpu/lifecycle.ts"
import { Container, ContainerPlan, ModelGroup, NumberGroup, Option, Vm } from "./gpu/wire.ts"

/** Source: Fluence docs, Get GPU plans and Manage GPU instances. */
const unusedOfGpu = `
  name minimum_price options_available_total providers_available_total data_center_available_total locations
  providers provider deployment_type nvlink updated_at ssh_key expose
`

/** Source: Fluence docs, Get offerings and Manage your deployments. */
const unusedOfCpu = `
  metadata price tier certifications additionalResources maxAdditionalSupply details
`

const numberGroup = NumberGroup.extend({ options: z.array(Option) })
const machinePlan = ModelGroup.extend({ availability_by_number: z.array(numberGroup) })

const { instance, container } = containerLifecycle.domain
const { status } = machineLifecycle.domain
const containerWords = (at: string) => ({ [`${at}instance_status`]: instance, [`${at}container_status`]: container })

/** What Fluence's answers may hold, as far as this adapter and Fluence's documents know. */
export const vocabulary: ReadonlyArray<Vocabulary> = [
  { path: /\/gpu\/plans\/$/, schema: z.array(ContainerPlan), unused: unusedOfGpu },
  { path: /\/gpu\/plans\/(vms|baremetal)$/, schema: z.object({ data: z.array(machinePlan) }), unused: unusedOfGpu },
  { path: /\/gpu\/instances\/$/, schema: z.array(Container), unused: unusedOfGpu, words: containerWords("[].") },
  {
    path: /\/gpu\/instances\/(vms|baremetal)$/,
    schema: z.array(Vm),
    unused: unusedOfGpu,
    words: { "[].status": status }
  },
  { path: /\/gpu\/instances\/(vms|baremetal)\/[^/]+$/, schema: Vm, unused: unusedOfGpu, words: { status } },
  {
    path: /\/gpu\/instances\/(?!vms$|baremetal$)[^/]+$/,
    schema: Container,
    unused: unusedOfGpu,
    words: containerWords("")
  },
  {
    path: /\/vms\/v2$/,
    schema: z.array(CpuVm),
    unused: unusedOfCpu,
    words: { "[].status": cpuLifecycle.domain.status }
  },
  { method: "POST", path: /\/marketplace\/offers$/, schema: z.array(MarketOffer), unused: unusedOfCpu }
]
