/** An offer of the reference cloud, in its own words: USD per hour, MB of memory per GPU. */
export interface CloudOffer {
  readonly id: string
  readonly gpu: string
  readonly gpus: number
  readonly vram: number
  readonly vcpus: number
  readonly memory: number
  readonly disk: number
  readonly country: string
  readonly region: string
  readonly reliability: number | null
  readonly price: number
  readonly bid: number | null
}

const offer = (
  id: string,
  gpu: string,
  gpus: number,
  vram: number,
  price: number,
  { country = "US", ...more }: Partial<CloudOffer> = {}
): CloudOffer => ({
  ...{ id, gpu, gpus, vram, price },
  ...{ vcpus: 8 * gpus, memory: 65_536 * gpus, disk: 204_800, reliability: 0.99, bid: null },
  ...{ country, region: `${country.toLowerCase()}-1` },
  ...more
})

/** What the reference cloud rents out. */
export const catalogue: ReadonlyArray<CloudOffer> = [
  offer("o-1", "RTX_4090", 1, 24_564, 0.42),
  offer("o-2", "RTX_4090", 2, 24_564, 0.86, { country: "SE" }),
  offer("o-3", "A100-SXM4-80GB", 1, 81_920, 1.3, { country: "DE", reliability: 0.9 }),
  offer("o-4", "H100 SXM", 8, 81_559, 18.4, { disk: 1_048_576 }),
  offer("o-5", "RTX 3060", 1, 12_288, 0.09, { vcpus: 4, memory: 16_384, reliability: null }),
  offer("o-6", "Foo Accelerator 9", 1, 16_384, 0.2),
  offer("o-7", "RTX 4090", 1, 24_564, 0.3, { bid: 0.15 })
]
