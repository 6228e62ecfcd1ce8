import { uuidOf } from "../../kit/ids.ts"
import type { Random } from "../../random.ts"
import type { GpuModel, Supply } from "../machine.ts"

/** A plan of containers. It can be placed in several countries and has no stock. */
export interface ContainerPlan {
  readonly id: string
  readonly supply: Supply
  readonly gpu: GpuModel
  readonly hour: number
  /** Two-letter country codes. */
  readonly locations: readonly string[]
}

/** An option of VMs or bare metal: one machine at one provider in one place. */
export interface Option {
  readonly id: string
  readonly kind: "vm" | "baremetal"
  readonly supply: Supply
  readonly gpu: GpuModel
  readonly hour: number
  /** Id or name of a data centre, free text. */
  readonly location: string
  readonly provider: string
  readonly nvlink: boolean
  readonly osOptions: readonly string[]
}

/** What the GPU family has to rent, by id. */
export interface Catalogue {
  readonly plans: ReadonlyMap<string, ContainerPlan>
  readonly options: ReadonlyMap<string, Option>
}

/** Hours of rent that leave the account at a deployment. Source: Fluence docs, Get plans, `upfront_hours`. */
export const upfrontHours = 3

const nvidia = (model: string, vram: string, kind: GpuModel["interface"]): GpuModel => ({
  ...{ vendor: "nvidia", model, vram },
  interface: kind
})

const a10 = nvidia("a10", "24Gi", "pcie")
const a100 = nvidia("a100", "80Gi", "sxm")
const a100pcie = nvidia("a100", "80Gi", "pcie")
const h100 = nvidia("h100", "80Gi", "sxm")
const h200 = nvidia("h200", "141Gi", "sxm")
const l40 = nvidia("l40", "48Gi", "pcie")
const v100 = nvidia("v100", "32Gi", "sxm")
const rtx4090 = nvidia("rtx4090", "24Gi", "pcie")

const supply = (gpus: number, vcpu: number, memory: number, storage: number): Supply => ({
  gpus,
  vcpu,
  memory,
  storage
})

/** The first two are of the documented example; the others are made up in its form. Source: Fluence docs, Get plans. */
const plans: ReadonlyArray<Omit<ContainerPlan, "id">> = [
  { gpu: h200, supply: supply(1, 16, 128, 120), hour: 2.96, locations: ["US"] },
  { gpu: a100, supply: supply(1, 1, 1, 1), hour: 1.22, locations: ["US"] },
  { gpu: a100pcie, supply: supply(1, 12, 64, 200), hour: 1.09, locations: ["US", "DE"] },
  { gpu: h100, supply: supply(1, 16, 128, 200), hour: 2.12, locations: ["US", "FI", "NO"] },
  { gpu: h100, supply: supply(8, 128, 1024, 1000), hour: 16.96, locations: ["US"] },
  { gpu: rtx4090, supply: supply(1, 8, 32, 100), hour: 0.44, locations: ["DE", "PL"] }
]

const shadeOs = ["ubuntu22.04_cuda12.4_shade_os"]
const ubuntu = ["Ubuntu Server 22.04", "Ubuntu Server 24.04"]

/** The a10 and the a100 are of the documented example, the l40 and the v100 of documented machines. Source: Fluence docs, Get plans, Manage instances. */
const options: ReadonlyArray<Omit<Option, "id">> = [
  {
    ...{ kind: "vm", gpu: a10, supply: supply(1, 30, 186, 1303), hour: 0.99, nvlink: false },
    ...{ location: "sanjose-usa-2", provider: "sesterce", osOptions: shadeOs }
  },
  {
    ...{ kind: "vm", gpu: a10, supply: supply(1, 30, 186, 1303), hour: 0.99, nvlink: false },
    ...{ location: "dulles-usa-1", provider: "sesterce", osOptions: shadeOs }
  },
  {
    ...{ kind: "vm", gpu: a100pcie, supply: supply(1, 14, 93, 582), hour: 1.07, nvlink: false },
    ...{ location: "us-central-3", provider: "massed-compute", osOptions: ["Ubuntu Server 22.04"] }
  },
  {
    ...{ kind: "vm", gpu: l40, supply: supply(1, 14, 119, 582), hour: 0.755, nvlink: false },
    ...{ location: "us-central-3", provider: "massed-compute", osOptions: ubuntu }
  },
  {
    ...{ kind: "vm", gpu: v100, supply: supply(1, 8, 22, 465), hour: 0.36, nvlink: false },
    ...{ location: "Texas", provider: "sesterce", osOptions: ["ubuntu24.04"] }
  },
  {
    ...{ kind: "vm", gpu: h100, supply: supply(8, 208, 1800, 22_000), hour: 17.2, nvlink: true },
    ...{ location: "us-east-1", provider: "sesterce", osOptions: shadeOs }
  },
  {
    ...{ kind: "baremetal", gpu: h100, supply: supply(8, 192, 1500, 15_360), hour: 18.4, nvlink: true },
    ...{ location: "kristiansand-norway-2", provider: "massed-compute", osOptions: ["Ubuntu Server 22.04"] }
  },
  {
    ...{ kind: "baremetal", gpu: a100, supply: supply(4, 64, 480, 4000), hour: 5.12, nvlink: true },
    ...{ location: "tokyo-japan-2", provider: "sesterce", osOptions: ubuntu }
  },
  {
    ...{ kind: "baremetal", gpu: a100, supply: supply(8, 128, 960, 8000), hour: 10.24, nvlink: true },
    ...{ location: "tokyo-japan-2", provider: "sesterce", osOptions: ubuntu }
  },
  {
    ...{ kind: "baremetal", gpu: l40, supply: supply(4, 56, 476, 2328), hour: 3.02, nvlink: false },
    ...{ location: "us-central-3", provider: "massed-compute", osOptions: ubuntu }
  },
  {
    ...{ kind: "baremetal", gpu: h200, supply: supply(8, 192, 2048, 30_720), hour: 24.8, nvlink: true },
    ...{ location: "kristiansand-norway-2", provider: "massed-compute", osOptions: ["Ubuntu Server 22.04"] }
  }
]

/** Creates the catalogue of a seed: always the same plans, under ids of the seed. */
export const createCatalogue = (random: Random): Catalogue => {
  const withIds = <A>(list: readonly A[]) =>
    new Map(
      list.map((item) => {
        const id = uuidOf(random, "a")
        return [id, { ...item, id }] as const
      })
    )
  return { plans: withIds(plans), options: withIds(options) }
}
