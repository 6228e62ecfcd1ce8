/** A data centre of the CPU family. Source: Fluence docs, Manage your deployments, datacenter information. */
export interface Datacenter {
  readonly countryCode: string
  readonly cityCode: string
  readonly cityIndex: number
  readonly tier: number
  readonly certifications: readonly string[]
}

/** What the processors, the memory and the disks of an offer are. Source: Fluence docs, Get offerings, resources. */
export interface Hardware {
  readonly cpu: {
    readonly manufacturer: string
    readonly brand: string
    readonly architecture: string
    readonly generation: string
  }
  readonly memory: { readonly type: string; readonly generation: string }
  readonly storage: { readonly type: string }
}

/** A basic configuration in a data centre. */
export interface CpuOffer {
  readonly id: string
  readonly slug: string
  readonly vcpu: number
  /** GiB. */
  readonly memory: number
  /** GiB. */
  readonly storage: number
  /** USDC for an epoch of 24 hours. */
  readonly price: string
  readonly datacenter: Datacenter
  readonly hardware: Hardware
  /** How many fit before anybody rents. */
  readonly stock: number
}

/** USDC for an epoch and a GiB of additional storage. Source: Fluence docs, Get offerings, additional resources. */
export const storagePrice = "0.00001"

/** GiB of additional storage that a server has, and that one machine may have. Source: as above. */
export const extraStorage = { supply: 100, perVmLimit: 200 }

const paris: Datacenter = {
  ...{ countryCode: "FR", cityCode: "PAR", cityIndex: 1, tier: 4 },
  certifications: ["PCI DSS", "ISO 9001:2015", "ISO/IEC 27001:2022"]
}

const poznan: Datacenter = {
  ...{ countryCode: "PL", cityCode: "POZ", cityIndex: 1, tier: 4 },
  certifications: ["ISO 27001:2022", "SOC2", "PCI DSS"]
}

const dallas: Datacenter = {
  ...{ countryCode: "US", cityCode: "DAL", cityIndex: 2, tier: 3 },
  certifications: ["SOC2"]
}

const epyc: Hardware = {
  cpu: { manufacturer: "AMD", brand: "EPYC", architecture: "Zen", generation: "2" },
  memory: { type: "DDR", generation: "4" },
  storage: { type: "NVMe" }
}

const xeon: Hardware = {
  cpu: { manufacturer: "Intel (R)", brand: "Xeon", architecture: "ICE LAKE", generation: "3" },
  memory: { type: "DDR", generation: "5" },
  storage: { type: "SSD" }
}

const genoa: Hardware = {
  cpu: { manufacturer: "AMD", brand: "EPYC", architecture: "Zen", generation: "4" },
  memory: { type: "DDR", generation: "5" },
  storage: { type: "NVMe" }
}

const offer = (
  cpus: number,
  memory: number,
  price: string,
  datacenter: Datacenter,
  hardware: Hardware,
  stock: number
): CpuOffer => {
  const slug = `cpu-${cpus}-ram-${memory}gb-storage-25gb`
  const id = `${slug}@${datacenter.countryCode}-${datacenter.cityCode}-${datacenter.cityIndex}`
  return { id, slug, vcpu: cpus, memory, storage: 25, price, datacenter, hardware, stock }
}

/** The market of CPU machines; prices of the smallest and of one machine are documented. Source: Fluence docs, Get offerings, Manage your deployments. */
export const cpuOffers: readonly CpuOffer[] = [
  offer(2, 4, "0.30698", poznan, epyc, 5),
  offer(2, 4, "2.4352", paris, epyc, 2),
  offer(2, 4, "0.35793", dallas, xeon, 3),
  offer(4, 8, "0.61396", poznan, epyc, 4),
  offer(4, 8, "0.71586", dallas, xeon, 1),
  offer(8, 16, "1.22792", poznan, epyc, 2),
  offer(8, 16, "1.5", paris, genoa, 2)
]

/** A default OS image of the CPU family. Source: Fluence docs, Order VM, default images. */
export const defaultImages: ReadonlyArray<Readonly<Record<string, string>>> = [
  {
    id: "df6e9992f8694635a67baafadf5a1905",
    name: "22.04 (LTS) x64",
    distribution: "Ubuntu",
    slug: "ubuntu-22-04-x64",
    downloadUrl: "https://cloud-images.ubuntu.com/releases/22.04/release/ubuntu-22.04-server-cloudimg-amd64.img",
    username: "ubuntu",
    createdAt: "2025-05-06T14:29:39.382562Z",
    updatedAt: "2025-05-06T14:29:39.382562Z"
  },
  {
    id: "da1e99153be74618820a164eebcbdc66",
    name: "24.04 (LTS) x64",
    distribution: "Ubuntu",
    slug: "ubuntu-24-04-x64",
    downloadUrl: "https://cloud-images.ubuntu.com/releases/24.04/release/ubuntu-24.04-server-cloudimg-amd64.img",
    username: "ubuntu",
    createdAt: "2025-05-06T14:29:39.382562Z",
    updatedAt: "2025-05-06T14:29:39.382562Z"
  }
]
