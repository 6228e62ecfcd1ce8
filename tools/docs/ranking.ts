import { type Candidate, costReasons, formatMoney, type Job, type Offer } from "../../packages/sdk/src/index.ts"
import { type DocumentedPrices, documentedGpu, documentedPrices } from "./documented.ts"
import { page, table } from "./markdown.ts"

/** The jobs that are compared: a trial, an afternoon, a month. Each with a disk and some traffic out. */
export const jobs: ReadonlyArray<Job & { readonly duration: string }> = ["10 minutes", "3 hours", "30 days"].map(
  (duration) => ({ duration, storageMiB: 51_200, egressGiB: 5, ingressGiB: 0 }) as const
)

/** The cheapest offer of each GPU for one job, by what one GPU of it costs. */
export interface Cheapest {
  readonly gpu: string
  readonly candidate: Candidate
  /** Offers of other clouds for the same GPU, the cheapest of each, dearer ones later. */
  readonly others: ReadonlyArray<Candidate>
}

/** A card as one row: cards of one name with other memory are others. */
const cardOf = ({ gpu }: Offer): string =>
  gpu?.vramMiB == null ? (gpu?.model ?? "") : `${gpu.model}, ${Math.round(gpu.vramMiB / 1024)} GB`

const perGpu = ({ cost, offer }: Candidate): number => cost.total.micros / (offer.gpu?.count ?? 1)

/** The cheapest of each cloud, cheapest first. */
const oneACloud = (candidates: ReadonlyArray<Candidate>): ReadonlyArray<Candidate> => {
  const sorted = candidates.toSorted((a, b) => perGpu(a) - perGpu(b))
  return sorted.filter(
    ({ offer: { provider } }, index) => sorted.findIndex(({ offer }) => offer.provider === provider) === index
  )
}

/** For each GPU that documents price: where a job is cheapest on it. */
export const cheapest = async (all: ReadonlyArray<DocumentedPrices>, job: Job): Promise<ReadonlyArray<Cheapest>> => {
  const gpu = await documentedGpu(all)
  const { candidates } = await gpu.compare({ job })
  const byCard = Map.groupBy(
    candidates.filter(({ offer }) => offer.gpu !== null && offer.availability !== "unavailable"),
    ({ offer }) => cardOf(offer)
  )
  return [...byCard]
    .flatMap(([name, ofCard]) => {
      const [candidate, ...others] = oneACloud(ofCard)
      return candidate ? [{ gpu: name, candidate, others }] : []
    })
    .toSorted((a, b) => a.gpu.localeCompare(b.gpu))
}

const costText = ({ cost, offer }: Candidate): string => {
  const count = offer.gpu?.count ?? 1
  return `${offer.provider} ${formatMoney(cost.total)}${count === 1 ? "" : ` for ${count} GPUs`}`
}

const section = async (all: ReadonlyArray<DocumentedPrices>, job: (typeof jobs)[number]): Promise<string> => {
  const rows = (await cheapest(all, job)).map(({ gpu, candidate, others }) => [
    gpu,
    costText(candidate),
    costReasons(candidate.offer, job).join("; "),
    others.map((other) => `${costText(other)} (${costReasons(other.offer, job)[0] ?? "no terms"})`).join(", ")
  ])
  return `## ${job.duration}\n\n${table(["GPU", "Cheapest", "Why it costs that", "Elsewhere"], rows)}`
}

/** The page: the cheapest cloud for each GPU, for a short job, an afternoon and a month, with the reasons in words. */
export const rankingPage = async (): Promise<string> => {
  const all = await documentedPrices()
  const sections: string[] = []
  for (const job of jobs) sections.push(await section(all, job))
  return page(
    "What a job costs on each cloud",
    "The documented prices of each cloud, read by its own adapter and ranked by `compare` for three jobs with a disk of 50 GiB and 5 GiB of traffic out: the cheapest for one GPU, and why, by `costReasons`. These are the numbers of documents and of published samples, and no market of today: `compare` asks the clouds. A cloud whose documents price only one GPU is in one row. Some prices are not the cloud's own words, but what a third party has recorded or written down: the last table says which.",
    ...sections,
    "## Where the prices stand",
    table(
      ["Cloud", "Source"],
      all.map(({ cloud, sources }) => [cloud, sources.join("; ")])
    )
  )
}
