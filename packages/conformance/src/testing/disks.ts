import type { TrueDisk } from "../harness.ts"
import type { CloudState } from "./cloud.ts"

/** A disk of the reference cloud, with the machine that has it. */
export interface CloudDisk {
  readonly id: string
  readonly region: string
  holder: string | null
}

/** What an hour of any disk costs. */
const diskPrice = 0.01

/** The disks, each with the machine that has it and is not gone. */
export const disksOf = ({ disks, machines }: Pick<CloudState, "disks" | "machines">) =>
  disks.map(({ id, region, holder }) => ({
    ...{ id, region, name: "data", price: diskPrice },
    holder: holder !== null && machines.get(holder)?.wish !== "gone" ? holder : null
  }))

/** The disks as they truly are. */
export const trueDisks = (state: CloudState): ReadonlyArray<TrueDisk> =>
  disksOf(state).map(({ id, region, holder }) => ({
    ...{ id, region, perHour: diskPrice, holders: holder === null ? [] : [holder] }
  }))

/** Puts a disk into the cloud; answers its id. */
export const addDisk = ({ disks }: CloudState, region: string): string => {
  const id = `d-${String(disks.length + 1).padStart(6, "0")}`
  disks.push({ id, region, holder: null })
  return id
}

/** What a create may say besides its label and its offer. */
export interface Order {
  readonly bid?: number | null
  readonly ends?: number | null
  readonly disks?: ReadonlyArray<string>
}

/** Whether disks are there, on no machine, and where an offer is. */
export const areFree = (state: CloudState, ids: ReadonlyArray<string>, { region }: { readonly region: string }) =>
  ids.every((id) => disksOf(state).some((one) => one.id === id && one.holder === null && one.region === region))
